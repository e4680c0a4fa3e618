package org.histods.transport;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.histods.text.Durations;

/**
 * One run of {@code ascp}. Polls its output: a blocked read would notice neither a silent program, nor an interrupt, nor
 * that the transport is closed.
 */
final class AscpRun {

    private static final long POLL_MILLIS = 1;
    private static final int MAX_STDERR = 4000;
    private static final int MAX_LINES = 3;

    private final Process process;
    private final FaspFile file;
    private final Duration inactivity;
    private final BooleanSupplier closing;
    private final InputStream bytes;
    private final Thread stderrReader;
    private final StringBuilder stderr = new StringBuilder();

    AscpRun(Process process, FaspFile file, RetryPolicy retryPolicy, BooleanSupplier closing) throws IOException {
        this.process = process;
        this.file = file;
        // Sessions are known to stall for a minute and to continue by themselves.
        this.inactivity = retryPolicy.inactivity().multipliedBy(2);
        this.closing = closing;
        this.bytes = new BufferedInputStream(process.getInputStream(), 1 << 16);
        this.stderrReader = new Thread(this::readStderr, "histods-ascp-stderr");
        process.getOutputStream().close();
        stderrReader.setDaemon(true);
        stderrReader.start();
    }

    /** Waits for the first byte; false if the program ended without one. */
    boolean begins() throws IOException {
        bytes.mark(1);
        boolean any = read(new byte[1], 0, 1) > 0;
        bytes.reset();
        return any;
    }

    /** As {@link InputStream#read(byte[], int, int)}; -1 also if the program failed, see {@link #succeeded}. */
    int read(byte[] into, int offset, int most) throws IOException {
        long since = System.nanoTime();
        while (true) {
            boolean ended = !process.isAlive();
            int there = bytes.available();
            if (there > 0) {
                return bytes.read(into, offset, Math.min(most, there));
            }
            // Its children may keep the pipe open after it ended.
            if (ended || interrupted()) {
                return -1;
            }
            if (System.nanoTime() - since > inactivity.toNanos()) {
                throw new IOException("ascp sent nothing for " + Durations.roundedUp(inactivity));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(POLL_MILLIS));
        }
    }

    boolean interrupted() {
        return closing.getAsBoolean() || Thread.currentThread().isInterrupted();
    }

    /** Whether it exited with code 0; waits a little for its end. */
    boolean succeeded() {
        try {
            if (process.waitFor(inactivity.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue() == 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** How it ended, with the last lines of its error output. */
    String ending() {
        String lines = lastLines();
        return "ascp " + exit() + (lines.isEmpty() ? "" : " (" + lines + ")");
    }

    private String exit() {
        if (succeeded()) {
            return "exited with code 0 but without the file";
        }
        return process.isAlive() ? "did not exit" : "exited with code " + process.exitValue();
    }

    /** Whether this machine cannot run the program, by the exit codes that shells use for that. */
    boolean notExecutable() {
        return !process.isAlive() && (process.exitValue() == 126 || process.exitValue() == 127);
    }

    private String lastLines() {
        try {
            stderrReader.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String all;
        synchronized (stderr) {
            all = stderr.toString();
        }
        String[] lines =
                all.lines().map(String::strip).filter(line -> !line.isEmpty()).toArray(String[]::new);
        String last =
                String.join("; ", Arrays.asList(lines).subList(Math.max(0, lines.length - MAX_LINES), lines.length));
        return redacted(last.length() > 300 ? "…" + last.substring(last.length() - 300) : last);
    }

    /** The text without the token and the cookie. */
    String redacted(String text) {
        String safe = text.replace(file.token(), "…");
        return SecretPatterns.redact(file.cookie().isEmpty() ? safe : safe.replace(file.cookie(), "…"));
    }

    private void readStderr() {
        byte[] buffer = new byte[1024];
        try (InputStream err = process.getErrorStream()) {
            for (int count = err.read(buffer); count >= 0; count = err.read(buffer)) {
                synchronized (stderr) {
                    stderr.append(
                            new String(buffer, 0, count, StandardCharsets.UTF_8).replaceAll("[^\\P{Cntrl}\n]", " "));
                    if (stderr.length() > MAX_STDERR) {
                        stderr.delete(0, stderr.length() - MAX_STDERR);
                    }
                }
            }
        } catch (IOException e) {
            // It was killed; the output so far is enough.
            return;
        }
    }

    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
