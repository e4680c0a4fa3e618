package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.histods.demo.DemoDatasets;
import org.histods.demo.DemoServer;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The built program: exit code, both streams, files left behind. */
class ProgramIT {

    private final JsonMapper json = new JsonMapper();

    @TempDir
    Path folder;

    private Program histods;

    @BeforeEach
    void setUp() throws IOException {
        histods = new Program(folder);
    }

    @Test
    void withoutACommand_showsHelpOnStandardError() throws Exception {
        ProgramRunner.Result run = histods.run();
        assertEquals(2, run.exit());
        assertEquals("", run.out());
        assertTrue(run.err().contains("histods pull kather-2018"), run.err());
    }

    @Test
    void mistypedCommand_namesTheNearOne() throws Exception {
        ProgramRunner.Result run = histods.run("pul", "mbm");
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("did you mean pull"), run.err());
        assertFalse(run.err().contains("at org.histods"), run.err());
    }

    @Test
    void listAsJson_hasOneObjectALineForEachDataset() throws Exception {
        ProgramRunner.Result run = histods.run("list", "--json");
        assertEquals(0, run.exit());
        int datasets = manifests();
        assertTrue(datasets >= 158, "only " + datasets);
        assertEquals(datasets, run.lines().size());
        for (String line : run.lines()) {
            JsonNode row = json.readTree(line);
            assertTrue(Files.exists(Program.project()
                    .resolve("manifests")
                    .resolve(row.path("id").asString("") + ".yaml")));
            assertFalse(row.path("access").asString("").isEmpty(), line);
        }
        assertEquals(
                "",
                run.err()
                        .replaceAll("(?s)^histods: building.*?\n", "")
                        .replaceAll("(?s)\n?" + datasets + " of " + datasets + ".*\n", ""));
    }

    private static int manifests() throws IOException {
        try (Stream<Path> files = Files.list(Program.project().resolve("manifests"))) {
            return (int) files.filter(file -> file.toString().endsWith(".yaml")).count();
        }
    }

    @Test
    void fullDiskBehindStandardOutput_isAFailure_andAClosedPipeIsNot() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "this machine has no device that is always full");
        Path err = folder.resolve("err");
        assertEquals(7, histods.start(full, err, "list", "--json").waitFor());
        assertTrue(Files.readString(err).contains("cannot write to standard output"), Files.readString(err));
        Process piped = new ProcessBuilder(
                        "bash", "-c", "set -o pipefail; \"$0\" completion bash | head -n 1", launcher())
                .directory(folder.toFile())
                .redirectError(err.toFile())
                .start();
        assertTrue(new String(piped.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .startsWith("# Completion for histods"));
        assertEquals(0, piped.waitFor(), Files.readString(err));
    }

    private static String launcher() {
        return Program.project().resolve("histods").toAbsolutePath().toString();
    }

    @Test
    void firstRunAndSecondRun_printTheSame() throws Exception {
        ProgramRunner.Result first = histods.run("show", "mbm");
        ProgramRunner.Result second = histods.run("show", "mbm");
        assertEquals(0, first.exit());
        assertEquals(first.out(), second.out());
    }

    @Test
    void unknownDataset_suggestsNearOnes_asAnObjectToo() throws Exception {
        ProgramRunner.Result run = histods.run("pull", "kater-2018", "--json");
        assertEquals(2, run.exit());
        JsonNode problem = json.readTree(run.lines().get(0));
        assertEquals("problem", problem.path("event").asString(""));
        assertEquals("usage", problem.path("class").asString(""));
        assertEquals(2, problem.path("exit").asInt());
        assertTrue(problem.path("hint").asString("").contains("kather-2018"), run.out());
    }

    @Test
    void demo_endsWell_andLeavesAVerifiedMirror() throws Exception {
        Path demo = folder.resolve("demo");
        ProgramRunner.Result run = histods.run("demo", "--to", demo.toString());
        assertEquals(0, run.exit(), run.out() + run.err());
        assertTrue(run.out().contains("no real tissue"), run.out());
        histods.with("HISTODS_MIRROR", demo.resolve("mirror").toString());
        ProgramRunner.Result verify = histods.run("verify", "--full", "--json");
        assertEquals(0, verify.exit(), verify.out() + verify.err());
        assertEquals(7, verify.lines().size());
        assertTrue(run.out().contains("demo-kumar (train) and demo-monuseg (test) have 16 files in common"), run.out());
    }

    @Test
    void pull_printsPlanFilesAndDone_andASecondOneMakesNoRequest() throws Exception {
        DemoDatasets datasets = DemoRunner.DATASETS;
        try (DemoServer origin = new DemoServer(datasets, 0)) {
            Path manifest = datasets.writeManifests(folder.resolve("m")).get(0);
            ProgramRunner.Result run =
                    histods.run("pull", manifest.toString(), "--route", "*=" + origin.route(), "--json");
            assertEquals(0, run.exit(), run.err());
            assertEquals("plan", json.readTree(run.lines().get(0)).path("event").asString(""));
            JsonNode done = json.readTree(run.lines().get(run.lines().size() - 1));
            assertEquals("done", done.path("event").asString(""));
            Path bag = Path.of(done.path("path").asString("")).resolveSibling("");
            assertEquals(done.path("fingerprint").asString(""), sha256(bag.resolve("manifest-sha256.txt")));
            int asked = origin.requests();
            ProgramRunner.Result again = histods.run("pull", manifest.toString(), "--route", "*=" + origin.route());
            assertEquals(0, again.exit());
            assertEquals(asked, origin.requests());
            assertTrue(again.err().contains("already in the mirror"), again.err());
        }
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }

    @Test
    void killedInTheMiddle_leavesNothingUnderTheFinalName_andTheNextRunGoesOn() throws Exception {
        try (StallingHost host = new StallingHost(noise(40_000_000), 36_000_000)) {
            Process first = pull(host);
            awaitInPartial("part", 36_000_000);
            kill(first);
            assertFalse(Files.exists(histods.mirror().resolve("datasets")));
            assertEndsWell(host);
            // The state is written every megabyte, because a killed process cannot write it.
            assertTrue(host.requested().get(1) >= 34_700_000, host.requested().toString());
            assertEquals(Map.of(), left());
        }
    }

    /** What is in staging and among the partial files. */
    private Map<String, Long> left() throws IOException {
        Map<String, Long> left = new TreeMap<>();
        for (String name : List.of("staging", "partial")) {
            try (Stream<Path> walk = Files.walk(histods.mirror().resolve(name))) {
                walk.filter(Files::isRegularFile)
                        .forEach(p -> left.put(p.toString(), p.toFile().length()));
            }
        }
        return left;
    }

    @Test
    void endedByItsUser_ends_andLeavesNothingUnderTheFinalName() throws Exception {
        try (StallingHost host = new StallingHost(noise(6_000_000), 4_000_000)) {
            Process first = pull(host);
            awaitInPartial("part", 3_900_000);
            // As by Ctrl-C, which a test's child process may ignore.
            first.destroy();
            assertTrue(first.waitFor(60, TimeUnit.SECONDS));
            assertEquals(143, first.exitValue(), Files.readString(folder.resolve("e")));
            assertFalse(Files.exists(histods.mirror().resolve("datasets")));
            assertEndsWell(host);
        }
    }

    @Test
    void fullDisk_isNotBlamedOnTheNetwork_andWhatCameIsKept() throws Exception {
        byte[] bytes = noise(6_000_000);
        try (StallingHost host = new StallingHost(bytes, bytes.length)) {
            // The launcher's archive of classes, which is made once, is larger than the disk.
            histods.run("list");
            Program small = new Program(folder).withFilesOfAtMost(2000);
            ProgramRunner.Result run = small.run("pull", manifest(host), "--route", host.route());
            assertEquals(7, run.exit(), run.err());
            assertFalse(run.err().contains("connection"), run.err());
            assertTrue(run.err().contains("free space"), run.err());
            assertEndsWell(host);
            assertEquals(2, host.requested().size());
            // The state is written every megabyte; how much of the last buffer fits is up to the system.
            assertTrue(host.requested().get(1) > 900_000, host.requested().toString());
        }
    }

    private static byte[] noise(int length) {
        byte[] bytes = new byte[length];
        new Random(5).nextBytes(bytes);
        return bytes;
    }

    private String manifest(StallingHost host) throws Exception {
        return Files.writeString(folder.resolve("m.yaml"), manifest(host.bytes()))
                .toString();
    }

    private Process pull(StallingHost host) throws Exception {
        return histods.start(folder.resolve("o"), folder.resolve("e"), "pull", manifest(host), "--route", host.route());
    }

    private static void kill(Process process) throws InterruptedException {
        process.toHandle().descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
    }

    private void assertEndsWell(StallingHost host) throws Exception {
        host.goOn();
        ProgramRunner.Result run = histods.run("pull", manifest(host), "--route", host.route());
        assertEquals(0, run.exit(), run.err());
        assertEquals("ok", histods.run("verify", "--full").out().replaceAll("(?s).*: (ok),.*", "$1"));
    }

    @Test
    void realImages_throughASimulatedGithub_areVerifiedAgainstGitsTree() throws Exception {
        // The archive of the commit is 27 MB of other people's images, so it is not in the repository.
        Path archive = Program.project().resolve("../shared/real/countception-8387c305.MBM_data.tar.gz");
        assumeTrue(Files.exists(archive), "the real MBM images are not on this machine");
        byte[] bytes = Files.readAllBytes(archive);
        HttpServer github = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        github.createContext("/github.com/ieee8023/countception/archive/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        github.start();
        try {
            String route = "*=http://127.0.0.1:" + github.getAddress().getPort() + "/{host}";
            ProgramRunner.Result run = histods.run("pull", "mbm", "--route", route, "--json");
            assertEquals(0, run.exit(), run.err());
            JsonNode file = json.readTree(run.lines().get(1));
            assertEquals("verified", file.path("check").asString(""));
            assertEquals("GitHub", file.path("by").asString(""));
            JsonNode done = json.readTree(run.lines().get(2));
            assertEquals(88, done.path("files").asInt());
            assertEquals(27_462_424, done.path("bytes").asInt());
            Path bag = Path.of(done.path("path").asString("")).resolveSibling("");
            Process checksums = new ProcessBuilder("sha256sum", "--quiet", "-c", "manifest-sha256.txt")
                    .directory(bag.toFile())
                    .redirectErrorStream(true)
                    .start();
            assertEquals("", new String(checksums.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
            assertEquals(0, checksums.waitFor());
        } finally {
            github.stop(0);
        }
    }

    /** Waits until a file of the transfer has that size; there is no event for that. */
    private void awaitInPartial(String name, long bytes) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
        while (System.nanoTime() < until) {
            try (Stream<Path> walk = Files.walk(histods.mirror().resolve("partial"))) {
                boolean there = walk.filter(p -> p.endsWith(name))
                        .anyMatch(p -> p.toFile().length() >= bytes);
                if (there) {
                    return;
                }
            } catch (IOException | java.io.UncheckedIOException e) {
                // The folder may appear and disappear while the program runs.
                Thread.onSpinWait();
            }
        }
        throw new IOException("the transfer did not come that far: " + Files.readString(folder.resolve("e")));
    }

    private static String manifest(byte[] bytes) throws Exception {
        String md5 = HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("MD5").digest(bytes));
        return """
                id: one-file
                title: One file
                version: "1"
                license: {}
                access: { status: open }
                sources:
                  - kind: http
                    official: true
                    files:
                      - path: schöne Bilder/größe 1.bin
                        at: https://data.example.org/one.bin
                        bytes: %d
                        sums: [{ sum: "md5:%s", by: the example }]
                """.formatted(bytes.length, md5);
    }
}
