package org.histods.transport;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.HttpUrl;
import okhttp3.Response;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.text.Durations;
import org.histods.transport.AttemptResult.Retry;
import org.jspecify.annotations.Nullable;

/** Turns everything that is not data into a failure: who can act, whether to retry, and the message for the user. */
final class FailureClassifier {

    private static final String OTHER_SOURCE =
            "try another source with --source, or download the file in a browser and pull again with --from FILE";
    private static final String LATER = "run the same command later; received data is kept";

    private static final Pattern CHALLENGE =
            Pattern.compile("(?i)just a moment|attention required|checking your browser|verify you are human");

    /** In OkHttp's message about a host name that the certificate does not cover. */
    private static final Pattern COVERED_NAMES = Pattern.compile("subjectAltNames: \\[(.*)]");

    /** In OkHttp's message about a peer that sends before TLS begins, such as a mail or SSH server. */
    private static final String TUNNEL_SPOKE_FIRST = "TLS tunnel buffered too many bytes";

    /** In Java's messages about a peer with which no TLS can be agreed on. */
    private static final Pattern NO_COMMON_TLS =
            Pattern.compile("protocol_version|handshake_failure|No appropriate protocol");

    /** In OkHttp's message about headers without an end: how many bytes were looked at, and the first bytes that are there. */
    private static final Pattern NO_LINE_END =
            Pattern.compile("\\\\n not found: limit=([0-9]{1,18}) content=([0-9a-f]*)");

    /** A longer line of headers that is cut off is taken for one without an end. */
    private static final long MAX_CUT_OFF_HEADER = 64 * 1024;

    private static final Pattern TUNNEL_REFUSED =
            Pattern.compile("Unexpected response code for CONNECT: ([1-9][0-9]{2})");

    private static final String PROXY_WANTS_LOGIN =
            "was not reached: the proxy returned HTTP 407 and requires authentication";
    private static final String PROXY_LOGIN =
            "add the right credentials to the proxy's URL, such as https_proxy=http://USER:PASSWORD@HOST:3128";

    private FailureClassifier() {}

    /** Whether the host reports too many requests. GitHub uses 403 for that, too. */
    static boolean throttled(Response response) {
        int status = response.code();
        return status == 429
                || status == 503
                || (status == 403
                        && (RateLimitHeaders.usedUp(response.headers()) || response.header("Retry-After") != null));
    }

    /** A response with any other status than 200, 206 or that of a redirect with a target. */
    static AttemptResult refused(
            RedirectHop hop,
            Response response,
            @Nullable ContentRange range,
            RequestAuthenticator.Authentication authentication,
            Instant now) {
        int status = response.code();
        String what = returned(response, authentication);
        if (throttled(response)) {
            Instant then = later(
                    RateLimitHeaders.retryAfter(response.headers(), now),
                    RateLimitHeaders.renewed(response.headers(), now));
            // A 503 is mostly a moment of overload, like other 5xx; a host that wants a longer pause says so.
            return failure(hop, status, Kind.NETWORK, Retry.ALLOWED, status != 503, then, what, LATER, null);
        }
        return switch (status) {
            case 408, 425, 500, 502, 504 -> {
                Instant then = RateLimitHeaders.retryAfter(response.headers(), now);
                yield failure(hop, status, Kind.NETWORK, Retry.ALLOWED, false, then, what, LATER, null);
            }
            case 401, 403 -> forbidden(hop, response, authentication);
            case 404, 410 -> stop(hop, response, what + ": no such file", "the file may have moved; " + OTHER_SOURCE);
            case 407 -> stop(hop, response, PROXY_WANTS_LOGIN, PROXY_LOGIN);
            case 416 -> stop(hop, response, what + ": " + sizeOf(range), null);
            default ->
                status < 300
                        ? stop(
                                hop,
                                response,
                                "returned HTTP " + status + " without the data" + challenge(response, authentication),
                                OTHER_SOURCE)
                        : stop(hop, response, what, OTHER_SOURCE);
        };
    }

    /** A signed URL that a redirect led to is refused, and its signature may have expired. */
    static AttemptResult expiredSignature(
            RedirectHop hop, Response response, RequestAuthenticator.Authentication authentication) {
        return failure(
                hop,
                response.code(),
                Kind.PERSON,
                Retry.ALLOWED,
                false,
                null,
                returned(response, authentication),
                OTHER_SOURCE,
                null);
    }

    /** No usable response was received. */
    static AttemptResult noResponse(
            RedirectHop hop, IOException e, @Nullable ProxyServer proxy, RetryPolicy retryPolicy) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof CaTrustManager.UntrustedException untrusted) {
                return stop(hop, untrusted.fault().text(), untrusted.fault().hint(), e);
            }
            if (cause instanceof SSLPeerUnverifiedException) {
                return otherName(hop, cause, e);
            }
            if (String.valueOf(cause.getMessage()).contains(TUNNEL_SPOKE_FIRST)
                    || (cause instanceof SSLException
                            && String.valueOf(cause.getMessage()).contains("SSL message"))) {
                return stop(
                        hop,
                        "does not support TLS on port " + hop.url().port()
                                + ": it sent something else, such as plain http",
                        "check the URL's scheme and port; a network's login page can cause this, too",
                        e);
            }
            if (cause instanceof SSLException
                    && NO_COMMON_TLS.matcher(String.valueOf(cause.getMessage())).find()) {
                return stop(
                        hop,
                        "supports no version or cipher of TLS that this Java accepts (" + cause.getMessage() + ")"
                                + through(proxy),
                        OTHER_SOURCE,
                        e);
            }
            if (cause instanceof ConnectionGuard.InternalAddressException) {
                return stop(
                        hop,
                        cause.getMessage() + ", inside your network, and a redirect from a public host led there,"
                                + " which is refused",
                        allowPrivate(hop.host()),
                        e);
            }
            if (cause instanceof Socks5SocketFactory.ProxyException failed) {
                Retry retry = failed.retry() ? Retry.ALLOWED : Retry.NEVER;
                return failure(
                        hop,
                        null,
                        Kind.NETWORK,
                        retry,
                        false,
                        null,
                        "was not reached: " + words(failed),
                        "check the proxy in " + (proxy == null ? "the environment" : proxy.variable()),
                        e);
            }
            if (cause instanceof UnknownHostException) {
                return stop(
                        hop,
                        "was not found: no address for that name" + through(proxy),
                        proxy != null && proxy.protocol() == ProxyServer.Protocol.SOCKS5
                                ? "if only the proxy can resolve names, write socks5h:// in place of socks5:// in "
                                        + proxy.variable()
                                : "check the network connection (histods doctor), or try another source with --source",
                        e);
            }
        }
        Integer tunnel = proxy == null ? null : tunnelStatus(e);
        if (tunnel != null) {
            return noTunnel(hop, e, tunnel, proxy);
        }
        if (e instanceof MalformedResponseException || e instanceof ProtocolException) {
            String what = e instanceof MalformedResponseException ? words(e) : "sent a malformed response: " + words(e);
            return failure(hop, null, Kind.NETWORK, Retry.ONCE, false, null, what, OTHER_SOURCE, e);
        }
        if (headersTooLarge(e)) {
            return failure(
                    hop,
                    null,
                    Kind.NETWORK,
                    Retry.ONCE,
                    false,
                    null,
                    "sent a malformed response: its headers are larger than 256 KiB, which is the limit",
                    OTHER_SOURCE,
                    e);
        }
        String what = e instanceof SocketTimeoutException
                ? "did not respond within " + Durations.roundedUp(retryPolicy.inactivity())
                : "did not respond: " + words(e);
        String hint = proxy == null ? LATER : "check the proxy in " + proxy.variable() + ", or " + LATER;
        return failure(hop, null, Kind.NETWORK, Retry.ALLOWED, false, null, what + through(proxy), hint, e);
    }

    /**
     * Whether the headers exceed OkHttp's limit. It reports that in the same words as headers that are cut off, of which
     * it shows all bytes up to 32; of headers that are too large, more bytes are there than were allowed.
     */
    private static boolean headersTooLarge(IOException e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            Matcher shown = NO_LINE_END.matcher(String.valueOf(cause.getMessage()));
            if (cause instanceof EOFException && shown.lookingAt()) {
                long allowed = Long.parseLong(shown.group(1));
                return allowed > MAX_CUT_OFF_HEADER || shown.group(2).length() > 2 * allowed;
            }
        }
        return false;
    }

    /** The status with which an HTTP proxy refused a tunnel for https, as OkHttp words it; null if it is another failure. */
    private static @Nullable Integer tunnelStatus(IOException e) {
        String text = String.valueOf(e.getMessage());
        if (text.equals("Failed to authenticate with proxy")) {
            return 407;
        }
        Matcher status = TUNNEL_REFUSED.matcher(text);
        return status.matches() ? Integer.valueOf(status.group(1)) : null;
    }

    private static AttemptResult noTunnel(RedirectHop hop, IOException e, int status, @Nullable ProxyServer proxy) {
        if (status == 407) {
            return stop(hop, PROXY_WANTS_LOGIN + through(proxy), PROXY_LOGIN, e);
        }
        String what = "was not reached: the proxy returned HTTP " + status + through(proxy);
        return status >= 500
                ? failure(hop, null, Kind.NETWORK, Retry.ALLOWED, false, null, what, LATER, e)
                : stop(
                        hop,
                        what,
                        "ask those who run the proxy to allow " + hop.host()
                                + ", or add it to no_proxy if it can be reached directly",
                        e);
    }

    private static String through(@Nullable ProxyServer proxy) {
        return proxy == null ? "" : "; the request went through " + proxy;
    }

    /** The body of a response broke off while it was read whole. */
    static AttemptResult.Failure brokenBody(Request request, org.histods.transport.Response response, IOException e) {
        Problem.Attempt attempt = attempt(request, response, words(e));
        return new AttemptResult.Failure(
                Kind.NETWORK,
                e instanceof MalformedResponseException ? Retry.ONCE : Retry.ALLOWED,
                false,
                null,
                "could not read " + attempt.url() + ": " + words(e),
                LATER,
                attempt,
                e);
    }

    /** A response whose body cannot be used. */
    static Problem unusable(Request request, org.histods.transport.Response response, String why) {
        Problem.Attempt attempt = attempt(request, response, why);
        return new Problem(
                Kind.NETWORK, "the response from " + attempt.url() + " " + why, OTHER_SOURCE, List.of(attempt), null);
    }

    static AttemptResult unusableRange(RedirectHop hop, Response response, String what) {
        return stop(hop, response, what, OTHER_SOURCE);
    }

    /** A redirect that must not or cannot be followed. */
    static AttemptResult badRedirect(RedirectHop hop, int status, String what, List<RedirectHop> earlier) {
        return badRedirect(hop, status, what, OTHER_SOURCE, earlier);
    }

    /** A redirect of a public host to an internal one. */
    static AttemptResult redirectInside(RedirectHop hop, int status, HttpUrl to, List<RedirectHop> earlier) {
        return badRedirect(
                hop,
                status,
                "redirects to " + SecretPatterns.cleanUrl(to) + ", inside your network, which is refused",
                allowPrivate(to.host()),
                earlier);
    }

    private static String allowPrivate(String host) {
        return "if " + host + " is part of your network and you expect this, add it to the list allow-private in the"
                + " settings file; otherwise " + OTHER_SOURCE;
    }

    private static AttemptResult badRedirect(
            RedirectHop hop, int status, String what, String hint, List<RedirectHop> earlier) {
        List<String> chain = new ArrayList<>();
        earlier.forEach(
                before -> chain.add(SecretPatterns.cleanUrl(before.url()).toString()));
        chain.add(SecretPatterns.cleanUrl(hop.url()).toString());
        String path = earlier.isEmpty() ? "" : "; the chain of redirects: " + String.join(" → ", chain);
        return failure(hop, status, Kind.NETWORK, Retry.NEVER, false, null, what + path, hint, null);
    }

    private static AttemptResult forbidden(
            RedirectHop hop, Response response, RequestAuthenticator.Authentication authentication) {
        String challenge = challenge(response, authentication);
        String what = returned(response, authentication) + challenge;
        if (!challenge.isEmpty()) {
            return failure(hop, response.code(), Kind.PERSON, Retry.NEVER, false, null, what, OTHER_SOURCE, null);
        }
        String advice = authentication.advice().get().map(text -> text + "; ").orElse("");
        String steps = "histods show ID lists the steps for the dataset";
        String hint;
        if (authentication.header() != null) {
            hint = "accept the dataset's terms with the account of these credentials, or use others: " + advice + steps;
        } else if (authentication.refused() != null) {
            hint = "the credentials may have expired: " + advice + steps;
        } else {
            hint = "no credentials for " + hop.host() + " were sent: " + advice + "some hosts also return "
                    + response.code() + " for a file that does not exist. " + steps;
        }
        return failure(hop, response.code(), Kind.PERSON, Retry.NEVER, false, null, what, hint, null);
    }

    private static AttemptResult otherName(RedirectHop hop, Throwable unverified, IOException e) {
        Matcher names = COVERED_NAMES.matcher(String.valueOf(unverified.getMessage()));
        String covered = names.find() && !names.group(1).isBlank() ? " (" + shorten(names.group(1)) + ")" : "";
        return stop(
                hop,
                "has a certificate for another name" + covered + ", not for " + hop.host(),
                "check the URL; if it is right, the host or a proxy on the way is misconfigured: " + OTHER_SOURCE,
                e);
    }

    private static String shorten(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }

    private static AttemptResult stop(RedirectHop hop, Response response, String what, @Nullable String hint) {
        return failure(hop, response.code(), Kind.NETWORK, Retry.NEVER, false, null, what, hint, null);
    }

    private static AttemptResult stop(RedirectHop hop, String what, String hint, IOException e) {
        return failure(hop, null, Kind.NETWORK, Retry.NEVER, false, null, what, hint, e);
    }

    private static AttemptResult failure(
            RedirectHop hop,
            @Nullable Integer status,
            Kind kind,
            Retry retry,
            boolean throttled,
            @Nullable Instant then,
            String what,
            @Nullable String hint,
            @Nullable Throwable cause) {
        String url = SecretPatterns.cleanUrl(hop.url()).toString();
        Problem.Attempt attempt = new Problem.Attempt(hop.host(), url, status, null, what);
        String message = "could not get " + url + ": " + hop.host() + " " + what;
        return new AttemptResult.Failure(kind, retry, throttled, then, message, hint, attempt, cause);
    }

    private static Problem.Attempt attempt(Request request, org.histods.transport.Response response, String cause) {
        String url = SecretPatterns.cleanUrl(request.uri());
        String host = response.uri().getHost();
        return new Problem.Attempt(host == null ? "" : host, url, response.status(), null, cause);
    }

    private static String returned(Response response, RequestAuthenticator.Authentication authentication) {
        String phrase = response.message().isBlank() ? "" : " " + response.message();
        String excerpt = ErrorBodyExcerpt.of(response, authentication.redactor());
        String credentials = "";
        if (authentication.refused() != null) {
            credentials = "; the credentials from " + authentication.refused() + " were refused";
        } else if (authentication.header() != null) {
            credentials = "; the credentials from " + authentication.header().from() + " were sent";
        }
        return "returned HTTP " + response.code() + SecretPatterns.redact(phrase)
                + (excerpt.isEmpty() ? "" : " (" + excerpt + ")") + credentials;
    }

    private static String challenge(Response response, RequestAuthenticator.Authentication authentication) {
        for (String name : new String[] {"x-amzn-waf-action", "cf-mitigated"}) {
            String value = response.header(name);
            if (value != null) {
                return ": its bot protection accepts only a browser (" + name + ": " + value + ")";
            }
        }
        // Cloudflare's older challenges show only in the page.
        boolean asks = "cloudflare".equalsIgnoreCase(response.header("Server"))
                && CHALLENGE
                        .matcher(ErrorBodyExcerpt.of(response, authentication.redactor()))
                        .find();
        return asks ? ": its bot protection (Cloudflare) accepts only a browser" : "";
    }

    private static String sizeOf(@Nullable ContentRange range) {
        return range == null || range.total() < 0
                ? "the file ends before the requested bytes"
                : "the file has " + range.total() + " bytes and ends before the requested ones";
    }

    private static String words(IOException e) {
        String text = e.getMessage();
        if (text == null) {
            text = e instanceof EOFException
                    ? "the connection was closed"
                    : e.getClass().getSimpleName();
        }
        return SecretPatterns.redact(text);
    }

    private static @Nullable Instant later(@Nullable Instant a, @Nullable Instant b) {
        if (a == null || b == null) {
            return a == null ? b : a;
        }
        return a.isAfter(b) ? a : b;
    }
}
