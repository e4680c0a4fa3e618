package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;

/**
 * The body of an HTTP response. An end before the stated length is an {@link IOException}, and so is silence. Releases
 * the host's connection at the end or when closed.
 */
final class HttpBodyStream extends LengthCheckedInputStream {

    /** OkHttp's message for a connection that closes early. */
    private static final String END_OF_STREAM = "unexpected end of stream";

    private final InFlightCalls.OpenCall call;
    private final InputStream bytes;
    private final String host;
    private final Duration inactivity;
    private final Redactor redactor;

    /**
     * @param length the expected number of bytes, -1 if unknown
     * @param redactor hides secrets that the host sends back
     */
    HttpBodyStream(
            InFlightCalls.OpenCall call,
            InputStream bytes,
            String host,
            long length,
            Duration inactivity,
            Redactor redactor) {
        super(length);
        this.call = call;
        this.bytes = bytes;
        this.host = host;
        this.inactivity = inactivity;
        this.redactor = redactor;
    }

    @Override
    int next(byte[] into, int offset, int most) throws IOException {
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(host);
        }
        int n;
        call.enter();
        try {
            n = bytes.read(into, offset, Math.max(1, limit(most)));
        } catch (IOException e) {
            throw broken(e);
        } catch (IllegalArgumentException | IllegalStateException e) {
            // OkHttp's own checks, failed by a malformed response.
            throw broken(new ProtocolException(e.getMessage()));
        } finally {
            call.leave();
        }
        if (n < 0 && length() >= 0 && !complete()) {
            throw new IOException(brokeOff(host));
        }
        count(Math.max(0, n));
        if (n < 0 || complete()) {
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
        // Reading the rest of an unwanted response could take long.
        if (!ended()) {
            call.call().cancel();
        }
        call.close();
    }

    private IOException broken(IOException e) {
        if (Thread.currentThread().isInterrupted() || call.closing()) {
            InterruptedIOException interrupted = interrupted(host);
            interrupted.initCause(redactor.redact(e));
            return interrupted;
        }
        if (e instanceof SocketTimeoutException) {
            return new IOException(silent(host, inactivity), redactor.redact(e));
        }
        if (e instanceof ProtocolException && !END_OF_STREAM.equals(e.getMessage())) {
            return new MalformedResponseException(
                    host + " sent a malformed response body after " + progress() + reason(e), redactor.redact(e));
        }
        return new IOException(brokeOff(host) + reason(e), redactor.redact(e));
    }

    private String reason(IOException e) {
        return e.getMessage() == null ? "" : " (" + redactor.redact(e.getMessage()) + ")";
    }
}
