package org.histods.source.dataverse;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.dataverse.DataverseSource.RecordRef;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes datasets of any Dataverse, recognised by the form of its URLs. */
final class DataverseDescriber {

    private static final Pattern PATH = Pattern.compile(
            "(?:/[A-Za-z0-9_-]+)?/(?:dataset\\.xhtml|citation|file\\.xhtml|api/(?:datasets|access/dataset)/:persistentId.*)");

    /** A file's own identifier, which starts with the dataset's. */
    private static final Pattern OF_FILE = Pattern.compile("(doi:10\\.[0-9]{4,9}/[^/]+/[^/]+)/[^/]+");

    private DataverseDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getAuthority();
        String path = url.getPath() == null ? "" : url.getPath();
        Map<String, String> query = query(url.getRawQuery());
        String id = query.get("persistentId");
        if (host == null || id == null || !PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        Matcher file = OF_FILE.matcher(id);
        if (path.endsWith("/file.xhtml") && file.matches()) {
            id = String.valueOf(file.group(1));
        }
        String requested = query.get("version");
        RecordRef place =
                new RecordRef(host, id, requested != null && requested.matches("[0-9]+\\.[0-9]+") ? requested : null);
        return Optional.of(described(place, DataverseSource.read(place, transport)));
    }

    private static RecordDescription described(RecordRef place, JsonNode data) {
        String major = JsonResponse.text(data, "versionNumber");
        String minor = JsonResponse.text(data, "versionMinorNumber");
        String version = major == null ? place.version() : major + "." + (minor == null ? "0" : minor);
        List<PinnedFile> files = new ArrayList<>();
        for (DataverseFiles.Entry entry : DataverseFiles.entries(data, place.publisher())) {
            files.add(RecordDescription.file(entry.path(), entry.at(), entry.bytes(), entry.checksums()));
        }
        Map<String, String> options = new HashMap<>();
        options.put("host", place.host());
        if (version != null) {
            options.put("version", version);
        }
        List<String> titles = values(data, "title", null);
        List<String> texts = values(data, "dsDescription", "dsDescriptionValue");
        String date = JsonResponse.first(data, "publicationDate", "releaseTime");
        return new RecordDescription(
                RecordDescription.source("dataverse", place.id(), options, List.of(), files),
                titles.isEmpty() ? place.subject() : titles.get(0),
                texts.isEmpty() ? null : HtmlText.text(texts.get(0)),
                values(data, "author", "authorName"),
                RecordDescription.year(date),
                license(data),
                place.id().startsWith("doi:") ? place.id().substring(4) : null,
                RecordDescription.version(version),
                place.page(),
                place.publisher());
    }

    /** The values of a field of the citation, or of its subfield {@code inner}. */
    private static List<String> values(JsonNode data, String name, @Nullable String inner) {
        List<String> values = new ArrayList<>();
        for (JsonNode field :
                data.path("metadataBlocks").path("citation").path("fields").values()) {
            if (!name.equals(JsonResponse.text(field, "typeName"))) {
                continue;
            }
            String plain = JsonResponse.text(field, "value");
            if (plain != null) {
                values.add(plain);
            }
            for (JsonNode part : field.path("value").values()) {
                String value = inner == null ? null : JsonResponse.text(part, inner, "value");
                if (value != null) {
                    values.add(value);
                }
            }
        }
        return values;
    }

    /** The licence: an object since Dataverse 5.10, a text before. */
    private static License license(JsonNode data) {
        String word = JsonResponse.text(data, "license");
        String name = word == null ? JsonResponse.text(data, "license", "name") : word;
        String id = name == null ? null : name.replace(' ', '-');
        return SpdxMapper.of(id, name, JsonResponse.text(data, "license", "uri"));
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> values = new HashMap<>();
        Matcher pair = Pattern.compile("([^&=]+)=([^&]*)").matcher(raw == null ? "" : raw);
        while (pair.find()) {
            String value = UrlEncoding.decode(String.valueOf(pair.group(2)));
            if (value != null) {
                values.put(String.valueOf(pair.group(1)), value);
            }
        }
        return values;
    }
}
