package org.histods.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.histods.unpack.stream.BulkInputStream;

/** Passes on what follows the end of a tar, from the start of a block, and looks for the header of another one. */
final class TrailingTarDetector extends BulkInputStream {

    private static final byte[] MAGIC = "ustar".getBytes(StandardCharsets.US_ASCII);
    private static final int MAGIC_AT = 257;
    private static final int BLOCK = 512;

    private final InputStream in;
    private int inBlock;
    private boolean matches;
    private boolean found;

    TrailingTarDetector(InputStream in) {
        this.in = in;
    }

    boolean found() {
        return found;
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
            matches = (at == 0 || matches) && b == MAGIC[at];
            found |= matches && at == MAGIC.length - 1;
        }
        inBlock = (inBlock + 1) % BLOCK;
    }
}
