package org.histods.source.tcia;

import java.net.URI;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.UrlEncoding;
import org.histods.text.Count;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/**
 * PathDB, the store of TCIA's slide viewer: files over HTTPS, without sizes and checksums. Some are converted copies of
 * TCIA's files, and some were empty.
 */
final class PathDb {

    static final String HOST = "pathdb.cancerimagingarchive.net";
    private static final String ROOT = "https://" + HOST + "/";
    private static final String STORE = "/system/files/wsi/ross/";

    /** 100 images each. */
    private static final int PAGES = 1000;

    private final SourceSpec spec;
    private final String subject;
    private final Transport transport;

    PathDb(SourceSpec spec, String subject, Transport transport) {
        this.spec = spec;
        this.subject = subject;
        this.transport = transport;
    }

    List<RemoteFile> files() throws Problem {
        String tid = spec.option("tid") == null ? tid() : spec.option("tid");
        if (!tid.matches("[0-9]{1,9}")) {
            throw PinnedFiles.fault(spec, "options.tid", "expected the number of a collection in PathDB");
        }
        FileListing listing = new FileListing(spec, subject);
        Set<URI> seen = new HashSet<>();
        for (int page = 0; page < PAGES; page++) {
            JsonNode images = ask("listofimages/" + tid + "?_format=json&page=" + page);
            if (!images.isArray()) {
                throw new Problem(Kind.NETWORK, subject + " cannot be read: PathDB did not respond with a list");
            }
            int before = seen.size();
            for (JsonNode image : images.values()) {
                URI uri = url(image);
                // A file can be listed as several images.
                if (seen.add(uri)) {
                    listing.add(path(uri), List.of(uri), null, List.of(), attributes(image));
                }
            }
            if (images.isEmpty()) {
                return listing.files();
            }
            if (seen.size() == before) {
                break;
            }
        }
        throw new Problem(Kind.NETWORK, subject + ": PathDB's list repeats the same page");
    }

    /** The patient is what PathDB calls so; it is wrong for some collections. */
    private static Map<String, String> attributes(JsonNode image) {
        Map<String, String> attributes = new LinkedHashMap<>();
        put(attributes, "patient", image.path("clinicaltrialsubjectid"));
        put(attributes, "slide", image.path("imageid"));
        put(attributes, "study", image.path("studyid"));
        return attributes;
    }

    private static void put(Map<String, String> attributes, String name, JsonNode values) {
        String value = JsonResponse.text(values.path(0), "value");
        if (value != null && !value.isBlank()) {
            attributes.put(name, value);
        }
    }

    private String tid() throws Problem {
        String wanted = spec.option("collection") == null ? spec.record() : spec.option("collection");
        Set<String> names = new TreeSet<>();
        for (JsonNode collection : ask("collections?_format=json").values()) {
            String name = JsonResponse.name(collection.path("name").path(0), "value");
            String tid = JsonResponse.text(collection.path("tid").path(0), "value");
            if (tid != null && normalized(name).equals(normalized(wanted))) {
                return tid;
            }
            names.add(name);
        }
        throw new Problem(
                Kind.UPSTREAM_CHANGED,
                subject + ": PathDB has no collection '" + wanted + "', but " + Count.shortened(List.copyOf(names), 50),
                "give its number as options.tid");
    }

    /** Without punctuation: a collection is written CPTAC/BRCA, CPTAC-BRCA or cptac_brca. */
    private static String normalized(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private URI url(JsonNode image) throws Problem {
        String url = JsonResponse.name(image.path("field_wsiimage").path(0), "url");
        try {
            URI uri = PinnedFiles.webAddress(url.replace(" ", "%20"));
            String path = uri.getRawPath().replaceFirst("^/index\\.php/", "/");
            return URI.create("https://" + uri.getAuthority() + path);
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": PathDB lists the image "
                            + JsonResponse.name(image.path("nid").path(0), "value")
                            + " without a valid URL");
        }
    }

    private static String path(URI uri) {
        String raw = uri.getRawPath();
        int store = raw.indexOf(STORE);
        String path = UrlEncoding.decode(store < 0 ? raw.substring(1) : raw.substring(store + STORE.length()));
        return path == null ? "" : path;
    }

    private JsonNode ask(String path) throws Problem {
        return JsonResponse.read(transport, Request.get(URI.create(ROOT + path)), subject, ROOT);
    }
}
