package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * The bytes of one file or of a part of it from {@code ascp}, of which none may be missing and none too many. The
 * program has to end well, too; it is stopped when this is closed early.
 */
final class AscpBody extends InputStream {

    private final AscpRun run;
    private final long length;
    private final boolean toTheEnd;
    private final Runnable done;
    private long count;
    private boolean ended;

    /**
     * Begins to count.
     *
     * @param length how many bytes are due, -1 if unknown
     * @param toTheEnd whether they are the file's last ones
     * @param done told at the end, and when closed
     */
    AscpBody(AscpRun run, long length, boolean toTheEnd, Runnable done) {
        this.run = run;
        this.length = length;
        this.toTheEnd = toTheEnd;
        this.done = done;
    }

    /** Waits for the first byte; false if the program ended without one. */
    boolean begins() throws IOException {
        boolean begins = run.begins();
        if (!begins) {
            throwIfInterrupted();
        }
        return begins;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int most) throws IOException {
        if (most == 0) {
            return 0;
        }
        if (ended) {
            return -1;
        }
        try {
            return next(into, offset, most);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private int next(byte[] into, int offset, int most) throws IOException {
        throwIfInterrupted();
        if (count == length) {
            return end();
        }
        int due = length < 0 ? most : (int) Math.min(most, length - count);
        int n;
        try {
            n = run.read(into, offset, due);
        } catch (IOException e) {
            throwIfInterrupted();
            throw new IOException(e.getMessage() + " after " + progress(), e);
        }
        if (n >= 0) {
            count += n;
            return n;
        }
        throwIfInterrupted();
        if (length >= 0 || !run.well()) {
            throw new IOException(run.ending() + " after " + progress());
        }
        return end();
    }

    /** More than was due means that the part asked for is not the part that came. */
    private int end() throws IOException {
        if (toTheEnd && length >= 0) {
            if (run.read(new byte[1], 0, 1) > 0) {
                throw new IOException("ascp sent more than the " + length + " bytes that were due");
            }
            if (!run.well()) {
                throw new IOException(run.ending() + " after " + progress());
            }
        }
        close();
        return -1;
    }

    private void throwIfInterrupted() throws InterruptedIOException {
        if (run.interrupted()) {
            throw new InterruptedIOException("interrupted after " + progress());
        }
    }

    @Override
    public void close() {
        if (!ended) {
            ended = true;
            done.run();
        }
    }

    private String progress() {
        return count + (length < 0 ? " bytes of an unknown number" : " of " + length + " bytes");
    }
}
