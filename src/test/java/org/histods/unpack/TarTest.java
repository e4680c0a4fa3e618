package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveSpecimen;
import org.histods.testing.TarBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The headers of tars, field by field. */
final class TarTest {

    private static final String FOLDERS = "cohort/".repeat(21) + "slides";

    @TempDir
    Path root;

    private Map<String, String> unpack(byte[] tar) throws Problem {
        return unpack(ArchiveSpecimen.source("a.tar", tar), UnpackOptions.whole());
    }

    private Map<String, String> unpack(ArchiveSource source, UnpackOptions options) throws Problem {
        new Unpacker(1).unpack(source, root, options, count -> {});
        return ArchiveSpecimen.onDisk(root);
    }

    /** A damaged tar, with the checksum that its publisher states: the tar alone shows that it is damaged. */
    private void assertDamaged(byte[] tar, String words) {
        Problem problem = assertThrows(
                Problem.class, () -> unpack(ArchiveSpecimen.checkedSource("a.tar", tar), UnpackOptions.whole()));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind(), problem.message());
        assertTrue(problem.message().contains(words), problem.message());
    }

    // Names

    @Test
    void nameThatUstarSplitsInTwo_isOnePath() throws Exception {
        byte[] tar = new TarBuilder().field(345, FOLDERS).file("a.png", "a").end();
        assertEquals(Map.of(FOLDERS + "/a.png", "a"), unpack(tar));
    }

    /** GNU tar has the times of the last access and change where ustar has the first part of the name. */
    @Test
    void timesInTheHeaderOfGnuTar_areNoPartOfTheName() throws Exception {
        byte[] tar = new TarBuilder()
                .field(257, "ustar  \0")
                .field(345, "14613546121\00014613546121\0")
                .file("a")
                .end();
        assertEquals(Map.of("a", "a"), unpack(tar));
    }

    @Test
    void bytesBehindTheFieldsOfAnOldHeader_areNoPartOfTheName() throws Exception {
        byte[] tar = new TarBuilder()
                .field(257, "\0\0\0\0\0\0\0\0")
                .field(345, "left over")
                .file("a")
                .end();
        assertEquals(Map.of("a", "a"), unpack(tar));
    }

    /** Schilling's tar has a shorter first part, and times behind it. */
    @Test
    void timesInTheHeaderOfStar_areNoPartOfTheName() throws Exception {
        String folder = "f".repeat(131);
        byte[] tar = new TarBuilder()
                .field(345, folder)
                .field(476, "14613546121 14613546121 ")
                .field(508, "tar\0")
                .file("a", "a")
                .end();
        assertEquals(Map.of(folder + "/a", "a"), unpack(tar));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2", "5"})
    void entryWithoutContent_thatStatesASize_hasNone(String type) throws Exception {
        byte[] tar = new TarBuilder()
                .file("a")
                .field(124, "00000001000")
                .entry(type.charAt(0), "b", "a", 0755, new byte[0])
                .file("c")
                .end();
        Map<String, String> files = unpack(tar);
        assertEquals("c", files.get("c"), "the file behind it");
        assertEquals(type.equals("5") ? Set.of("a", "c") : Set.of("a", "b", "c"), files.keySet());
    }

    /** Before ustar, a folder was a file with a slash at the end. */
    @Test
    void fileWithASlashBehindItsName_isAFolder() throws Exception {
        assertEquals(
                Map.of("d/a", "d/a"),
                unpack(new TarBuilder().empty('0', "d/").file("d/a").end()));
    }

    @Test
    void nameThatIsNotInTheCharsetOfTheManifest_isRefused() {
        UnpackOptions options =
                new UnpackOptions("", null, List.of(), path -> true, "US-ASCII", Set.of(), UnpackOptions.Limits.USUAL);
        byte[] tar = new TarBuilder()
                .header('L', new byte[] {(byte) 0xff, 'a', 0})
                .file("a")
                .end();
        Problem problem = assertThrows(Problem.class, () -> unpack(ArchiveSpecimen.source("a.tar", tar), options));
        assertTrue(problem.message().contains("not in the charset"), problem.message());
    }

    @ParameterizedTest
    @ValueSource(ints = {513, 2000})
    void tarCutInAFile_isDamaged(int length) {
        byte[] tar = new TarBuilder().file("a", "x".repeat(5000)).end();
        assertDamaged(Arrays.copyOf(tar, length), "ends too early");
    }

    // Extra headers

    @Test
    void hundredExtraHeaders_areRead_andOneMoreIsRefused() throws Exception {
        assertEquals(Map.of("a", "a"), unpack(comments(100)));
        assertDamaged(comments(101), "more than 100");
    }

    private static byte[] comments(int count) {
        TarBuilder tar = new TarBuilder();
        for (int i = 0; i < count; i++) {
            tar.pax("comment", "c");
        }
        return tar.file("a").end();
    }

    @Test
    void extraHeadersThatAreTooLargeTogether_areRefused() {
        byte[] half = TarBuilder.records("comment", "c".repeat(9 << 20));
        assertDamaged(
                new TarBuilder().header('x', half).header('x', half).file("a").end(), "larger than 16,777,216");
    }

    @ParameterizedTest
    @ValueSource(ints = {1100, 1535, 1536, 1539, 2047, 2048})
    void tarCutInOrBehindAnExtraHeader_isDamaged(int length) {
        byte[] tar =
                new TarBuilder().file("a").pax("path", "long name").file("b").withoutEnd();
        assertDamaged(Arrays.copyOf(tar, length), "ends too early");
    }

    @Test
    void extraHeaderOfNoFile_isIgnored() throws Exception {
        assertEquals(
                Map.of("a", "a"),
                unpack(new TarBuilder().file("a").pax("comment", "the end").end()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"12", "0 x=y\n", "6 abc\n", "8 x=y\n", "7 x=y\nz", "x x=y\n", "9999999 x=y\n"})
    void malformedRecordOfPax_isDamaged(String record) {
        byte[] body = record.getBytes(StandardCharsets.US_ASCII);
        assertDamaged(new TarBuilder().header('x', body).file("a").end(), "extra tar header is malformed");
    }

    @Test
    void emptyRecordOfPax_leavesWhatTheHeaderSays() throws Exception {
        assertEquals(
                Map.of("a", "a"),
                unpack(new TarBuilder().pax("path", "b", "path", "").file("a").end()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "size", "GNU.sparse.offset"})
    void globalHeader_thatSaysWhatOnlyOneEntryCanHave_isRefused(String key) {
        byte[] tar = new TarBuilder()
                .header('g', TarBuilder.records(key, "1"))
                .file("a")
                .end();
        assertDamaged(tar, key.equals("size") ? "gives all entries one size" : "gives all entries one name");
    }

    // Sparse files

    @Test
    void sparseFileWithoutItsSizeOrItsMap_isDamaged() {
        assertDamaged(
                new TarBuilder().pax("GNU.sparse.map", "10,3").file("a", "abc").end(), "sparse");
        assertDamaged(
                new TarBuilder().pax("GNU.sparse.size", "13").file("a", "abc").end(), "sparse");
    }

    /** GNU tar ends the map of a file that ends in a hole with a piece of no bytes. */
    @Test
    void sparseFileWhoseLastPieceEndsAtItsEnd_orIsEmpty_isWhole() throws Exception {
        byte[] pieces = "abc".getBytes(StandardCharsets.US_ASCII);
        byte[] tar = new TarBuilder()
                .oldSparse("piece", 13, pieces, 10, 3)
                .oldSparse("hole", 13, pieces, 0, 3, 13, 0)
                .oldSparse("adjacent", 6, pieces, 0, 1, 1, 1, 5, 1)
                .end();
        assertEquals(
                Map.of("piece", "\0".repeat(10) + "abc", "hole", "abc" + "\0".repeat(10), "adjacent", "ab\0\0\0c"),
                unpack(tar));
    }

    @ParameterizedTest
    @ValueSource(strings = {"10", "10,3,", ",3", "10,-3", "x,3", "10,3,20"})
    void malformedMapOfASparseFile_isDamaged(String map) {
        byte[] tar = new TarBuilder()
                .pax("GNU.sparse.size", "100", "GNU.sparse.map", map)
                .file("a", "abc")
                .end();
        assertDamaged(tar, "sparse");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1\n1:\n3\n", "1\n1/\n3\n", "1\n\n3\n10\n", "1\n1234567890123456789\n3\n", "2000000\n"})
    void malformedOrHugeMapInFrontOfASparseFile_isDamaged(String map) {
        byte[] tar = new TarBuilder()
                .pax("GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.realsize", "100")
                .file("a", map + "\0".repeat(512 - map.length()) + "abc")
                .end();
        assertDamaged(tar, map.startsWith("2") ? "more than 1000000 pieces" : "sparse file");
    }

    @Test
    void mapOfManyPiecesInPax_isRead() throws Exception {
        StringBuilder map = new StringBuilder();
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 19; i++) {
            map.append(i == 0 ? "" : ",").append(10 * i).append(",1");
            expected.append("x").append("\0".repeat(9));
        }
        byte[] tar = new TarBuilder()
                .pax("GNU.sparse.size", "190", "GNU.sparse.map", map.toString())
                .file("a", "x".repeat(19))
                .end();
        assertEquals(Map.of("a", expected.toString()), unpack(tar));
    }

    @ParameterizedTest
    @ValueSource(strings = {"2.0", "1.1"})
    void laterSparseFormat_isNotSupported(String version) {
        byte[] tar = new TarBuilder()
                .pax(
                        "GNU.sparse.major", version.substring(0, 1),
                        "GNU.sparse.minor", version.substring(2),
                        "GNU.sparse.realsize", "100")
                .file("a", "abc")
                .end();
        Problem problem = assertThrows(Problem.class, () -> unpack(tar));
        assertEquals(Problem.Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("sparse format " + version), problem.message());
    }

    @Test
    void tarCutInTheMapOfASparseFile_isDamaged() {
        long[] map = new long[200];
        for (int i = 0; i < 100; i++) {
            map[2 * i] = 10L * i;
            map[2 * i + 1] = 1;
        }
        byte[] tar = new TarBuilder().oldSparse("a", 1000, new byte[100], map).withoutEnd();
        assertDamaged(Arrays.copyOf(tar, 512 + 512 + 30), "ends too early");
    }

    // Links

    @Test
    void hardLinkToAnUnselectedFile_behindLargeOnes_isACopyOfIt() throws Exception {
        byte[] tar = new TarBuilder()
                .file("x", "x".repeat(3000))
                .oldSparse("y", 1 << 20, "y".repeat(700).getBytes(StandardCharsets.US_ASCII), 10, 700)
                .file("all/a", "wanted")
                .hardLink("train/a", "all/a")
                .end();
        UnpackOptions options = new UnpackOptions(
                "", null, List.of(), path -> path.text().equals("train/a"), null, Set.of(), UnpackOptions.Limits.USUAL);
        assertEquals(Map.of("train/a", "wanted"), unpack(ArchiveSpecimen.source("a.tar", tar), options));
    }
}
