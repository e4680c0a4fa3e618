package org.histods.transport;

import java.io.IOException;
import java.io.InterruptedIOException;

/**
 * The bytes of one file or of a part of it from {@code ascp}, exactly as many as expected. The program must also exit
 * with code 0; it is stopped when this is closed early.
 */
final class FaspBodyStream extends LengthCheckedInputStream {

    private final AscpRun run;
    private final boolean toTheEnd;
    private final Runnable done;

    /**
     * A body to be read.
     *
     * @param length the expected number of bytes, -1 if unknown
     * @param toTheEnd whether the last byte is the file's last
     * @param done called at the end or when closed
     */
    FaspBodyStream(AscpRun run, long length, boolean toTheEnd, Runnable done) {
        super(length);
        this.run = run;
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
    int next(byte[] into, int offset, int most) throws IOException {
        try {
            return bytes(into, offset, most);
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    private int bytes(byte[] into, int offset, int most) throws IOException {
        throwIfInterrupted();
        if (complete()) {
            return finish();
        }
        int n;
        try {
            n = run.read(into, offset, limit(most));
        } catch (IOException e) {
            throwIfInterrupted();
            throw new IOException(e.getMessage() + " after " + progress(), e);
        }
        if (n >= 0) {
            count(n);
            return n;
        }
        throwIfInterrupted();
        if (length() >= 0 || !run.succeeded()) {
            throw new IOException(run.ending() + " after " + progress());
        }
        return finish();
    }

    /** More bytes than expected mean that this is not the requested part. */
    private int finish() throws IOException {
        if (toTheEnd && length() >= 0) {
            if (run.read(new byte[1], 0, 1) > 0) {
                throw new IOException("ascp sent more than the " + length() + " expected bytes");
            }
            if (!run.succeeded()) {
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
        if (!ended()) {
            end();
            done.run();
        }
    }
}
