package org.histods.unpack;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Passes on what follows the end of a tar, from the start of a block, and looks for the header of another one. */
final class TrailingTarDetector extends FilterInputStream {

    private static final byte[] MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);
    private static final int MAGIC_AT = 257;
    private static final int BLOCK = 512;

    private int inBlock;
    private int matched;
    private boolean found;

    TrailingTarDetector(InputStream in) {
        super(in);
    }

    boolean found() {
        return found;
    }

    @Override
    public int read() throws IOException {
        int b = in.read();
        if (b >= 0) {
            look((byte) b);
        }
        return b;
    }

    @Override
    public int read(byte[] buffer, int from, int length) throws IOException {
        int count = in.read(buffer, from, length);
        for (int i = 0; i < count && !found; i++) {
            look(buffer[from + i]);
        }
        return count;
    }

    private void look(byte b) {
        int at = inBlock - MAGIC_AT;
        if (at >= 0 && at < MAGIC.length) {
            matched = b == MAGIC[at] ? matched + 1 : 0;
            found |= at == MAGIC.length - 1 && matched == MAGIC.length;
        }
        inBlock = (inBlock + 1) % BLOCK;
        if (inBlock == 0) {
            matched = 0;
        }
    }
}
