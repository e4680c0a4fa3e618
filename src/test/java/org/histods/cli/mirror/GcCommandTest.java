package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ToyDataset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code histods gc}: what it deletes, and what it keeps and reports. */
final class GcCommandTest {

    private static final String UUID = "01234567-89ab-cdef-0123-456789abcdef";

    @TempDir
    Path folder;

    private DemoRunner fixture;
    private Path mirror;

    @BeforeEach
    void setUp() throws Exception {
        fixture = new DemoRunner(folder);
        mirror = folder.resolve("mirror");
    }

    @AfterEach
    void end() {
        fixture.close();
    }

    private ProgramRunner.Result ran(int exit, String... command) {
        return fixture.ran(folder, exit, command);
    }

    private void makeMirror() throws IOException {
        Files.createDirectories(mirror);
        Files.writeString(mirror.resolve("mirror.json"), "{\"format\":1}\n");
    }

    private Path transfer(String key, Duration age) throws IOException {
        Path transfer =
                Files.createDirectories(mirror.resolve("partial").resolve(key).resolve("idle"));
        Files.writeString(transfer.resolve("part"), "12345");
        for (Path path : List.of(transfer.resolve("part"), transfer)) {
            Files.setLastModifiedTime(path, FileTime.from(Instant.now().minus(age)));
        }
        return transfer;
    }

    @Test
    void folderThatIsNotAMirror_isRefusedAndUntouched() throws Exception {
        Path thesis = Files.createDirectories(folder.resolve("thesis/staging/" + UUID));
        Files.writeString(thesis.resolve("owner"), "mine");
        for (String[] more : new String[][] {{}, {"--all"}, {"--older-than", "0"}, {"--dry-run"}}) {
            String[] command = Stream.concat(
                            Stream.of("gc", "--mirror", folder.resolve("thesis").toString()), Stream.of(more))
                    .toArray(String[]::new);
            ProgramRunner.Result ran = ran(2, command);
            assertTrue(ran.err().contains("thesis is not a mirror: it has no valid mirror.json"), ran.all());
            assertEquals("", ran.out());
        }
        assertEquals("mine", Files.readString(thesis.resolve("owner")));
        try (Stream<Path> list = Files.list(folder.resolve("thesis"))) {
            assertEquals(1, list.count());
        }
    }

    @Test
    void keptArchiveOfAPulledDataset_isDeletedOnlyWithArchives() throws Exception {
        ProgramRunner toy = ToyDataset.in(folder);
        Path zip = ToyDataset.zip(folder, Map.of("a.png", new byte[10]));
        assertEquals(
                0,
                toy.run("pull", "toy", "--from", zip.toString(), "--keep-archives")
                        .exit());
        assertEquals("", toy.run("gc", "--all").out());
        ProgramRunner.Result ran = toy.run("gc", "--archives");
        assertEquals(0, ran.exit(), ran.all());
        assertTrue(ran.err().contains("(1 item)"), ran.all());
        try (Stream<Path> left = Files.walk(mirror.resolve("archives"))) {
            assertFalse(left.anyMatch(Files::isRegularFile));
        }
    }

    @Test
    void missingMirror_hasNothingToDelete() {
        assertTrue(ran(0, "gc").err().contains("there is no mirror at " + mirror + " yet"));
        assertFalse(Files.exists(mirror));
    }

    @Test
    void emptyPath_isNotTheWorkingFolder() throws Exception {
        Files.writeString(folder.resolve("mirror.json"), "{\"format\":1}\n");
        assertTrue(ran(2, "gc", "--mirror", "").err().contains("the path is empty"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "week", "-1d", "7"})
    void invalidDuration_isRefused(String text) throws Exception {
        makeMirror();
        Path old = transfer("k", Duration.ofDays(400));
        assertTrue(ran(2, "gc", "--older-than", text).err().contains("use 7d, 12h"));
        assertTrue(Files.exists(old));
    }

    @ParameterizedTest
    @CsvSource({"'', 6, false", "'', 8, true", "10d, 8, false", "12h, 1, true", "2d, 1, false", "0, 0, true"})
    void transfer_isDeleted_whenOlderThanTheLimit(String olderThan, int days, boolean deleted) throws Exception {
        makeMirror();
        Path transfer = transfer("k", Duration.ofDays(days));
        String[] command = olderThan.isEmpty() ? new String[] {"gc"} : new String[] {"gc", "--older-than", olderThan};
        ProgramRunner.Result ran = ran(0, command);
        assertEquals(deleted, !Files.exists(transfer), ran.all());
        assertTrue(ran.err().contains(deleted ? "freed 5 bytes (1 item)" : "freed 0 bytes (0 items)"), ran.all());
    }

    @ParameterizedTest
    @CsvSource({
        "journal.head.0ffe1abd-6a3b-4f6c-9b1e-2f1d0c9a8b7e.tmp, 2, true",
        "locks/toy@1.owner.0ffe1abd-6a3b-4f6c-9b1e-2f1d0c9a8b7e.tmp, 2, true",
        "locks/toy@1.owner.0ffe1abd-6a3b-4f6c-9b1e-2f1d0c9a8b7e.tmp, 0, false",
        "mine.0ffe1abd-6a3b-4f6c-9b1e-2f1d0c9a8b7e.tmp, 2, false",
        "journal.head.tmp, 2, false"
    })
    void fileOfTheMirrorThatWasNotWrittenToTheEnd_isDeletedAfterADay_andNoOther(String name, int days, boolean deleted)
            throws Exception {
        makeMirror();
        Path file = mirror.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "ab");
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(Duration.ofDays(days))));
        assertEquals(deleted, ran(0, "gc").err().contains("freed 2 bytes (1 item)"));
        assertEquals(deleted, !Files.exists(file));
    }

    @Test
    void dryRun_listsAndDeletesNothing() throws Exception {
        makeMirror();
        Path transfer = transfer("k", Duration.ofDays(8));
        assertTrue(ran(0, "gc", "--dry-run").out().contains(transfer + "  5 bytes  a transfer"));
        JsonNode row =
                new JsonMapper().readTree(ran(0, "gc", "--dry-run", "--json").out());
        assertEquals("would-delete", row.path("event").asString(""));
        assertEquals(transfer.toString(), row.path("path").asString(""));
        assertTrue(Files.exists(transfer));
        assertEquals("", ran(0, "gc", "--quiet").out());
        assertFalse(Files.exists(transfer));
    }

    @Test
    void all_deletesRecentTransfersAndUnusedArchives_butNoBag() throws Exception {
        ran(0, "pull", "demo-colon", "--keep-archives");
        Path transfer = transfer("k", Duration.ZERO);
        List<Path> kept;
        try (Stream<Path> walk = Files.walk(mirror.resolve("archives"))) {
            kept = walk.filter(Files::isRegularFile).toList();
        }
        assertFalse(kept.isEmpty());
        String hex = "0a".repeat(32);
        Path unused =
                Files.createDirectories(mirror.resolve("archives/sha256/0a")).resolve(hex);
        Files.writeString(unused, "12345");
        ran(0, "gc", "--older-than", "0");
        assertTrue(Files.exists(unused));
        ran(0, "gc", "--all");
        assertFalse(Files.exists(unused) || Files.exists(transfer));
        kept.forEach(archive -> assertTrue(Files.exists(archive), archive.toString()));
        ran(0, "verify", "--full");
        Path receipt = mirror.resolve("datasets/demo-colon/999000002/receipts/0001-pull.json");
        assertTrue(receipt.toFile().setWritable(true));
        Files.writeString(receipt, "torn");
        assertTrue(ran(5, "gc", "--all").err().contains("archives are not deleted"));
        kept.forEach(archive -> assertTrue(Files.exists(archive), archive.toString()));
        assertEquals(0, fixture.run(folder, "remove", "demo-colon", "--yes").exit());
        ran(0, "gc", "--all");
        kept.forEach(archive -> assertFalse(Files.exists(archive), archive.toString()));
    }

    @Test
    void foreignFile_isListedAlsoWithQuiet_andKept() throws Exception {
        makeMirror();
        Path notes = Files.createDirectories(mirror.resolve("staging/" + UUID)).resolve("notes.txt");
        Files.writeString(notes, "mine");
        ProgramRunner.Result ran = ran(0, "gc", "--all", "-q");
        assertTrue(ran.err().contains("not deleted: " + notes.getParent() + " is not a staging folder"), ran.all());
        JsonNode row = new JsonMapper().readTree(ran(0, "gc", "--json").out());
        assertEquals("left-alone", row.path("event").asString(""));
        assertEquals("mine", Files.readString(notes));
    }
}
