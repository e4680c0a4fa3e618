package org.histods.source.tcia;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.UrlEncoding;
import org.histods.text.Count;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The downloads in TCIA's collection manager. TCIA moves packages to new numbers and passcodes, so their links are read
 * each time and never kept.
 */
final class TciaDownloads {

    private static final String API = "https://cancerimagingarchive.net/api/";
    private static final int PAGE = 100;

    /** More pages than any list has. */
    private static final int PAGES = 50;

    private final SourceSpec spec;
    private final String subject;
    private final Transport transport;

    TciaDownloads(SourceSpec spec, String subject, Transport transport) {
        this.spec = spec;
        this.subject = subject;
        this.transport = transport;
    }

    /**
     * A download.
     *
     * @param url a Faspex link or the URL of a file
     */
    record Download(String id, String slug, String title, URI url) {
        boolean faspex() {
            return FaspexLink.matches(url);
        }
    }

    /** All downloads of the record; never empty. */
    List<Download> all() throws Problem {
        List<Download> found = new ArrayList<>();
        for (JsonNode node : nodes()) {
            URI url = url(node);
            if (url != null) {
                found.add(new Download(
                        JsonResponse.name(node, "id"),
                        JsonResponse.name(node, "slug"),
                        JsonResponse.name(node, "download_title"),
                        url));
            }
        }
        if (found.isEmpty()) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED, subject + ": TCIA offers no download of it", "look at " + TciaSource.PAGE);
        }
        return found;
    }

    private List<JsonNode> nodes() throws Problem {
        String id = spec.option("download") == null ? spec.record() : spec.option("download");
        if (id.matches("[0-9]+")) {
            return included(List.of(id));
        }
        if (id.matches(".*-da-path(-[0-9]+)?")) {
            return List.of(bySlug("downloads", id));
        }
        String result = spec.option("analysis-result");
        JsonNode page = result == null
                ? bySlug("collections", spec.option("collection") == null ? id : spec.option("collection"))
                : bySlug("analysis-results", result);
        List<String> ids = new ArrayList<>();
        for (String field : List.of("collection_downloads", "result_downloads")) {
            for (JsonNode download : page.path(field).values()) {
                String number = download.isObject() ? JsonResponse.first(download, "ID", "id") : download.asString("");
                if (number != null && number.matches("[0-9]+")) {
                    ids.add(number);
                }
            }
        }
        return ids.isEmpty() ? List.of() : included(ids);
    }

    private List<JsonNode> included(List<String> ids) throws Problem {
        List<JsonNode> nodes = new ArrayList<>();
        for (JsonNode node : ask("v1/downloads/?per_page=" + PAGE + "&include=" + String.join(",", ids))
                .values()) {
            if (ids.contains(JsonResponse.name(node, "id"))) {
                nodes.add(node);
            }
        }
        if (nodes.isEmpty()) {
            throw gone("download " + Count.shortened(ids, 10));
        }
        return nodes;
    }

    /** Reads every page, in case the API ignores the search for a slug. */
    private JsonNode bySlug(String type, String slug) throws Problem {
        for (int page = 1; page <= PAGES; page++) {
            JsonNode response =
                    ask("v1/" + type + "/?per_page=" + PAGE + "&page=" + page + "&slug=" + UrlEncoding.segment(slug));
            for (JsonNode node : response.values()) {
                if (slug.equalsIgnoreCase(JsonResponse.text(node, "slug"))) {
                    return node;
                }
            }
            if (response.size() < PAGE) {
                break;
            }
        }
        throw gone("'" + slug + "' among the " + type);
    }

    private Problem gone(String what) {
        return new Problem(
                Kind.UPSTREAM_CHANGED,
                subject + ": TCIA has no " + what,
                "it may have been renamed or withdrawn; look at " + TciaSource.PAGE);
    }

    private JsonNode ask(String path) throws Problem {
        return JsonResponse.read(transport, Request.get(URI.create(API + path)), subject, TciaSource.PAGE);
    }

    private @Nullable URI url(JsonNode node) throws Problem {
        String url = JsonResponse.text(node, "download_url");
        JsonNode file = node.path("download_file");
        String media =
                file.isObject() ? JsonResponse.first(file, "ID", "id") : JsonResponse.text(node, "download_file");
        if (url == null && media != null && media.matches("[1-9][0-9]*")) {
            url = JsonResponse.text(ask("wp/v2/media/" + media), "source_url");
        }
        if (url == null) {
            return null;
        }
        try {
            return PinnedFiles.webAddress(url.replace("&amp;", "&").replace(" ", "%20"));
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": TCIA's link for '" + JsonResponse.name(node, "slug") + "': " + e.getMessage());
        }
    }
}
