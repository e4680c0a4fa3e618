package org.histods.digest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Piece hashes of a torrent: a file is correct only if every byte of it is in a matching piece. */
final class PieceHasherTest {

    private static final int PIECE = 16;
    private static final Checksum NAME = Checksum.parse("torrent:" + "ab".repeat(20));

    /** Three and a half pieces. */
    private final byte[] bytes = new byte[3 * PIECE + PIECE / 2];

    private PieceHashes pieces() throws Exception {
        new Random(3).nextBytes(bytes);
        ByteArrayOutputStream hashes = new ByteArrayOutputStream();
        for (int at = 0; at < bytes.length; at += PIECE) {
            MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
            sha1.update(bytes, at, Math.min(PIECE, bytes.length - at));
            hashes.write(sha1.digest());
        }
        return new PieceHashes(NAME, PIECE, bytes.length, hashes.toByteArray(), List.of(new PieceHashes.Range(40, 42)));
    }

    private static PieceHasher read(PieceHashes pieces, byte[] all, int from, int to, int step) {
        PieceHasher hasher = new PieceHasher(pieces, from);
        // The bytes are somewhere in a larger buffer, as they are when they are read from a file.
        byte[] buffer = new byte[all.length + 7];
        System.arraycopy(all, 0, buffer, 7, all.length);
        for (int at = from; at < to; at += step) {
            hasher.update(buffer, at + 7, Math.min(step, to - at));
        }
        return hasher;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 16, 17, 100})
    void rightBytes_areAllCompared_howeverTheyAreRead(int step) throws Exception {
        PieceHasher hasher = read(pieces(), bytes, 0, bytes.length, step);
        assertEquals(-1, hasher.wrong());
        assertTrue(hasher.all());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 15, 16, 31, 47, 48, 55})
    void oneWrongByte_isFoundInItsPiece(int at) throws Exception {
        PieceHashes pieces = pieces();
        bytes[at]++;
        PieceHasher hasher = read(pieces, bytes, 0, bytes.length, 5);
        assertEquals(at / PIECE, hasher.wrong());
        assertFalse(hasher.all());
    }

    @Test
    void severalWrongPieces_areNamedByTheFirst() throws Exception {
        PieceHashes pieces = pieces();
        bytes[20]++;
        bytes[40]++;
        assertEquals(1, read(pieces, bytes, 0, bytes.length, 5).wrong());
    }

    @Test
    void fileThatBeginsWithinAPiece_isNotWhollyCompared() throws Exception {
        PieceHashes pieces = pieces();
        PieceHasher hasher = read(pieces, bytes, 5, bytes.length, 5);
        assertEquals(-1, hasher.wrong());
        assertFalse(hasher.all());
    }

    @Test
    void fileThatBeginsAtAPiece_isCompared() throws Exception {
        assertTrue(read(pieces(), bytes, PIECE, 3 * PIECE, 5).all());
    }

    @Test
    void fileThatEndsWithinAPiece_isNotWhollyCompared() throws Exception {
        PieceHasher hasher = read(pieces(), bytes, 0, 2 * PIECE + 1, 5);
        assertEquals(-1, hasher.wrong());
        assertFalse(hasher.all());
    }

    @Test
    void noByte_isNothingCompared() throws Exception {
        assertFalse(new PieceHasher(pieces(), 0).all());
    }

    @Test
    void bytesBehindTheLastPiece_areNotCompared() throws Exception {
        PieceHashes pieces = pieces();
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 20);
        PieceHasher hasher = read(pieces, longer, 0, longer.length, 5);
        assertEquals(-1, hasher.wrong());
        assertFalse(hasher.all());
    }

    @Test
    void pieces_areWhereTheyAre() throws Exception {
        PieceHashes pieces = pieces();
        assertEquals(4, pieces.count());
        assertEquals(List.of(new PieceHashes.Range(40, 42)), pieces.padding());
        assertEquals(new PieceHashes.Range(16, 32), pieces.piece(1));
        assertEquals(new PieceHashes.Range(48, 56), pieces.piece(3));
        assertEquals(1, pieces.at(31));
        assertEquals(2, pieces.at(32));
        assertEquals(List.of(0, 1), pieces.across(15, 17));
        assertEquals(List.of(0), pieces.across(15, 16));
        assertEquals(List.of(), pieces.across(16, 16));
    }

    @Test
    void otherNumberOfHashes_isRefused() {
        List<PieceHashes.Range> none = List.of();
        assertEquals(0, new PieceHashes(NAME, PIECE, 0, new byte[0], none).count());
        assertThrows(IllegalArgumentException.class, () -> new PieceHashes(NAME, PIECE, 16, new byte[40], none));
        assertThrows(IllegalArgumentException.class, () -> new PieceHashes(NAME, PIECE, 17, new byte[20], none));
        assertThrows(IllegalArgumentException.class, () -> new PieceHashes(NAME, PIECE, 16, new byte[21], none));
        assertThrows(IllegalArgumentException.class, () -> new PieceHashes(NAME, 0, 16, new byte[20], none));
        assertThrows(IllegalArgumentException.class, () -> new PieceHashes(NAME, PIECE, -1, new byte[0], none));
    }
}
