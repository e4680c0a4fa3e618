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

/** Standard output that records write errors, which {@link java.io.PrintStream} swallows. */
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

    /** The first write error; empty if there was none, or if the reader closed the pipe ({@code histods list | head}). */
    public Optional<Problem> problem() {
        if (failure == null || pipeWasClosed(failure)) {
            return Optional.empty();
        }
        return Optional.of(new Problem(
                Problem.Kind.DISK,
                Problem.because("cannot write to standard output", failure),
                "the output is incomplete; free disk space or write to another place"));
    }

    /** The system's message may be in any language, so on Linux the kind of standard output decides too. */
    private static boolean pipeWasClosed(IOException e) {
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
