package org.histods.source.ckan;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.PinnedFile;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.ckan.CkanSource.RecordRef;
import org.histods.source.listing.HtmlText;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes datasets of portals that run CKAN. */
final class CkanDescriber {

    /** Portals in several languages start the path with the language, which is not part of the API's path. */
    private static final Pattern PATH =
            Pattern.compile("((?:/[A-Za-z0-9._-]+)*?)(?:/[a-z]{2})?/dataset/([A-Za-z0-9_-]{2,100})(?:/resource/.*)?/?");

    private CkanDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        Matcher path = PATH.matcher(url.getPath() == null ? "" : url.getPath());
        if (!"https".equals(url.getScheme()) || url.getAuthority() == null || !path.matches()) {
            return Optional.empty();
        }
        RecordRef place = new RecordRef(url.getAuthority() + path.group(1), String.valueOf(path.group(2)));
        JsonNode dataset = dataset(place, transport);
        return dataset == null ? Optional.empty() : Optional.of(described(place, dataset));
    }

    /** Null if the host does not run CKAN, whose URLs have no distinctive form. */
    private static @Nullable JsonNode dataset(RecordRef place, Transport transport) throws Problem {
        try {
            return CkanSource.read(place, transport);
        } catch (Problem problem) {
            if (problem.kind() == Problem.Kind.INTERRUPTED) {
                throw problem;
            }
            // Another kind of source may recognise the URL.
            return null;
        }
    }

    private static RecordDescription described(RecordRef place, JsonNode dataset) {
        List<PinnedFile> files = new ArrayList<>();
        for (CkanFiles.Entry entry : CkanFiles.entries(place, dataset)) {
            URI uri = entry.uri();
            if (uri != null) {
                files.add(RecordDescription.file(entry.path(), uri.toString(), entry.bytes(), entry.checksums()));
            }
        }
        String title = JsonResponse.text(dataset, "title");
        String notes = JsonResponse.text(dataset, "notes");
        String author = JsonResponse.text(dataset, "author");
        String date = JsonResponse.first(dataset, "issued", "metadata_created");
        return new RecordDescription(
                RecordDescription.source("ckan", place.name(), Map.of("host", place.host()), List.of(), files),
                title == null ? place.name() : title,
                notes == null ? null : HtmlText.text(notes),
                author == null ? List.of() : List.of(author),
                RecordDescription.year(date),
                SpdxMapper.of(
                        JsonResponse.text(dataset, "license_id"),
                        JsonResponse.text(dataset, "license_title"),
                        JsonResponse.text(dataset, "license_url")),
                JsonResponse.text(dataset, "doi"),
                RecordDescription.version(JsonResponse.text(dataset, "version")),
                place.page(),
                JsonResponse.text(dataset, "organization", "title"));
    }
}
