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
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** One attempt at a request: from its address along the redirects to the data or a setback. */
final class RequestAttempt {

    private static final int MOST_REDIRECTS = 10;
    private static final Duration LONGEST_PAUSE_BELIEVED = Duration.ofHours(24);

    private final TransportSettings settings;
    private final OkHttpClient client;
    private final InFlightCalls calls;
    private final HostThrottles gates;
    private final RequestAuthenticator proofs;
    private final Redactor veil;
    private final TransportListener listener;

    RequestAttempt(
            TransportSettings settings,
            OkHttpClient client,
            InFlightCalls calls,
            HostThrottles gates,
            Redactor veil,
            TransportListener listener) {
        this.settings = settings;
        this.client = client;
        this.calls = calls;
        this.gates = gates;
        this.veil = veil;
        this.proofs = new RequestAuthenticator(settings.credentials(), veil);
        this.listener = listener;
    }

    /** Comes back with data or with a setback. */
    AttemptResult go(Request request, HttpUrl start, RetryState budget) throws Problem {
        RedirectHop hop = RedirectHop.first(request, start);
        List<RedirectHop> before = new ArrayList<>();
        while (true) {
            AttemptResult outcome = ask(request, hop, before, budget);
            if (outcome instanceof AttemptResult.Redirected redirected) {
                before.add(hop);
                hop = redirected.next();
            } else if (!(outcome instanceof AttemptResult.LoginRefused)) {
                return outcome instanceof AttemptResult.Setback setback ? setback.veiled(veil) : outcome;
            }
        }
    }

    private AttemptResult ask(Request request, RedirectHop hop, List<RedirectHop> before, RetryState budget)
            throws Problem {
        HttpUrl wire = settings.routes().wire(hop.url(), hop.plain());
        boolean elsewhere = settings.routes().routed(hop.host()) && HostRewrites.loopback(wire.host());
        HostThrottle gate = gates.of(hop.host());
        RequestAuthenticator.Proof proof = proofs.of(hop, wire);
        okhttp3.Request sent = dress(hop, wire, proof);
        HostThrottle.Place place = gate.enter(budget, !elsewhere);
        InFlightCalls.OpenCall call = calls.add(client.newCall(sent), place);
        boolean handedOn = false;
        call.enter();
        try {
            Response response = execute(call.call());
            call.answered(response);
            learn(gate, response, budget.now());
            AttemptResult outcome = judge(request, hop, before, call, response, proof, budget);
            handedOn = outcome instanceof AttemptResult.Data;
            return outcome;
        } catch (IOException e) {
            budget.throwIfInterrupted(hop.host());
            return FailureClassifier.failed(hop, e, settings.patience());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            budget.throwIfInterrupted(hop.host());
            throw new IllegalStateException("interrupted, and then not", e);
        } finally {
            call.leave();
            if (!handedOn) {
                call.close();
            }
        }
    }

    /** OkHttp is Kotlin and throws {@link InterruptedException} without declaring it. */
    private static Response execute(Call call) throws IOException, InterruptedException {
        return call.execute();
    }

    /** Some headers are what hosts told us to send, and the library prints a value that it does not like. */
    private static void put(okhttp3.Request.Builder builder, RedirectHop hop, String name, String value)
            throws Problem {
        if (!name.matches("[!#$%&'*+.^_`|~\\w-]+")
                || !value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 127))) {
            throw new Problem(
                    Problem.Kind.NETWORK,
                    hop.host() + " is to be sent a header that cannot be sent, which began in an answer");
        }
        builder.header(name, value);
    }

    private okhttp3.Request dress(RedirectHop hop, HttpUrl wire, RequestAuthenticator.Proof proof) throws Problem {
        okhttp3.Request.Builder builder = new okhttp3.Request.Builder().url(wire);
        boolean confidential = RequestAuthenticator.confidential(wire);
        for (Map.Entry<String, String> header : hop.headers().entrySet()) {
            if (confidential || !SecretPatterns.header(header.getKey())) {
                put(builder, hop, header.getKey(), header.getValue());
            }
        }
        String userAgent = settings.policies().of(hop.host()).userAgent();
        builder.header(
                "User-Agent",
                userAgent != null
                        ? userAgent
                        : "histods/" + settings.version() + " (+https://github.com/histods/histods)");
        if (hop.headers().keySet().stream().noneMatch("Accept-Encoding"::equalsIgnoreCase)) {
            builder.header("Accept-Encoding", "identity");
        }
        if (proof.header() != null) {
            builder.header(proof.header().name(), proof.header().value());
        }
        byte[] body = hop.body();
        RequestBody content = body == null ? null : RequestBody.create(body, null);
        if (content == null && hop.method().equals("POST")) {
            content = RequestBody.create(new byte[0], null);
        }
        return builder.method(hop.method(), content).build();
    }

    private static void learn(HostThrottle gate, Response response, Instant now) {
        Instant renewed = RateLimitHeaders.renewed(response.headers(), now);
        if (renewed != null) {
            gate.pause(sooner(renewed, now.plus(LONGEST_PAUSE_BELIEVED)), "said that our allowance is used up");
        }
        Instant retryAfter = RateLimitHeaders.retryAfter(response.headers(), now);
        if (retryAfter != null && FailureClassifier.crowded(response)) {
            gate.pause(sooner(retryAfter, now.plus(LONGEST_PAUSE_BELIEVED)), "answered " + response.code());
        }
    }

    private AttemptResult judge(
            Request request,
            RedirectHop hop,
            List<RedirectHop> before,
            InFlightCalls.OpenCall call,
            Response response,
            RequestAuthenticator.Proof proof,
            RetryState budget) {
        int status = response.code();
        String location = response.header("Location");
        boolean redirects = status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        if (redirects && location != null && request.follow()) {
            return redirect(hop, before, status, location);
        }
        // What is posted may make something, such as a token: 201 with what was made.
        boolean made = status == 201 && hop.method().equals("POST");
        if (status == 200 || made || (redirects && location != null)) {
            return new AttemptResult.Data(answer(hop, before, call, response, null));
        }
        ContentRange range = ContentRange.parse(response.header("Content-Range"));
        if (status == 206) {
            String fault = fault(request, response, range);
            return fault != null
                    ? FailureClassifier.network(hop, response, fault)
                    : new AttemptResult.Data(answer(hop, before, call, response, range));
        }
        if (status == 401 && proof.header() != null) {
            // What is open to everybody should not be closed to those whose token has expired.
            if (proofs.refuse(proof.header())) {
                listener.told(
                        hop.host() + " refused the login from " + proof.header().from() + "; asking without it");
            }
            return new AttemptResult.LoginRefused();
        }
        if (expired(hop, before, status) && budget.attempts().stream().noneMatch(a -> a.status() != null)) {
            return FailureClassifier.expired(hop, response, proof);
        }
        return FailureClassifier.refused(hop, response, range, proof, budget.now());
    }

    /** Whether a redirect led to a signed address that is refused: asked from its start, it may be signed anew. */
    private static boolean expired(RedirectHop hop, List<RedirectHop> before, int status) {
        return (status == 400 || status == 401 || status == 403)
                && !before.isEmpty()
                && SecretPatterns.signed(hop.url());
    }

    private AttemptResult redirect(RedirectHop hop, List<RedirectHop> before, int status, String location) {
        HttpUrl absolute = hop.url().resolve(location);
        if (absolute == null) {
            return FailureClassifier.astray(hop, status, "redirects to an address that is not http or https", before);
        }
        HttpUrl to = settings.routes().unrouted(absolute, hop.url());
        if (hop.url().isHttps() && !to.isHttps()) {
            return FailureClassifier.astray(
                    hop,
                    status,
                    "redirects from https to plain http (" + SecretPatterns.clean(to) + "), which is refused",
                    before);
        }
        RedirectHop next = hop.redirected(status, to);
        for (RedirectHop earlier : before) {
            if (earlier.url().equals(to) && earlier.method().equals(next.method())) {
                return FailureClassifier.astray(
                        hop, status, "redirects in a circle, back to " + SecretPatterns.clean(to), before);
            }
        }
        if (hop.url().equals(to) && hop.method().equals(next.method())) {
            return FailureClassifier.astray(hop, status, "redirects in a circle, to itself", before);
        }
        if (before.size() >= MOST_REDIRECTS) {
            return FailureClassifier.astray(hop, status, "redirects more than " + MOST_REDIRECTS + " times", before);
        }
        return new AttemptResult.Redirected(next);
    }

    /** What makes a partial answer useless; null if nothing does. */
    private static @Nullable String fault(Request request, Response response, @Nullable ContentRange range) {
        if (!request.ranged()) {
            return "answered 206 with a part although the whole file was asked for";
        }
        if (range == null || range.from() < 0) {
            return "answered 206 without saying which part it sends";
        }
        if (range.from() > request.from()) {
            return "sends the bytes from " + range.from() + " although those from " + request.from()
                    + " were asked for";
        }
        long length = contentLength(response);
        if (length >= 0 && length != range.length() && !encoded(response)) {
            return "contradicts itself: Content-Range holds " + range.length() + " bytes, Content-Length says "
                    + length;
        }
        return null;
    }

    private org.histods.transport.Response answer(
            RedirectHop hop,
            List<RedirectHop> before,
            InFlightCalls.OpenCall call,
            Response response,
            @Nullable ContentRange range) {
        long stated = encoded(response) ? -1 : contentLength(response);
        boolean head = hop.method().equals("HEAD");
        long length = head ? 0 : range != null && !encoded(response) ? range.length() : stated;
        InputStream bytes = response.body().byteStream();
        List<URI> via = before.stream()
                .map(earlier -> veil.over(SecretPatterns.clean(earlier.url())))
                .toList();
        return new org.histods.transport.Response(
                response.code(),
                veil.over(SecretPatterns.clean(hop.url())),
                via,
                veil.over(headers(response.headers())),
                range == null ? 0 : range.from(),
                length,
                range == null ? stated : range.total(),
                new HttpBodyStream(
                        call, bytes, hop.host(), length, settings.patience().inactivity(), veil));
    }

    private static Map<String, String> headers(Headers all) {
        Map<String, String> joined = new LinkedHashMap<>();
        for (int i = 0; i < all.size(); i++) {
            joined.merge(all.name(i).toLowerCase(Locale.ROOT), all.value(i), (a, b) -> a + ", " + b);
        }
        return joined;
    }

    private static long contentLength(Response response) {
        String text = response.header("Content-Length");
        return text != null && text.strip().matches("\\d{1,18}") ? Long.parseLong(text.strip()) : -1;
    }

    private static boolean encoded(Response response) {
        return org.histods.transport.Response.coding(response.header("Content-Encoding", ""))
                .isPresent();
    }

    private static Instant sooner(Instant a, Instant b) {
        return a.isBefore(b) ? a : b;
    }
}
