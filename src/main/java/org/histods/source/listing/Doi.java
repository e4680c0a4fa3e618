package org.histods.source.listing;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Digital object identifiers (DOIs): parsing one, and finding its landing page. */
public final class Doi {

    private static final Pattern FORM = Pattern.compile(
            "(?:doi:\\s*|https?://(?:dx\\.)?doi\\.org/)?(10\\.[0-9]{4,9}/\\S+)", Pattern.CASE_INSENSITIVE);

    private Doi() {}

    /** The bare identifier in {@code 10.…}, {@code doi:10.…} or a URL of the resolver; null if the text is not a DOI. */
    public static @Nullable String parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return null;
        }
        String decoded = UrlEncoding.decode(form.group(1));
        return decoded == null ? form.group(1) : decoded;
    }

    /**
     * The landing page, from the resolver's API if possible: hosts may block programs that visit the page itself.
     *
     * @throws Problem {@code NETWORK} if the DOI does not exist
     */
    public static URI landing(String doi, Transport transport) throws Problem {
        URI registered = registered(doi, transport);
        if (registered != null) {
            return registered;
        }
        URI resolver = UrlEncoding.https("doi.org", doi);
        try (Response response = transport.open(Request.get(resolver))) {
            return response.uri();
        } catch (IOException e) {
            throw new Problem(
                    Kind.NETWORK, "doi " + doi + " cannot be resolved: " + e.getMessage(), null, List.of(), e);
        } catch (Problem problem) {
            throw SourceProblems.about("doi " + doi, resolver.toString(), problem);
        }
    }

    private static @Nullable URI registered(String doi, Transport transport) {
        try {
            Request request =
                    Request.get(URI.create("https://doi.org/api/handles/" + UrlEncoding.path(doi) + "?type=URL"));
            for (JsonNode value : JsonResponse.read(transport, request, "doi " + doi, null)
                    .path("values")
                    .values()) {
                String url = JsonResponse.text(value, "data", "value");
                if ("URL".equals(JsonResponse.text(value, "type")) && url != null) {
                    return PinnedFiles.webAddress(url);
                }
            }
        } catch (Problem | IllegalArgumentException ignored) {
            // The caller tries the redirect next, whose failure explains more.
            return null;
        }
        return null;
    }
}
