package org.histods.unpack;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.histods.unpack.stream.BulkInputStream;

/**
 * A limited number of bytes from another stream; {@link EOFException} if that stream ends earlier. Closing it does
 * nothing.
 */
final class BoundedInputStream extends BulkInputStream {

    private final InputStream in;
    private long left;

    BoundedInputStream(InputStream in, long length) {
        this.in = in;
        left = length;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (left == 0) {
            return -1;
        }
        int count = in.read(target, offset, (int) Math.min(length, left));
        if (count < 0) {
            throw new EOFException();
        }
        left -= count;
        return count;
    }

    /** How many of the bytes are still to come. */
    long left() {
        return left;
    }

    void skipRest() throws IOException {
        in.skipNBytes(left);
        left = 0;
    }
}
