package org.histods.source.mendeley;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.License;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.mendeley.MendeleySource.RecordRef;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes datasets of Mendeley Data. */
final class MendeleyDescriber {

    private static final Pattern PATH = Pattern.compile(
            "/(?:public-api/|public-files/|archiver/)?datasets/([a-z0-9]{6,14})(?:/([1-9][0-9]{0,2}))?(?:/(?:files|folders|file).*)?/?"
                    + "|/public-api/zip/([a-z0-9]{6,14})/download/([1-9][0-9]{0,2})");

    private MendeleyDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        Matcher path = PATH.matcher(url.getPath() == null ? "" : url.getPath());
        if (!"data.mendeley.com".equals(url.getHost()) || !path.matches()) {
            return Optional.empty();
        }
        boolean zip = path.group(3) != null;
        String id = String.valueOf(path.group(zip ? 3 : 1));
        String requested = path.group(zip ? 4 : 2);
        URI metadata = requested == null
                ? URI.create("https://data.mendeley.com/public-api/datasets/" + id)
                : new RecordRef(id, requested).metadata();
        String page = "https://data.mendeley.com/datasets/" + id;
        JsonNode about = JsonResponse.read(transport, Request.get(metadata), "mendeley " + id, page);
        String version = requested == null ? JsonResponse.text(about, "version") : requested;
        if (version == null) {
            throw new Problem(
                    Problem.Kind.NETWORK,
                    "mendeley " + id + ": the host does not state its newest version",
                    "give the URL of one version, such as " + page + "/1");
        }
        return Optional.of(described(new RecordRef(id, version), about, transport));
    }

    private static RecordDescription described(RecordRef place, JsonNode about, Transport transport) throws Problem {
        List<PinnedFile> files = new ArrayList<>();
        for (MendeleyFiles.Entry entry : MendeleyFiles.entries(place, transport)) {
            files.add(RecordDescription.file(entry.path(), entry.id(), entry.bytes(), entry.checksums()));
        }
        String html = JsonResponse.text(about, "description");
        String title = JsonResponse.first(about, "name", "title");
        String date = JsonResponse.first(about, "publish_date", "published_date");
        String doi = JsonResponse.text(about, "doi", "id");
        return new RecordDescription(
                RecordDescription.source("mendeley", place.text(), Map.of(), List.of(), files),
                title == null ? place.subject() : HtmlText.text(title),
                html == null ? null : HtmlText.text(html),
                creators(about),
                RecordDescription.year(date),
                license(about),
                doi == null ? place.doi() : doi,
                RecordDescription.version(place.version()),
                place.page(),
                "Mendeley Data");
    }

    private static List<String> creators(JsonNode about) {
        List<String> names = new ArrayList<>();
        for (JsonNode person : about.path("contributors").values()) {
            String first = JsonResponse.text(person, "first_name");
            String last = JsonResponse.text(person, "last_name");
            String name = last == null || first == null ? either(first, last) : last + ", " + first;
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    private static @Nullable String either(@Nullable String first, @Nullable String last) {
        return last == null ? first : last;
    }

    private static License license(JsonNode about) {
        String name = JsonResponse.text(about, "data_licence", "short_name");
        String id = name == null ? null : name.replace(' ', '-');
        return SpdxMapper.of(id, name, JsonResponse.text(about, "data_licence", "url"));
    }
}
