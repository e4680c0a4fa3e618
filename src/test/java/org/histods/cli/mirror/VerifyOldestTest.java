package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ToyDataset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code verify --oldest} of a mirror with two datasets of ten files of a hundred bytes. */
final class VerifyOldestTest {

    @TempDir
    Path folder;

    private ProgramRunner histods;

    @BeforeEach
    void pull() throws Exception {
        histods = ToyDataset.in(folder, "one", "two");
        for (String id : List.of("one", "two")) {
            Map<String, byte[]> files = new TreeMap<>();
            for (int i = 0; i < 10; i++) {
                files.put(i + ".txt", (id + i).repeat(25).getBytes(StandardCharsets.UTF_8));
            }
            Path zip = Files.write(folder.resolve(id + ".zip"), ArchiveFixtures.zip(files));
            assertEquals(0, histods.run("pull", id, "--from", zip.toString()).exit());
        }
    }

    private Path data(String id) {
        return folder.resolve("mirror/datasets/" + id + "/1/data");
    }

    private Path stamps(String id) {
        return folder.resolve("mirror/stamps/" + id + "/1.tsv");
    }

    private static void write(Path file, String text) throws Exception {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(file, text);
    }

    /** How many files were read and are right, by dataset; the last object is the checksum. */
    private static Map<String, Integer> read(ProgramRunner.Result ran) {
        Map<String, Integer> read = new TreeMap<>();
        for (JsonNode line : lines(ran)) {
            if (line.path("event").asString().equals("verify")) {
                read.put(line.path("dataset").asString(), line.path("read").asInt());
            }
        }
        return read;
    }

    private static List<JsonNode> lines(ProgramRunner.Result ran) {
        List<JsonNode> lines = new ArrayList<>();
        ran.out().lines().forEach(line -> lines.add(new JsonMapper().readTree(line)));
        return lines;
    }

    private static JsonNode sum(ProgramRunner.Result ran) {
        List<JsonNode> lines = lines(ran);
        return lines.get(lines.size() - 1);
    }

    @Test
    void mirrorThatWasNeverVerified_isReadOnceAndCompletely_byPartialRuns() throws Exception {
        Files.delete(stamps("one"));
        Files.delete(stamps("two"));
        ProgramRunner.Result first = histods.run("--json", "verify", "--oldest", "30%");
        assertEquals(0, first.exit(), first.all());
        assertEquals(Map.of("one", 6), read(first));
        assertTrue(sum(first).path("since").isNull(), first.out());
        assertEquals(600, sum(first).path("bytes").asLong());
        assertEquals(2000, sum(first).path("of").asLong());
        assertEquals(Map.of("one", 4, "two", 2), read(histods.run("--json", "verify", "--oldest", "30%")));
        assertEquals(Map.of("two", 6), read(histods.run("--json", "verify", "--oldest", "30%")));
        ProgramRunner.Result last = histods.run("--json", "verify", "--oldest", "30%");
        // All were read, so that it begins with those of the first run.
        assertEquals(Map.of("one", 4, "two", 2), read(last));
        assertFalse(sum(last).path("since").isNull(), last.out());
        ProgramRunner.Result usual = histods.run("verify");
        assertEquals(0, usual.exit(), usual.all());
        assertTrue(usual.out().contains("one 1: ok, 10 files, 1.00 kB (0 read"), usual.out());
    }

    @Test
    void pulledFiles_areReadInTheOrderOfTheirPulls_andASmallPartIsOneFile() throws Exception {
        assertEquals(Map.of("one", 1), read(histods.run("--json", "verify", "--oldest", "0.1%")));
        assertEquals(Map.of("one", 9, "two", 1), read(histods.run("--json", "verify", "--oldest", "50%")));
        ProgramRunner.Result all = histods.run("verify", "--oldest", "100%");
        assertEquals(0, all.exit(), all.all());
        assertTrue(all.out().contains("two 1: 10 of 10 files read and correct, 1.00 kB"), all.out());
        assertTrue(all.out().contains("2.00 kB of 2.00 kB read and correct; every file was read since 20"), all.out());
        assertEquals(Map.of("two", 10), read(histods.run("--json", "verify", "two", "--oldest", "100 %")));
    }

    @Test
    void verifyFull_isAReadingToo_andAMomentInTheFutureIsNone() throws Exception {
        assertEquals(0, histods.run("verify", "one", "--full").exit());
        assertEquals(Map.of("two", 5), read(histods.run("--json", "verify", "--oldest", "25%")));
        String later = Files.readString(stamps("one")).replaceAll("\t[0-9]{13}\t", "\t9999999999999\t");
        Files.writeString(stamps("one"), later);
        assertEquals(Map.of("one", 5), read(histods.run("--json", "verify", "--oldest", "25%")));
    }

    @Test
    void stampsOfAnEarlierVersion_sayNotWhenFilesWereRead_soTheseComeFirst() throws Exception {
        Files.writeString(stamps("two"), Files.readString(stamps("two")).replaceAll("\t[0-9]{13}\t", "\t"));
        assertTrue(histods.run("verify", "two").out().contains("(0 read"));
        assertEquals(Map.of("two", 5), read(histods.run("--json", "verify", "--oldest", "25%")));
    }

    @Test
    void changedAndMissingFiles_giveExitCode5InEachRun_andDoNotKeepOthersFromBeingRead() throws Exception {
        write(data("one").resolve("0.txt"), "x");
        Files.delete(data("one").resolve("1.txt"));
        ProgramRunner.Result ran = histods.run("verify", "--oldest", "20%");
        assertEquals(5, ran.exit(), ran.all());
        assertTrue(ran.out().contains("one 1: NOT OK, 4 of 10 files read and correct, 400 bytes"), ran.out());
        assertTrue(ran.out().contains("  modified  0.txt\n  missing  1.txt\n"), ran.out());
        assertTrue(ran.out().contains("come first in the next run"), ran.out());
        ran = histods.run("--json", "verify", "--oldest", "20%");
        assertEquals(5, ran.exit(), ran.all());
        // The changed file, and four others.
        assertEquals(Map.of("one", 5), read(ran));
        assertEquals("1.txt", lines(ran).get(0).path("missing").path(0).asString());
        assertTrue(sum(ran).path("since").isNull(), ran.out());
        assertFalse(sum(ran).path("ok").asBoolean(), ran.out());
    }

    @Test
    void fileThatTheDiskChangedAndNotItsTimes_isWrongForTheUsualVerifyToo_onceItWasRead() throws Exception {
        Path file = data("one").resolve("0.txt");
        write(file, "one1".repeat(25));
        // As if the times were those of the last check.
        long modified = Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
        long changed = ((FileTime) Files.getAttribute(file, "unix:ctime")).to(TimeUnit.NANOSECONDS);
        Files.writeString(
                stamps("one"),
                Files.readString(stamps("one"))
                        .replaceFirst("^100\t[0-9]+\t[0-9]+", "100\t" + modified + "\t" + changed));
        assertEquals(0, histods.run("verify", "one").exit());
        assertEquals(5, histods.run("verify", "--oldest", "5%").exit());
        assertEquals(5, histods.run("verify", "one").exit());
    }

    @Test
    void fileThatCannotBeRead_givesExitCode7_andIsNotTakenForRead() throws Exception {
        Path file = data("one").resolve("0.txt");
        Files.delete(file);
        Files.createSymbolicLink(file, file);
        for (int i = 0; i < 2; i++) {
            ProgramRunner.Result ran = histods.run("verify", "--oldest", "5%");
            assertEquals(7, ran.exit(), ran.all());
            assertTrue(ran.out().contains("  cannot be read  0.txt: "), ran.out());
            assertTrue(ran.out().contains("one 1: NOT OK, 1 of 10 files"), ran.out());
        }
    }

    @Test
    void changedRecord_givesExitCode5_andItsFilesAreNotTakenForRead() throws Exception {
        write(folder.resolve("mirror/datasets/one/1/bagit.txt"), "x");
        ProgramRunner.Result ran = histods.run("--json", "verify", "--oldest", "50%");
        assertEquals(5, ran.exit(), ran.all());
        assertEquals(Map.of("one", 0, "two", 10), read(ran));
        assertEquals(
                "bagit.txt was changed",
                lines(ran).get(0).path("record").path(0).asString());
    }

    @Test
    void invalidPart_orOneWithOtherChecks_isRefused() throws Exception {
        for (String share : List.of("5", "0%", "101%", "-1%", "x%", "")) {
            ProgramRunner.Result ran = histods.run("verify", "--oldest", share);
            assertEquals(2, ran.exit(), share + ran.all());
        }
        assertEquals(2, histods.run("verify", "--oldest", "5%", "--full").exit());
        assertEquals(2, histods.run("verify", "--oldest", "5%", "--journal").exit());
        assertEquals(2, histods.run("verify", "--oldest", "5%", "./one").exit());
    }

    @Test
    void mirrorWithoutDatasets_isNotRight() throws Exception {
        ProgramRunner.Result ran =
                histods.run("--mirror", folder.resolve("empty").toString(), "verify", "--oldest", "5%");
        assertEquals(2, ran.exit(), ran.all());
    }
}
