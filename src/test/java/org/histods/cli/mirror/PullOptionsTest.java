package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Options of {@code pull}, {@code verify}, {@code list}, {@code add} and {@code sync} on pulled datasets. */
final class PullOptionsTest {

    @TempDir
    Path folder;

    private DemoRunner histods;

    @BeforeEach
    void start() throws Exception {
        histods = new DemoRunner(folder);
    }

    @AfterEach
    void stop() {
        histods.close();
    }

    private ProgramRunner.Result run(int exit, String... command) {
        return run(folder, exit, command);
    }

    private ProgramRunner.Result run(Path here, int exit, String... command) {
        return histods.ran(here, exit, command);
    }

    private Path someFile(Path data) throws Exception {
        try (Stream<Path> walk = Files.walk(data)) {
            return walk.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
    }

    private static void flipABit(Path file) throws Exception {
        assertTrue(file.toFile().setWritable(true));
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    private Path pulled(String id) {
        return Path.of(run(0, "pull", id).out().strip());
    }

    /** The download has 931 kB. */
    @Test
    void limitRate_isNotExceeded() {
        List<String> lines = run(0, "pull", "demo-colon", "--only", "test", "--limit-rate", "1M", "--json")
                .out()
                .lines()
                .toList();
        JsonNode done = new JsonMapper().readTree(lines.get(lines.size() - 1));
        double rate = done.path("transferred").asDouble() / done.path("seconds").asDouble();
        assertTrue(rate <= 1_000_000, done.toString());
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "fast"})
    void invalidLimitRate_isRefused(String rate) {
        assertTrue(run(2, "pull", "demo-colon", "--limit-rate=" + rate).err().contains("--limit-rate"));
    }

    @ParameterizedTest
    @CsvSource({"auto, true", "plain, false", "none, false"})
    void progress_isALiveLineOnlyWhereItIsWanted(String mode, boolean live) {
        histods.with("HISTODS_TERMINAL", "1");
        histods.with("NO_COLOR", "1");
        ProgramRunner.Result ran =
                run(0, "pull", "demo-colon", "--only", "test", "--limit-rate", "1M", "--progress", mode);
        assertEquals(live, ran.err().contains("\r"), ran.all());
    }

    /** A script that goes on after `pull` trains on what is there. */
    @ParameterizedTest
    @CsvSource({"modified", "missing"})
    void pullOfADatasetThatWasModifiedInTheMirror_failsAndPrintsNoFolder(String how) throws Exception {
        Path file = someFile(pulled("demo-colon"));
        assertTrue(file.toFile().setWritable(true));
        if (how.equals("missing")) {
            Files.delete(file);
        } else {
            Files.writeString(file, "mine");
        }
        ProgramRunner.Result ran = run(5, "pull", "demo-colon");
        assertEquals("", ran.out());
        assertTrue(ran.err().contains("1 file modified, 0 missing") == how.equals("modified"), ran.err());
        assertTrue(ran.err().contains("--repair"), ran.err());
        run(0, "verify", "demo-colon", "--repair");
        run(0, "pull", "demo-colon");
    }

    @Test
    void pullOfADatasetWhoseFilesWereOnlyTouched_isRight() throws Exception {
        Path file = someFile(pulled("demo-colon"));
        Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        run(0, "pull", "demo-colon");
    }

    @Test
    void unknownProgress_isRefused() {
        assertTrue(run(2, "status", "--progress", "fancy").err().contains("auto, plain or none"));
    }

    @Test
    void group_isPulledAndCounted() throws Exception {
        Path groups = Files.createDirectories(histods.manifests().resolve("groups"));
        Files.writeString(
                groups.resolve("bench.yaml"), "id: bench\ntitle: Bench\ndatasets: [demo-kumar, demo-monuseg]\n");
        ProgramRunner.Result plan = run(0, "pull", "--group", "bench", "--dry-run");
        assertTrue(plan.out().contains("demo-kumar ") && plan.out().contains("demo-monuseg "), plan.all());
        assertTrue(plan.err().contains("2 datasets: "), plan.all());
        assertEquals("", run(0, "list", "--pulled", "--json").out());
        run(0, "pull", "--group", "bench", "demo-kumar");
        assertEquals(2, run(0, "status", "--json").out().lines().count());
        run(2, "pull", "--group", "nothing");
    }

    private List<JsonNode> totals(ProgramRunner.Result ran) {
        return ran.out()
                .lines()
                .map(new JsonMapper()::readTree)
                .filter(line -> line.path("event").asString("").equals("total"))
                .toList();
    }

    @Test
    void dryRunOfSeveral_countsRequestsAndTime_andSaysWhatIsByHandOrNotListed() throws Exception {
        String rest = """
                title: T
                version: "1"
                license: {}
                access: { status: %s, steps: [ask] }
                sources:
                  - { kind: %s, official: true, record: "%s", size: { about: 3 GB, by: a page } }
                """;
        Files.writeString(
                histods.manifests().resolve("asked.yaml"),
                "id: asked\n" + rest.formatted("registration", "manual", "https://example.org/form"));
        Files.writeString(
                histods.manifests().resolve("away.yaml"), "id: away\n" + rest.formatted("open", "zenodo", "4711"));
        ofZenodo("large", "{ path: a.svs, bytes: 50000000000 }", "{ path: b.svs, bytes: 75000000000 }");

        ProgramRunner.Result plan =
                run(3, "pull", "asked", "away", "large", "--dry-run", "--bandwidth", "1Gbit/s", "--offline");

        assertTrue(plan.out().contains("asked  ?      ≈ 3 GB  by hand\n"), plan.all());
        assertTrue(plan.out().contains("away   ?      ≈ 3 GB  not listed\n"), plan.all());
        assertTrue(plan.out().contains("large  2      125 GB  zenodo.org\n"), plan.all());
        assertTrue(plan.err().contains("not listed: away: zenodo record 4711"), plan.all());
        assertTrue(plan.err().contains("3 datasets: 125 GB to download; 1 by hand"), plan.all());
        assertTrue(plan.err().contains("1 not listed, about 3 GB by their manifests"), plan.all());
        assertTrue(plan.err().contains("zenodo.org: 2 requests"), plan.all());
        assertTrue(plan.err().contains("at least 16 min 40 s at 125 MB/s"), plan.all());
        String json = run(3, "pull", "asked", "away", "large", "--dry-run", "--offline", "--json")
                .err();
        assertTrue(json.contains("histods: away: zenodo record 4711"), json);
        assertFalse(json.contains("not listed: away"), json);

        JsonNode total =
                totals(run(3, "pull", "asked", "large", "--dry-run", "--json")).get(0);
        assertEquals(125_000_000_000L, total.path("size").path("at_least").asLong());
        assertEquals("asked", total.path("by_hand").path(0).asString());
        assertEquals(2, total.path("hosts").path(0).path("requests").asInt());
    }

    /** Adds a manifest whose files are in one record of Zenodo. */
    private void ofZenodo(String id, String... files) throws IOException {
        Files.writeString(histods.manifests().resolve(id + ".yaml"), """
                id: %s
                title: T
                version: "1"
                license: {}
                access: { status: open }
                sources:
                  - kind: zenodo
                    record: "12"
                    official: true
                    files: [%s]
                """.formatted(id, String.join(", ", files)));
    }

    @Test
    void dryRun_countsADatasetThatAnotherContainsOnce_alsoIfNeitherIsListed() throws Exception {
        String rest = """
                title: T
                version: "1"
                license: {}
                access: { status: open }
                sources:
                  - { kind: zenodo, official: true, record: "%s", size: { about: %s, by: a page } }
                """;
        Files.writeString(histods.manifests().resolve("whole.yaml"), "id: whole\n" + rest.formatted("4711", "3 GB"));
        Files.writeString(
                histods.manifests().resolve("half.yaml"),
                "id: half\n" + rest.formatted("4712", "1 GB")
                        + "lineage:\n  - { dataset: whole, relation: part-of, shares: [files], evidence: a page }\n");

        ProgramRunner.Result plan = run(4, "pull", "whole", "half", "--dry-run", "--offline");

        assertTrue(plan.err().contains("2 not listed, about 3 GB by their manifests"), plan.all());
        assertTrue(run(4, "pull", "half", "--dry-run", "--offline").err().contains("cannot be read"));
    }

    @Test
    void dryRunOfAShardWithoutFiles_doesNotSayThatTheMirrorHasTheDataset() throws Exception {
        ofZenodo("single", "{ path: a.svs, bytes: 5 }");
        ProgramRunner.Result first = run(0, "pull", "single", "--dry-run", "--shard", "1/2");
        assertTrue(first.out().startsWith("single 1, shard 1/2: 1 file, 5 bytes"), first.all());
        ProgramRunner.Result idle = run(0, "pull", "single", "--dry-run", "--shard", "2/2");
        assertTrue(idle.out().startsWith("single 1, shard 2/2: nothing to download\n"), idle.all());

        run(0, "pull", "demo-kumar");

        ProgramRunner.Result pulled = run(0, "pull", "demo-kumar", "--dry-run", "--shard", "2/2");
        assertTrue(pulled.out().contains(" is in the mirror: nothing to download\n"), pulled.all());
        ProgramRunner.Result both = run(0, "pull", "demo-kumar", "single", "--dry-run", "--shard", "2/2");
        assertTrue(both.out().matches("(?s).*demo-kumar +0 +0 bytes +in the mirror\n.*"), both.all());
        assertTrue(both.out().matches("(?s).*single +0 +0 bytes +nothing for shard 2/2\n.*"), both.all());
        assertTrue(both.err().contains("2 datasets, shard 2/2: 0 bytes to download"), both.all());
    }

    /** 601 requests at 60 a minute take ten minutes, however fast the network is. */
    @Test
    void dryRun_countsTheLimitsOfHosts() throws Exception {
        ofZenodo(
                "many",
                IntStream.range(0, 601)
                        .mapToObj("{ path: f%d.svs, bytes: 1 }"::formatted)
                        .toArray(String[]::new));
        Path settings = folder.resolve("sixty.yaml");
        Files.writeString(settings, "hosts:\n  zenodo.org: { requests-per-minute: 60 }\n");
        histods.with("HISTODS_CONFIG", settings.toString());

        ProgramRunner.Result plan = run(0, "pull", "many", "--dry-run");

        assertTrue(plan.err().contains("zenodo.org: 601 requests, at most 60 a minute"), plan.all());
        assertTrue(plan.err().contains("at least 10 min because of the hosts' limits"), plan.all());
    }

    @Test
    void dryRunOfOne_saysThatTheDiskIsTooSmall_afterTheFiles() throws Exception {
        ofZenodo("huge", "{ path: a.svs, bytes: 900000000000000000 }");

        ProgramRunner.Result plan = run(0, "pull", "huge", "--dry-run");

        assertTrue(plan.err().contains(" are free at "), plan.all());
        assertTrue(plan.err().contains(", which is too little\n"), plan.all());
        assertFalse(run(0, "pull", "demo-kumar", "--dry-run").err().contains("too little"));
    }

    @Test
    void allAndBandwidth_areForPlansOnly() {
        assertTrue(run(2, "pull", "--all").err().contains("--all requires --dry-run"));
        assertTrue(run(2, "pull", "demo-kumar", "--bandwidth", "1G").err().contains("--bandwidth requires --dry-run"));
        assertTrue(run(2, "pull", "demo-kumar", "--dry-run", "--bandwidth", "fast")
                .err()
                .contains("--bandwidth 'fast' is not a rate"));
        ProgramRunner.Result all = run(0, "pull", "--all", "--dry-run");
        assertTrue(all.out().contains("demo-kumar ") && !all.out().contains("demo-form "), all.all());
    }

    @Test
    void pulled_selectsDatasetsInTheMirror() {
        assertEquals("", run(0, "list", "--pulled", "--json").out());
        run(0, "pull", "demo-kumar");
        List<String> lines = run(0, "list", "--pulled", "--json").out().lines().toList();
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.get(0).contains("\"id\":\"demo-kumar\""), lines.get(0));
    }

    @Test
    void records_nameTheRouteThatResponded_theFilesOfAPlan_andTakeTheFingerprintThatStatusPrints() throws Exception {
        assertTrue(run(0, "pull", "demo-kumar", "--dry-run", "--json").out().contains("\"items\":[{\"path\":\""));
        Path data = pulled("demo-kumar");
        String receipt = Files.readString(data.resolveSibling("receipts").resolve("0001-pull.json"));
        assertTrue(receipt.contains("\"route\" : \"http://127.0.0.1:"), receipt);
        String row = run(0, "status")
                .out()
                .lines()
                .filter(l -> l.startsWith("demo-kumar"))
                .findFirst()
                .orElseThrow();
        run(0, "verify", "demo-kumar", "--fingerprint", row.substring(row.lastIndexOf(' ') + 1));
        run(5, "verify", "demo-kumar", "--fingerprint", "0123456789ab");
    }

    @Test
    void quick_comparesSizesAndTimes_withoutReading() throws Exception {
        Path data = pulled("demo-kumar");
        Path file = someFile(data);
        FileTime time = Files.getLastModifiedTime(file);
        flipABit(file);
        ProgramRunner.Result touched = run(5, "verify", "--quick");
        assertTrue(touched.out().contains("size or time differs  " + data.relativize(file)), touched.all());
        assertTrue(touched.out().contains("sizes and times only"), touched.all());
        assertTrue(touched.err().contains("hint: `histods verify demo-kumar` reads these files"), touched.all());
        Files.setLastModifiedTime(file, time);
        run(5, "verify", "--full");
    }

    /** As `sync --hardlink`, `cp -al` and the deletion of such a copy do. */
    @Test
    void quick_readsFilesWithNewHardLinks_andFindsThemUnchanged() throws Exception {
        Path data = pulled("demo-kumar");
        Path file = someFile(data);
        Path copy = Files.createLink(folder.resolve("copy"), file);
        ProgramRunner.Result linked = run(0, "verify", "--quick");
        assertTrue(linked.out().contains("(sizes and times, 1 read)"), linked.all());
        assertTrue(run(0, "verify", "--quick").out().contains("(sizes and times only)"));
        Files.delete(copy);
        run(0, "verify", "--quick");
    }

    @Test
    void quick_findsAFileThatWasWrittenTo_thoughItsSizeAndTimeWereRestored() throws Exception {
        Path data = pulled("demo-kumar");
        Path file = someFile(data);
        FileTime time = Files.getLastModifiedTime(file);
        flipABit(file);
        Files.setLastModifiedTime(file, time);
        ProgramRunner.Result written = run(5, "verify", "--quick");
        assertTrue(written.out().contains("differs  " + data.relativize(file)), written.all());
    }

    @Test
    void quietVerify_printsNothing_andAFailureOnStandardErrorOnly() throws Exception {
        Path data = pulled("demo-kumar");
        ProgramRunner.Result good = run(0, "verify", "-q");
        assertEquals("", good.out() + good.err());
        Path file = someFile(data);
        Files.delete(file);
        ProgramRunner.Result bad = run(5, "verify", "-q");
        assertEquals("", bad.out());
        assertTrue(bad.err().contains("missing  " + data.relativize(file)), bad.all());
    }

    @Test
    void hardlink_placesTheFilesOfTheMirror_underTheNameInTheProject_untilTheyAreReplacedByCopies() throws Exception {
        Path project = Files.createDirectories(folder.resolve("project"));
        run(project, 0, "init");
        run(project, 0, "add", "demo-kumar", "--name", "training-set");
        run(project, 0, "sync", "--hardlink");
        Path placed = project.resolve("data/training-set");
        Path data = Path.of(run(0, "path", "demo-kumar").out().strip());
        Path file = someFile(data);
        Path link = placed.resolve(data.relativize(file));
        assertTrue(Files.isRegularFile(link), link.toString());
        assertTrue(!Files.isSymbolicLink(link) && !Files.isSymbolicLink(placed), link.toString());
        assertEquals(Files.getAttribute(file, "unix:ino"), Files.getAttribute(link, "unix:ino"));
        run(0, "verify", "--quick");
        ProgramRunner.Result audit = run(project, 0, "audit");
        assertTrue(!audit.out().contains("modified: "), audit.all());

        run(project, 0, "sync", "--copy");
        assertTrue(!Files.isSameFile(file, link), "a copy");
        assertArrayEquals(Files.readAllBytes(file), Files.readAllBytes(link));
        ProgramRunner.Result back = run(project, 2, "sync", "--hardlink");
        assertTrue(back.err().contains("is not a link that histods made"), back.all());
    }

    @Test
    void formerNameOfIdentify_stillWorks_andIsHidden() throws Exception {
        Path file = someFile(pulled("demo-kumar"));
        assertEquals(
                run(0, "identify", file.toString()).out(),
                run(0, "whence", file.toString()).out());
        assertTrue(!run(0, "--help").out().contains("whence"));
    }
}
