package org.histods.unpack.stream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/** Unpacks compressed streams one after another, by a decoder that reads exactly one. */
final class ConcatenatedInputStream extends BulkInputStream {

    /** Opens a decoder of one stream, which reads no byte behind it. */
    interface Decoder {
        InputStream open(InputStream packed) throws IOException;
    }

    private final BufferedInputStream packed;
    private final Decoder decoder;
    private final StreamEnd end;
    private @Nullable InputStream current;

    ConcatenatedInputStream(Codec codec, InputStream packed, Decoder decoder) throws IOException {
        this.packed = new BufferedInputStream(packed, Codec.BUFFER);
        this.decoder = decoder;
        end = new StreamEnd(codec, this.packed);
        current = decoder.open(this.packed);
    }

    /** See {@link DecodedStream#trailing}. */
    boolean trailing() {
        return end.trailing();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (current != null) {
            int count = current.read(target, offset, length);
            if (count >= 0) {
                return count;
            }
            current = end.another() ? decoder.open(packed) : null;
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        packed.close();
    }
}
