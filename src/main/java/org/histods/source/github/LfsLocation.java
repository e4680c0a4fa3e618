package org.histods.source.github;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The location of a file in Git LFS, with the URLs of its content.
 *
 * @param slug {@code owner/repo}
 * @param refAndPath the rest of the URL, percent-encoded
 */
record LfsLocation(String slug, String refAndPath) {

    private static final String JSON = "application/vnd.git-lfs+json";
    private static final Pattern RAW = Pattern.compile("https://raw\\.githubusercontent\\.com/([^/]+/[^/]+)/(.+)");
    private static final Pattern SITE = Pattern.compile("https://github\\.com/([^/]+/[^/]+)/raw/(.+)");

    /** The location for the URL of a file; null if the file at that URL cannot be a pointer. */
    static @Nullable LfsLocation of(URI uri) {
        for (Pattern form : List.of(RAW, SITE)) {
            Matcher matcher = form.matcher(uri.toString());
            if (matcher.matches()) {
                return new LfsLocation(matcher.group(1), matcher.group(2));
            }
        }
        return null;
    }

    URI media() {
        return URI.create("https://media.githubusercontent.com/media/" + slug + "/" + refAndPath);
    }

    /**
     * Asks the LFS server for the URL of the content, which expires (git-lfs {@code docs/api/batch.md}).
     *
     * @return a request for the whole content, with the headers that the server demands
     */
    Request downloadRequest(LfsPointer pointer, Transport transport) throws Problem {
        URI batch = URI.create("https://github.com/" + slug + ".git/info/lfs/objects/batch");
        String subject = "Git LFS of " + slug;
        Map<String, Object> object = Map.of("oid", pointer.sha256().hex(), "size", pointer.size());
        Map<String, Object> ask =
                Map.of("operation", "download", "transfers", List.of("basic"), "objects", List.of(object));
        Request post = Request.postJson(batch, JsonResponse.write(ask))
                .with("Accept", JSON)
                .with("Content-Type", JSON);
        JsonNode first = JsonResponse.read(transport, post, subject, null)
                .path("objects")
                .path(0);
        JsonNode download = first.path("actions").path("download");
        String href = JsonResponse.text(download, "href");
        if (href == null) {
            String why = JsonResponse.text(first, "error", "message");
            throw refused(subject, batch, why == null ? "no URL for the object" : why);
        }
        try {
            Request get = Request.get(PinnedFiles.webAddress(href));
            for (Map.Entry<String, JsonNode> header : download.path("header").properties()) {
                get = get.with(header.getKey(), header.getValue().asString(""));
            }
            return get;
        } catch (IllegalArgumentException e) {
            // The original message contains the URL, which is signed.
            throw refused(subject, batch, "an invalid URL for the object");
        }
    }

    private static Problem refused(String subject, URI batch, String why) {
        Problem.Attempt attempt = new Problem.Attempt("github", batch.toString(), 200, null, why);
        return new Problem(
                Kind.NETWORK,
                subject + " responded: " + why,
                "the repository may be over its quota; try again later",
                List.of(attempt),
                null);
    }
}
