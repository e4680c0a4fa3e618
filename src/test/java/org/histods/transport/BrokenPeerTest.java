package org.histods.transport;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.testing.FakeHosts;
import org.histods.testing.RawPeer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers that stall, break off, refuse connections or cannot be trusted, and people who do not want to wait. */
@Timeout(120)
class BrokenPeerTest {

    private static final Duration SILENCE = Duration.ofMillis(250);

    @RegisterExtension
    static final FakeHosts HOSTS = new FakeHosts();

    private static HttpTransport within(Duration inactivity) throws Problem {
        return HOSTS.transport(settings -> settings.withRoutes(HostRewrites.none())
                .withRetryPolicy(new RetryPolicy(Duration.ofMinutes(10), 3, Duration.ofSeconds(30), inactivity)));
    }

    private static HttpTransport impatient() throws Problem {
        return within(SILENCE);
    }

    private static HttpTransport patient() throws Problem {
        return within(Duration.ofSeconds(60));
    }

    @Test
    void bodyThatStalls_failsAfterTheTimeOfInactivity() throws Exception {
        try (RawPeer peer = new RawPeer((out, self) -> {
            RawPeer.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789");
            self.silence();
        })) {
            try (Response response = impatient().open(Request.get(peer.uri()))) {
                IOException e =
                        assertThrows(IOException.class, () -> response.body().readAllBytes());
                assertTrue(
                        String.valueOf(e.getMessage()).contains("sent nothing for 1 s after 10 of 1000 bytes"),
                        e::toString);
            }
        }
    }

    @Test
    void slowBody_isNeverTooSlow() throws Exception {
        // In all longer than the time of inactivity, which is many times one pause: a busy machine makes pauses longer.
        try (RawPeer peer = new RawPeer((out, self) -> {
            RawPeer.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n");
            for (int i = 0; i < 50; i++) {
                new CountDownLatch(1).await(50, TimeUnit.MILLISECONDS);
                RawPeer.say(out, "x");
            }
        })) {
            try (Response response = within(Duration.ofSeconds(2)).open(Request.get(peer.uri()))) {
                assertEquals(50, response.body().readAllBytes().length);
            }
        }
    }

    @Test
    void headersThatNeverCome_areRequestedAgainAndThenGivenUp() throws Exception {
        try (RawPeer peer = new RawPeer((out, self) -> self.silence())) {
            Problem problem = FakeHosts.fails(impatient(), Request.get(peer.uri()));
            assertEquals(Kind.NETWORK, problem.kind());
            assertEquals(3, problem.attempts().size());
            assertTrue(problem.message().contains("did not respond within 1 s"), problem::message);
        }
    }

    @Test
    void bodyShorterThanItsLength_breaksOff() throws Exception {
        try (RawPeer peer = new RawPeer(
                (out, self) -> RawPeer.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789"))) {
            try (Response response = patient().open(Request.get(peer.uri()))) {
                IOException e =
                        assertThrows(IOException.class, () -> response.body().readAllBytes());
                assertTrue(String.valueOf(e.getMessage()).contains("broke off at 10 of 1000 bytes"), e::toString);
            }
        }
    }

    @Test
    void partShorterThanItsRange_breaksOff() throws Exception {
        try (RawPeer peer = new RawPeer((out, self) -> RawPeer.say(
                out, "HTTP/1.1 206 OK\r\nConnection: close\r\nContent-Range: bytes 10-29/30\r\n\r\n0123456789"))) {
            try (Response response = patient().open(Request.get(peer.uri()).range(10, -1))) {
                IOException e =
                        assertThrows(IOException.class, () -> response.body().readAllBytes());
                assertTrue(String.valueOf(e.getMessage()).contains("broke off at 10 of 20 bytes"), e::toString);
            }
        }
    }

    @Test
    void partLongerThanItsRange_endsAtTheRange() throws Exception {
        try (RawPeer peer = new RawPeer((out, self) -> RawPeer.say(
                out, "HTTP/1.1 206 OK\r\nConnection: close\r\nContent-Range: bytes 10-14/30\r\n\r\n0123456789"))) {
            try (Response response = patient().open(Request.get(peer.uri()).range(10, 14))) {
                assertArrayEquals("01234".getBytes(UTF_8), response.body().readAllBytes());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Content-Length: -5",
                "Content-Length: 5\r\nContent-Length: 7",
                "Content-Length: 5, 7",
                "Content-Length: 9223372036854775808",
                "Content-Length: 0x10",
                "Content-Length: ten",
                "Content-Length: "
            })
    void impossibleLength_isNamedAndTriedOnceMore(String headers) throws Exception {
        try (RawPeer peer =
                new RawPeer((out, self) -> RawPeer.say(out, "HTTP/1.1 200 OK\r\n" + headers + "\r\n\r\n0123456789"))) {
            Problem problem = FakeHosts.fails(patient(), Request.get(peer.uri()));
            assertEquals(Kind.NETWORK, problem.kind());
            assertTrue(problem.message().contains("Content-Length"), problem::message);
            assertEquals(2, peer.requests.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ffffffffffffffff", "10000000000000000", "-5", "g", ""})
    void impossibleChunk_isNamedAndTriedOnceMore(String size) throws Exception {
        try (RawPeer peer = new RawPeer((out, self) ->
                RawPeer.say(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + size + "\r\n0123456789"))) {
            Problem problem = assertThrows(Problem.class, () -> patient().read(Request.get(peer.uri()), 2000));
            assertEquals(Kind.NETWORK, problem.kind());
            assertTrue(problem.message().contains("malformed response body"), problem::message);
            assertEquals(2, peer.requests.get());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"X: long", "X: y\r\n"})
    void headersWithoutEnd_areNamedAndTriedOnceMore(String line) throws Exception {
        try (RawPeer peer = new RawPeer(
                (out, self) -> RawPeer.say(out, "HTTP/1.1 200 OK\r\n" + line.repeat(100_000) + "\r\n\r\n"))) {
            Problem problem = FakeHosts.fails(patient(), Request.get(peer.uri()));
            assertEquals(Kind.NETWORK, problem.kind());
            assertTrue(problem.message().contains("its headers are larger than 256 KiB"), problem::message);
            assertEquals(2, peer.requests.get());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"HTTP/1.1 -12 OK", "HTTP/9.9 200 OK", "220 ftp ready", "HTTP/1.1 204 No\r\nContent-Length: 5"})
    void statusLineThatIsNone_isNamedAndTriedOnceMore(String line) throws Exception {
        try (RawPeer peer = new RawPeer((out, self) -> RawPeer.say(out, line + "\r\n\r\n0123456789"))) {
            Problem problem = FakeHosts.fails(patient(), Request.get(peer.uri()));
            assertEquals(Kind.NETWORK, problem.kind());
            assertTrue(problem.message().contains("malformed response"), problem::message);
            assertEquals(2, peer.requests.get());
        }
    }

    @Test
    void lengthThatIsRepeated_isReadOnceAndChunksOverrideIt() throws Exception {
        try (RawPeer peer = new RawPeer((out, self) ->
                RawPeer.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 4\r\n\r\ndata"))) {
            assertArrayEquals("data".getBytes(UTF_8), patient().read(Request.get(peer.uri()), 10));
        }
        try (RawPeer peer = new RawPeer((out, self) -> RawPeer.say(
                out,
                "HTTP/1.1 200 OK\r\nContent-Length: -1\r\nTransfer-Encoding: chunked\r\n\r\n4\r\ndata\r\n0\r\n\r\n"))) {
            assertArrayEquals("data".getBytes(UTF_8), patient().read(Request.get(peer.uri()), 10));
        }
    }

    @Test
    void unknownLength_isMinusOneAndTheBytesComeAll() throws Exception {
        try (RawPeer peer = new RawPeer((out, self) -> RawPeer.say(
                out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nda\r\n2\r\nta\r\n0\r\n\r\n"))) {
            try (Response response = patient().open(Request.get(peer.uri()))) {
                assertEquals(-1, response.length());
                assertEquals(-1, response.total());
                assertNull(response.validator());
                assertArrayEquals("data".getBytes(UTF_8), response.body().readAllBytes());
            }
        }
    }

    @Test
    void chunkedBodyWithoutItsEnd_breaksOff() throws Exception {
        try (RawPeer peer = new RawPeer(
                (out, self) -> RawPeer.say(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nda\r\n"))) {
            try (Response response = patient().open(Request.get(peer.uri()))) {
                IOException e =
                        assertThrows(IOException.class, () -> response.body().readAllBytes());
                assertTrue(String.valueOf(e.getMessage()).contains("broke off at 2 bytes, total unknown"), e::toString);
            }
        }
    }

    @Test
    void smallResponseThatBreaksOffEachTime_endsAsProblemWithItsAttempts() throws Exception {
        try (RawPeer peer = new RawPeer(
                (out, self) -> RawPeer.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789"))) {
            HttpTransport transport = patient();
            Problem problem = assertThrows(Problem.class, () -> transport.read(Request.get(peer.uri()), 2000));
            assertEquals(Kind.NETWORK, problem.kind());
            assertEquals(3, problem.attempts().size());
            assertEquals(3, peer.requests.get());
            assertTrue(problem.message().contains("broke off at 10 of 1000 bytes"), problem::message);
        }
    }

    @Test
    void closedPort_isTriedAgainAndNamed() throws Exception {
        RawPeer gone = new RawPeer((out, self) -> {});
        gone.close();
        Problem problem = FakeHosts.fails(patient(), Request.get(gone.uri()));
        assertEquals(Kind.NETWORK, problem.kind());
        assertEquals(3, problem.attempts().size());
        assertTrue(problem.message().contains("127.0.0.1 did not respond"), problem::message);
    }

    @Test
    void responseThatIsNotHttp_isANetworkProblem() throws Exception {
        try (RawPeer peer = new RawPeer((out, self) -> RawPeer.say(out, "220 ftp ready\r\n"))) {
            Problem problem = FakeHosts.fails(patient(), Request.get(peer.uri()));
            assertEquals(Kind.NETWORK, problem.kind());
        }
    }

    @Test
    void untrustedCertificate_isRefusedWithItsIssuer_andHttpIsNotTried() throws Exception {
        HostRewrites routes =
                HostRewrites.of(Map.of("zenodo.org", "https://127.0.0.1:" + HOSTS.server.httpsPort()), Set.of());
        Problem problem =
                FakeHosts.fails(HOSTS.transport(settings -> settings.withRoutes(routes)), "https://zenodo.org/a");
        assertEquals(Kind.NETWORK, problem.kind());
        assertEquals(1, problem.attempts().size());
        assertTrue(problem.message().contains("issued by CN="), problem::message);
        String hint = String.valueOf(problem.hint());
        assertTrue(hint.contains("ca-file") && hint.contains("another network") && hint.contains("--from"), hint);
        assertEquals(List.of(), HOSTS.requested());
    }

    @Test
    void fileOfCertificatesThatHoldsNone_isInvalidUsage(@TempDir Path dir) throws Exception {
        Path file = Files.writeString(dir.resolve("ca.pem"), "");
        Problem problem = assertThrows(
                Problem.class,
                () -> HOSTS.transport(settings -> settings.withCaFiles(List.of(new CaFile(file, "ca-file", true)))));
        assertEquals(Kind.USAGE, problem.kind());
    }

    @Test
    void interruptWhileTheHostIsSilent_endsAtOnce() throws Exception {
        try (RawPeer peer = new RawPeer((out, self) -> self.silence())) {
            HttpTransport transport = patient();
            AtomicBoolean marked = new AtomicBoolean();
            CompletableFuture<Problem> result = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try (Response response = transport.open(Request.get(peer.uri()))) {
                    result.completeExceptionally(new AssertionError(response.status()));
                } catch (Problem problem) {
                    marked.set(Thread.currentThread().isInterrupted());
                    result.complete(problem);
                } catch (IOException e) {
                    result.completeExceptionally(e);
                }
            });
            thread.start();
            peer.asked.await();
            thread.interrupt();
            assertEquals(Kind.INTERRUPTED, result.get(60, TimeUnit.SECONDS).kind());
            assertTrue(marked.get());
        }
    }

    @Test
    void interruptWhileTheBodyStalls_endsAtOnce() throws Exception {
        assertEndsReading((transport, reader) -> reader.interrupt());
    }

    @Test
    void closeWhileTheBodyStalls_endsAtOnce() throws Exception {
        assertEndsReading((transport, reader) -> transport.close());
    }

    @FunctionalInterface
    private interface Stop {
        void stop(HttpTransport transport, Thread reader);
    }

    private static void assertEndsReading(Stop stop) throws Exception {
        try (RawPeer peer = new RawPeer((out, self) -> {
            RawPeer.say(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n0123456789");
            self.silence();
        })) {
            HttpTransport transport = patient();
            CountDownLatch reading = new CountDownLatch(1);
            CompletableFuture<Throwable> result = new CompletableFuture<>();
            Thread thread = new Thread(() -> {
                try (Response response = transport.open(Request.get(peer.uri()))) {
                    response.body().readNBytes(10);
                    reading.countDown();
                    response.body().read();
                    result.complete(new AssertionError("no end"));
                } catch (Problem | IOException e) {
                    result.complete(e);
                }
            });
            thread.start();
            reading.await();
            stop.stop(transport, thread);
            Throwable thrown = result.get(60, TimeUnit.SECONDS);
            assertInstanceOf(InterruptedIOException.class, thrown, thrown::toString);
        }
    }

    @Test
    void interruptBeforeTheRequest_sendsNone() throws Exception {
        try (RawPeer peer = new RawPeer((out, self) -> {})) {
            HttpTransport transport = patient();
            Thread.currentThread().interrupt();
            Problem problem = FakeHosts.fails(transport, Request.get(peer.uri()));
            assertTrue(Thread.interrupted());
            assertEquals(Kind.INTERRUPTED, problem.kind());
            assertEquals(0, peer.requests.get());
        }
    }

    @Test
    void closedTransport_sendsNoRequest() throws Exception {
        HttpTransport transport = patient();
        transport.close();
        assertEquals(
                Kind.INTERRUPTED,
                FakeHosts.fails(transport, "https://zenodo.org/a").kind());
    }
}
