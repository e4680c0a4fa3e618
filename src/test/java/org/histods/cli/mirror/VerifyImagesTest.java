package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.histods.testing.ProgramRunner;
import org.histods.testing.TiffFile;
import org.histods.testing.ToyDataset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code verify --images} of a dataset that was published with a slide that is cut off. */
final class VerifyImagesTest {

    @TempDir
    Path folder;

    private ProgramRunner pulled(boolean cut) throws Exception {
        byte[] slide = TiffFile.of(2, false, ByteOrder.LITTLE_ENDIAN);
        Map<String, byte[]> files = new TreeMap<>();
        files.put("a.svs", slide);
        files.put("b.svs", cut ? Arrays.copyOf(slide, 1500) : slide);
        files.put("notes.txt", "text".getBytes(StandardCharsets.UTF_8));
        Path zip = ToyDataset.zip(folder, files);
        ProgramRunner histods = ToyDataset.in(folder);
        assertEquals(0, histods.run("pull", "toy", "--from", zip.toString()).exit());
        return histods;
    }

    @Test
    void brokenSlide_isNamed_andNotedInTheJournal_andDoesNotAffectChecksums() throws Exception {
        ProgramRunner histods = pulled(true);
        assertEquals(0, histods.run("verify", "toy").exit());
        ProgramRunner.Result ran = histods.run("verify", "toy", "--images");
        assertEquals(9, ran.exit(), ran.all());
        assertTrue(ran.out().contains("toy 1: ok, 3 files"), ran.all());
        assertTrue(ran.out().contains("toy 1: 2 images, 1 cannot be opened\n"), ran.all());
        assertTrue(ran.out().contains("  cannot be opened  b.svs: "), ran.all());
        assertTrue(ran.err().contains("was published that way"), ran.all());
        String journal = Files.readString(folder.resolve("mirror/journal.jsonl"));
        JsonNode last =
                new JsonMapper().readTree(journal.lines().reduce((a, b) -> b).orElseThrow());
        assertEquals("images", last.path("event").asString());
        assertEquals("toy@1", last.path("of").asString());
        assertEquals("b.svs", last.path("broken_files").path(0).path("path").asString());
        // The line is one of the journal like others, and says nothing about the record.
        ran = histods.run("verify", "--journal");
        assertEquals(0, ran.exit(), ran.all());
    }

    @Test
    void imagesThatOpen_giveExitCode0_andAModifiedFile5() throws Exception {
        ProgramRunner histods = pulled(false);
        ProgramRunner.Result ran = histods.run("verify", "--images");
        assertEquals(0, ran.exit(), ran.all());
        assertTrue(ran.out().contains("toy 1: 2 images, 0 cannot be opened\n"), ran.all());
        Path slide = Path.of(histods.run("path", "toy").out().strip()).resolve("a.svs");
        Files.setPosixFilePermissions(slide, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        Files.write(slide, new byte[] {1, 2, 3});
        ran = histods.run("verify", "--images");
        assertEquals(5, ran.exit(), ran.all());
        assertTrue(ran.out().contains("1 cannot be opened") || ran.err().contains("1 cannot be opened"), ran.all());
        assertEquals(2, histods.run("verify", "./toy", "--images").exit());
    }
}
