package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Objects;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;

/** Failures of a disk that a test cannot fill. */
final class ArchiveErrorsTest {

    private static final ArchiveErrors ERRORS = new ArchiveErrors("a.zip");
    private static final Path FILE = Path.of("staging", "a.png");

    private static void assertDisk(Problem problem, String word, String hint) {
        assertEquals(Problem.Kind.DISK, problem.kind());
        assertTrue(problem.message().contains("a.png") && problem.message().contains("a.zip"), problem.message());
        assertTrue(problem.message().contains(word), problem.message());
        assertTrue(Objects.requireNonNull(problem.hint()).contains(hint), problem.hint());
    }

    @Test
    void fullDisk_saysWhatToDo() {
        assertDisk(ERRORS.writing(FILE, new IOException("No space left on device")), "No space left", "free some");
        assertDisk(
                ERRORS.writing(FILE, new FileSystemException("x", null, "Disk quota exceeded")), "quota", "free some");
    }

    @Test
    void deniedPermission_saysWhatToDo() {
        assertDisk(ERRORS.writing(FILE, new AccessDeniedException("x")), "permission denied", "allow writing");
        assertDisk(
                ERRORS.writing(FILE, new FileSystemException("x", null, "Read-only file system")),
                "Read-only",
                "allow writing");
    }

    @Test
    void interruptWhileWriting_isNoFaultOfTheDisk() {
        assertEquals(
                Problem.Kind.INTERRUPTED,
                ERRORS.writing(FILE, new ClosedByInterruptException()).kind());
    }

    @Test
    void adviceOfALibraryToProgrammers_isNotShown() {
        Problem problem =
                ERRORS.reading(null, new IOException("archive seems to be invalid.\nYou may want to enable x"));
        assertEquals("a.zip is damaged: archive seems to be invalid.", problem.message());
    }
}
