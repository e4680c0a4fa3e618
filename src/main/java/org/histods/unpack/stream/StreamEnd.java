package org.histods.unpack.stream;

import java.io.BufferedInputStream;
import java.io.IOException;

/** What follows a complete compressed stream: another one, zeros and nothing, or bytes that do not belong to it. */
final class StreamEnd {

    private final Codec codec;
    private final BufferedInputStream in;
    private boolean trailing;

    StreamEnd(Codec codec, BufferedInputStream in) {
        this.codec = codec;
        this.in = in;
    }

    /** Skips zeros, and tells whether another stream begins there. */
    boolean another() throws IOException {
        int first;
        do {
            in.mark(MagicBytes.SHORT);
            first = in.read();
        } while (first == 0);
        in.reset();
        byte[] magic = in.readNBytes(MagicBytes.SHORT);
        in.reset();
        boolean another = codec.begins(magic);
        trailing = !another && magic.length > 0;
        return another;
    }

    boolean trailing() {
        return trailing;
    }
}
