package org.histods.cli.catalogue;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.histods.testing.FakeOrigin;
import org.histods.testing.FakeSleeper;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ServingProgram;
import org.histods.testing.TestBags;
import org.histods.testing.ToyDataset;
import org.histods.transport.Sleeper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code histods serve --pull-through}: a mirror that pulls what its clients ask for. */
final class PullThroughTest {

    private static final String LABELS = "/toy/labels.csv";
    private static final String JSON = "application/json";

    @TempDir
    Path folder;

    private Path manifests;
    private FakeOrigin origin;

    @BeforeEach
    void publish() throws Exception {
        manifests = Files.createDirectories(folder.resolve("manifests"));
        origin = new FakeOrigin();
        origin.put(LABELS, "a,b\n".getBytes(UTF_8));
        origin.put("/toy/slide.svs", "a slide".getBytes(UTF_8));
        write("toy", "open");
        write("gated", "registration");
        write("other", "open");
    }

    private void write(String id, String access) throws Exception {
        ToyDataset.write(manifests, id, access, """

                  - kind: http
                    record: http://127.0.0.1:%d/toy/
                    official: true
                    files:
                      - { path: labels.csv, sums: [{ sum: "%s", by: the author }] }
                      - { path: slide.svs, sums: [{ sum: "%s", by: the author }] }
                """.formatted(
                        origin.port(), TestBags.sha256("a,b\n"), TestBags.sha256("a slide")));
    }

    @AfterEach
    void stop() throws Exception {
        origin.close();
    }

    private ServingProgram serve(String... options) {
        return serve(Map.of(), options);
    }

    private ServingProgram serve(Map<String, String> more, String... options) {
        Map<String, String> environment = new TreeMap<>(Map.of(
                "HOME", folder.resolve("lab").toString(),
                "HISTODS_MIRROR", folder.resolve("lab/mirror").toString(),
                "HISTODS_MANIFESTS", manifests.toString(),
                "HISTODS_BUILTIN", "off"));
        environment.putAll(more);
        List<String> all = new ArrayList<>(List.of("--listen", "127.0.0.1:0"));
        all.addAll(List.of(options));
        if (!all.contains("--keep-free")) {
            all.addAll(List.of("--keep-free", "1MB"));
        }
        return new ServingProgram(folder, environment, all.toArray(new String[0]));
    }

    private ProgramRunner client(String name) throws Exception {
        return new ProgramRunner(Files.createDirectories(folder.resolve(name)), manifests);
    }

    /** Pauses last until that happened. */
    private interface Event {
        void await() throws InterruptedException;
    }

    private static Sleeper until(Event event) {
        return new Sleeper() {
            @Override
            public Instant now() {
                return FakeSleeper.START;
            }

            @Override
            public void sleep(Duration length) throws InterruptedException {
                event.await();
            }
        };
    }

    private static Sleeper untilPulled(ServingProgram server) {
        return until(() -> server.await(line -> line.contains("served from now on") || line.contains("histods: toy")));
    }

    /** Waits during a response of the origin. */
    private static void hold(CountDownLatch latch) throws InterruptedIOException {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException();
        }
    }

    /** Holds the next response with the labels; the result says that the request came. */
    private CountDownLatch holdNextLabels(CountDownLatch latch) {
        CountDownLatch asked = new CountDownLatch(1);
        origin.next(LABELS, (call, out) -> {
            asked.countDown();
            hold(latch);
            new FakeOrigin.ServedFile("a,b\n".getBytes(UTF_8), null).respond(call, out);
        });
        return asked;
    }

    @Test
    void datasetThatTheMirrorLacks_isPulledOnce_forTwoClients() throws Exception {
        CountDownLatch bothWait = new CountDownLatch(2);
        holdNextLabels(bothWait);
        try (ServingProgram server = serve("--pull-through", "all")) {
            FutureTask<ProgramRunner.Result> first = pull(client("one"), server, bothWait);
            FutureTask<ProgramRunner.Result> second = pull(client("two"), server, bothWait);
            for (FutureTask<ProgramRunner.Result> pull : List.of(first, second)) {
                ProgramRunner.Result result = pull.get();
                assertEquals(0, result.exit(), result.all() + server.printed());
                assertTrue(result.err().contains("asking it to pull that"), result.err());
            }
            assertEquals(1, origin.calls(LABELS).size(), "requests to the source");
            assertEquals(1, origin.calls("/toy/slide.svs").size());
            String metrics = server.get("metrics").body();
            assertTrue(metrics.contains("histods_pulls_total{result=\"ready\"} 1\n"), metrics);
            assertTrue(metrics.contains("histods_pulled_bytes_total 11\n"), metrics);
            assertTrue(metrics.contains("histods_pulls_active 0\n"), metrics);
        }
        ProgramRunner.Result verified = client("two").run("verify", "toy", "--full");
        assertEquals(0, verified.exit(), verified.all());
    }

    private FutureTask<ProgramRunner.Result> pull(ProgramRunner client, ServingProgram server, CountDownLatch waits) {
        Sleeper pulled = untilPulled(server);
        client.with(until(() -> {
            waits.countDown();
            pulled.sleep(Duration.ZERO);
        }));
        FutureTask<ProgramRunner.Result> pull =
                new FutureTask<>(() -> client.run("pull", "toy", "--from-mirror", server.url()));
        new Thread(pull, "client").start();
        return pull;
    }

    @Test
    void pullThatFailsAtTheMirror_leavesTheDatasetToItsSource_andIsNotTriedAgainAtOnce() throws Exception {
        origin.always(LABELS, FakeOrigin.status("404 Not Found", "gone"));
        try (ServingProgram server = serve("--pull-through", "toy")) {
            ProgramRunner.Result failed =
                    client("one").with(untilPulled(server)).run("pull", "toy", "--from-mirror", server.url());
            assertEquals(4, failed.exit(), failed.all());
            origin.put(LABELS, "a,b\n".getBytes(UTF_8));
            origin.forget();
            ProgramRunner.Result result = client("two").run("pull", "toy", "--from-mirror", server.url());
            assertEquals(0, result.exit(), result.all());
            assertTrue(result.err().contains("is not used: it could not pull toy 1: "), result.err());
            assertTrue(result.err().contains("404"), result.err());
            assertEquals(1, origin.calls(LABELS).size(), "requests of the client itself");
            assertTrue(server.get("metrics").body().contains("histods_pulls_total{result=\"failed\"} 1\n"));
        }
    }

    @Test
    void pullWithoutProgress_isLeftAfterTenMinutes() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = holdNextLabels(never);
        try (ServingProgram server = serve("--pull-through", "toy")) {
            FakeSleeper time = new FakeSleeper();
            Sleeper both = new Sleeper() {
                @Override
                public Instant now() {
                    return time.now();
                }

                @Override
                public void sleep(Duration length) throws InterruptedException {
                    asked.await();
                    time.sleep(length);
                }
            };
            ProgramRunner.Result result = client("one").with(both).run("pull", "toy", "--from-mirror", server.url());
            assertEquals(0, result.exit(), result.all());
            assertTrue(result.err().contains("made no progress for 10 min"), result.err());
            assertTrue(time.passed().toMinutes() >= 10, time.passed().toString());
            never.countDown();
        }
    }

    @Test
    void mirrorThatEndsWhileItPulls_leavesTheDatasetToItsSource() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = holdNextLabels(never);
        ServingProgram server = serve("--pull-through", "toy");
        ProgramRunner client = client("one").with(until(() -> {
            asked.await();
            try {
                server.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }));
        ProgramRunner.Result result = client.run("pull", "toy", "--from-mirror", server.url());
        never.countDown();
        assertEquals(0, result.exit(), result.all());
        assertTrue(result.err().contains("the mirror " + server.url() + " is not used: could not get"), result.err());
        assertFalse(Files.exists(folder.resolve("lab/mirror/datasets/toy/1")));
        assertTrue(Files.exists(folder.resolve("one/mirror/datasets/toy/1")));
    }

    /** Its client goes to the source itself, where gated datasets have their own steps. */
    @ParameterizedTest
    @CsvSource({
        "all, gated, 1, it is not open to everybody",
        "other, toy, 1, its owner does not allow that",
        "all, toy, 2, its catalogue has version 1",
        "all, unknown, 1, its catalogue does not have it"
    })
    void datasetThatMayNotBePulled_isRefused(String allowed, String id, String version, String reason)
            throws Exception {
        try (ServingProgram server = serve("--pull-through", allowed)) {
            HttpResponse<String> refused =
                    server.send("POST", "bags/" + id + "/" + version + "/", "Content-Type", JSON);
            assertEquals(200, refused.statusCode());
            assertTrue(refused.body().contains("\"state\":\"refused\""), refused.body());
            assertTrue(refused.body().contains(reason), refused.body());
            assertEquals(0, origin.calls().size());
        }
    }

    @Test
    void pagesAndCrawlers_neverCauseAPull() throws Exception {
        try (ServingProgram server = serve("--pull-through", "all")) {
            assertEquals(404, server.get("bags/toy/1/").statusCode());
            assertEquals(200, server.get("datasets/toy.html").statusCode());
            assertEquals(403, server.send("POST", "bags/toy/1/").statusCode());
            assertEquals(
                    403,
                    server.send("POST", "bags/toy/1/", "Content-Type", "application/x-www-form-urlencoded")
                            .statusCode());
            assertEquals(
                    403,
                    server.send("POST", "bags/toy/1/", "Content-Type", JSON, "Origin", "https://evil.example")
                            .statusCode());
            assertEquals(
                    404, server.send("POST", "bags/toy/", "Content-Type", JSON).statusCode());
            assertEquals(
                    405, server.send("PUT", "bags/toy/1/", "Content-Type", JSON).statusCode());
            assertEquals(0, origin.calls().size());
        }
        try (ServingProgram server = serve("--pull-through", "all", "--token-file", token().toString())) {
            assertEquals(
                    401,
                    server.send("POST", "bags/toy/1/", "Content-Type", JSON).statusCode());
        }
        try (ServingProgram server = new ServingProgram(
                folder,
                Map.of(
                        "HOME",
                        folder.toString(),
                        "HISTODS_MIRROR",
                        folder.resolve("lab/mirror").toString()),
                "--listen",
                "127.0.0.1:0")) {
            assertEquals(
                    405,
                    server.send("POST", "bags/toy/1/", "Content-Type", JSON).statusCode());
            assertTrue(server.get("mirror.json").body().contains("\"pulls\":false"));
        }
    }

    private Path token() throws Exception {
        return Files.writeString(folder.resolve("token"), "0123456789abcdef0123\n");
    }

    @Test
    void clientWithTheToken_canAsk() throws Exception {
        try (ServingProgram server = serve("--pull-through", "toy", "--token-file", token().toString())) {
            ProgramRunner client = client("one").with(untilPulled(server));
            Path netrc = folder.resolve("one/.netrc");
            Files.writeString(
                    netrc,
                    "machine " + server.url().replaceAll("http://|/", "")
                            + " login any password 0123456789abcdef0123\n");
            Files.setPosixFilePermissions(netrc, PosixFilePermissions.fromString("rw-------"));
            ProgramRunner.Result result = client.run("pull", "toy", "--from-mirror", server.url());
            assertEquals(0, result.exit(), result.all());
            assertEquals(1, origin.calls(LABELS).size());
        }
    }

    @Test
    void planAndPart_doNotCauseAPullOfEverything() throws Exception {
        try (ServingProgram server = serve("--pull-through", "all")) {
            ProgramRunner client = client("one");
            ProgramRunner.Result plan = client.run("pull", "toy", "--dry-run", "--from-mirror", server.url());
            assertEquals(0, plan.exit(), plan.all());
            ProgramRunner.Result part = client.run("pull", "toy", "--only", "*.csv", "--from-mirror", server.url());
            assertEquals(0, part.exit(), part.all());
            assertTrue(part.err().contains("it does not have toy 1"), part.err());
            assertEquals(0, origin.calls("/toy/slide.svs").size());
        }
    }

    @Test
    void diskThatWouldBeTooFull_isLeftAlone() throws Exception {
        try (ServingProgram server = serve("--pull-through", "all", "--keep-free", "8000 PB")) {
            ProgramRunner.Result result =
                    client("one").with(untilPulled(server)).run("pull", "toy", "--from-mirror", server.url());
            assertEquals(0, result.exit(), result.all());
            assertTrue(result.err().contains("see the log of the mirror"), result.err());
            assertTrue(server.printed().contains("have to stay free (--keep-free)"), server.printed());
            assertFalse(Files.exists(folder.resolve("lab/mirror/datasets/toy/1")));
        }
    }

    /** Otherwise two mirrors could wait for each other. */
    @Test
    void serverThatPulls_doesNotAskAnotherMirrorToPull() throws Exception {
        try (ServingProgram far =
                serve(Map.of("HISTODS_MIRROR", folder.resolve("far").toString()), "--pull-through", "all")) {
            Path settings = Files.writeString(folder.resolve("config.yaml"), "mirrors: [\"" + far.url() + "\"]\n");
            try (ServingProgram near = serve(Map.of("HISTODS_CONFIG", settings.toString()), "--pull-through", "all")) {
                ProgramRunner.Result result =
                        client("one").with(untilPulled(near)).run("pull", "toy", "--from-mirror", near.url());
                assertEquals(0, result.exit(), result.all());
                assertTrue(near.printed().contains("is not used: it does not have toy 1"), near.printed());
                assertFalse(Files.exists(folder.resolve("far/datasets/toy")));
            }
        }
    }
}
