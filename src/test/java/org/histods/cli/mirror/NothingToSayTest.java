package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.NothingToSay;
import org.histods.testing.ProgramRunner;
import org.histods.testing.PullFixture;
import org.histods.testing.SimulatedHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One command after another, on datasets of many small files: those of {@code tiles}, the same ones in a zip, and both. */
final class NothingToSayTest {

    /** More than are fetched before each is written by itself. */
    private static final int FILES = 24;

    @TempDir
    Path folder;

    private SimulatedHosts hosts;
    private ProgramRunner histods;

    @BeforeEach
    void start() throws Exception {
        hosts = new SimulatedHosts();
        histods = hosts.runner(folder);
        Object[] members = new Object[FILES * 2];
        Map<String, String> pins = new TreeMap<>();
        for (int i = 0; i < FILES; i++) {
            String path = "t" + i % 3 + "/" + i + ".png";
            String text = "tile " + i;
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            members[i * 2] = path;
            members[i * 2 + 1] = text;
            hosts.put("https://one.example/" + path, bytes);
            pins.put(path, PullFixture.pin(path, bytes, "md5"));
        }
        byte[] zip = ArchiveFixtures.zip(ArchiveFixtures.members(members));
        hosts.put("https://one.example/tiles.zip", zip);
        String ofZip = PullFixture.pin("tiles.zip", zip, "md5");
        String ofTiles = String.join("", pins.values());
        manifest("tiles", ofTiles);
        manifest("zipped", ofZip);
        manifest("both", ofZip + ofTiles.replaceAll("path: (.*)", "path: s/$1\n        at: $1"));
    }

    private void manifest(String id, String pins) throws IOException {
        Files.writeString(
                folder.resolve("manifests/" + id + ".yaml"),
                "id: " + id
                        + "\ntitle: T\nversion: \"1\"\nlicense: { spdx: CC0-1.0 }\naccess: { status: open }\nsources:\n"
                        + PullFixture.source("one.example", pins));
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private Path data(String id) {
        return folder.resolve("mirror/datasets/" + id + "/1/data");
    }

    /** A folder of one's own with the files of the datasets. */
    private Path mine() throws IOException {
        Path mine = folder.resolve("mine");
        for (int i = 0; i < FILES; i++) {
            Path file = mine.resolve("t" + i % 3 + "/" + i + ".png");
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, "tile " + i);
        }
        return mine;
    }

    private static void overwrite(Path file) throws IOException {
        assertTrue(file.toFile().setWritable(true));
        Files.writeString(file, "modified");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiles", "zipped", "both"})
    void afterAPull_andAfterTheRemovalOfADatasetWithTheSameFiles(String id) {
        histods.ran(0, "pull", "tiles", "zipped", "both");
        NothingToSay.after(histods, "pull", id);
        histods.ran(0, "remove", id, "--yes");
        NothingToSay.in(histods);
        histods.ran(0, "pull", id);
        NothingToSay.after(histods, "pull", id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiles", "zipped", "both"})
    void afterASelection_andAfterTheRest(String id) {
        histods.ran(0, "pull", id, "--only", "t0/*");
        NothingToSay.after(histods, "pull", id, "--only", "t0/*");
        histods.ran(0, "pull", id);
        NothingToSay.after(histods, "pull", id);
    }

    @Test
    void afterShards() {
        histods.ran(0, "pull", "both", "--shard", "1/2");
        histods.ran(0, "pull", "both", "--shard", "2/2");
        NothingToSay.after(histods, "pull", "both");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--copy", "--link", "--move"})
    void afterAnAdoption_alsoOfFewerFiles(String how) throws Exception {
        for (String id : new String[] {"tiles", "zipped"}) {
            histods.ran(0, "adopt", mine().toString(), "--as", id, how);
            NothingToSay.after(histods, "pull", id);
            histods.ran(0, "remove", id, "--yes");
        }
        Files.delete(mine().resolve("t0/0.png"));
        histods.ran(0, "adopt", "mine", "--as", "tiles", how);
        NothingToSay.after(histods, "pull", "tiles");
    }

    @Test
    void afterARepair_alsoOfAFileThatTwoDatasetsShare() throws Exception {
        histods.ran(0, "pull", "tiles", "both");
        overwrite(data("tiles").resolve("t1/1.png"));
        Files.delete(data("tiles").resolve("t2/2.png"));
        histods.ran(0, "verify", "tiles", "both", "--repair");
        NothingToSay.after(histods, "pull", "tiles");
        assertEquals("tile 1", Files.readString(data("both").resolve("t1/1.png")));
    }

    @Test
    void afterAnExportWithLinks_itsImport_andItsRemoval() throws Exception {
        histods.ran(0, "pull", "both");
        histods.ran(0, "export", "both", "--format", "bagit", "--link", "--to", "bag");
        NothingToSay.after(histods, "pull", "both");
        histods.ran(0, "remove", "both", "--yes");
        histods.ran(0, "verify", "./bag");
        histods.ran(0, "import", "./bag");
        NothingToSay.after(histods, "pull", "both");
        histods.ran(0, "verify", "./bag");
    }

    @Test
    void afterAProjectPlacedLinks_copiesAndHardLinks() throws Exception {
        for (String how : new String[] {"--hardlink", "--copy", "--locked"}) {
            Path project = Files.createDirectories(folder.resolve("project" + how));
            histods.ran(project, 0, "init");
            histods.ran(project, 0, "add", "tiles", "--role", "train");
            histods.ran(project, 0, "add", "both", "--only", "t0/*", "--role", "test");
            histods.ran(project, 0, "lock");
            histods.ran(project, 0, "sync", how);
            NothingToSay.after(histods, "pull", "tiles");
            histods.ran(project, 0, "sync", "--locked");
        }
        NothingToSay.in(histods);
    }

    @Test
    void afterAnotherVersion_beside() throws Exception {
        histods.ran(0, "pull", "both");
        Path manifest = folder.resolve("manifests/both.yaml");
        Files.writeString(manifest, Files.readString(manifest).replace("version: \"1\"", "version: \"2\""));
        histods.ran(0, "pull", "both");
        NothingToSay.after(histods, "pull", "both");
        histods.ran(0, "remove", "both@1", "--yes");
        NothingToSay.after(histods, "pull", "both");
    }
}
