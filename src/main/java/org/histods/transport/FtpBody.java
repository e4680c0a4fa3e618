package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The bytes of one file or of a part of it, of which none may be missing. Gives its session back at their end; one that
 * was closed early is of no further use, since the server is still sending.
 */
final class FtpBody extends InputStream {

    private final FtpSession session;
    private final InputStream bytes;
    private final String host;
    private final long length;
    private final boolean toTheEnd;
    private final BooleanSupplier closing;
    private final Consumer<Boolean> done;
    private long count;
    private boolean ended;
    private boolean given;

    /**
     * Begins to count.
     *
     * @param length how many bytes are due, -1 if unknown
     * @param toTheEnd whether they are the file's last ones
     * @param closing whether the transport is being closed
     * @param done told once, whether the session can be used again
     */
    FtpBody(
            FtpSession session,
            InputStream bytes,
            String host,
            long length,
            boolean toTheEnd,
            BooleanSupplier closing,
            Consumer<Boolean> done) {
        this.session = session;
        this.bytes = bytes;
        this.host = host;
        this.length = length;
        this.toTheEnd = toTheEnd;
        this.closing = closing;
        this.done = done;
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
        if (length >= 0 && count == length) {
            return end();
        }
        int due = length < 0 ? most : (int) Math.min(most, length - count);
        int n = await(into, offset, due);
        if (n < 0) {
            if (length >= 0 && count < length) {
                throw new IOException(brokeOff());
            }
            return end();
        }
        count += n;
        // So that whoever reads as many bytes as are due, and no further, gives the session back too.
        if (count == length) {
            end();
        }
        return n;
    }

    private int await(byte[] into, int offset, int due) throws IOException {
        long patience = session.patience().inactivity().toNanos();
        long since = System.nanoTime();
        while (true) {
            if (Thread.currentThread().isInterrupted() || closing.getAsBoolean()) {
                throw new InterruptedIOException("interrupted after " + progress() + " from " + host);
            }
            try {
                return bytes.read(into, offset, due);
            } catch (SocketTimeoutException e) {
                if (System.nanoTime() - since > patience) {
                    throw new IOException(
                            host + " sent nothing for "
                                    + HostWishes.inWords(session.patience().inactivity()) + " after " + progress(),
                            e);
                }
            } catch (IOException e) {
                throw new IOException(brokeOff() + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")"), e);
            }
        }
    }

    private int end() throws IOException {
        ended = true;
        if (!toTheEnd) {
            give(false);
            return -1;
        }
        boolean whole = false;
        try {
            bytes.close();
            session.finish();
            whole = true;
        } finally {
            give(whole);
        }
        return -1;
    }

    private void give(boolean usable) {
        if (!given) {
            given = true;
            done.accept(usable);
        }
    }

    @Override
    public void close() {
        ended = true;
        give(false);
    }

    private String brokeOff() {
        return "the transfer from " + host + " broke off at " + progress();
    }

    private String progress() {
        return count + (length < 0 ? " bytes of an unknown number" : " of " + length + " bytes");
    }
}
