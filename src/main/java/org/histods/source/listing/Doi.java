package org.histods.source.listing;

import java.io.IOException;
import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Digital object identifiers: recognising one, and finding the page that it stands for. */
public final class Doi {

    private static final Pattern FORM = Pattern.compile(
            "(?:doi:\\s*|https?://(?:dx\\.)?doi\\.org/)?(10\\.[0-9]{4,9}/\\S+)", Pattern.CASE_INSENSITIVE);

    private Doi() {}

    /** The bare identifier in {@code 10.…}, {@code doi:10.…} or an address of the resolver; null if this is none. */
    public static @Nullable String in(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            return null;
        }
        String decoded = UrlEncoding.decode(form.group(1));
        return decoded == null ? form.group(1) : decoded;
    }

    /**
     * The page of the thing: said by the resolver where it can be asked without visiting the page, which a host may
     * keep from programs.
     *
     * @throws Problem {@code NETWORK} if the identifier leads nowhere
     */
    public static URI landing(String doi, Transport transport) throws Problem {
        URI said = said(doi, transport);
        if (said != null) {
            return said;
        }
        URI resolver = UrlEncoding.https("doi.org", doi);
        try (Response answer = transport.open(Request.get(resolver))) {
            return answer.uri();
        } catch (IOException e) {
            throw new Problem(
                    Kind.NETWORK,
                    "doi " + doi + " cannot be followed: " + e.getMessage(),
                    null,
                    java.util.List.of(),
                    e);
        } catch (Problem problem) {
            throw SourceProblems.about("doi " + doi, resolver.toString(), problem);
        }
    }

    private static @Nullable URI said(String doi, Transport transport) {
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
            // The other way is tried next, and fails with its own words if the identifier is wrong.
            return null;
        }
        return null;
    }
}
