package org.histods.problem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Messages name the file once, and give the reason in words. */
class ProblemTest {

    @TempDir
    Path folder;

    @Test
    void streamsOfBothKinds_sayTheSameOfAMissingFile() {
        Path none = folder.resolve("none (1)");
        IOException old = assertThrows(IOException.class, () -> new FileInputStream(none.toFile()).close());
        IOException other = assertThrows(IOException.class, () -> Files.readString(none));
        String said = "cannot read the bag: " + none + ": there is no such file or folder";
        assertEquals(said, Problem.because("cannot read the bag", old));
        assertEquals(said, Problem.because("cannot read the bag", other));
        assertEquals(
                "cannot read " + none + ": there is no such file or folder",
                Problem.because("cannot read " + none, old));
    }

    @Test
    void folderThatIsOpenedAsAFile_isCalledAFolder() {
        IOException e = assertThrows(IOException.class, () -> new RandomAccessFile(folder.toFile(), "r").close());
        assertEquals("it is a folder, not a file", Problem.why(e));
    }
}
