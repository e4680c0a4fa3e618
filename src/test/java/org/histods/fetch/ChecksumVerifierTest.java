package org.histods.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.PieceHasher;
import org.histods.digest.PieceHashes;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.junit.jupiter.api.Test;

/** Everything that is stated about a file is compared, and a file is verified only by what was compared and is equal. */
final class ChecksumVerifierTest {

    private static final int BYTES = 10;
    private static final Checksum MD5 = Checksum.parse("md5:" + "1a".repeat(16));
    private static final Checksum OTHER_MD5 = Checksum.parse("md5:" + "2b".repeat(16));
    private static final Checksum SHA256 = Checksum.parse("sha256:" + "3c".repeat(32));
    private static final Checksum TORRENT = Checksum.parse("torrent:" + "4d".repeat(20));

    /** What was computed of the file. */
    private static final Map<Algorithm, Checksum> COMPUTED = Map.of(Algorithm.MD5, MD5, Algorithm.SHA256, SHA256);

    private final List<String> notes = new ArrayList<>();

    private static Stated by(String who, Checksum checksum) {
        return new Stated(checksum, who);
    }

    private static RemoteFile file(Stated... published) {
        return RemoteFile.of(new FilePath("a.bin"), URI.create("https://one.example/a.bin"), null, List.of(published));
    }

    private ChecksumVerifier of(RemoteFile file) {
        return new ChecksumVerifier(
                file,
                COMPUTED,
                notes::add,
                (expected, got, by, hint) -> new Problem(
                        Problem.Kind.WRONG_BYTES, "expected " + expected + ", got " + got + ", by " + by, hint));
    }

    private interface Comparison {
        void run() throws Problem;
    }

    private static String mismatch(Comparison comparison) {
        return assertThrows(Problem.class, comparison::run).message();
    }

    // Published

    @Test
    void otherSizeThanStated_isAMismatch() {
        RemoteFile sized = file(by("Zenodo", MD5)).withBytes((long) BYTES);
        assertEquals(
                "expected 10 bytes, got 11 bytes, by stated size",
                mismatch(() -> of(sized).withPublished(BYTES + 1)));
    }

    @Test
    void statedSizeAlone_verifiesNothing() throws Exception {
        ChecksumCheck check =
                of(file().withBytes((long) BYTES)).withPublished(BYTES).check();
        assertFalse(check.verified());
        assertEquals("", check.by());
    }

    @Test
    void publishedChecksumThatIsEqual_verifies_alsoIfNoSizeIsStated() throws Exception {
        ChecksumCheck check = of(file(by("Zenodo", MD5))).withPublished(BYTES).check();
        assertTrue(check.verified());
        assertEquals("Zenodo", check.by());
    }

    @Test
    void oneOfSeveralPublishedChecksumsThatDiffers_isAMismatch() {
        assertEquals(
                "expected " + OTHER_MD5 + ", got " + MD5 + ", by Figshare",
                mismatch(() -> of(file(by("Zenodo", SHA256), by("Figshare", OTHER_MD5)))
                        .withPublished(BYTES)));
    }

    @Test
    void publishedChecksumThatWasNotComputed_isNotCounted_andTheOthersAreCompared() throws Exception {
        Stated tree = by("GitHub", Checksum.parse("git-tree:" + "5e".repeat(20)));
        assertFalse(of(file(tree)).withPublished(BYTES).check().verified());
        assertEquals(
                List.of(by("Zenodo", MD5)),
                of(file(tree, by("Zenodo", MD5))).withPublished(BYTES).check().against());
        assertThrows(
                Problem.class, () -> of(file(tree, by("Zenodo", OTHER_MD5))).withPublished(BYTES));
    }

    // Torrent pieces

    private static byte[] content(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) 7);
        return bytes;
    }

    /** A torrent of one file of ten bytes in pieces of four, and five bytes of another. */
    private static PieceHashes pieces() throws Exception {
        byte[] all = content(BYTES + 5);
        byte[] hashes = new byte[0];
        for (int from = 0; from < all.length; from += 4) {
            byte[] piece = Arrays.copyOfRange(all, from, Math.min(all.length, from + 4));
            byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(piece);
            hashes = Arrays.copyOf(hashes, hashes.length + sha1.length);
            System.arraycopy(sha1, 0, hashes, hashes.length - sha1.length, sha1.length);
        }
        return new PieceHashes(TORRENT, 4, all.length, hashes, List.of());
    }

    private static RemoteFile inTorrent(PieceHashes pieces, int length, Stated... published) {
        return file(published).withSpan(new RemoteFile.Span(pieces, 0, length, "the torrent's pieces"));
    }

    private static PieceHasher read(PieceHashes pieces, byte[] bytes) {
        PieceHasher hasher = new PieceHasher(pieces, 0);
        hasher.update(bytes, 0, bytes.length);
        return hasher;
    }

    @Test
    void fileThatIsWhollyInEqualPieces_isVerifiedByThem() throws Exception {
        PieceHashes pieces = pieces();
        ChecksumCheck check =
                of(inTorrent(pieces, 8)).withPieces(read(pieces, content(8))).check();
        assertEquals(List.of(by("the torrent's pieces", TORRENT)), check.against());
    }

    @Test
    void fileWhoseLastPieceIsNotWhollyInIt_isNotVerifiedYet() throws Exception {
        PieceHashes pieces = pieces();
        assertFalse(of(inTorrent(pieces, BYTES))
                .withPieces(read(pieces, content(BYTES)))
                .check()
                .verified());
    }

    @Test
    void firstPieceThatDiffers_isAMismatch() throws Exception {
        PieceHashes pieces = pieces();
        byte[] wrong = content(BYTES);
        wrong[0]++;
        assertEquals(
                "expected piece 1 of 4 of " + TORRENT + ", got a different piece, by the torrent's pieces",
                mismatch(() -> of(inTorrent(pieces, BYTES)).withPieces(read(pieces, wrong))));
    }

    @Test
    void pieceThatDiffers_isANoteIfAPublishedChecksumIsEqual_andVerifiesNothing() throws Exception {
        PieceHashes pieces = pieces();
        byte[] wrong = content(BYTES);
        wrong[5]++;
        ChecksumCheck check = of(inTorrent(pieces, BYTES, by("Zenodo", MD5)))
                .withPublished(BYTES)
                .withPieces(read(pieces, wrong))
                .check();
        assertEquals(List.of(by("Zenodo", MD5)), check.against());
        assertEquals(
                List.of("a.bin: the torrent's pieces states piece 2 of 4 of " + TORRENT
                        + ", got a different piece; the file is kept, because it matches what Zenodo published"),
                notes);
    }

    @Test
    void fileThatIsInNoTorrent_orWhosePiecesWereNotComputed_isNotVerifiedByPieces() throws Exception {
        PieceHashes pieces = pieces();
        assertFalse(of(file()).withPieces(read(pieces, content(8))).check().verified());
        assertFalse(of(inTorrent(pieces, 8)).withPieces(null).check().verified());
    }

    // Response headers

    @Test
    void headerThatIsEqual_verifies() throws Exception {
        ChecksumCheck check = of(file()).withHeaders(List.of(by("ETag", MD5))).check();
        assertEquals("ETag", check.by());
    }

    @Test
    void headerThatDiffers_isAMismatch() {
        assertEquals(
                "expected " + OTHER_MD5 + ", got " + MD5 + ", by ETag",
                mismatch(() -> of(file()).withHeaders(List.of(by("ETag", OTHER_MD5)))));
    }

    @Test
    void headerOfAnAlgorithmThatWasNotComputed_verifiesNothing() throws Exception {
        Stated crc = by("x-goog-hash", Checksum.parse("crc32c:01234567"));
        assertFalse(of(file()).withHeaders(List.of(crc)).check().verified());
    }

    @Test
    void headerThatDiffers_isANoteIfAnotherPublishedChecksumIsEqual() throws Exception {
        ChecksumCheck check = of(file(by("Zenodo", SHA256)))
                .withPublished(BYTES)
                .withHeaders(List.of(by("ETag", OTHER_MD5)))
                .check();
        assertEquals(List.of(by("Zenodo", SHA256)), check.against());
        assertEquals(1, notes.size());
    }

    /** A second opinion on the same checksum adds nothing, whatever it says. */
    @Test
    void headerOfTheChecksumThatIsPublishedToo_isRecordedOnce_andAnotherOneAddsNoNote() throws Exception {
        for (Checksum inHeader : List.of(MD5, OTHER_MD5)) {
            ChecksumCheck check = of(file(by("Zenodo", MD5)))
                    .withPublished(BYTES)
                    .withHeaders(List.of(by("ETag", inHeader)))
                    .check();
            assertEquals(List.of(by("Zenodo", MD5)), check.against());
        }
        assertEquals(List.of(), notes);
    }
}
