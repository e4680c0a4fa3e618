package org.histods.mirror;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Copies large files as reflinks, which share their blocks with the original. Uses {@code cp} of GNU coreutils, because
 * Java 17 has no call for it. If that fails once, it is not tried again between the same two disks.
 */
final class Reflinks {

    /** The smallest file, in bytes, for which a reflink is made: copying a smaller one takes less time than starting a program. */
    static final long SMALLEST = 1 << 20;

    /** Time limit. A reflink takes milliseconds even for many gigabytes, but may take longer on a network disk. */
    private static final long MOST_MINUTES = 10;

    private final String program;
    private final Set<List<Object>> without = ConcurrentHashMap.newKeySet();

    /** @param program the name or path of {@code cp} */
    Reflinks(String program) {
        this.program = program;
    }

    /**
     * Makes a reflink of a file, if it is large enough to be worth it.
     *
     * @param to a name that does not exist
     * @return whether it was made; if not, {@code to} does not exist
     */
    boolean copy(Path from, Path to) throws IOException {
        if (Files.size(from) < SMALLEST || Files.exists(to, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        List<Object> disks = List.of(disk(from), disk(to.toAbsolutePath().resolveSibling("")));
        if (without.contains(disks)) {
            return false;
        }
        boolean done = false;
        try {
            done = run(List.of(program, "--reflink=always", "--", from.toString(), to.toString()));
        } finally {
            if (!done) {
                without.add(disks);
                Files.deleteIfExists(to);
            }
        }
        return done;
    }

    /** The number of the file system that holds a path. */
    private static Object disk(Path path) throws IOException {
        try {
            return String.valueOf(Files.getAttribute(path, "unix:dev"));
        } catch (UnsupportedOperationException e) {
            return "";
        }
    }

    private static boolean run(List<String> command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException noSuchProgram) {
            return false;
        }
        try {
            process.getOutputStream().close();
            return process.waitFor(MOST_MINUTES, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClosedByInterruptException();
        } finally {
            process.destroyForcibly();
        }
    }
}
