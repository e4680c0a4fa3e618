package org.histods.source.tcia;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;

/** A session at a Faspex 5 with a public link and without an account, like that of its web page. */
final class FaspexSession {

    private static final Pattern CODE = Pattern.compile("(?:^|[?&])code=([^&]+)");

    private final FaspexLink link;
    private final String subject;
    private final Transport transport;
    private final String bearer;

    /** Logs in: exchanges the link's context for a code, and the code for a token. */
    FaspexSession(FaspexLink link, String subject, Transport transport) throws Problem {
        this.link = link;
        this.subject = subject;
        this.transport = transport;
        this.bearer = "Bearer " + token();
    }

    /** A GET of the package's URL. */
    Request get() {
        return Request.get(here("")).with("Authorization", bearer);
    }

    /** A POST of that body to that path below the package's URL. */
    Request post(String path, Map<String, Object> question) {
        return Request.postJson(here(path), JsonResponse.write(question)).with("Authorization", bearer);
    }

    private URI here(String path) {
        return at("api/v5/packages/" + link.id() + path);
    }

    private URI at(String path) {
        return URI.create("https://" + link.host() + "/aspera/faspex/" + path);
    }

    private String token() throws Problem {
        String settings = settings();
        String client = setting(settings, "client_id");
        String back = setting(settings, "redirect_uri");
        Map<String, Object> question = new LinkedHashMap<>();
        question.put("grant_type", "authorization_code");
        question.put("code", code(client, back));
        question.put("state", link.context());
        question.put("client_id", client);
        question.put("redirect_uri", back);
        Request request = Request.postJson(at("auth/token"), JsonResponse.write(question));
        String token = JsonResponse.text(JsonResponse.parse(readUnredacted(request), request, subject), "access_token");
        if (token == null) {
            throw refused("");
        }
        return token;
    }

    /**
     * Reads a response that contains a secret, without the redaction of secrets that were sent before: the host may send
     * the same one again.
     */
    private byte[] readUnredacted(Request request) throws Problem {
        try (Response response = transport.open(request)) {
            return response.body().readNBytes(1 << 20);
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, subject + ": the response of its Aspera host was interrupted", null, e);
        } catch (Problem problem) {
            throw SourceProblems.about(subject, null, problem);
        }
    }

    /** The code, which is in the URL that a browser would be redirected to. */
    private String code(String client, String back) throws Problem {
        URI uri = at("auth/authorize_public_link?response_type=code&client_id=" + UrlEncoding.segment(client)
                + "&redirect_uri=" + UrlEncoding.segment(back) + "&state=" + UrlEncoding.segment(link.context()));
        try (Response response = transport.open(Request.get(uri).withoutRedirects())) {
            String location = response.header("location").orElse("");
            Matcher code = CODE.matcher(location);
            String text = code.find() ? UrlEncoding.decode(code.group(1)) : null;
            if (text == null) {
                Matcher said = Pattern.compile("[?&]action_message=([^&]+)").matcher(location);
                String why = said.find() ? UrlEncoding.decode(said.group(1).replace('+', ' ')) : null;
                throw refused(why == null ? "" : ": it says '" + why + "'");
            }
            return text;
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, subject + ": the response of its Aspera host was interrupted", null, e);
        } catch (Problem problem) {
            throw problem.message().startsWith(subject) ? problem : SourceProblems.about(subject, null, problem);
        }
    }

    private Problem refused(String why) {
        return new Problem(
                Kind.PERSON,
                subject + ": its Aspera host refused the public link" + why,
                "the package may have been moved or closed; open " + link.uri() + " in a browser");
    }

    private String settings() throws Problem {
        try {
            return new String(transport.read(Request.get(at("config.js")), 1 << 20), StandardCharsets.UTF_8);
        } catch (Problem problem) {
            throw SourceProblems.about(subject, null, problem);
        }
    }

    private String setting(String settings, String name) throws Problem {
        Matcher matcher = Pattern.compile("\\b" + name + "\"?\\s*:\\s*['\"]([^'\"]+)['\"]")
                .matcher(settings);
        if (!matcher.find()) {
            throw new Problem(Kind.NETWORK, subject + ": the settings of its Aspera host do not state the " + name);
        }
        return matcher.group(1);
    }
}
