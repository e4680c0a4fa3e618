package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URI;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import org.histods.problem.Problem;

/**
 * HTTP client, with FTP and FASP for hosts that offer nothing else: rate limits, retries, credentials, redirects. The
 * caller checks the bytes.
 *
 * <p>{@link #open} returns the body of an encoded response as it is, although {@code identity} was requested: the header
 * {@code content-encoding} names the encoding, and the length is unknown. {@link #read} decodes gzip.
 *
 * <p>An open response holds one of the host's connections until it is read to its end or closed: a thread that keeps one
 * open and sends another request to the same host may wait for itself.
 */
public final class HttpTransport implements Transport {

    private final TransportSettings settings;
    private final Sleeper sleeper;
    private final TransportListener listener;
    /** Made beside other work, since the certificates that Java trusts take a tenth of a second. */
    private final CompletableFuture<OkHttpClient> client;

    private final Map<ProxyServer, OkHttpClient> socksClients = new ConcurrentHashMap<>();
    /** By scheme and authority: most of the time of parsing a URL goes to its host. */
    private final Map<String, HttpUrl> origins = new ConcurrentHashMap<>();

    private final InFlightCalls calls;
    /** Hosts that responded to no attempt of a request, and have not since. */
    private final Set<String> unreachable = ConcurrentHashMap.newKeySet();

    private final RequestAttempt http;
    private final FtpTransport ftp;
    private final Redactor redactor = new Redactor();
    private final FaspTransport fasp;

    /**
     * Opens no connection yet.
     *
     * @param listener receives waits and notices
     * @throws Problem {@code USAGE} if a required file of CA certificates cannot be read
     */
    public HttpTransport(TransportSettings settings, Sleeper sleeper, TransportListener listener) throws Problem {
        this.settings = settings;
        this.sleeper = sleeper;
        this.listener = listener;
        Map<Boolean, List<CaFile>> files =
                settings.network().caFiles().stream().collect(Collectors.partitioningBy(CaFile::required));
        Set<Certificate> required = CaTrustManager.read(files.getOrDefault(true, List.of()), listener);
        this.client = CompletableFuture.supplyAsync(
                () -> client(settings, required, files.getOrDefault(false, List.of()), listener));
        this.calls = new InFlightCalls();
        HostThrottles throttles =
                new HostThrottles(settings.hosts().policies(), settings.hosts().stateDir());
        this.http = new RequestAttempt(settings, this::clientFor, calls, throttles, redactor, listener);
        this.ftp = new FtpTransport(settings, throttles);
        this.fasp = new FaspTransport(settings.network().ascp(), settings.retryPolicy(), throttles);
    }

    @Override
    public Response open(Request request) throws Problem {
        return open(request, newRetries());
    }

    @Override
    public boolean supportsFasp() {
        return fasp.installed();
    }

    @Override
    public Response open(FaspFile file, long from, long to) throws Problem {
        refuseOffline(file.uri());
        RetryState retries = newRetries();
        return withRetries(file.uri(), () -> fasp.run(file, from, to, retries), retries);
    }

    @Override
    public byte[] read(Request request, int maxBytes) throws Problem {
        RetryState retries = newRetries();
        while (true) {
            Response response = open(request, retries);
            try (response) {
                return redactor.redact(readAll(request, response, maxBytes));
            } catch (IOException e) {
                retries.throwIfInterrupted(hostOf(response.uri()));
                retries.afterFailure(
                        FailureClassifier.brokenBody(request, response, e).redacted(redactor));
            }
        }
    }

    @Override
    public String redact(String text) {
        return redactor.redact(text);
    }

    /** The policy of the URL's host, to plan segments and parallel transfers. */
    public HostPolicy policyFor(URI uri) {
        return settings.hosts().policies().of(hostOf(uri));
    }

    /** Cancels all requests in all threads; later requests fail as interrupted. */
    @Override
    public void close() {
        calls.close();
        ftp.close();
        fasp.close();
        // One that is not made yet has no connection.
        if (client.isDone() && !client.isCompletedExceptionally()) {
            client.join().dispatcher().executorService().shutdown();
            client.join().connectionPool().evictAll();
        }
    }

    private Response open(Request request, RetryState retries) throws Problem {
        refuseOffline(request.uri());
        boolean overFtp = FtpTransport.supports(request.uri())
                && !settings.hosts().routes().isRouted(hostOf(request.uri()));
        HttpUrl url = overFtp ? null : httpUrl(request.uri());
        if (url != null) {
            awaitClient();
        }
        return withRetries(
                request.uri(),
                () -> url == null ? ftp.run(request, retries) : http.run(request, url, retries),
                retries);
    }

    private void awaitClient() throws Problem {
        try {
            client.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof Problem p) {
                throw p;
            }
            throw e;
        }
    }

    /** One attempt. */
    private interface Attempt {
        AttemptResult run() throws Problem;
    }

    private Response withRetries(URI uri, Attempt attempt, RetryState retries) throws Problem {
        while (true) {
            AttemptResult result = attempt.run();
            if (result instanceof AttemptResult.Data data) {
                if (!unreachable.isEmpty()) {
                    unreachable.remove(hostOf(uri));
                    unreachable.remove(hostOf(data.response().uri()));
                }
                return data.response();
            }
            retries.afterFailure((AttemptResult.Failure) result);
        }
    }

    private void refuseOffline(URI uri) throws Problem {
        if (settings.network().offline()) {
            throw new Problem(
                    Problem.Kind.NETWORK,
                    "cannot get " + SecretPatterns.cleanUrl(uri) + ": --offline forbids requests",
                    "run the command without --offline");
        }
    }

    /** The target of a route uses http, also for hosts that use ftp. */
    private HttpUrl httpUrl(URI uri) throws Problem {
        String scheme = FtpTransport.supports(uri) ? "https" : uri.getScheme();
        // OkHttp accepts a missing host and takes the path for it.
        HttpUrl origin = uri.getRawAuthority() == null
                ? null
                : origins.computeIfAbsent(scheme + "://" + uri.getRawAuthority(), HttpUrl::parse);
        if (origin == null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "not an http, https or ftp URL: " + SecretPatterns.cleanUrl(uri),
                    "correct the URL in the manifest");
        }
        return origin.newBuilder()
                .encodedPath(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath())
                .encodedQuery(uri.getRawQuery())
                .encodedFragment(uri.getRawFragment())
                .build();
    }

    private static byte[] readAll(Request request, Response response, int maxBytes) throws Problem, IOException {
        if (response.transformed()) {
            throw FailureClassifier.unusable(
                    request, response, "has status 203: a proxy on the way says that it changed the body");
        }
        Optional<String> encoding = response.coding();
        InputStream body = response.body();
        if (encoding.isPresent() && encoding.get().contains("gzip")) {
            body = new GZIPInputStream(body);
        } else if (encoding.isPresent()) {
            throw FailureClassifier.unusable(
                    request, response, "is encoded as " + encoding.get() + ", which was not requested");
        }
        byte[] bytes = body.readNBytes(maxBytes);
        if (bytes.length == maxBytes && body.read() >= 0) {
            throw FailureClassifier.unusable(
                    request, response, "is longer than the " + maxBytes + " bytes that are allowed here");
        }
        return bytes;
    }

    private RetryState newRetries() {
        return new RetryState(
                settings.retryPolicy(),
                sleeper,
                listener,
                () -> ThreadLocalRandom.current().nextDouble(),
                calls::closed,
                unreachable);
    }

    private static String hostOf(URI uri) {
        HttpUrl url = HttpUrl.parse(uri.toString());
        String host = url == null ? uri.getHost() : url.host();
        return host == null ? "" : host;
    }

    /** OkHttp itself selects between no proxy and HTTP proxies; SOCKS proxies need sockets of their own. */
    private OkHttpClient clientFor(HttpUrl url) {
        ProxyServer proxy = settings.network().proxies().socksFor(url);
        return proxy == null ? client.join() : socksClients.computeIfAbsent(proxy, this::socksClient);
    }

    private OkHttpClient socksClient(ProxyServer proxy) {
        Socks5SocketFactory sockets = new Socks5SocketFactory(proxy);
        return client.join()
                .newBuilder()
                .proxy(Proxy.NO_PROXY)
                .socketFactory(sockets)
                .dns(sockets.dns())
                .build();
    }

    private static OkHttpClient client(
            TransportSettings settings, Set<Certificate> required, List<CaFile> others, TransportListener listener) {
        CaTrustManager trust;
        try {
            Set<Certificate> certificates = new LinkedHashSet<>(required);
            certificates.addAll(CaTrustManager.read(others, listener));
            trust = CaTrustManager.with(certificates);
        } catch (Problem p) {
            throw new CompletionException(p);
        }
        Duration inactivity = settings.retryPolicy().inactivity();
        // OkHttp itself repeats a request once where a pooled connection turns out to be closed, and once after a 408.
        // Neither is listed as an attempt.
        return new OkHttpClient.Builder()
                .followRedirects(false)
                .followSslRedirects(false)
                .socketFactory(new ReadAheadSocketFactory())
                .addNetworkInterceptor(new ConnectionGuard())
                .sslSocketFactory(trust.sockets(), trust)
                .proxySelector(settings.network().proxies().selector())
                .proxyAuthenticator(new ProxyAuthenticator(settings.network().proxies()))
                .connectTimeout(settings.retryPolicy().connect())
                .readTimeout(inactivity)
                .writeTimeout(inactivity)
                .callTimeout(Duration.ZERO)
                .connectionPool(new ConnectionPool(32, 30, TimeUnit.SECONDS))
                .build();
    }
}
