package org.histods.testing;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.problem.Problem;
import org.histods.transport.AscpInstallation;
import org.histods.transport.CaFile;
import org.histods.transport.Credentials;
import org.histods.transport.HostPolicies;
import org.histods.transport.HostRewrites;
import org.histods.transport.HttpTransport;
import org.histods.transport.Proxies;
import org.histods.transport.RetryPolicy;
import org.histods.transport.Sleeper;
import org.histods.transport.Transport;
import org.histods.transport.TransportListener;
import org.histods.transport.TransportSettings;
import org.jspecify.annotations.Nullable;

/** Builds real transports; by default without rewrites, limits, credentials or proxies, and with the program's retries. */
public final class TestTransports {

    private HostRewrites routes = HostRewrites.none();
    private Set<String> allowPrivate = Set.of();
    private HostPolicies policies = HostPolicies.none();
    private @Nullable Path stateDir;
    private boolean offline;
    private Proxies proxies = Proxies.none();
    private List<CaFile> caFiles = List.of();
    private AscpInstallation ascp = AscpInstallation.none();
    private Credentials credentials = Credentials.none();
    private RetryPolicy retryPolicy = RetryPolicy.defaults();

    /** A transport that sends the requests for every host to one local server, once each, and does not sleep. */
    public static Transport to(int port) {
        return to(port, 1);
    }

    /** The same with that many attempts. */
    public static Transport to(int port, int attempts) {
        return to(port, attempts, AscpInstallation.none());
    }

    /** The same with {@code ascp}. */
    public static Transport to(int port, int attempts, AscpInstallation ascp) {
        try {
            return new TestTransports()
                    .withServer(port)
                    .withAttempts(attempts)
                    .withAscp(ascp)
                    .open();
        } catch (Problem e) {
            throw new IllegalStateException(e);
        }
    }

    /** A transport that does not sleep, and reports to nobody. */
    public HttpTransport open() throws Problem {
        return open(new FakeSleeper(), (host, length, reason) -> {});
    }

    public HttpTransport open(Sleeper sleeper, TransportListener listener) throws Problem {
        TransportSettings settings = new TransportSettings(
                "0-test",
                new TransportSettings.Hosts(routes, allowPrivate, policies, stateDir),
                new TransportSettings.Network(offline, proxies, caFiles, ascp),
                credentials,
                retryPolicy);
        return new HttpTransport(settings, sleeper, listener);
    }

    /** Requests {@code https://host/path} as {@code /host/path} of the local server on that port. */
    public TestTransports withServer(int port) throws Problem {
        return withRoutes(HostRewrites.of(Map.of("*", "http://localhost:" + port + "/{host}"), Set.of()));
    }

    public TestTransports withRoutes(HostRewrites other) {
        routes = other;
        return this;
    }

    public TestTransports withAllowPrivate(Set<String> other) {
        allowPrivate = other;
        return this;
    }

    public TestTransports withPolicies(HostPolicies other) {
        policies = other;
        return this;
    }

    public TestTransports withStateDir(@Nullable Path other) {
        stateDir = other;
        return this;
    }

    public TestTransports withOffline(boolean other) {
        offline = other;
        return this;
    }

    public TestTransports withProxies(Proxies other) {
        proxies = other;
        return this;
    }

    public TestTransports withCaFiles(List<CaFile> other) {
        caFiles = other;
        return this;
    }

    public TestTransports withAscp(AscpInstallation other) {
        ascp = other;
        return this;
    }

    public TestTransports withCredentials(Credentials other) {
        credentials = other;
        return this;
    }

    public TestTransports withRetryPolicy(RetryPolicy other) {
        retryPolicy = other;
        return this;
    }

    public TestTransports withAttempts(int attempts) {
        return withRetryPolicy(
                new RetryPolicy(Duration.ofHours(1), attempts, Duration.ofSeconds(60), Duration.ofSeconds(60)));
    }
}
