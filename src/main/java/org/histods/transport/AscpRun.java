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

/**
 * One run of {@code ascp}. Its pipe is looked at rather than waited for: a blocked read would notice neither that the
 * program is silent for too long, nor that its thread is interrupted, nor that the transport is closed.
 */
final class AscpRun {

    private static final long LOOK_MILLIS = 1;
    private static final int MOST_WORDS = 4000;
    private static final int MOST_LINES = 3;

    private final Process process;
    private final FaspFile file;
    private final Duration silence;
    private final BooleanSupplier closing;
    private final InputStream bytes;
    private final Thread listener;
    private final StringBuilder said = new StringBuilder();

    AscpRun(Process process, FaspFile file, RetryPolicy patience, BooleanSupplier closing) throws IOException {
        this.process = process;
        this.file = file;
        // Its sessions are known to stall for a minute and to go on by themselves.
        this.silence = patience.inactivity().multipliedBy(2);
        this.closing = closing;
        this.bytes = new BufferedInputStream(process.getInputStream(), 1 << 16);
        this.listener = new Thread(this::listen, "histods-ascp-words");
        process.getOutputStream().close();
        listener.setDaemon(true);
        listener.start();
    }

    /** Waits for the first byte; false if the program ended without one. */
    boolean begins() throws IOException {
        bytes.mark(1);
        boolean any = read(new byte[1], 0, 1) > 0;
        bytes.reset();
        return any;
    }

    /** As of a stream; -1 also where it ended badly, which {@link #well} tells. */
    int read(byte[] into, int offset, int most) throws IOException {
        long since = System.nanoTime();
        while (true) {
            boolean ended = !process.isAlive();
            int there = bytes.available();
            if (there > 0) {
                return bytes.read(into, offset, Math.min(most, there));
            }
            // Its children may hold the pipe open longer than it lives.
            if (ended || interrupted()) {
                return -1;
            }
            if (System.nanoTime() - since > silence.toNanos()) {
                throw new IOException("ascp sent nothing for " + RateLimitHeaders.inWords(silence));
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(LOOK_MILLIS));
        }
    }

    boolean interrupted() {
        return closing.getAsBoolean() || Thread.currentThread().isInterrupted();
    }

    /** Whether it ended by itself and well; waits a little for its end. */
    boolean well() {
        try {
            if (process.waitFor(silence.toMillis(), TimeUnit.MILLISECONDS)) {
                return process.exitValue() == 0;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** How it ended, in its own last words. */
    String ending() {
        String words = words();
        return "ascp " + how() + (words.isEmpty() ? "" : " (" + words + ")");
    }

    private String how() {
        if (well()) {
            return "ended without an error and without the file";
        }
        return process.isAlive() ? "did not end" : "ended with code " + process.exitValue();
    }

    /** Whether it was no program that this machine can run, by the codes that shells have for that. */
    boolean unfit() {
        return !process.isAlive() && (process.exitValue() == 126 || process.exitValue() == 127);
    }

    private String words() {
        try {
            listener.join(1000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String all;
        synchronized (said) {
            all = said.toString();
        }
        String[] lines =
                all.lines().map(String::strip).filter(line -> !line.isEmpty()).toArray(String[]::new);
        String last =
                String.join("; ", Arrays.asList(lines).subList(Math.max(0, lines.length - MOST_LINES), lines.length));
        return scrubbed(last.length() > 300 ? "…" + last.substring(last.length() - 300) : last);
    }

    /** Without what let us in, should the program repeat it. */
    String scrubbed(String text) {
        String safe = text.replace(file.token(), "…");
        return SecretPatterns.scrub(file.cookie().isEmpty() ? safe : safe.replace(file.cookie(), "…"));
    }

    private void listen() {
        byte[] buffer = new byte[1024];
        try (InputStream err = process.getErrorStream()) {
            for (int count = err.read(buffer); count >= 0; count = err.read(buffer)) {
                synchronized (said) {
                    said.append(
                            new String(buffer, 0, count, StandardCharsets.UTF_8).replaceAll("[^\\P{Cntrl}\n]", " "));
                    if (said.length() > MOST_WORDS) {
                        said.delete(0, said.length() - MOST_WORDS);
                    }
                }
            }
        } catch (IOException e) {
            // It was killed; what it said so far is enough.
            return;
        }
    }

    void kill() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
