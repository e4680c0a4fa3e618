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
final class HttpBodyStream extends LengthCheckedInputStream {

    private final InFlightCalls.OpenCall call;
    private final InputStream bytes;
    private final String host;
    private final Duration inactivity;
    private final Redactor veil;

    /**
     * @param length how many bytes are due, -1 if unknown
     * @param veil hides secrets that the host sends back
     */
    HttpBodyStream(
            InFlightCalls.OpenCall call,
            InputStream bytes,
            String host,
            long length,
            Duration inactivity,
            Redactor veil) {
        super(length);
        this.call = call;
        this.bytes = bytes;
        this.host = host;
        this.inactivity = inactivity;
        this.veil = veil;
    }

    @Override
    int next(byte[] into, int offset, int most) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(host);
        }
        int n;
        call.enter();
        try {
            n = bytes.read(into, offset, Math.max(1, due(most)));
        } catch (IOException e) {
            throw broken(e);
        } finally {
            call.leave();
        }
        if (n < 0 && length() >= 0 && !whole()) {
            throw new IOException(brokeOff(host));
        }
        count(Math.max(0, n));
        if (n < 0 || whole()) {
            end();
            call.close();
        }
        return n;
    }

    @Override
    public int available() throws IOException {
        return ended() ? 0 : bytes.available();
    }

    @Override
    public void close() {
        // Whoever closes early does not want the rest, which could take long to come.
        if (!ended()) {
            call.call().cancel();
        }
        call.close();
    }

    private IOException broken(IOException e) {
        if (Thread.currentThread().isInterrupted() || call.closing()) {
            InterruptedIOException interrupted = interrupted(host);
            interrupted.initCause(veil.over(e));
            return interrupted;
        }
        if (e instanceof SocketTimeoutException) {
            return new IOException(silent(host, inactivity), veil.over(e));
        }
        return new IOException(brokeOff(host) + reason(e), veil.over(e));
    }

    private String reason(IOException e) {
        return e.getMessage() == null ? "" : " (" + veil.over(e.getMessage()) + ")";
    }
}
