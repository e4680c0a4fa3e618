package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** {@code list}, {@code search} and {@code show} on a small catalogue. */
final class ListCommandTest {

    private static final String LONG_TASKS =
            "classification, cell detection, nuclei segmentation, tumor segmentation, grading, survival";

    @TempDir
    Path folder;

    private ProgramRunner histods;

    @BeforeEach
    void catalogue() throws IOException {
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        Files.writeString(
                manifests.resolve("first-toy.yaml"),
                manifest("first-toy", "human", "H&E", "patch", 2018, "CC0-1.0", "A remarkable haystack") + "tasks: ["
                        + LONG_TASKS + "]\n" + files());
        Files.writeString(
                manifests.resolve("second-toy.yaml"),
                manifest("second-toy", "dog", "IHC", "slide", 2021, "CC-BY-4.0", "Nothing else") + "sources: []\n");
        Path groups = Files.createDirectories(manifests.resolve("groups"));
        Files.writeString(
                groups.resolve("toy-bench.yaml"), "id: toy-bench\ntitle: Toy Bench\ndatasets: [second-toy]\n");
        histods = new ProgramRunner(folder, manifests);
    }

    private static String manifest(
            String id, String species, String stain, String unit, int year, String license, String description) {
        return """
                id: %s
                title: Toy
                description: %s
                version: "1"
                year: %d
                species: [%s]
                stains: [%s]
                unit: %s
                license: { spdx: %s }
                access: { status: open }
                """.formatted(id, description, year, species, stain, unit, license);
    }

    /** A source with more files than {@code show} lists by default. */
    private static String files() {
        StringBuilder text = new StringBuilder(
                "sources:\n  - kind: http\n    record: https://one.example/\n    official: true\n    files:\n");
        for (int i = 1; i <= 20; i++) {
            text.append("      - { path: file" + i + ".bin, bytes: 10, sums: [{ sum: \"md5:" + "0".repeat(31) + i % 10
                    + "\", by: Us }] }\n");
        }
        return text.toString();
    }

    private List<String> ids(String... command) {
        ProgramRunner.Result result = histods.run(command);
        assertEquals(0, result.exit(), result.err());
        return result.out()
                .lines()
                .map(line -> new JsonMapper().readTree(line).path("id").asString(""))
                .toList();
    }

    @ParameterizedTest
    @CsvSource({
        "--species, human, first-toy",
        "--species, dog, second-toy",
        "--stain, h&e, first-toy",
        "--stain, ihc, second-toy",
        "--unit, patch, first-toy",
        "--unit, slide, second-toy",
        "--year, 2018, first-toy",
        "--year, 2021, second-toy",
        "--license, cc0, first-toy",
        "--license, CC-BY-4.0, second-toy",
        "--source, http, first-toy",
        "--group, toy-bench, second-toy"
    })
    void filter_selectsDatasets(String option, String word, String id) {
        assertEquals(List.of(id), ids("list", option, word, "--json"));
        assertEquals(List.of(id), ids("search", "toy", option, word, "--json"));
    }

    @Test
    void filterWithSeveralWords_acceptsAnyOfThem_andFiltersCombine() {
        assertEquals(List.of("first-toy", "second-toy"), ids("list", "--year", "2018,2021", "--json"));
        assertEquals(List.of(), ids("list", "--year", "2018", "--species", "dog", "--json"));
    }

    @Test
    void search_findsEveryWord_whateverItsCase() {
        assertEquals(List.of("first-toy"), ids("search", "HAYSTACK", "remarkable", "--json"));
        assertEquals(List.of(), ids("search", "haystack", "nothing", "--json"));
    }

    @Test
    void unknownGroup_isRefusedWithTheGroups() {
        ProgramRunner.Result result = histods.run("list", "--group", "nothing");
        assertEquals(2, result.exit());
        assertTrue(result.err().contains("the groups are toy-bench"), result.err());
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 100, 120})
    void tableOnATerminal_fitsItsWidth(int width) {
        ProgramRunner.Result result = histods.with("COLUMNS", String.valueOf(width))
                .with("HISTODS_OUTPUT_TERMINAL", "1")
                .run("list");
        List<String> lines = result.out().lines().toList();
        assertEquals(3, lines.size(), result.out());
        assertTrue(lines.get(0).startsWith("ID  "), result.out());
        lines.forEach(line -> assertTrue(line.length() <= width, result.out()));
        assertFalse(result.out().contains(LONG_TASKS), result.out());
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 60, 80, 100, 120})
    void tableOfTheWholeCatalogue_breaksNoRowOfATerminal(int width) {
        ProgramRunner.Result result = new ProgramRunner(folder, Map.of())
                .with("COLUMNS", String.valueOf(width))
                .with("HISTODS_OUTPUT_TERMINAL", "1")
                .run("list");
        assertTrue(result.out().lines().count() > 100, result.out());
        result.out().lines().forEach(line -> assertTrue(line.length() <= width, line));
    }

    @Test
    void folderOfManifestsThatIsMistyped_isNoEmptyCatalogue() {
        ProgramRunner.Result result = histods.run("list", "--manifests", "manifest");
        assertEquals(2, result.exit(), result.all());
        assertTrue(result.err().contains("there is no folder "), result.err());
        assertEquals("", result.out());
    }

    @Test
    void columnsThatDoNotFit_areNamed() {
        ProgramRunner.Result result = histods.with("COLUMNS", "60")
                .with("HISTODS_OUTPUT_TERMINAL", "1")
                .run("list");
        assertTrue(result.err().contains("Columns that do not fit: "), result.err());
        assertTrue(result.err().contains("TASKS"), result.err());
    }

    @Test
    void tableInAPipe_isNotCut() {
        ProgramRunner.Result result = histods.with("COLUMNS", "80").run("list");
        assertTrue(result.out().contains(LONG_TASKS), result.out());
        assertFalse(result.err().contains("do not fit"), result.err());
    }

    @Test
    void files_listsAllPinnedFilesWithChecksums() {
        String some = histods.run("show", "first-toy").out();
        assertTrue(some.contains("file12.bin") && !some.contains("file13.bin"), some);
        assertTrue(some.contains("8 more (--files lists all)"), some);
        String all = histods.run("show", "first-toy", "--files").out();
        assertTrue(all.contains("file20.bin"), all);
        assertTrue(all.contains("md5:" + "0".repeat(31) + "5  by Us"), all);
    }
}
