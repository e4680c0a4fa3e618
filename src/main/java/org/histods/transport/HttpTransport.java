package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.histods.problem.Problem;

/**
 * The way out over HTTP, and over FTP and FASP to hosts that speak nothing else. Everything a host may want of us (pace,
 * pauses, logins) and everything that may happen on the way (redirects, failures worth another attempt) is dealt with
 * here; what the bytes are is for the caller to judge.
 *
 * <p>A body that comes encoded although {@code identity} was asked for is handed on as it is by {@link #open}: the
 * header {@code content-encoding} tells, and the length is then unknown. {@link #read} decodes gzip.
 *
 * <p>An open answer holds one of the connections that its host allows until it is read to its end or closed: a thread
 * that keeps one open while it asks the same host again may wait for itself.
 */
public final class HttpTransport implements Transport {

    private final TransportSettings settings;
    private final Sleeper time;
    private final TransportListener listener;
    private final OkHttpClient client;
    private final InFlightCalls calls;
    private final RequestAttempt trip;
    private final FtpTransport ftp;
    private final Redactor veil = new Redactor();
    private final FaspTransport ascp;

    /**
     * Connects to nothing yet.
     *
     * @param listener hears of waiting
     * @throws Problem {@code USAGE} if the file of trusted certificates is none
     */
    public HttpTransport(TransportSettings settings, Sleeper time, TransportListener listener) throws Problem {
        this.settings = settings;
        this.time = time;
        this.listener = listener;
        this.client = client(settings);
        this.calls = new InFlightCalls();
        HostThrottles gates = new HostThrottles(settings.policies(), settings.stateDir());
        this.trip = new RequestAttempt(settings, client, calls, gates, veil, listener);
        this.ftp = new FtpTransport(settings, gates);
        this.ascp = new FaspTransport(settings.aspera(), settings.patience(), gates);
    }

    @Override
    public Response open(Request request) throws Problem {
        return open(request, budget());
    }

    @Override
    public boolean speaksFasp() {
        return ascp.installed();
    }

    @Override
    public Response open(FaspFile file, long from, long to) throws Problem {
        refuseOffline(file.uri());
        RetryState budget = budget();
        return patiently(() -> ascp.go(file, from, to, budget), budget);
    }

    @Override
    public byte[] read(Request request, int most) throws Problem {
        RetryState budget = budget();
        while (true) {
            Response answer = open(request, budget);
            try (answer) {
                return veil.over(readAll(request, answer, most));
            } catch (IOException e) {
                budget.throwIfInterrupted(hostOf(answer.uri()));
                AttemptResult.Setback setback =
                        FailureClassifier.broken(request, answer, e).veiled(veil);
                budget.note(setback.attempt());
                retryOrGiveUp(setback, budget);
            }
        }
    }

    @Override
    public String hush(String text) {
        return veil.over(text);
    }

    /** How the host of this address is treated, for whoever plans segments and parallel transfers. */
    public HostPolicy policyFor(URI uri) {
        return settings.policies().of(hostOf(uri));
    }

    /** Cancels what is under way, in every thread; later requests fail as interrupted. */
    @Override
    public void close() {
        calls.close();
        ftp.close();
        ascp.close();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }

    private Response open(Request request, RetryState budget) throws Problem {
        refuseOffline(request.uri());
        boolean overFtp =
                FtpTransport.speaks(request.uri()) && !settings.routes().routed(hostOf(request.uri()));
        HttpUrl url = overFtp ? null : address(request.uri());
        return patiently(() -> url == null ? ftp.go(request, budget) : trip.go(request, url, budget), budget);
    }

    /** One attempt. */
    private interface Attempt {
        AttemptResult go() throws Problem;
    }

    private static Response patiently(Attempt attempt, RetryState budget) throws Problem {
        while (true) {
            AttemptResult outcome = attempt.go();
            if (outcome instanceof AttemptResult.Data data) {
                return data.answer();
            }
            AttemptResult.Setback setback = (AttemptResult.Setback) outcome;
            budget.note(setback.attempt());
            retryOrGiveUp(setback, budget);
        }
    }

    private static void retryOrGiveUp(AttemptResult.Setback setback, RetryState budget) throws Problem {
        if (!setback.again() || budget.spent()) {
            throw new Problem(
                    setback.kind(),
                    setback.message() + budget.tries(),
                    setback.hint(),
                    budget.attempts(),
                    setback.cause());
        }
        budget.pauseAfter(setback);
    }

    private void refuseOffline(URI uri) throws Problem {
        if (settings.offline()) {
            throw new Problem(
                    Problem.Kind.NETWORK,
                    "offline: " + SecretPatterns.clean(uri) + " was not asked for",
                    "run the command again without --offline");
        }
    }

    /** What a route leads to speaks http, also for hosts that themselves speak ftp. */
    private static HttpUrl address(URI uri) throws Problem {
        String text = FtpTransport.speaks(uri) ? "https" + uri.toString().substring("ftp".length()) : uri.toString();
        // OkHttp forgives a missing host and takes the path for it.
        HttpUrl url = uri.getRawAuthority() == null ? null : HttpUrl.parse(text);
        if (url == null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "not an http, https or ftp address: " + SecretPatterns.clean(uri),
                    "correct the address in the manifest");
        }
        return url;
    }

    private static byte[] readAll(Request request, Response answer, int most) throws Problem, IOException {
        Optional<String> encoding = answer.coding();
        InputStream body = answer.body();
        if (encoding.isPresent() && encoding.get().contains("gzip")) {
            body = new GZIPInputStream(body);
        } else if (encoding.isPresent()) {
            throw FailureClassifier.unusable(
                    request, answer, "came encoded as " + encoding.get() + ", which was not asked for");
        }
        byte[] bytes = body.readNBytes(most);
        if (bytes.length == most && body.read() >= 0) {
            throw FailureClassifier.unusable(
                    request, answer, "is longer than the " + most + " bytes that are sensible here");
        }
        return bytes;
    }

    private RetryState budget() {
        return new RetryState(
                settings.patience(),
                time,
                listener,
                () -> ThreadLocalRandom.current().nextDouble(),
                calls::closed);
    }

    private static String hostOf(URI uri) {
        HttpUrl url = HttpUrl.parse(uri.toString());
        String host = url == null ? uri.getHost() : url.host();
        return host == null ? "" : host;
    }

    private static OkHttpClient client(TransportSettings settings) throws Problem {
        CaTrustManager trust = CaTrustManager.with(settings.caFile());
        Duration inactivity = settings.patience().inactivity();
        // OkHttp itself asks once more where a kept connection turns out to be closed, and once after a 408. Neither is
        // listed as an attempt.
        return new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .sslSocketFactory(trust.sockets(), trust)
                .proxySelector(settings.proxies().selector())
                .proxyAuthenticator(new ProxyAuthenticator(settings.proxies()))
                .connectTimeout(settings.patience().connect())
                .readTimeout(inactivity)
                .writeTimeout(inactivity)
                .callTimeout(Duration.ZERO)
                .connectionPool(new ConnectionPool(8, 30, TimeUnit.SECONDS))
                .build();
    }
}
