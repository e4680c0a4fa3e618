package org.histods.unpack;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.histods.unpack.stream.BulkInputStream;

/** The content of a sparse file: its stored pieces, with zeros for the holes between them. */
final class SparseInputStream extends BulkInputStream {

    private final InputStream stored;
    private final long[] map;
    private final long size;
    private int piece;
    private long position;

    /**
     * A stream of {@code size} bytes.
     *
     * @param stored the pieces one after another, which throws if they are cut off
     * @param map offset and length of each piece
     * @throws IOException if the pieces overlap, are not in order, or are not what is stored
     */
    SparseInputStream(InputStream stored, long[] map, long size, long storedBytes) throws IOException {
        long end = 0;
        long sum = 0;
        for (int i = 0; i < map.length; i += 2) {
            if (map[i] < end || map[i + 1] < 0 || map[i] > size - map[i + 1]) {
                throw new IOException("the map of a sparse file does not fit its size");
            }
            end = map[i] + map[i + 1];
            sum += map[i + 1];
        }
        if (sum != storedBytes) {
            throw new IOException("the map of a sparse file does not fit its stored content");
        }
        this.stored = stored;
        this.map = map;
        this.size = size;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (piece < map.length && position == map[piece] + map[piece + 1]) {
            piece += 2;
        }
        if (position == size) {
            return -1;
        }
        long next = piece < map.length ? map[piece] : size;
        int count;
        if (position < next) {
            count = (int) Math.min(length, next - position);
            Arrays.fill(target, offset, offset + count, (byte) 0);
        } else {
            count = stored.read(target, offset, (int) Math.min(length, next + map[piece + 1] - position));
        }
        position += count;
        return count;
    }
}
