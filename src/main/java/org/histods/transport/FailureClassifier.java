package org.histods.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.Response;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.jspecify.annotations.Nullable;

/** What to make of everything that is not data: who can act, whether another attempt may help, and what to say. */
final class FailureClassifier {

    private static final String ELSEWHERE =
            "try another source with --source, or download the file in a browser and bring it with --from FILE";
    private static final String LATER = "run the same command later; what has arrived is kept";

    private static final Pattern CHALLENGE =
            Pattern.compile("(?i)just a moment|attention required|checking your browser|verify you are human");

    private FailureClassifier() {}

    /** Whether the host says that it is asked too much. GitHub says so with 403, too. */
    static boolean crowded(Response response) {
        int status = response.code();
        return status == 429
                || status == 503
                || (status == 403
                        && (RateLimitHeaders.usedUp(response.headers()) || response.header("Retry-After") != null));
    }

    /** Any answer but 200, 206 and a redirect that leads somewhere. */
    static AttemptResult refused(
            RedirectHop hop,
            Response response,
            @Nullable ContentRange range,
            RequestAuthenticator.Proof proof,
            Instant now) {
        int status = response.code();
        if (crowded(response)) {
            Instant then = later(
                    RateLimitHeaders.retryAfter(response.headers(), now),
                    RateLimitHeaders.renewed(response.headers(), now));
            return setback(hop, status, Kind.NETWORK, true, true, then, answered(response, proof), LATER, null);
        }
        return switch (status) {
            case 408, 425, 500, 502, 504 ->
                setback(hop, status, Kind.NETWORK, true, false, null, answered(response, proof), LATER, null);
            case 401, 403 -> person(hop, response, proof);
            case 404, 410 ->
                stop(
                        hop,
                        response,
                        answered(response, proof) + ": there is no such file",
                        "it may have moved; " + ELSEWHERE);
            case 407 ->
                stop(
                        hop,
                        response,
                        "was not reached: the proxy answered 407 and wants a login",
                        "put the login into the proxy's address, as in https_proxy=http://user:password@proxy:3128");
            case 416 -> stop(hop, response, answered(response, proof) + ": " + sizeOf(range), null);
            default ->
                status < 300
                        ? stop(
                                hop,
                                response,
                                "answered " + status + " without the data" + challenge(response, proof),
                                ELSEWHERE)
                        : stop(hop, response, answered(response, proof), ELSEWHERE);
        };
    }

    /** The address that a redirect led to was signed for a while, and the while may be over. */
    static AttemptResult expired(RedirectHop hop, Response response, RequestAuthenticator.Proof proof) {
        return setback(
                hop, response.code(), Kind.PERSON, true, false, null, answered(response, proof), ELSEWHERE, null);
    }

    /** No usable answer came at all. */
    static AttemptResult failed(RedirectHop hop, IOException e, RetryPolicy patience) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaTrustManager.Untrusted untrusted) {
                return distrusted(
                        hop, "has a certificate that this machine does not trust, issued by " + untrusted.issuer(), e);
            }
            if (cause instanceof SSLPeerUnverifiedException) {
                return distrusted(hop, "has a certificate that was issued for another name", e);
            }
            if (cause instanceof UnknownHostException) {
                return setback(
                        hop,
                        null,
                        Kind.NETWORK,
                        false,
                        false,
                        null,
                        "could not be found: there is no address for that name",
                        "check the network connection (histods doctor), or try another source with --source",
                        e);
            }
        }
        String what = e instanceof SocketTimeoutException
                ? "did not answer within " + RateLimitHeaders.inWords(patience.inactivity())
                : "did not answer: " + words(e);
        return setback(hop, null, Kind.NETWORK, true, false, null, what, LATER, e);
    }

    /** An answer that is read to the end and broke on the way. */
    static AttemptResult.Setback broken(Request request, org.histods.transport.Response answer, IOException e) {
        Problem.Attempt attempt = attempt(request, answer, words(e));
        return new AttemptResult.Setback(
                Kind.NETWORK,
                true,
                false,
                null,
                "could not read " + attempt.url() + ": " + words(e),
                LATER,
                attempt,
                e);
    }

    /** An answer with bytes that nobody can use. */
    static Problem unusable(Request request, org.histods.transport.Response answer, String why) {
        Problem.Attempt attempt = attempt(request, answer, why);
        return new Problem(
                Kind.NETWORK, "the answer to " + attempt.url() + " " + why, ELSEWHERE, List.of(attempt), null);
    }

    static AttemptResult network(RedirectHop hop, Response response, String what) {
        return setback(hop, response.code(), Kind.NETWORK, false, false, null, what, ELSEWHERE, null);
    }

    /** Redirects that must not or cannot be followed. */
    static AttemptResult astray(RedirectHop hop, int status, String what, List<RedirectHop> before) {
        List<String> chain = new ArrayList<>();
        before.forEach(earlier -> chain.add(SecretPatterns.clean(earlier.url()).toString()));
        chain.add(SecretPatterns.clean(hop.url()).toString());
        String path = before.isEmpty() ? "" : "; the way there: " + String.join(" → ", chain);
        return setback(hop, status, Kind.NETWORK, false, false, null, what + path, ELSEWHERE, null);
    }

    private static AttemptResult person(RedirectHop hop, Response response, RequestAuthenticator.Proof proof) {
        String what = answered(response, proof) + challenge(response, proof);
        if (!challenge(response, proof).isEmpty()) {
            return setback(hop, response.code(), Kind.PERSON, false, false, null, what, ELSEWHERE, null);
        }
        String advice = proof.advice() == null ? "" : proof.advice() + "; ";
        String hint;
        if (proof.header() != null) {
            hint = "accept the dataset's terms with the account of that login, or use another: " + advice
                    + "histods show names the steps for the dataset";
        } else if (proof.refused() != null) {
            hint = "it may have expired: " + advice + "histods show names the steps for the dataset";
        } else {
            hint = "no login for " + hop.host() + " was sent: " + advice + "some hosts also answer " + response.code()
                    + " for a file that does not exist. histods show names the steps for the dataset";
        }
        return setback(hop, response.code(), Kind.PERSON, false, false, null, what, hint, null);
    }

    private static AttemptResult distrusted(RedirectHop hop, String what, IOException e) {
        return setback(
                hop,
                null,
                Kind.NETWORK,
                false,
                false,
                null,
                what,
                "if your network inspects TLS, name its certificate as ca-file in the configuration; otherwise use"
                        + " another network; or download the file elsewhere and bring it with --from FILE."
                        + " Certificates are never ignored",
                e);
    }

    private static AttemptResult stop(RedirectHop hop, Response response, String what, @Nullable String hint) {
        return setback(hop, response.code(), Kind.NETWORK, false, false, null, what, hint, null);
    }

    private static AttemptResult setback(
            RedirectHop hop,
            @Nullable Integer status,
            Kind kind,
            boolean again,
            boolean crowded,
            @Nullable Instant then,
            String what,
            @Nullable String hint,
            @Nullable Throwable cause) {
        String url = SecretPatterns.clean(hop.url()).toString();
        Problem.Attempt attempt = new Problem.Attempt(hop.host(), url, status, null, what);
        String message = "could not get " + url + ": " + hop.host() + " " + what;
        return new AttemptResult.Setback(kind, again, crowded, then, message, hint, attempt, cause);
    }

    private static Problem.Attempt attempt(Request request, org.histods.transport.Response answer, String cause) {
        String url = SecretPatterns.clean(request.uri());
        String host = answer.uri().getHost();
        return new Problem.Attempt(host == null ? "" : host, url, answer.status(), null, cause);
    }

    private static String answered(Response response, RequestAuthenticator.Proof proof) {
        String phrase = response.message().isBlank() ? "" : " " + response.message();
        String words = ErrorBodyExcerpt.in(response, proof.veil());
        String login = "";
        if (proof.refused() != null) {
            login = "; the login from " + proof.refused() + " was refused";
        } else if (proof.header() != null) {
            login = "; the login from " + proof.header().from() + " was sent";
        }
        return "answered " + response.code() + SecretPatterns.scrub(phrase)
                + (words.isEmpty() ? "" : " (" + words + ")") + login;
    }

    private static String challenge(Response response, RequestAuthenticator.Proof proof) {
        for (String name : new String[] {"x-amzn-waf-action", "cf-mitigated"}) {
            String value = response.header(name);
            if (value != null) {
                return ": its bot protection wants to see a browser (" + name + ": " + value + ")";
            }
        }
        // Cloudflare's older challenges are told by their page only.
        boolean asks = "cloudflare".equalsIgnoreCase(response.header("Server"))
                && CHALLENGE
                        .matcher(ErrorBodyExcerpt.in(response, proof.veil()))
                        .find();
        return asks ? ": its bot protection (Cloudflare) wants to see a browser" : "";
    }

    private static String sizeOf(@Nullable ContentRange range) {
        return range == null || range.total() < 0
                ? "the file ends before the bytes that were asked for"
                : "the file has " + range.total() + " bytes and ends before those that were asked for";
    }

    private static String words(IOException e) {
        String text = e.getMessage();
        if (text == null) {
            text = e instanceof EOFException
                    ? "the connection was closed"
                    : e.getClass().getSimpleName();
        }
        return SecretPatterns.scrub(text);
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isAfter(b) ? a : b;
    }
}
