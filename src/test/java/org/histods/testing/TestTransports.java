package org.histods.testing;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.histods.problem.Problem;
import org.histods.transport.AscpInstallation;
import org.histods.transport.HostRewrites;
import org.histods.transport.HttpTransport;
import org.histods.transport.RetryPolicy;
import org.histods.transport.Transport;
import org.histods.transport.TransportListener;
import org.histods.transport.TransportSettings;

/** Real transports that send the requests for every host to one local server. They never sleep. */
public final class TestTransports {

    private TestTransports() {}

    /**
     * The settings: {@code https://host/path} is requested as {@code /host/path} of the server on that port.
     *
     * @param attempts at each request
     */
    public static TransportSettings settings(int port, int attempts) throws Problem {
        return TransportSettings.defaults("0-test")
                .withRoutes(HostRewrites.of(Map.of("*", "http://localhost:" + port + "/{host}"), Set.of()))
                .withRetryPolicy(
                        new RetryPolicy(Duration.ofHours(1), attempts, Duration.ofSeconds(60), Duration.ofSeconds(60)));
    }

    /** A transport that sends each request once. */
    public static Transport to(int port) {
        return to(port, 1);
    }

    public static Transport to(int port, int attempts) {
        return to(port, attempts, AscpInstallation.none());
    }

    /** A transport with {@code ascp}. */
    public static Transport to(int port, AscpInstallation ascp) {
        return to(port, 1, ascp);
    }

    private static Transport to(int port, int attempts, AscpInstallation ascp) {
        try {
            return new HttpTransport(
                    settings(port, attempts).withAscp(ascp), new FakeSleeper(), TransportListener.none());
        } catch (Problem e) {
            throw new IllegalStateException(e);
        }
    }
}
