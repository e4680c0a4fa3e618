package org.histods.digest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The SHA-1 sums of pieces of equal length of several files that are laid end to end, as a torrent states them (BEP 3).
 * A piece may cross the border of files. Immutable; one object stands for one torrent.
 */
public final class PieceHashes {

    private static final int SUM = 20;

    private final Checksum name;
    private final long length;
    private final long total;
    private final byte[] sums;
    private final List<Stretch> padding;

    /**
     * Some bytes of the whole.
     *
     * @param start of the first one
     * @param end behind the last one
     */
    public record Stretch(long start, long end) {}

    /**
     * Checks that there is one sum for each piece.
     *
     * @param name of all of it, such as a torrent's infohash
     * @param length of each piece but the last one, which may be shorter
     * @param total of all files with what is between them
     * @param sums of all pieces, one behind the other
     * @param padding stretches of zeros that are no file's
     * @throws IllegalArgumentException if there are more or fewer sums than pieces
     */
    public PieceHashes(Checksum name, long length, long total, byte[] sums, List<Stretch> padding) {
        if (length <= 0 || total < 0 || sums.length % SUM != 0 || (total + length - 1) / length != sums.length / SUM) {
            throw new IllegalArgumentException(
                    sums.length / SUM + " pieces of " + length + " bytes are not " + total + " bytes");
        }
        this.name = name;
        this.length = length;
        this.total = total;
        this.sums = sums.clone();
        this.padding = List.copyOf(padding);
    }

    public Checksum name() {
        return name;
    }

    /** How many pieces there are. */
    public int count() {
        return sums.length / SUM;
    }

    public List<Stretch> padding() {
        return padding;
    }

    /** Where that piece lies; the pieces are counted from 0. */
    public Stretch piece(int number) {
        return new Stretch(number * length, Math.min(total, (number + 1) * length));
    }

    /** The number of the piece that holds that byte. */
    public int at(long position) {
        return (int) (position / length);
    }

    /** Whether that is the SHA-1 of that piece. */
    public boolean equal(int number, byte[] sha1) {
        return Arrays.equals(sums, number * SUM, (number + 1) * SUM, sha1, 0, sha1.length);
    }

    /** The pieces that lie at least in part between the two positions. */
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
