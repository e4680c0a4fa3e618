package org.histods.digest;

import java.security.MessageDigest;

/** Compares the {@link PieceHashes} that are wholly inside one file, as its bytes are read in order. For one thread. */
public final class PieceHasher {

    private final PieceHashes pieces;
    private final MessageDigest sha1 = Hasher.digest("SHA-1");
    private final long start;
    private long position;
    private long compared;
    private int wrong = -1;

    /** @param start where the file begins among the pieces */
    public PieceHasher(PieceHashes pieces, long start) {
        this.pieces = pieces;
        this.start = start;
        this.position = start;
    }

    public void update(byte[] buffer, int offset, int count) {
        int from = offset;
        int left = count;
        while (left > 0 && position < pieces.total()) {
            int number = pieces.at(position);
            PieceHashes.Range piece = pieces.piece(number);
            int step = (int) Math.min(left, piece.end() - position);
            boolean whole = piece.start() >= start;
            if (whole) {
                sha1.update(buffer, from, step);
            }
            position += step;
            from += step;
            left -= step;
            if (whole && position == piece.end()) {
                compare(number, piece);
            }
        }
        // Bytes after the last piece are compared with nothing.
        position += left;
    }

    private void compare(int number, PieceHashes.Range piece) {
        if (pieces.equal(number, sha1.digest())) {
            compared += piece.end() - piece.start();
        } else if (wrong < 0) {
            wrong = number;
        }
    }

    /** The number of the first piece that differs; -1 if all compared pieces are equal. */
    public int wrong() {
        return wrong;
    }

    /** Whether every byte was in a piece that was compared and is equal. */
    public boolean all() {
        return wrong < 0 && position > start && compared == position - start;
    }
}
