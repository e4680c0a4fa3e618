package org.histods.cli.shell;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Standard output, which remembers that it could not be written: who prints to it never hears of that. */
public final class CheckedStdout extends OutputStream {

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private @Nullable IOException failure;

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException e) {
            failure = failure == null ? e : failure;
            throw e;
        }
    }

    /** What was lost. A reader that went away (`histods list | head`) is no failure: it wanted no more. */
    public Optional<Problem> lost() {
        if (failure == null || readerWentAway(failure)) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                Problem.Kind.DISK,
                Problem.because("cannot write standard output", failure),
                "what was printed is not whole; free some space, or send it elsewhere"));
    }

    /** The system's words for it may be in any language, so that it counts too whether there was a reader at all. */
    private static boolean readerWentAway(IOException e) {
        if (String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT).contains("broken pipe")) {
            return true;
        }
        try {
            return Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString().matches("(pipe|socket):.*");
        } catch (IOException notLinux) {
            return false;
        }
    }
}
