package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.histods.testing.EchoingHosts;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Sizes of all degrees of precision, in lists, and before a pull. */
final class SizesTest {

    private static final String FILE = "    files: [{ path: a.bin, at: http://plain.example/data%s }]\n";

    @TempDir
    private Path home;

    private final JsonMapper mapper = new JsonMapper();
    private EchoingHosts hosts;
    private ProgramRunner histods;

    @BeforeEach
    void setUp() throws Exception {
        hosts = new EchoingHosts();
        Path manifests = Files.createDirectories(home.resolve("manifests"));
        Map<String, String> sizes = Map.of(
                "exact", "exact: 9 bytes, by: a page",
                "about", "about: 13.4 GB, by: a page",
                "guess", "extrapolated: 490 GB, by: a sample",
                "least", "at-least: 200 GiB, by: a script",
                "between", "at-least: 20 GB, at-most: 30 GB, by: the pixels",
                "huge", "about: 2.8 TB, by: a page",
                "unknown", "");
        for (Map.Entry<String, String> size : sizes.entrySet()) {
            Files.writeString(manifests.resolve(size.getKey() + ".yaml"), manifest(size.getKey(), size.getValue(), ""));
        }
        histods = new ProgramRunner(home, manifests).with("http_proxy", "http://127.0.0.1:" + hosts.port());
    }

    @AfterEach
    void end() throws Exception {
        hosts.close();
    }

    private static String manifest(String id, String size, String ofFile) {
        return """
                id: %s
                title: A toy
                version: "1"
                license: {}
                access: { status: open }
                sources:
                  - kind: http
                    official: true
                """.formatted(id) + (size.isEmpty() ? "" : "    size: { " + size + " }\n") + FILE.formatted(ofFile);
    }

    private JsonNode row(String id) {
        return histods.run("list", "--json")
                .out()
                .lines()
                .map(mapper::readTree)
                .filter(row -> row.path("id").asString().equals(id))
                .findFirst()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "exact, 9 bytes",
        "about, ≈ 13.4 GB",
        "guess, ~ 490 GB",
        "least, ≥ 214 GB",
        "between, 20.0 GB – 30.0 GB",
        "unknown, unknown"
    })
    void list_showsSizesOfEachPrecision(String id, String size) {
        List<String> lines = histods.run("list").out().lines().toList();
        assertTrue(lines.stream().anyMatch(l -> l.startsWith(id) && l.contains("  " + size + "  ")), lines::toString);
    }

    @Test
    void total_isALowerBound_ifOneSizeIs() {
        String err = histods.run("list").err();
        assertTrue(err.contains("at least about 3.54 TB (extrapolated) to download, plus 1 of unknown size"), err);
        assertTrue(histods.run("list", "--max-size", "14GB").err().contains("about 13.4 GB to download"));
    }

    @Test
    void json_hasBytesOnlyForExactSizes_andBoundsForOthers() {
        assertEquals(9, row("exact").path("bytes").asLong());
        assertTrue(row("about").path("bytes").isNull());
        assertEquals(13_400_000_000L, row("about").path("size").path("at_least").asLong());
        assertEquals(13_400_000_000L, row("about").path("size").path("at_most").asLong());
        assertEquals("about", row("about").path("size").path("precision").asString());
        assertTrue(row("least").path("size").path("at_most").isNull());
        assertTrue(row("unknown").path("size").isNull());
    }

    @Test
    void csv_hasSizesAsText() {
        assertTrue(histods.run("list", "--csv").out().contains(",about 13.4 GB,"));
    }

    @Test
    void show_namesWhoStatesTheSize() {
        String out = histods.run("show", "about").out();
        assertTrue(out.contains("download      about 13.4 GB\n"), out);
        assertTrue(out.contains("      about 13.4 GB, by a page\n"), out);
        assertTrue(out.contains("unpacked      unknown"), out);
    }

    @Test
    void page_hasAllSizes() throws Exception {
        assertEquals(0, histods.run("list", "--html", "page.html").exit());
        String page = Files.readString(home.resolve("page.html"));
        assertTrue(page.contains("\"text\":\"at least 214 GB\""), page);
        assertTrue(page.contains("at least 214 GB, by a script"), page);
    }

    @Test
    void maxSize_leavesOutLargerDatasets_andCountsUndecidedOnes() {
        ProgramRunner.Result result = histods.run("list", "--csv", "--max-size", "25GB");
        assertEquals(
                List.of("about", "exact"),
                result.out().lines().skip(1).map(l -> l.replaceFirst(",.*", "")).toList());
        // between 20 and 30 GB, and unknown
        assertTrue(
                result.err().contains("--max-size leaves out 2 datasets whose size is not known well enough"),
                result.err());
        ProgramRunner.Result all = histods.run("search", "toy", "--max-size", "3 TB", "--json");
        assertEquals(5, all.out().lines().count());
        assertTrue(all.err().contains("leaves out 2 datasets"), all.err());
    }

    @ParameterizedTest
    @ValueSource(strings = {"large", "-1", "5 XB"})
    void invalidMaxSize_isRefused(String limit) {
        ProgramRunner.Result result = histods.run("list", "--max-size=" + limit);
        assertEquals(2, result.exit());
        assertTrue(result.err().contains("'" + limit + "' is not a size"), result.err());
    }

    @Test
    void dryRun_showsTheStatedSizeAndFreeSpace() {
        ProgramRunner.Result result = histods.run("pull", "about", "--dry-run");
        assertTrue(result.out().contains("about 1: 1 file, about 13.4 GB, unknown"), result.out());
        assertTrue(result.out().contains("a.bin  unknown size"), result.out());
        assertTrue(result.err().contains("are free at"), result.err());
        String lines = histods.run("pull", "about", "--dry-run", "--json").out();
        JsonNode plan = mapper.readTree(lines.lines().findFirst().orElse(""));
        assertTrue(plan.path("bytes").isNull());
        assertEquals("about 13.4 GB", plan.path("size").path("text").asString());
        assertEquals(List.of(), hosts.requested());
    }

    @Test
    void dryRunOfAPart_isAtMostTheWhole() {
        String out =
                histods.run("pull", "about", "--only", "a.bin", "--dry-run").out();
        assertTrue(out.contains("1 file, at most about 13.4 GB,"), out);
    }

    @Test
    void dryRun_showsTheSizeOfEachFile() throws Exception {
        Path file = Files.writeString(
                home.resolve("m.yaml"), manifest("one", "", ", size: { about: 10.4 GB, by: a page }"));
        String out = histods.run("pull", file.toString(), "--dry-run").out();
        assertTrue(out.contains("one 1: 1 file, about 10.4 GB,"), out);
        assertTrue(out.contains("a.bin  about 10.4 GB"), out);
    }

    @ParameterizedTest
    @CsvSource({"unknown, of unknown size", "huge, about 2.8 TB", "least, at least 214 GB"})
    void userWhoDeclines_getsNothing(String id, String words) {
        List<String> asked = histods.typing("");
        ProgramRunner.Result result = histods.run("pull", id);
        assertEquals(3, result.exit(), result.err());
        assertEquals(1, asked.size());
        assertTrue(asked.get(0).startsWith("Download " + id + ", " + words + "? "), asked::toString);
        assertTrue(asked.get(0).endsWith("[y/N] "), asked::toString);
        assertTrue(result.err().contains("not downloaded: you declined"), result.err());
        assertTrue(result.err().contains("--yes"), result.err());
        assertEquals(List.of(), hosts.requested());
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", "YES"})
    void userWhoAgrees_getsTheDataset(String answer) {
        List<String> asked = histods.typing(answer);
        assertEquals(0, histods.run("pull", "unknown").exit());
        assertEquals(1, asked.size());
        assertTrue(Files.exists(home.resolve("mirror/datasets/unknown/1/data/a.bin")));
    }

    @Test
    void userWhoDeclinesOneDataset_getsTheOther() {
        histods.typing("n");
        ProgramRunner.Result result = histods.run("pull", "unknown", "exact");
        assertEquals(3, result.exit());
        assertFalse(Files.exists(home.resolve("mirror/datasets/unknown")));
        assertTrue(Files.exists(home.resolve("mirror/datasets/exact/1/data/a.bin")));
    }

    @ParameterizedTest
    @CsvSource({"exact, ", "unknown, --yes", "unknown, -y", "unknown, --json", "unknown, --dry-run"})
    void smallPull_yesAndScripts_areNotAsked(String id, String option) {
        List<String> asked = histods.typing("n");
        ProgramRunner.Result result = option == null ? histods.run("pull", id) : histods.run("pull", id, option);
        assertEquals(0, result.exit(), result.err());
        assertEquals(List.of(), asked);
    }

    @Test
    void scriptWithoutATerminal_isNotAsked() {
        assertEquals(0, histods.piping("n\n").run("pull", "unknown").exit());
    }

    @Test
    void datasetInTheMirror_isNotAskedAbout() {
        assertEquals(0, histods.run("pull", "unknown").exit());
        List<String> asked = histods.typing("n");
        assertEquals(0, histods.run("pull", "unknown").exit());
        assertEquals(List.of(), asked);
    }

    @Test
    void pullLargerThanTheDisk_isWarnedAbout() throws Exception {
        Path file = Files.writeString(home.resolve("m.yaml"), manifest("one", "about: 9000 TB, by: a page", ""));
        ProgramRunner.Result result = histods.run("pull", file.toString());
        assertEquals(0, result.exit(), result.err());
        assertTrue(result.err().contains("one may not fit: it needs at least about 9 PB"), result.err());
    }
}
