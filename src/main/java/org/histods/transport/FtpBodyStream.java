package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The bytes of one file or of a part of it, of which none may be missing. Gives its session back at their end; one that
 * was closed early is of no further use, since the server is still sending.
 */
final class FtpBodyStream extends LengthCheckedInputStream {

    private final FtpSession session;
    private final InputStream bytes;
    private final String host;
    private final boolean toTheEnd;
    private final BooleanSupplier closing;
    private final Consumer<Boolean> done;
    private boolean given;

    /**
     * Begins to count.
     *
     * @param length how many bytes are due, -1 if unknown
     * @param toTheEnd whether they are the file's last ones
     * @param closing whether the transport is being closed
     * @param done told once, whether the session can be used again
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
        int n = whole() ? -1 : await(into, offset, due(most));
        if (n < 0 && length() >= 0 && !whole()) {
            throw new IOException(brokeOff(host));
        }
        count(Math.max(0, n));
        // So that whoever reads as many bytes as are due, and no further, gives the session back too.
        if (n < 0 || whole()) {
            finish();
        }
        return n;
    }

    private int await(byte[] into, int offset, int due) throws IOException {
        Duration patience = session.patience().inactivity();
        long since = System.nanoTime();
        while (true) {
            if (Thread.currentThread().isInterrupted() || closing.getAsBoolean()) {
                throw interrupted(host);
            }
            try {
                return bytes.read(into, offset, due);
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() - since > patience.toNanos()) {
                    throw new IOException(silent(host, patience), e);
                }
            } catch (IOException e) {
                throw new IOException(brokeOff(host) + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")"), e);
            }
        }
    }

    private void finish() throws IOException {
        end();
        if (!toTheEnd) {
            give(false);
            return;
        }
        boolean whole = false;
        try {
            bytes.close();
            session.finish();
            whole = true;
        } finally {
            give(whole);
        }
    }

    private void give(boolean usable) {
        if (!given) {
            given = true;
            done.accept(usable);
        }
    }

    @Override
    public void close() {
        end();
        give(false);
    }
}
