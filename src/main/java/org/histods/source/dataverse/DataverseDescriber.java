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
import org.histods.source.dataverse.DataverseSource.Place;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes datasets of any Dataverse, known by the form of its addresses. */
final class DataverseDescriber {

    private static final Pattern PATH = Pattern.compile(
            "(?:/[A-Za-z0-9_-]+)?/(?:dataset\\.xhtml|citation|file\\.xhtml|api/(?:datasets|access/dataset)/:persistentId.*)");

    /** Where files have identifiers of their own, these begin with the dataset's. */
    private static final Pattern OF_FILE = Pattern.compile("(doi:10\\.[0-9]{4,9}/[^/]+/[^/]+)/[^/]+");

    private DataverseDescriber() {}

    /** What the host says about the record at that URL; empty where the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI address, Transport transport) throws Problem {
        String host = address.getAuthority();
        String path = address.getPath() == null ? "" : address.getPath();
        Map<String, String> query = query(address.getRawQuery());
        String id = query.get("persistentId");
        if (host == null || id == null || !PATH.matcher(path).matches()) {
            return Optional.empty();
        }
        Matcher file = OF_FILE.matcher(id);
        if (path.endsWith("/file.xhtml") && file.matches()) {
            id = String.valueOf(file.group(1));
        }
        String asked = query.get("version");
        Place place = new Place(host, id, asked != null && asked.matches("[0-9]+\\.[0-9]+") ? asked : null);
        return Optional.of(described(place, DataverseSource.read(place, transport)));
    }

    private static RecordDescription described(Place place, JsonNode data) {
        String major = JsonResponse.text(data, "versionNumber");
        String minor = JsonResponse.text(data, "versionMinorNumber");
        String version = major == null ? place.version() : major + "." + (minor == null ? "0" : minor);
        List<PinnedFile> files = new ArrayList<>();
        for (DataverseFiles.Entry entry : DataverseFiles.entries(data, place.publisher())) {
            files.add(RecordDescription.file(entry.path(), entry.at(), entry.bytes(), entry.sums()));
        }
        Map<String, String> options = new HashMap<>();
        options.put("host", place.host());
        if (version != null) {
            options.put("version", version);
        }
        List<String> titles = said(data, "title", null);
        List<String> texts = said(data, "dsDescription", "dsDescriptionValue");
        String date = JsonResponse.first(data, "publicationDate", "releaseTime");
        return new RecordDescription(
                RecordDescription.source("dataverse", place.id(), options, List.of(), files),
                titles.isEmpty() ? place.subject() : titles.get(0),
                texts.isEmpty() ? null : HtmlText.text(texts.get(0)),
                said(data, "author", "authorName"),
                RecordDescription.year(date),
                license(data),
                place.id().startsWith("doi:") ? place.id().substring(4) : null,
                RecordDescription.version(version),
                place.page(),
                place.publisher());
    }

    /** The values of a field of the citation; of a field within it where {@code inner} names one. */
    private static List<String> said(JsonNode data, String name, @Nullable String inner) {
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

    /** An object since Dataverse 5.10, a word before. */
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
