package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** One attempt at a request: follows redirects until a host returns data or something fails. */
final class RequestAttempt {

    private static final int MAX_REDIRECTS = 10;
    private static final String HEADER_NAME_SIGNS = "!#$%&'*+.^_`|~-";
    private static final Duration LONGEST_PAUSE_BELIEVED = Duration.ofHours(24);

    private final TransportSettings settings;
    private final Function<HttpUrl, OkHttpClient> clients;
    private final InFlightCalls calls;
    private final HostThrottles throttles;
    private final RequestAuthenticator authenticator;
    private final Redactor redactor;
    private final TransportListener listener;

    /** What one attempt remembers between its hops. */
    private static final class Chain {
        final Request request;
        final RetryState retries;
        final RedirectCookies cookies = new RedirectCookies();
        final List<RedirectHop> earlier = new ArrayList<>();

        Chain(Request request, RetryState retries) {
            this.request = request;
            this.retries = retries;
        }
    }

    /** One request as it was sent. */
    private record Sent(
            RedirectHop hop, RequestAuthenticator.Authentication authentication, ConnectionGuard.Peer peer) {}

    /** @param clients the client that reaches a URL, directly or through its proxy */
    RequestAttempt(
            TransportSettings settings,
            Function<HttpUrl, OkHttpClient> clients,
            InFlightCalls calls,
            HostThrottles throttles,
            Redactor redactor,
            TransportListener listener) {
        this.settings = settings;
        this.clients = clients;
        this.calls = calls;
        this.throttles = throttles;
        this.redactor = redactor;
        this.authenticator = new RequestAuthenticator(settings.credentials(), redactor);
        this.listener = listener;
    }

    /** Returns {@link AttemptResult.Data} or {@link AttemptResult.Failure}. */
    AttemptResult run(Request request, HttpUrl start, RetryState retries) throws Problem {
        Chain chain = new Chain(request, retries);
        RedirectHop hop = RedirectHop.first(request, start);
        while (true) {
            AttemptResult result = send(chain, hop);
            if (result instanceof AttemptResult.Redirected redirected) {
                chain.earlier.add(hop);
                hop = redirected.next();
            } else if (!(result instanceof AttemptResult.CredentialsRefused)) {
                return result instanceof AttemptResult.Failure failure ? failure.redacted(redactor) : result;
            }
        }
    }

    private AttemptResult send(Chain chain, RedirectHop hop) throws Problem {
        RetryState retries = chain.retries;
        HttpUrl wire = settings.hosts().routes().wire(hop.url(), hop.unencrypted());
        boolean rewritten = settings.hosts().routes().isRouted(hop.host());
        ProxyServer proxy = settings.network().proxies().forUrl(wire);
        ConnectionGuard.Peer peer = new ConnectionGuard.Peer(hop.externalOnly());
        HostThrottle throttle = throttles.of(hop.host());
        RequestAuthenticator.Authentication authentication =
                chain.request.handling().signer() == null ? authenticator.of(hop, wire) : authenticator.none(hop, wire);
        okhttp3.Request.Builder builder = build(hop, wire, authentication);
        if (!rewritten && proxy == null) {
            builder.tag(ConnectionGuard.Peer.class, peer);
        }
        HostThrottle.Permit permit = throttle.acquire(retries, !(rewritten && HostRewrites.isLoopback(wire.host())));
        sign(chain.request.handling().signer(), hop, wire, builder, permit);
        InFlightCalls.OpenCall call = calls.add(clients.apply(wire).newCall(builder.build()), permit);
        boolean handedOver = false;
        call.enter();
        try {
            Response response = execute(call.call());
            call.responded(response);
            observeRateLimits(throttle, response, retries.now());
            chain.cookies.store(hop.url(), response.headers(), retries.now());
            AttemptResult result = classify(chain, new Sent(hop, authentication, peer), call, response);
            handedOver = result instanceof AttemptResult.Data;
            URI route = settings.hosts().routes().route(hop.host());
            return route != null && result instanceof AttemptResult.Data data
                    ? new AttemptResult.Data(data.response().routed(route))
                    : result;
        } catch (IOException e) {
            retries.throwIfInterrupted(hop.host());
            return FailureClassifier.noResponse(hop, e, proxy, settings.retryPolicy());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            retries.throwIfInterrupted(hop.host());
            throw new IllegalStateException("interrupted, but the thread is not", e);
        } finally {
            call.leave();
            if (!handedOver) {
                call.close();
            }
        }
    }

    /** Signs after the wait for a connection, since a signature is valid for some minutes only. */
    private void sign(
            @Nullable RequestSigner signer,
            RedirectHop hop,
            HttpUrl wire,
            okhttp3.Request.Builder builder,
            HostThrottle.Permit permit) {
        if (signer == null) {
            return;
        }
        boolean signed = false;
        try {
            signer.secrets().forEach(redactor::add);
            byte[] body = hop.body();
            signer.sign(hop.method(), wire.uri(), hop.headers(), body == null ? new byte[0] : body)
                    .forEach(builder::header);
            signed = true;
        } finally {
            if (!signed) {
                permit.close();
            }
        }
    }

    /**
     * OkHttp is Kotlin: it throws {@link InterruptedException} without declaring it, and some malformed responses fail
     * its checks of arguments and states.
     */
    private static Response execute(Call call) throws IOException, InterruptedException {
        try {
            return call.execute();
        } catch (IllegalArgumentException | IllegalStateException e) {
            throw new MalformedResponseException("sent a malformed response (" + e.getMessage() + ")", e);
        }
    }

    /** OkHttp prints a header value that it refuses; some values come from hosts. */
    private static void put(okhttp3.Request.Builder builder, RedirectHop hop, String name, String value)
            throws Problem {
        if (!headerName(name) || !printable(value)) {
            throw new Problem(
                    Problem.Kind.NETWORK,
                    "cannot get " + SecretPatterns.cleanUrl(hop.url())
                            + ": a request header made from an earlier response has characters that HTTP forbids");
        }
        builder.header(name, value);
    }

    private static boolean headerName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letterOrDigit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letterOrDigit && HEADER_NAME_SIGNS.indexOf(c) < 0) {
                return false;
            }
        }
        return !name.isEmpty();
    }

    private static boolean printable(String value) {
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != '\t' && (c < ' ' || c >= 127)) {
                return false;
            }
        }
        return true;
    }

    private okhttp3.Request.Builder build(
            RedirectHop hop, HttpUrl wire, RequestAuthenticator.Authentication authentication) throws Problem {
        okhttp3.Request.Builder builder = new okhttp3.Request.Builder().url(wire);
        boolean confidential = RequestAuthenticator.confidential(wire);
        String cookies = hop.cookies();
        for (Map.Entry<String, String> header : hop.headers().entrySet()) {
            if (confidential || !SecretPatterns.isSecretHeader(header.getKey())) {
                put(builder, hop, header.getKey(), header.getValue());
                if (header.getKey().equalsIgnoreCase("Cookie") && !cookies.isEmpty()) {
                    cookies = header.getValue() + "; " + cookies;
                }
            }
        }
        if (confidential && !cookies.isEmpty()) {
            put(builder, hop, "Cookie", cookies);
        }
        String userAgent = settings.hosts().policies().of(hop.host()).userAgent();
        builder.header(
                "User-Agent",
                userAgent != null
                        ? userAgent
                        : "histods/" + settings.version() + " (+https://github.com/histods/histods)");
        if (hop.headers().isEmpty() || hop.headers().keySet().stream().noneMatch("Accept-Encoding"::equalsIgnoreCase)) {
            builder.header("Accept-Encoding", "identity");
        }
        if (authentication.header() != null) {
            builder.header(
                    authentication.header().name(), authentication.header().value());
        }
        byte[] body = hop.body();
        RequestBody content = body == null ? null : RequestBody.create(body, null);
        if (content == null && (hop.method().equals("POST") || hop.method().equals("PUT"))) {
            content = RequestBody.create(new byte[0], null);
        }
        return builder.method(hop.method(), content);
    }

    private static void observeRateLimits(HostThrottle throttle, Response response, Instant now) {
        Instant renewed = RateLimitHeaders.renewed(response.headers(), now);
        if (renewed != null) {
            throttle.pause(
                    earlier(renewed, now.plus(LONGEST_PAUSE_BELIEVED)), "reported that the rate limit is used up");
        }
        Instant retryAfter = RateLimitHeaders.retryAfter(response.headers(), now);
        if (retryAfter != null && FailureClassifier.throttled(response)) {
            throttle.pause(earlier(retryAfter, now.plus(LONGEST_PAUSE_BELIEVED)), "returned HTTP " + response.code());
        }
    }

    private AttemptResult classify(Chain chain, Sent sent, InFlightCalls.OpenCall call, Response response) {
        RedirectHop hop = sent.hop();
        int status = response.code();
        String location = response.header("Location");
        boolean redirects = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        if (redirects && location != null && chain.request.handling().redirects()) {
            return redirect(chain, sent, status, location);
        }
        // A POST may create something, such as a token, and return it with 201; or start work, and return with 202 how
        // far it is.
        boolean created = (status == 201 || status == 202) && hop.method().equals("POST");
        boolean deleted = status == 204 && hop.method().equals("DELETE");
        // The whole body, as a proxy on the way made it (RFC 9110, section 15.3.4); the caller must not take it for the
        // host's unless a checksum shows that it is.
        boolean transformed = status == 203 && hop.method().equals("GET");
        if (status == 200 || transformed || created || deleted || (redirects && location != null)) {
            return new AttemptResult.Data(data(chain, hop, call, response, null));
        }
        ContentRange range = ContentRange.parse(response.header("Content-Range"));
        if (status == 206) {
            String fault = rangeFault(chain.request, response, range);
            return fault != null
                    ? FailureClassifier.unusableRange(hop, response, fault)
                    : new AttemptResult.Data(data(chain, hop, call, response, range));
        }
        if (status == 401 && sent.authentication().header() != null) {
            // Open data must stay reachable for users whose token has expired.
            if (authenticator.refuse(sent.authentication().header())) {
                listener.notice(hop.host() + " refused the credentials from "
                        + sent.authentication().header().from() + "; trying without them");
            }
            return new AttemptResult.CredentialsRefused();
        }
        if (expired(chain, hop, status) && chain.retries.attempts().stream().noneMatch(a -> a.status() != null)) {
            return FailureClassifier.expiredSignature(hop, response, sent.authentication());
        }
        return FailureClassifier.refused(hop, response, range, sent.authentication(), chain.retries.now());
    }

    /** Whether a signed URL that a redirect led to is refused; the start of the chain may return a new one. */
    private static boolean expired(Chain chain, RedirectHop hop, int status) {
        return (status == 400 || status == 401 || status == 403)
                && !chain.earlier.isEmpty()
                && SecretPatterns.isSigned(hop.url());
    }

    private AttemptResult redirect(Chain chain, Sent sent, int status, String location) {
        RedirectHop hop = sent.hop();
        HttpUrl absolute = hop.url().resolve(location);
        if (absolute == null) {
            return FailureClassifier.badRedirect(
                    hop, status, "redirects to a URL that is neither http nor https", chain.earlier);
        }
        HttpUrl to = settings.hosts().routes().unrouted(absolute, hop.url());
        boolean fromInternal = sent.peer().internal() || InternalAddresses.isInternalHost(hop.host());
        boolean allowed = fromInternal || settings.hosts().allowPrivate().contains(to.host());
        if (!allowed && InternalAddresses.isInternalHost(to.host())) {
            return FailureClassifier.redirectInside(hop, status, to, chain.earlier);
        }
        if (hop.url().isHttps() && !to.isHttps()) {
            return FailureClassifier.badRedirect(
                    hop,
                    status,
                    "redirects from https to plain http (" + SecretPatterns.cleanUrl(to) + "), which is refused",
                    chain.earlier);
        }
        RedirectHop next = hop.redirected(status, to, chain.cookies.header(to), !allowed);
        if (next.repeats(hop)) {
            return FailureClassifier.badRedirect(hop, status, "redirects to itself", chain.earlier);
        }
        if (chain.earlier.stream().anyMatch(next::repeats)) {
            return FailureClassifier.badRedirect(
                    hop, status, "redirects in a circle, back to " + SecretPatterns.cleanUrl(to), chain.earlier);
        }
        if (chain.earlier.size() >= MAX_REDIRECTS) {
            return FailureClassifier.badRedirect(
                    hop, status, "redirects more than " + MAX_REDIRECTS + " times", chain.earlier);
        }
        return new AttemptResult.Redirected(next);
    }

    /** What makes a partial response unusable; null if nothing does. */
    private static @Nullable String rangeFault(Request request, Response response, @Nullable ContentRange range) {
        if (!request.ranged()) {
            return "returned HTTP 206 with a part although the whole file was requested";
        }
        if (range == null || range.from() < 0) {
            return "returned HTTP 206 without a valid Content-Range";
        }
        if (range.from() > request.from()) {
            return "returned the bytes from " + range.from() + ", but those from " + request.from() + " were requested";
        }
        long length = contentLength(response);
        if (length >= 0 && length != range.length() && !encoded(response)) {
            return "sent contradictory lengths: Content-Range " + range.length() + " bytes, Content-Length " + length;
        }
        return null;
    }

    private org.histods.transport.Response data(
            Chain chain,
            RedirectHop hop,
            InFlightCalls.OpenCall call,
            Response response,
            @Nullable ContentRange range) {
        long stated = encoded(response) ? -1 : contentLength(response);
        boolean head = hop.method().equals("HEAD");
        long length = head ? 0 : range != null && !encoded(response) ? range.length() : stated;
        InputStream bytes = response.body().byteStream();
        if (response.protocol() == Protocol.HTTP_1_1) {
            // The socket's own timeout is the same; that of Okio wakes a thread for each 8 KiB.
            response.body().source().timeout().timeout(0, TimeUnit.NANOSECONDS);
        }
        List<URI> via = chain.earlier.isEmpty()
                ? List.of()
                : chain.earlier.stream()
                        .map(earlier -> redactor.redact(SecretPatterns.cleanUrl(earlier.url())))
                        .toList();
        org.histods.transport.Response data = new org.histods.transport.Response(
                response.code(),
                redactor.redact(clean(hop.url(), chain.request.uri())),
                via,
                redactor.redact(headers(response.headers())),
                range == null ? 0 : range.from(),
                length,
                range == null ? stated : range.total(),
                new HttpBodyStream(
                        call, bytes, hop.host(), length, settings.retryPolicy().inactivity(), redactor));
        return isOpenEnded(response) ? data.openEnd() : data;
    }

    /** Whether the body ends where the connection does (RFC 9112, section 6.3); HTTP/2 marks the end. */
    private static boolean isOpenEnded(Response response) {
        boolean old = response.protocol() == Protocol.HTTP_1_1 || response.protocol() == Protocol.HTTP_1_0;
        return old && response.header("Content-Length") == null && response.header("Transfer-Encoding") == null;
    }

    /** The URL as it may be recorded; the requested one itself if it is the same. */
    private static URI clean(HttpUrl url, URI requested) {
        return SecretPatterns.isPlain(url) && url.toString().equals(requested.toString())
                ? requested
                : SecretPatterns.cleanUrl(url);
    }

    private static Map<String, String> headers(Headers all) {
        Map<String, String> joined = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            joined.merge(all.name(i).toLowerCase(Locale.ROOT), all.value(i), (a, b) -> a + ", " + b);
        }
        return joined;
    }

    /** -1 if unknown; {@code Transfer-Encoding} overrides it (RFC 9112, section 6.3). */
    private static long contentLength(Response response) {
        String text = response.header("Content-Length");
        return text == null || response.header("Transfer-Encoding") != null
                ? -1
                // The guard let only digits through, possibly repeated.
                : Long.parseLong(text.split(",", 2)[0].strip());
    }

    private static boolean encoded(Response response) {
        return org.histods.transport.Response.coding(response.header("Content-Encoding", ""))
                .isPresent();
    }

    private static Instant earlier(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
