package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.histods.digest.Hasher;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ToyDataset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An index of one mirror, and another mirror that has none of its files. */
final class IndexCommandTest {

    private static final String TILE = "the bytes of a tile, as it were";

    @TempDir
    Path folder;

    private ProgramRunner histods;
    private Path zip;

    @BeforeEach
    void pull() throws Exception {
        Map<String, byte[]> files = new TreeMap<>();
        files.put("a/100%.png", TILE.getBytes(StandardCharsets.UTF_8));
        files.put("b/é 2.png", "another tile".getBytes(StandardCharsets.UTF_8));
        files.put("b/empty.txt", new byte[0]);
        zip = ToyDataset.zip(folder, files);
        histods = ToyDataset.in(folder);
        ran(0, "pull", "toy", "--from", zip.toString());
    }

    private ProgramRunner.Result ran(int exit, String... command) {
        return histods.ran(exit, command);
    }

    private String exported() {
        return ran(0, "index", "export", "lab.gz", "--by", "Example lab").out().substring(0, 64);
    }

    private String text() throws IOException {
        try (GZIPInputStream in =
                new GZIPInputStream(new ByteArrayInputStream(Files.readAllBytes(folder.resolve("lab.gz"))))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static JsonNode match(ProgramRunner.Result ran) {
        return new JsonMapper().readTree(ran.out()).path("matches").path(0);
    }

    @Test
    void fileOfNoDatasetInTheMirror_isKnownFromTheIndex_whichIsNamed() throws Exception {
        String fingerprint = exported();
        histods.mirror("second");
        Files.writeString(folder.resolve("tile.png"), TILE);
        ran(9, "identify", "tile.png");
        ran(0, "index", "import", "lab.gz", "--fingerprint", fingerprint);
        ProgramRunner.Result known = ran(0, "identify", "tile.png");
        assertTrue(known.out().contains("toy 1 (index of Example lab)  a/100%.png"), known.all());
        assertTrue(known.out().contains("licence  CC0-1.0"), known.all());
        assertTrue(
                known.out()
                        .contains("known    only from the imported index of Example lab (fingerprint " + fingerprint
                                + "): no dataset in this mirror has it"),
                known.all());
        JsonNode match = match(ran(0, "identify", "--json", "tile.png"));
        assertEquals("Example lab", match.path("made_by").asString());
        assertEquals(fingerprint, match.path("index").asString());
        assertTrue(match.path("check").isNull());
        assertTrue(match(ran(0, "identify", "--json", zip.toString()))
                .path("archive")
                .asBoolean());
        Files.writeString(folder.resolve("other.png"), TILE.replace("tile", "tiel"));
        ran(9, "identify", "other.png");
        // What the mirror has itself takes precedence.
        ran(0, "pull", "toy", "--from", zip.toString());
        assertTrue(
                match(ran(0, "identify", "--json", "tile.png")).path("made_by").isNull());
    }

    @Test
    void audit_findsCopiesByTheIndex_andSaysOnWhatThatRests() throws Exception {
        String fingerprint = exported();
        histods.mirror("second");
        ran(0, "index", "import", "lab.gz");
        Path project = Files.createDirectories(folder.resolve("project"));
        Files.writeString(project.resolve("x.png"), TILE);
        ProgramRunner.Result ran = ran(3, "audit", "project", "--json");
        JsonNode finding = new JsonMapper().readTree(ran.out()).path("findings").path(0);
        assertEquals("undeclared-copy", finding.path("rule").asString());
        assertTrue(
                finding.path("evidence")
                        .path(0)
                        .asString()
                        .endsWith("as the imported index of Example lab states (fingerprint " + fingerprint + ")"),
                ran.all());
    }

    @Test
    void sameMirror_givesTheSameBytes_whoseFingerprintAnyoneCanCompute() throws Exception {
        String fingerprint = exported();
        byte[] first = Files.readAllBytes(folder.resolve("lab.gz"));
        ran(0, "index", "export", "again.gz", "toy", "--by", "Example lab");
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("again.gz")));
        assertEquals(fingerprint, Hasher.sha256(text()).hex());
        assertTrue(ran(2, "index", "export", "lab.gz", "--by", "x").err().contains("exists already"));
        assertArrayEquals(first, Files.readAllBytes(folder.resolve("lab.gz")));
    }

    @Test
    void importedIndexes_areListedAndRemoved() throws Exception {
        String fingerprint = exported();
        histods.mirror("second");
        assertEquals("", ran(0, "index", "list").out());
        ran(0, "index", "import", "lab.gz");
        ran(0, "index", "import", "lab.gz");
        assertEquals(
                fingerprint + "  1 dataset, 3 files, made by Example lab\n",
                ran(0, "index", "list").out());
        ran(2, "index", "remove", "0000");
        ran(0, "index", "remove", fingerprint.substring(0, 12));
        assertEquals("", ran(0, "index", "list").out());
        try (Stream<Path> left = Files.list(folder.resolve("second/shared-index"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "format":"histods-index" | "format":"x"            | it is not an index of histods
            "version":1              | "version":2             | this histods knows format 1
            100%.png                 | 101%.png                | they do not have its fingerprint
            a/100%.png               | ../100%.png             | its path is not one of a dataset
            {"end":true              | {"dataset":"toy"        | it has no version
            "files":3}               | "files":4}              | the lines before it are not those of toy 1
            "dataset":"toy"          | "dataset":"../toy"      | line 2:
            """)
    void brokenIndex_isRefused_andNothingIsKept(String good, String bad, String why) throws Exception {
        exported();
        histods.mirror("second");
        String text = text();
        assertTrue(text.contains(good), text);
        refused(text.replace(good, bad), why);
    }

    private void refused(String text, String why) throws IOException {
        Files.writeString(folder.resolve("bad.txt"), text);
        ProgramRunner.Result ran = ran(5, "index", "import", "bad.txt");
        assertTrue(ran.err().contains(why), ran.all());
        assertFalse(Files.exists(folder.resolve("second/datasets/toy")));
        try (Stream<Path> left = Files.list(folder.resolve("second/shared-index"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void incompleteOrOtherIndex_isRefused() throws Exception {
        String fingerprint = exported();
        histods.mirror("second");
        String text = text();
        refused(text.substring(0, text.lastIndexOf("{\"end\"")), "the end is missing, so it is incomplete");
        refused(text + "more", "there is more after the end");
        refused("", "it is not an index of histods");
        refused("x".repeat(70_000), "a line does not end");
        byte[] packed = Files.readAllBytes(folder.resolve("lab.gz"));
        Files.write(folder.resolve("cut.gz"), java.util.Arrays.copyOf(packed, packed.length - 9));
        ran(5, "index", "import", "cut.gz");
        String other = fingerprint.replace(fingerprint.charAt(0), fingerprint.charAt(0) == 'a' ? 'b' : 'a');
        assertTrue(ran(5, "index", "import", "lab.gz", "--fingerprint", other)
                .err()
                .contains("its fingerprint is " + fingerprint));
        ran(2, "index", "import", "nowhere.gz");
        ran(2, "index", "import", "lab.gz", "--fingerprint", "12");
    }

    @Test
    void damagedTables_areReported_andNeverReadAsUnknown() throws Exception {
        String fingerprint = exported();
        histods.mirror("second");
        ran(0, "index", "import", "lab.gz");
        Path tables = folder.resolve("second/shared-index/" + fingerprint + ".idx");
        Files.write(tables, new byte[] {1, 2, 3});
        Files.writeString(folder.resolve("tile.png"), TILE);
        ProgramRunner.Result ran = ran(7, "identify", "tile.png");
        assertTrue(ran.err().contains("histods index remove " + fingerprint), ran.all());
        ran(0, "index", "remove", fingerprint);
        ran(9, "identify", "tile.png");
    }

    @Test
    void gzipOfTheIndexInPieces_isReadWhole() throws Exception {
        String fingerprint = exported();
        histods.mirror("second");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] text = text().getBytes(StandardCharsets.UTF_8);
        for (int[] part : new int[][] {{0, 50}, {50, text.length - 50}}) {
            try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
                packed.write(text, part[0], part[1]);
            }
        }
        Files.write(folder.resolve("two.gz"), out.toByteArray());
        ran(0, "index", "import", "two.gz", "--fingerprint", fingerprint);
    }
}
