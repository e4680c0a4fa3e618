package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The bytes of one file or of a part of it over FTP. Returns its session at the end; a session whose body was closed
 * early cannot be used again, since the server is still sending.
 */
final class FtpBodyStream extends LengthCheckedInputStream {

    private final FtpSession session;
    private final InputStream bytes;
    private final String host;
    private final boolean toTheEnd;
    private final BooleanSupplier closing;
    private final Consumer<Boolean> done;
    private boolean returned;

    /**
     * A body to be read.
     *
     * @param length the expected number of bytes, -1 if unknown
     * @param toTheEnd whether the last byte is the file's last
     * @param closing whether the transport is being closed
     * @param done receives once whether the session can be used again
     */
    FtpBodyStream(
            FtpSession session,
            InputStream bytes,
            String host,
            long length,
            boolean toTheEnd,
            BooleanSupplier closing,
            Consumer<Boolean> done) {
        super(length);
        this.session = session;
        this.bytes = bytes;
        this.host = host;
        this.toTheEnd = toTheEnd;
        this.closing = closing;
        this.done = done;
    }

    @Override
    int next(byte[] into, int offset, int most) throws IOException {
        int n = complete() ? -1 : await(into, offset, limit(most));
        if (n < 0 && length() >= 0 && !complete()) {
            throw new IOException(brokeOff(host));
        }
        count(Math.max(0, n));
        // A caller that reads exactly the expected bytes returns the session, too.
        if (n < 0 || complete()) {
            finish();
        }
        return n;
    }

    private int await(byte[] into, int offset, int due) throws IOException {
        Duration inactivity = session.retryPolicy().inactivity();
        long since = System.nanoTime();
        while (true) {
            if (Thread.currentThread().isInterrupted() || closing.getAsBoolean()) {
                throw interrupted(host);
            }
            try {
                return bytes.read(into, offset, due);
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() - since > inactivity.toNanos()) {
                    throw new IOException(silent(host, inactivity), e);
                }
            } catch (IOException e) {
                throw new IOException(brokeOff(host) + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")"), e);
            }
        }
    }

    private void finish() throws IOException {
        end();
        if (!toTheEnd) {
            returnSession(false);
            return;
        }
        boolean whole = false;
        try {
            bytes.close();
            session.finish();
            whole = true;
        } finally {
            returnSession(whole);
        }
    }

    private void returnSession(boolean usable) {
        if (!returned) {
            returned = true;
            done.accept(usable);
        }
    }

    @Override
    public void close() {
        end();
        returnSession(false);
    }
}
