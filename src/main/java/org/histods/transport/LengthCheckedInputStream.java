package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;

/** The bytes of an answer, counted, so that none can be missing at the end unnoticed. For one thread. */
abstract class LengthCheckedInputStream extends InputStream {

    private final long length;
    private long count;
    private boolean ended;

    /** @param length how many bytes are due, -1 if unknown */
    LengthCheckedInputStream(long length) {
        this.length = length;
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        int n = read(one, 0, 1);
        return n < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public final int read(byte[] into, int offset, int most) throws IOException {
        // The streams below would block even when asked for nothing.
        if (most == 0) {
            return 0;
        }
        return ended ? -1 : next(into, offset, most);
    }

    /** As of a stream, for at least one byte, and not behind the end. */
    abstract int next(byte[] into, int offset, int most) throws IOException;

    /** How many bytes may be taken where {@code most} are asked for. */
    final int due(int most) {
        return length < 0 ? most : (int) Math.min(most, length - count);
    }

    final void count(int bytes) {
        count += bytes;
    }

    /** Nothing comes any more. */
    final void end() {
        ended = true;
    }

    final boolean ended() {
        return ended;
    }

    /** How many bytes are due, -1 if unknown. */
    final long length() {
        return length;
    }

    /** Whether all bytes came that are due; false while their number is unknown. */
    final boolean whole() {
        return count == length;
    }

    final String progress() {
        return count + (length < 0 ? " bytes of an unknown number" : " of " + length + " bytes");
    }

    final String brokeOff(String host) {
        return "the transfer from " + host + " broke off at " + progress();
    }

    final String silent(String host, Duration inactivity) {
        return host + " sent nothing for " + RateLimitHeaders.inWords(inactivity) + " after " + progress();
    }

    final InterruptedIOException interrupted(String host) {
        return new InterruptedIOException("interrupted after " + progress() + " from " + host);
    }
}
