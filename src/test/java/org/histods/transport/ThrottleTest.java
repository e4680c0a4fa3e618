package org.histods.transport;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.histods.problem.Problem;
import org.histods.testing.FakeHosts;
import org.histods.testing.SlotHolder;
import org.histods.testing.TurnTaker;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Limits of requests and connections per host, within one process and among several. */
@Timeout(120)
class ThrottleTest {

    @RegisterExtension
    static final FakeHosts HOSTS = new FakeHosts();

    @TempDir
    Path state;

    @BeforeEach
    void everyFileIsThere() {
        HOSTS.server.stubFor(any(anyUrl()).willReturn(ok("data")));
    }

    /** Asks the loopback server as a host of its own, so that its policy counts. */
    private HttpTransport direct(HostPolicy policy, boolean shared) throws Problem {
        return HOSTS.transport(settings -> settings.withRoutes(HostRewrites.none())
                .withPolicies(HostPolicies.none().with(Map.of("127.0.0.1", policy)))
                .withStateDir(shared ? state : null));
    }

    private static Request file() {
        return FakeHosts.get(HOSTS.base() + "/file");
    }

    @Test
    void requestsPerMinute_areSpreadEvenly() throws Exception {
        HttpTransport transport = direct(new HostPolicy(4, 60, 1), false);
        for (int i = 0; i < 5; i++) {
            transport.open(file()).close();
        }
        assertEquals(Duration.ofSeconds(4), HOSTS.time.passed());
        assertEquals(List.of(), HOSTS.waits);
    }

    @Test
    void requestsOfTwoProcesses_areSpreadTogether() throws Exception {
        HostPolicy policy = new HostPolicy(4, 60, 1);
        direct(policy, true).open(file()).close();
        direct(policy, true).open(file()).close();
        assertEquals(Duration.ofSeconds(1), HOSTS.time.passed());
    }

    @Test
    void pauseOfOneProcess_isKeptByTheOther() throws Exception {
        HostPolicy policy = new HostPolicy(4, 0, 1);
        HOSTS.server.stubFor(
                any(anyUrl()).willReturn(aResponse().withStatus(429).withHeader("Retry-After", "1200")));
        FakeHosts.fails(direct(policy, true), file());
        Problem problem = FakeHosts.fails(direct(policy, true), file());
        assertTrue(problem.message().contains("13:25"), problem::message);
        assertEquals(1, HOSTS.requested().size());
    }

    @Test
    void pauseThatAHostNoLongerWants_endsWhenTheNamedFileIsDeleted() throws Exception {
        HostPolicy policy = new HostPolicy(4, 0, 1);
        HOSTS.server.stubFor(
                any(anyUrl()).willReturn(aResponse().withStatus(429).withHeader("Retry-After", "9000000")));
        FakeHosts.fails(direct(policy, true), file());
        everyFileIsThere();
        Problem problem = FakeHosts.fails(direct(policy, true), file());
        Path pace = state.resolve("127.0.0.1.pace");
        assertTrue(String.valueOf(problem.hint()).endsWith("if it no longer wants it, delete " + pace), problem::hint);
        Files.delete(pace);
        direct(policy, true).open(file()).close();
    }

    @Test
    void brokenStateFile_doesNotStopRequests() throws Exception {
        Files.writeString(state.resolve("127.0.0.1.pace"), "\0\0\nnonsense");
        direct(new HostPolicy(1, 60, 1), true).open(file()).close();
        assertEquals(Duration.ZERO, HOSTS.time.passed());
    }

    @Test
    void impossibleStateDirectory_doesNotStopRequests() throws Exception {
        Path notADirectory = Files.writeString(state.resolve("file"), "");
        HttpTransport transport = HOSTS.transport(
                settings -> settings.withRoutes(HostRewrites.none()).withStateDir(notADirectory.resolve("below")));
        transport.open(file()).close();
        assertEquals(1, HOSTS.requested().size());
    }

    @Test
    void stateDirectory_holdsNoLeftOvers() throws Exception {
        HttpTransport transport = direct(new HostPolicy(1, 600, 1), true);
        transport.open(file()).close();
        transport.open(file()).close();
        try (var files = Files.list(state)) {
            assertEquals(
                    List.of("127.0.0.1.0", "127.0.0.1.pace", "127.0.0.1.turn"),
                    files.map(file -> file.getFileName().toString()).sorted().toList());
        }
    }

    @Test
    void responseThatIsOpen_keepsTheNextOneWaitingUntilItIsClosed() throws Exception {
        HttpTransport transport = direct(new HostPolicy(1, 0, 1), false);
        Response first = transport.open(file());
        CountDownLatch started = new CountDownLatch(1);
        CompletableFuture<Integer> second = CompletableFuture.supplyAsync(() -> {
            started.countDown();
            try (Response response = transport.open(file())) {
                return response.status();
            } catch (Problem | IOException e) {
                throw new AssertionError(e);
            }
        });
        started.await();
        assertFalse(finishedWithin(second, 150));
        assertEquals(1, HOSTS.requested().size());
        first.close();
        first.close();
        assertEquals(200, second.get(60, TimeUnit.SECONDS));
    }

    @Test
    void responseThatIsReadToItsEnd_releasesItsConnection() throws Exception {
        HttpTransport transport = direct(new HostPolicy(1, 0, 1), false);
        try (Response first = transport.open(file())) {
            first.body().readAllBytes();
            transport.open(file()).close();
        }
        assertEquals(2, HOSTS.requested().size());
    }

    @Test
    void failedRequest_releasesItsConnection() throws Exception {
        HttpTransport transport = direct(new HostPolicy(1, 0, 1), true);
        HOSTS.server.stubFor(any(anyUrl()).willReturn(aResponse().withStatus(404)));
        FakeHosts.fails(transport, file());
        FakeHosts.fails(transport, file());
        assertEquals(2, HOSTS.requested().size());
    }

    @Test
    void redirect_givesItsPlaceBackBeforeTheNextHop() throws Exception {
        HttpTransport transport = direct(new HostPolicy(1, 0, 1), true);
        HOSTS.server.stubFor(com.github.tomakehurst.wiremock.client.WireMock.get("/start")
                .willReturn(aResponse().withStatus(302).withHeader("Location", "/file")));
        transport.open(FakeHosts.get(HOSTS.base() + "/start")).close();
        assertEquals(2, HOSTS.requested().size());
    }

    @Test
    void connectionsOfAnotherProcess_countToo() throws Exception {
        Process other = other(SlotHolder.class.getName(), state.toString());
        try {
            assertEquals('k', other.getInputStream().read());
            HttpTransport transport = direct(new HostPolicy(1, 0, 1), true);
            CompletableFuture<Integer> ours = CompletableFuture.supplyAsync(() -> {
                try (Response response = transport.open(file())) {
                    return response.status();
                } catch (Problem | IOException e) {
                    throw new AssertionError(e);
                }
            });
            // However long the thread takes to start: it reports that it waits.
            while (HOSTS.waits.isEmpty() && !ours.isDone()) {
                Thread.onSpinWait();
            }
            assertEquals(0, HOSTS.requested().size());
            assertTrue(
                    HOSTS.waits.get(0).contains("another histods process uses all connections"), HOSTS.waits::toString);
            assertFalse(ours.isDone());
            // A process that dies must not keep what it held.
            other.destroyForcibly().waitFor();
            assertEquals(200, ours.get(60, TimeUnit.SECONDS));
        } finally {
            other.destroyForcibly();
        }
    }

    private Process other(String... what) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path")));
        command.addAll(List.of(what));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    @Test
    void turnsOfTwoProcessesAtOnce_areNeverTheSame() throws Exception {
        Process one = other(TurnTaker.class.getName(), state.toString(), "300");
        Process two = other(TurnTaker.class.getName(), state.toString(), "300");
        try {
            // Both have started before either may go on.
            assertEquals('k', one.getInputStream().read());
            assertEquals('k', two.getInputStream().read());
            one.getOutputStream().close();
            two.getOutputStream().close();
            TreeSet<Long> turns = new TreeSet<>();
            for (Process process : List.of(one, two)) {
                String all = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                all.strip().lines().forEach(line -> turns.add(Long.valueOf(line)));
            }
            assertEquals(600, turns.size());
            assertEquals(599, turns.last() - turns.first());
        } finally {
            one.destroyForcibly();
            two.destroyForcibly();
        }
    }

    @Test
    void processThatDiesWhileItTakesATurn_doesNotBlockOthers() throws Exception {
        Files.createDirectories(state);
        Process holder = other(SlotHolder.class.getName(), state.toString(), "turn");
        try {
            assertEquals('k', holder.getInputStream().read());
            // Held by one that lives, it is passed over after a moment; the request is not refused.
            direct(new HostPolicy(1, 60, 1), true).open(file()).close();
            holder.destroyForcibly().waitFor();
            direct(new HostPolicy(1, 60, 1), true).open(file()).close();
        } finally {
            holder.destroyForcibly();
        }
        assertEquals(Duration.ofSeconds(1), HOSTS.time.passed());
    }

    @Test
    void turnFarInTheFuture_isNotWaitedFor() throws Exception {
        Files.writeString(state.resolve("127.0.0.1.pace"), "1970-01-01T00:00:00Z\n2126-01-01T00:00:00Z\n");
        direct(new HostPolicy(1, 60, 1), true).open(file()).close();
        direct(new HostPolicy(1, 60, 1), true).open(file()).close();
        assertEquals(Duration.ofSeconds(1), HOSTS.time.passed());
    }

    @Test
    void routeToThisMachine_needsNoPace() throws Exception {
        HttpTransport transport = HOSTS.transport(settings -> settings.withStateDir(state));
        for (int i = 0; i < 5; i++) {
            transport.open(FakeHosts.get("https://figshare.com/" + i)).close();
        }
        assertEquals(Duration.ZERO, HOSTS.time.passed());
    }

    private static boolean finishedWithin(CompletableFuture<?> work, long millis) throws Exception {
        CountDownLatch done = new CountDownLatch(1);
        CompletableFuture<Void> reported = work.handle((value, error) -> {
            done.countDown();
            return null;
        });
        return done.await(millis, TimeUnit.MILLISECONDS) || reported.isDone();
    }
}
