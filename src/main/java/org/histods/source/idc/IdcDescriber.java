package org.histods.source.idc;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes the slides of a collection of the Imaging Data Commons; all of it where it has no slides. */
final class IdcDescriber {

    private static final String API = "https://api.imaging.datacommons.cancer.gov/v3/collections/";
    private static final String PORTAL =
            "https://portal.imaging.datacommons.cancer.gov/explore/filters/?collection_id=";
    private static final String NAME = "([A-Za-z0-9][A-Za-z0-9_-]*)";
    private static final Pattern PATH = Pattern.compile("/(?:v[123]/)?collections/" + NAME + "/?");
    private static final Pattern CHOSEN = Pattern.compile("(?:^|[?&])collection_id=" + NAME);

    /** Each series is a request, and a folder of some files. */
    private static final int MOST_SERIES = 40;

    private IdcDescriber() {}

    /** What the host says about the record at that URL; empty where the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI address, Transport transport) throws Problem {
        String host = address.getHost() == null ? "" : address.getHost();
        if (!host.equals("imaging.datacommons.cancer.gov") && !host.endsWith(".imaging.datacommons.cancer.gov")) {
            return Optional.empty();
        }
        Matcher path = PATH.matcher(address.getPath() == null ? "" : address.getPath());
        return Optional.of(described(path.matches() ? path.group(1) : chosen(address), transport));
    }

    private static String chosen(URI address) throws Problem {
        Set<String> names = new LinkedHashSet<>();
        Matcher chosen = CHOSEN.matcher(address.getQuery() == null ? "" : address.getQuery());
        while (chosen.find()) {
            names.add(chosen.group(1));
        }
        // A group of collections stands before its members, and is written in capitals.
        if (names.size() > 1) {
            names.removeIf(name -> !name.equals(name.toLowerCase(java.util.Locale.ROOT)));
        }
        if (names.size() == 1) {
            return names.iterator().next();
        }
        throw new Problem(
                Kind.USAGE,
                "the address names "
                        + (names.isEmpty() ? "no collection" : "the collections " + String.join(", ", names))
                        + " of the Imaging Data Commons",
                "give the address of one collection, such as " + PORTAL + "cptac_brca");
    }

    private static RecordDescription described(String id, Transport transport) throws Problem {
        Map<String, String> slides = Map.of("modality", "SM");
        Integer count = count(id, slides, transport);
        Map<String, String> options = count == null ? Map.of() : slides;
        int series = count == null
                ? new IdcSelection(spec(id, options), "idc " + id, transport)
                        .series()
                        .size()
                : count;
        SourceSpec source = series <= MOST_SERIES
                ? RecordDescription.source(
                        "idc",
                        id,
                        options,
                        List.of(),
                        RecordDescription.pinned(new IdcSource().resolve(spec(id, options), transport)))
                : RecordDescription.query("idc", id, options, List.of(), series + " series");
        JsonNode about = about(id, transport);
        String title = JsonResponse.first(about, "collection_name", "collection_title", "title", "name");
        List<String> licenses = licenses(about);
        return new RecordDescription(
                source,
                title == null ? id : title,
                null,
                List.of(),
                null,
                licenses.size() == 1 ? SpdxMapper.of(null, licenses.get(0), null) : SpdxMapper.of(null, null, null),
                null,
                DatasetVersion.UNVERSIONED,
                PORTAL + id,
                "Imaging Data Commons");
    }

    private static SourceSpec spec(String id, Map<String, String> options) {
        return RecordDescription.spec("idc", id, options, List.of());
    }

    /** How many series of slides there are; null where there are none. */
    private static @Nullable Integer count(String id, Map<String, String> slides, Transport transport) throws Problem {
        try {
            return new IdcSelection(spec(id, slides), "idc " + id, transport)
                    .series()
                    .size();
        } catch (Problem problem) {
            if (problem.kind() == Kind.UPSTREAM_CHANGED) {
                return null;
            }
            throw problem;
        }
    }

    /** Its title and terms, where the interface says them: a draft without them is one all the same. */
    private static JsonNode about(String id, Transport transport) throws Problem {
        try {
            return JsonResponse.read(
                    transport, Request.get(URI.create(API + UrlEncoding.segment(id))), "idc " + id, null);
        } catch (Problem problem) {
            if (problem.kind() == Kind.INTERRUPTED) {
                throw problem;
            }
            return tools.jackson.databind.node.MissingNode.getInstance();
        }
    }

    private static List<String> licenses(JsonNode about) {
        List<String> names = new ArrayList<>();
        for (JsonNode license : about.path("licenses").values()) {
            String name =
                    license.isString() ? license.asString() : JsonResponse.first(license, "license_short_name", "name");
            if (name != null && !names.contains(name)) {
                names.add(name);
            }
        }
        return names;
    }
}
