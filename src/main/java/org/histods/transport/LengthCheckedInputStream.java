package org.histods.transport;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import org.histods.text.Durations;

/** The body of a response, which counts its bytes, so that an early end is noticed. For one thread. */
abstract class LengthCheckedInputStream extends InputStream {

    private final long length;
    private long count;
    private boolean ended;

    /** @param length the expected number of bytes, -1 if unknown */
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
        // The underlying streams block even for zero bytes.
        if (most == 0) {
            return 0;
        }
        return ended ? -1 : next(into, offset, most);
    }

    /** As {@link InputStream#read(byte[], int, int)}, for at least one byte and not after the end. */
    abstract int next(byte[] into, int offset, int most) throws IOException;

    /** How many of {@code most} bytes may still be read. */
    final int limit(int most) {
        return length < 0 ? most : (int) Math.min(most, length - count);
    }

    final void count(int bytes) {
        count += bytes;
    }

    /** Marks the end of the body. */
    final void end() {
        ended = true;
    }

    final boolean ended() {
        return ended;
    }

    /** The expected number of bytes, -1 if unknown. */
    final long length() {
        return length;
    }

    /** Whether all expected bytes were read; false if their number is unknown. */
    final boolean complete() {
        return count == length;
    }

    final String progress() {
        return count + (length < 0 ? " bytes, total unknown" : " of " + length + " bytes");
    }

    final String brokeOff(String host) {
        return "the transfer from " + host + " broke off at " + progress();
    }

    final String silent(String host, Duration inactivity) {
        return host + " sent nothing for " + Durations.roundedUp(inactivity) + " after " + progress();
    }

    final InterruptedIOException interrupted(String host) {
        return new InterruptedIOException("interrupted after " + progress() + " from " + host);
    }
}
