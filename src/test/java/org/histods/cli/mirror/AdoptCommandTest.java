package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.histods.digest.Hasher;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ToyDataset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdoptCommandTest {

    @TempDir
    Path folder;

    private ProgramRunner histods;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        histods = ToyDataset.in(folder);
        file = Files.createDirectories(folder.resolve("have/b")).resolve("c.png");
        Files.writeString(file, "a tile");
    }

    private ProgramRunner.Result ran(int exit, String... command) {
        return histods.ran(exit, command);
    }

    private void checksum(String text) throws Exception {
        Files.writeString(folder.resolve("list.txt"), Hasher.sha256(text).hex() + "  b/c.png\n");
    }

    @Test
    void against_comparesWithThatListOfChecksums() throws Exception {
        checksum("a tile");
        ProgramRunner.Result ran = ran(0, "adopt", "have", "--as", "toy", "--against", "list.txt", "--no-fetch");
        assertTrue(ran.err().contains("1 file, 6 bytes, same checksum as in the given manifest"), ran.all());
        assertEquals("a tile", Files.readString(folder.resolve("mirror/datasets/toy/1/data/b/c.png")));
        assertTrue(Files.exists(file));
    }

    @Test
    void against_takesNoFileWithAnotherChecksum() throws Exception {
        checksum("another tile");
        ran(2, "adopt", "have", "--as", "toy", "--against", "list.txt", "--no-fetch");
        assertFalse(Files.exists(folder.resolve("mirror/datasets/toy")));
    }

    @Test
    void move_leavesTheFoldersOnly() throws Exception {
        checksum("a tile");
        ran(0, "adopt", "have", "--as", "toy", "--against", "list.txt", "--move", "--no-fetch");
        assertFalse(Files.exists(file));
        assertTrue(Files.isDirectory(Objects.requireNonNull(file.getParent())));
        assertTrue(Files.exists(folder.resolve("mirror/datasets/toy/1/data/b/c.png")));
    }
}
