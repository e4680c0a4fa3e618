package org.histods.digest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The SHA-1 hashes of pieces of equal length of several concatenated files, as in a torrent (BEP 3). A piece may cross a
 * boundary between files. Immutable; compared by identity, one object per torrent.
 */
public final class PieceHashes {

    private static final int HASH_BYTES = 20;

    private final Checksum name;
    private final long length;
    private final long total;
    private final byte[] hashes;
    private final List<Range> padding;

    /**
     * A range of the concatenated bytes.
     *
     * @param start offset of the first byte
     * @param end offset after the last byte
     */
    public record Range(long start, long end) {}

    /**
     * Checks that there is one hash for each piece.
     *
     * @param name of all of it, such as a torrent's infohash
     * @param length of each piece but the last one, which may be shorter
     * @param total of all files and the padding between them
     * @param hashes of all pieces, concatenated
     * @param padding ranges of zeros that belong to no file
     * @throws IllegalArgumentException if there are more or fewer hashes than pieces
     */
    public PieceHashes(Checksum name, long length, long total, byte[] hashes, List<Range> padding) {
        if (length <= 0
                || total < 0
                || hashes.length % HASH_BYTES != 0
                || (total + length - 1) / length != hashes.length / HASH_BYTES) {
            throw new IllegalArgumentException(
                    hashes.length / HASH_BYTES + " pieces of " + length + " bytes are not " + total + " bytes");
        }
        this.name = name;
        this.length = length;
        this.total = total;
        this.hashes = hashes.clone();
        this.padding = List.copyOf(padding);
    }

    public Checksum name() {
        return name;
    }

    /** How many bytes all files have, with the padding between them. */
    long total() {
        return total;
    }

    /** How many pieces there are. */
    public int count() {
        return hashes.length / HASH_BYTES;
    }

    public List<Range> padding() {
        return padding;
    }

    /** The range of that piece, counted from 0. */
    public Range piece(int number) {
        return new Range(number * length, Math.min(total, (number + 1) * length));
    }

    /** The number of the piece that holds that byte. */
    public int at(long position) {
        return (int) (position / length);
    }

    /** Whether that is the SHA-1 of that piece. */
    public boolean equal(int number, byte[] sha1) {
        return Arrays.equals(hashes, number * HASH_BYTES, (number + 1) * HASH_BYTES, sha1, 0, sha1.length);
    }

    /** The pieces that overlap the range between the two offsets. */
    public List<Integer> across(long start, long end) {
        List<Integer> numbers = new ArrayList<>();
        for (long position = start;
                position < end;
                position = piece(at(position)).end()) {
            numbers.add(at(position));
        }
        return numbers;
    }
}
