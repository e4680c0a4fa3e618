package org.histods.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reflinks, with a stand-in for {@code cp} where the result would depend on the disk of the test. */
final class ReflinksTest {

    @TempDir
    Path temp;

    private Path large() throws IOException {
        return Files.write(temp.resolve("large"), new byte[(int) Reflinks.SMALLEST]);
    }

    /** A program that writes down each call and then does what the script says. */
    private Reflinks program(String script) throws IOException {
        Path file = temp.resolve("cp");
        Files.writeString(file, "#!/bin/sh\necho \"$@\" >> " + temp.resolve("calls") + "\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
        return new Reflinks(file.toString());
    }

    private List<String> calls() throws IOException {
        Path calls = temp.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    @Test
    void largeFileWhereTheProgramSucceeds_isCopiedByIt() throws Exception {
        Path to = temp.resolve("to");
        assertTrue(program("cat \"$3\" > \"$4\"").copy(large(), to));
        assertEquals(List.of("--reflink=always -- " + temp.resolve("large") + " " + to), calls());
        assertArrayEquals(Files.readAllBytes(large()), Files.readAllBytes(to));
    }

    @Test
    void failure_leavesNothing_andIsNotTriedAgainOnThatDisk() throws Exception {
        Reflinks reflinks = program(": > \"$4\"; exit 1");
        Path to = temp.resolve("to");
        assertFalse(reflinks.copy(large(), to));
        assertFalse(Files.exists(to));
        assertFalse(reflinks.copy(large(), temp.resolve("other")));
        assertEquals(1, calls().size());
    }

    @Test
    void missingProgram_smallFileOrExistingName_isNoReflink() throws Exception {
        assertFalse(new Reflinks(temp.resolve("none").toString()).copy(large(), temp.resolve("to")));
        Reflinks reflinks = program("exit 0");
        Path small = Files.writeString(temp.resolve("small"), "a");
        assertFalse(reflinks.copy(small, temp.resolve("to")));
        assertFalse(reflinks.copy(large(), small));
        assertEquals("a", Files.readString(small));
        assertEquals(List.of(), calls());
    }

    /** The program of this machine, on whatever disk the test has. */
    @Test
    void copyOfAFile_isTheSame() throws Exception {
        Path to = temp.resolve("to");
        new FileOperations().copy(large(), to);
        assertArrayEquals(Files.readAllBytes(large()), Files.readAllBytes(to));
        assertEquals(Files.getPosixFilePermissions(large()), Files.getPosixFilePermissions(to));
    }
}
