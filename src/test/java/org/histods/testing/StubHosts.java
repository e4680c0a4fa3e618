package org.histods.testing;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import org.histods.problem.Problem;
import org.histods.transport.AscpInstallation;
import org.histods.transport.HostRewrites;
import org.histods.transport.HttpTransport;
import org.histods.transport.RetryPolicy;
import org.histods.transport.Sleeper;
import org.histods.transport.Transport;
import org.histods.transport.TransportListener;
import org.histods.transport.TransportSettings;

/** All the world's hosts on this machine: {@code https://host/path} is asked as {@code /host/path} of one server. */
public final class StubHosts {

    private StubHosts() {}

    /** The transport that users have, with every host routed to that port. It asks once, and its waits take no time. */
    public static Transport transport(int port) {
        return transport(port, 1);
    }

    /** The same, which asks that often. */
    public static Transport transport(int port, int attempts) {
        return transport(port, attempts, AscpInstallation.none());
    }

    /** The same with a program for FASP. */
    public static Transport transport(int port, AscpInstallation aspera) {
        return transport(port, 1, aspera);
    }

    private static Transport transport(int port, int attempts, AscpInstallation aspera) {
        try {
            return new HttpTransport(
                    TransportSettings.defaults("test")
                            .withRoutes(HostRewrites.of(Map.of("*", "http://localhost:" + port + "/{host}"), Set.of()))
                            .withAscp(aspera)
                            .withRetryPolicy(new RetryPolicy(
                                    Duration.ofHours(1), attempts, Duration.ofSeconds(60), Duration.ofSeconds(60))),
                    time(),
                    TransportListener.none());
        } catch (Problem e) {
            throw new IllegalStateException(e);
        }
    }

    /** A time in which nobody waits. */
    public static Sleeper time() {
        return new QuickTime();
    }

    /** Passes at once. */
    private static final class QuickTime implements Sleeper {
        private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-02T03:04:05Z"));

        @Override
        public Instant now() {
            Instant instant = now.get();
            return instant == null ? Instant.EPOCH : instant;
        }

        @Override
        public void sleep(Duration length) {
            now.updateAndGet(instant -> instant.plus(length));
        }
    }
}
