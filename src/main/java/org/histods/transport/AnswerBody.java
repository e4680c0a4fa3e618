package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The bytes of an answer, of which none may be missing: an end before the stated length is an {@link IOException}, and
 * so is silence. Gives the host's connection back at the end of the bytes or when closed.
 */
final class AnswerBody extends InputStream {

    private final OpenCalls.OpenCall call;
    private final InputStream bytes;
    private final String host;
    private final long length;
    private final Duration inactivity;
    private final Veil veil;
    private long count;
    private boolean ended;

    /**
     * @param length how many bytes are due, -1 if unknown
     * @param veil hides secrets that the host sends back
     */
    AnswerBody(OpenCalls.OpenCall call, InputStream bytes, String host, long length, Duration inactivity, Veil veil) {
        this.call = call;
        this.bytes = bytes;
        this.host = host;
        this.length = length;
        this.inactivity = inactivity;
        this.veil = veil;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int most) throws IOException {
        // The streams below would block even when asked for nothing.
        if (most == 0) {
            return 0;
        }
        if (ended) {
            return -1;
        }
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted();
        }
        int due = length < 0 ? most : (int) Math.min(most, Math.max(1, length - count));
        int n;
        call.enter();
        try {
            n = bytes.read(into, offset, due);
        } catch (IOException e) {
            throw broken(e);
        } finally {
            call.leave();
        }
        if (n >= 0) {
            count += n;
            if (count == length) {
                end();
            }
            return n;
        }
        if (length >= 0 && count < length) {
            throw new IOException(brokeOff());
        }
        end();
        return -1;
    }

    private void end() {
        ended = true;
        call.close();
    }

    @Override
    public int available() throws IOException {
        return ended ? 0 : bytes.available();
    }

    @Override
    public void close() {
        // Whoever closes early does not want the rest, which could take long to come.
        if (!ended) {
            call.call().cancel();
        }
        call.close();
    }

    private IOException broken(IOException e) {
        if (Thread.currentThread().isInterrupted() || call.closing()) {
            InterruptedIOException interrupted = interrupted();
            interrupted.initCause(veil.over(e));
            return interrupted;
        }
        if (e instanceof SocketTimeoutException) {
            return new IOException(
                    host + " sent nothing for " + HostWishes.inWords(inactivity) + " after " + progress(),
                    veil.over(e));
        }
        return new IOException(brokeOff() + reason(e), veil.over(e));
    }

    private InterruptedIOException interrupted() {
        return new InterruptedIOException("interrupted after " + progress() + " from " + host);
    }

    private String brokeOff() {
        return "the transfer from " + host + " broke off at " + progress();
    }

    private String progress() {
        return count + (length < 0 ? " bytes of an unknown number" : " of " + length + " bytes");
    }

    private String reason(IOException e) {
        return e.getMessage() == null ? "" : " (" + veil.over(e.getMessage()) + ")";
    }
}
