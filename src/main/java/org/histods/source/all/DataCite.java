package org.histods.source.all;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.histods.manifest.License;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Completes a description with creators, year and licence from DataCite, the registry of most dataset DOIs. */
final class DataCite {

    private static final String API = "https://api.datacite.org/dois/";

    private DataCite() {}

    /** A copy with the facts that the host does not state; unchanged if the registry cannot be reached. */
    static RecordDescription added(RecordDescription described, Transport transport) throws Problem {
        String doi = described.publication().doi();
        boolean whole = !described.publication().creators().isEmpty()
                && described.publication().year() != null
                && !described.terms().license().unknown();
        if (doi == null || whole) {
            return described;
        }
        JsonNode about;
        try {
            Request request = Request.get(URI.create(API + UrlEncoding.path(doi)));
            about = JsonResponse.read(transport, request, "doi " + doi, null)
                    .path("data")
                    .path("attributes");
        } catch (Problem problem) {
            if (problem.kind() == Problem.Kind.INTERRUPTED) {
                throw problem;
            }
            // The DOI may be in another registry. A draft without these facts is still useful.
            return described;
        }
        return described.withFacts(
                described.publication().creators().isEmpty()
                        ? creators(about)
                        : described.publication().creators(),
                described.publication().year() == null
                        ? RecordDescription.year(JsonResponse.text(about, "publicationYear"))
                        : described.publication().year(),
                described.terms().license().unknown()
                        ? license(about)
                        : described.terms().license(),
                doi);
    }

    private static List<String> creators(JsonNode about) {
        List<String> names = new ArrayList<>();
        for (JsonNode creator : about.path("creators").values()) {
            String name = JsonResponse.text(creator, "name");
            if (name != null) {
                names.add(name);
            }
        }
        return names;
    }

    /** Unknown if several licences are stated. */
    private static License license(JsonNode about) {
        List<License> found = new ArrayList<>();
        for (JsonNode right : about.path("rightsList").values()) {
            License license = SpdxMapper.of(
                    JsonResponse.text(right, "rightsIdentifier"),
                    JsonResponse.text(right, "rights"),
                    webAddress(right));
            if (!license.unknown() && found.stream().noneMatch(l -> l.shown().equals(license.shown()))) {
                found.add(license);
            }
        }
        return found.size() == 1 ? found.get(0) : License.UNKNOWN;
    }

    private static @Nullable String webAddress(JsonNode right) {
        String url = JsonResponse.text(right, "rightsUri");
        return url != null && url.matches("https?://\\S+") ? url : null;
    }
}
