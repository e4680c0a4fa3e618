package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class IdentifyCommandTest {

    @TempDir
    Path folder;

    private DemoRunner fixture;
    private Path data;

    @BeforeEach
    void start() throws Exception {
        fixture = new DemoRunner(folder);
        ran(0, "pull", "demo-colon", "--only", "test");
        data = Path.of(ran(0, "path", "demo-colon").out().strip());
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private ProgramRunner.Result ran(int exit, String... command) {
        return fixture.ran(folder, exit, command);
    }

    private Path copy(String name) throws Exception {
        try (Stream<Path> walk = Files.walk(data)) {
            Path some = walk.filter(Files::isRegularFile).sorted().toList().get(3);
            Path copy = folder.resolve(name);
            Files.createDirectories(copy.getParent());
            Files.copy(some, copy);
            return data.relativize(some);
        }
    }

    private static JsonNode json(String line) {
        return new JsonMapper().readTree(line);
    }

    @Test
    void renamedCopy_isTracedToDatasetLicenceAndUrl() throws Exception {
        Path path = copy("figure 2.tif");
        ProgramRunner.Result ran = ran(0, "identify", "figure 2.tif");
        assertEquals("figure 2.tif", ran.out().lines().findFirst().orElseThrow());
        assertTrue(ran.out().contains("  demo-colon 999000002  " + path + "\n"), ran.all());
        assertTrue(ran.out().contains("licence  CC0-1.0\n"), ran.all());
        assertTrue(ran.out().contains("source   https://zenodo.org/"), ran.all());
        assertTrue(ran.out().contains("check    verified against a checksum published by"), ran.all());
        JsonNode line = json(ran(0, "identify", "--json", "figure 2.tif").out());
        assertEquals("figure 2.tif", line.path("file").asString());
        assertEquals(64, line.path("sha256").asString().length());
        JsonNode match = line.path("matches").path(0);
        assertEquals("demo-colon", match.path("dataset").asString());
        assertEquals("999000002", match.path("version").asString());
        assertEquals(path.toString(), match.path("path").asString());
        assertTrue(match.path("url").asString().startsWith("https://zenodo.org/"));
    }

    @Test
    void unknownFile_exitsWith9() throws Exception {
        Files.writeString(folder.resolve("mine.csv"), "a,b");
        ProgramRunner.Result ran = ran(9, "identify", "mine.csv");
        assertEquals("mine.csv  unknown\n", ran.out());
        assertEquals(
                0,
                json(ran(9, "identify", "--json", "mine.csv").out())
                        .path("matches")
                        .size());
    }

    @Test
    void interruptedSearch_callsNoFileUnknown() throws Exception {
        // So many that the first are looked up before the last are found.
        try (Stream<Path> walk = Files.walk(data)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                for (int i = 0; i < 8; i++) {
                    Files.copy(
                            file,
                            Files.createDirectories(folder.resolve("mine/" + i)).resolve(file.getFileName()));
                }
            }
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path index :
                    walk.filter(file -> file.toString().endsWith(".idx")).toList()) {
                Files.delete(index);
            }
        }
        Thread.currentThread().interrupt();
        try {
            ProgramRunner.Result ran = fixture.run(folder, "identify", "mine");
            assertEquals(130, ran.exit(), ran.all());
            assertFalse(ran.all().contains("unknown"), ran.all());
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void changedFile_isUnknown() throws Exception {
        copy("x.tif");
        byte[] bytes = Files.readAllBytes(folder.resolve("x.tif"));
        bytes[bytes.length / 2] ^= 1;
        Files.delete(folder.resolve("x.tif"));
        Files.write(folder.resolve("x.tif"), bytes);
        assertEquals("x.tif  unknown\n", ran(9, "identify", "x.tif").out());
    }

    @Test
    void folder_isSearchedRecursivelyAndCounted() throws Exception {
        Path path = copy("mixed/deep/one.tif");
        Files.writeString(folder.resolve("mixed/two.txt"), "mine");
        Files.writeString(folder.resolve("mixed/zero.txt"), "");
        ProgramRunner.Result ran = ran(9, "identify", "mixed");
        assertEquals(
                List.of(
                        "mixed/deep/one.tif  demo-colon 999000002  " + path,
                        "mixed/two.txt  unknown",
                        "mixed/zero.txt  empty file"),
                ran.out().lines().toList());
        assertTrue(ran.err().contains("3 files checked: 1 known, 1 unknown, 1 empty"), ran.all());
        assertTrue(ran.err().contains("1 from demo-colon 999000002, licence CC0-1.0"), ran.all());
    }

    @Test
    void wholeBag_isKnown() {
        ProgramRunner.Result ran = ran(0, "identify", data.toString());
        assertTrue(ran.err().contains("24 files checked: 24 known, 0 unknown"), ran.all());
    }

    @Test
    void emptyFileAlone_isNotKnown() throws Exception {
        Files.createFile(folder.resolve("empty"));
        ran(9, "identify", "empty");
    }

    @Test
    void missingFile_isReported_andTheOthersAreIdentified() throws Exception {
        copy("x.tif");
        ProgramRunner.Result ran = ran(2, "identify", "nowhere.tif", "x.tif");
        assertTrue(ran.err().contains("cannot read nowhere.tif: there is no such file"), ran.all());
        assertTrue(ran.out().startsWith("x.tif  demo-colon") || ran.out().startsWith("x.tif\n"), ran.all());
        assertTrue(ran.err().contains("1 known, 0 unknown, 1 unreadable"), ran.all());
    }

    @Test
    void linkToItsOwnFolder_isReported() throws Exception {
        copy("loop/x.tif");
        Files.createSymbolicLink(folder.resolve("loop/again"), folder.resolve("loop"));
        ProgramRunner.Result ran = ran(2, "identify", "loop");
        assertTrue(ran.err().contains("loop/again is a link to a folder that contains it"), ran.all());
    }

    @Test
    void keptArchive_isKnownAfterItsDatasetIsRemoved() throws Exception {
        ran(0, "remove", "demo-colon", "--yes");
        ran(0, "pull", "demo-colon", "--only", "test", "--keep-archives");
        Path archive;
        try (Stream<Path> walk = Files.walk(folder.resolve("mirror/archives"))) {
            archive = walk.filter(Files::isRegularFile).findFirst().orElseThrow();
        }
        Files.copy(archive, folder.resolve("download.zip"));
        ProgramRunner.Result ran = ran(0, "identify", "download.zip");
        assertTrue(ran.out().contains("demo-colon-test.zip (downloaded archive)"), ran.all());
        ran(0, "remove", "demo-colon", "--yes");
        assertTrue(ran(0, "identify", "download.zip").out().contains("a dataset that is not in the mirror"));
    }

    @Test
    void emptyMirror_knowsNoFile() throws Exception {
        fixture.mirror("other");
        copy("x.tif");
        assertEquals("x.tif  unknown\n", ran(9, "identify", "x.tif").out());
    }

    @Test
    void emptyMirror_isReported() throws Exception {
        Files.writeString(folder.resolve("mine.csv"), "a,b");
        ProgramRunner.Result ran = ran(9, "identify", "mine.csv", "--mirror", "mistyped");
        assertTrue(ran.err().contains("mistyped contains no datasets\n"), ran.all());
        assertFalse(ran(9, "identify", "mine.csv").err().contains("contains no datasets"));
    }

    @Test
    void nameWithALineBreak_cannotPretendToBeALineOfTheReport() throws Exception {
        Files.writeString(folder.resolve("x\nfake.tif  demo-colon 999000002  a.png"), "unknown");
        assertEquals(
                1,
                ran(9, "identify", folder.toString())
                        .out()
                        .lines()
                        .filter(line -> line.contains("fake"))
                        .count());
    }
}
