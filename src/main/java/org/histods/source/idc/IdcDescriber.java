package org.histods.source.idc;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SpdxMapper;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Describes the slides of a collection of the Imaging Data Commons, or all of a collection without slides. */
final class IdcDescriber {

    private static final String API = "https://api.imaging.datacommons.cancer.gov/v3/collections/";
    private static final String PORTAL =
            "https://portal.imaging.datacommons.cancer.gov/explore/filters/?collection_id=";
    private static final String NAME = "([A-Za-z0-9][A-Za-z0-9_-]*)";
    private static final Pattern PATH = Pattern.compile("/(?:v[123]/)?collections/" + NAME + "/?");
    private static final Pattern CHOSEN = Pattern.compile("(?:^|[?&])collection_id=" + NAME);

    /** With more series, listing them takes too many requests: each is a folder of its own. */
    private static final int MAX_SERIES = 40;

    private IdcDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String host = url.getHost() == null ? "" : url.getHost();
        if (!host.equals("imaging.datacommons.cancer.gov") && !host.endsWith(".imaging.datacommons.cancer.gov")) {
            return Optional.empty();
        }
        Matcher path = PATH.matcher(url.getPath() == null ? "" : url.getPath());
        return Optional.of(described(path.matches() ? path.group(1) : chosen(url), transport));
    }

    /** The page of a collection. */
    static URI page(String collection) {
        return URI.create(PORTAL + collection);
    }

    private static String chosen(URI url) throws Problem {
        Set<String> names = new LinkedHashSet<>();
        Matcher chosen = CHOSEN.matcher(url.getQuery() == null ? "" : url.getQuery());
        while (chosen.find()) {
            names.add(chosen.group(1));
        }
        // A group of collections, in capitals, precedes its members.
        if (names.size() > 1) {
            names.removeIf(name -> !name.equals(name.toLowerCase(Locale.ROOT)));
        }
        if (names.size() == 1) {
            return names.iterator().next();
        }
        throw new Problem(
                Kind.USAGE,
                "the URL names "
                        + (names.isEmpty() ? "no collection" : "the collections " + String.join(", ", names))
                        + " of the Imaging Data Commons",
                "give the URL of one collection, such as " + PORTAL + "cptac_brca");
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
        SourceSpec source = series <= MAX_SERIES
                ? RecordDescription.source(
                        "idc", id, options, List.of(), pinned(new IdcSource().resolve(spec(id, options), transport)))
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

    private static List<PinnedFile> pinned(List<RemoteFile> files) {
        return files.stream()
                .map(file -> RecordDescription.file(
                        file.path().text(), file.uri().toString(), file.bytes(), file.checksums()))
                .toList();
    }

    private static SourceSpec spec(String id, Map<String, String> options) {
        return RecordDescription.spec("idc", id, options, List.of());
    }

    /** The number of slide series; null if there are none. */
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

    /** Title and licences from the API; missing if it fails, since a draft is useful without them. */
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
