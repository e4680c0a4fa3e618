package org.histods.testing;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Makes small TIFF files: pages of 2 × 2 tiles of 16 × 16 pixels, each page's tiles before its directory, as in slides. */
public final class TiffFile {

    private static final int TILE = 256;

    private TiffFile() {}

    /** A file with that many pages. */
    public static byte[] of(int pages, boolean big, ByteOrder order) {
        ByteBuffer out = ByteBuffer.allocate(1 << 16).order(order);
        out.put((order == ByteOrder.LITTLE_ENDIAN ? "II" : "MM").getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        out.putShort((short) (big ? 43 : 42));
        if (big) {
            out.putShort((short) 8).putShort((short) 0);
        }
        int link = out.position();
        offset(out, big, 0);
        for (int page = 0; page < pages; page++) {
            int tiles = out.position();
            out.position(tiles + 4 * TILE);
            int offsets = out.position();
            for (int i = 0; i < 4; i++) {
                out.putInt(tiles + i * TILE);
            }
            int sizes = out.position();
            for (int i = 0; i < 4; i++) {
                out.putInt(TILE);
            }
            int directory = out.position();
            out.position(link);
            offset(out, big, directory);
            out.position(directory);
            if (big) {
                out.putLong(6);
            } else {
                out.putShort((short) 6);
            }
            entry(out, big, 256, 1, 32);
            entry(out, big, 257, 1, 32);
            entry(out, big, 322, 1, 16);
            entry(out, big, 323, 1, 16);
            entry(out, big, 324, 4, offsets);
            entry(out, big, 325, 4, sizes);
            link = out.position();
            offset(out, big, 0);
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    private static void offset(ByteBuffer out, boolean big, long value) {
        if (big) {
            out.putLong(value);
        } else {
            out.putInt((int) value);
        }
    }

    private static void entry(ByteBuffer out, boolean big, int tag, int count, int value) {
        out.putShort((short) tag).putShort((short) 4);
        offset(out, big, count);
        if (count > 1) {
            offset(out, big, value);
            return;
        }
        out.putInt(value);
        if (big) {
            out.putInt(0);
        }
    }
}
