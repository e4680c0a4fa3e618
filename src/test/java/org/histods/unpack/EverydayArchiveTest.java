package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.histods.digest.Algorithm;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveSpecimen;
import org.histods.testing.HostileArchives;
import org.histods.testing.TarBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Archives of common programs that a strict reader would refuse. */
final class EverydayArchiveTest {

    private static final byte[] APPLE_DOUBLE =
            "\0\5\u0016\7\0\2\0\0Mac OS X        ".getBytes(StandardCharsets.ISO_8859_1);

    @TempDir
    Path root;

    private UnpackedTree unpack(ArchiveSource source, UnpackOptions options) throws Problem {
        return new Unpacker(2).unpack(source, root, options, count -> {});
    }

    private Map<String, String> unpack(String name, byte[] archive) throws Problem {
        unpack(ArchiveSpecimen.source(name, archive), UnpackOptions.whole());
        return ArchiveSpecimen.onDisk(root);
    }

    private Map<String, String> unpackOnly(String name, byte[] archive, String... wanted) throws Problem {
        UnpackOptions options = new UnpackOptions(
                "", null, List.of(), path -> List.of(wanted).contains(path.text()), null, Set.of(), limits());
        unpack(ArchiveSpecimen.source(name, archive), options);
        return ArchiveSpecimen.onDisk(root);
    }

    private static UnpackOptions.Limits limits() {
        return UnpackOptions.Limits.USUAL;
    }

    // Sparse files

    private static final String SPARSE = "\0".repeat(10) + "abc" + "\0".repeat(1000) + "def" + "\0".repeat(50);

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    @Test
    void tarMadeWithSparseOption_hasItsHoles() throws Exception {
        byte[] tar = new TarBuilder()
                .oldSparse("slides/a.tif", SPARSE.length(), bytes("abcdef"), 10, 3, 1013, 3)
                .file("b")
                .end();
        assertEquals(Map.of("slides/a.tif", SPARSE, "b", "b"), unpack("a.tar", tar));
    }

    @Test
    void sparseFileWithManyHoles_isWhole() throws Exception {
        long[] map = new long[200];
        StringBuilder expected = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            map[2 * i] = 10L * i;
            map[2 * i + 1] = 1;
            expected.append("x").append("\0".repeat(9));
        }
        byte[] tar = new TarBuilder()
                .oldSparse("many", 1000, bytes("x".repeat(100)), map)
                .file("b")
                .end();
        assertEquals(Map.of("many", expected.toString(), "b", "b"), unpack("a.tar", tar));
    }

    @Test
    void sparseFileInPaxTarOfVersion00_hasItsHoles() throws Exception {
        byte[] tar = new TarBuilder()
                .pax(
                        "GNU.sparse.size", String.valueOf(SPARSE.length()),
                        "GNU.sparse.numblocks", "2",
                        "GNU.sparse.offset", "10",
                        "GNU.sparse.numbytes", "3",
                        "GNU.sparse.offset", "1013",
                        "GNU.sparse.numbytes", "3")
                .file("a", "abcdef")
                .end();
        assertEquals(Map.of("a", SPARSE), unpack("a.tar", tar));
    }

    @Test
    void sparseFileInPaxTarOfVersion01_hasItsHolesAndItsName() throws Exception {
        byte[] tar = new TarBuilder()
                .pax(
                        "GNU.sparse.size", String.valueOf(SPARSE.length()),
                        "GNU.sparse.numblocks", "2",
                        "GNU.sparse.name", "slides/Drüse.tif",
                        "GNU.sparse.map", "10,3,1013,3")
                .file("slides/GNUSparseFile.4724/Dr_se.tif", "abcdef")
                .end();
        assertEquals(Map.of("slides/Drüse.tif", SPARSE), unpack("a.tar", tar));
    }

    @Test
    void sparseFileInPaxTarOfVersion10_isNotInAFolderCalledGnuSparseFile() throws Exception {
        String map = "2\n10\n3\n1013\n3\n";
        byte[] tar = new TarBuilder()
                .pax(
                        "GNU.sparse.major", "1",
                        "GNU.sparse.minor", "0",
                        "GNU.sparse.name", "slides/Drüse_ß.tif",
                        "GNU.sparse.realsize", String.valueOf(SPARSE.length()),
                        "path", "slides/GNUSparseFile.4724/Drüse_ß.tif")
                .file("slides/GNUSparseFile.4724/x", map + "\0".repeat(512 - map.length()) + "abcdef")
                .file("b")
                .end();
        assertEquals(Map.of("slides/Drüse_ß.tif", SPARSE, "b", "b"), unpack("a.tar", tar));
    }

    /** A reader must not take a short read for the end of a stretch, as one from a network or a decoder gives it. */
    @Test
    void sparseFileThatArrivesByteByByte_isWhole() throws Exception {
        byte[] tar = new TarBuilder()
                .oldSparse("a", SPARSE.length(), bytes("abcdef"), 10, 3, 1013, 3)
                .end();
        TarReader reader = new TarReader(new FilterInputStream(new ByteArrayInputStream(tar)) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                return super.read(target, offset, Math.min(1, length));
            }
        });
        assertEquals(
                SPARSE.length(), java.util.Objects.requireNonNull(reader.next()).bytes());
        assertEquals(SPARSE, new String(reader.content().readAllBytes(), StandardCharsets.ISO_8859_1));
    }

    @Test
    void sparseFileThatIsNotWanted_isSkipped() throws Exception {
        byte[] tar = new TarBuilder()
                .oldSparse("a", 1L << 40, bytes("abc"), 10, 3)
                .file("b")
                .end();
        assertEquals(Map.of("b", "b"), unpackOnly("a.tar", tar, "b"));
    }

    // Links

    @Test
    void hardLinkWhoseTargetIsNotSelected_isUnpacked() throws Exception {
        byte[] tar = new TarBuilder()
                .file("all/p1.png")
                .hardLink("train/p1.png", "all/p1.png")
                .end();
        assertEquals(Map.of("train/p1.png", "all/p1.png"), unpackOnly("a.tar", tar, "train/p1.png"));
    }

    @Test
    void hardLinksWhoseTargetIsSkipped_areUnpacked() throws Exception {
        byte[] tar = new TarBuilder()
                .file("all/p1.png")
                .hardLink("train/p1.png", "all/p1.png")
                .hardLink("fold1/p1.png", "train/p1.png")
                .end();
        UnpackOptions options = new UnpackOptions("", null, List.of("all/**"), path -> true, null, Set.of(), limits());
        UnpackedTree tree = unpack(ArchiveSpecimen.source("a.tar", tar), options);
        assertEquals(Map.of("train/p1.png", "all/p1.png", "fold1/p1.png", "all/p1.png"), ArchiveSpecimen.onDisk(root));
        assertEquals(List.of("all/p1.png"), tree.skipped());
        assertEquals("train/p1.png", tree.files().get(1).entry());
    }

    @Test
    void hardLinkBeforeItsTarget_isUnpacked() throws Exception {
        byte[] tar = new TarBuilder().hardLink("a", "b").file("b").end();
        assertEquals(Map.of("a", "b", "b", "b"), unpack("a.tar", tar));
    }

    @Test
    void hardLinkWrittenWithoutTheDotOfItsTarget_isUnpacked() throws Exception {
        byte[] tar = new TarBuilder()
                .file("./all/p1.png", "p")
                .hardLink("./train/p1.png", "all/p1.png")
                .end();
        assertEquals(Map.of("all/p1.png", "p", "train/p1.png", "p"), unpack("a.tar", tar));
    }

    @Test
    void executableFileBehindAHardLink_staysExecutable() throws Exception {
        byte[] tar = new TarBuilder()
                .executable("all/run", bytes("x"))
                .hardLink("run", "all/run")
                .end();
        unpackOnly("a.tar", tar, "run");
        assertTrue(java.nio.file.Files.isExecutable(root.resolve("run")));
    }

    /** The limit on copies is for those that fill a disk. */
    @Test
    void smallFileThatIsInManySplits_isUnpackedInAll() throws Exception {
        TarBuilder tar = new TarBuilder().file("all/p1.png");
        for (int i = 0; i < 150; i++) {
            tar.hardLink("split" + i + "/p1.png", "all/p1.png");
        }
        assertEquals(151, unpack("a.tar", tar.end()).size());
    }

    @Test
    void symbolicLinkToAFileInTheTar_isACopy() throws Exception {
        byte[] tar = new TarBuilder()
                .symbolicLink("train/p1.png", "../all/p1.png")
                .symbolicLink("train/again.png", "p1.png")
                .file("all/p1.png", "p")
                .end();
        assertEquals(Map.of("all/p1.png", "p", "train/p1.png", "p", "train/again.png", "p"), unpack("a.tar", tar));
    }

    @Test
    void symbolicLinkToAFolderOrToNothing_isLeftOutAndListed() throws Exception {
        byte[] tar = new TarBuilder()
                .file("v2/a", "a")
                .symbolicLink("latest", "v2")
                .symbolicLink("v2/old", "gone")
                .end();
        UnpackedTree tree = unpack(ArchiveSpecimen.source("a.tar", tar), UnpackOptions.whole());
        assertEquals(Map.of("v2/a", "a"), ArchiveSpecimen.onDisk(root));
        assertEquals(List.of("latest", "v2/old"), tree.skipped());
    }

    @Test
    void symbolicLinkInAZip_isACopyOfItsFile() throws Exception {
        byte[] zip = HostileArchives.zipWithLink("all/a.txt", "train/a.txt", "../all/a.txt");
        assertEquals(Map.of("all/a.txt", "all/a.txt", "train/a.txt", "all/a.txt"), unpack("a.zip", zip));
    }

    @Test
    void symbolicLinkInAZipWhoseFileIsNotSelected_isACopy() throws Exception {
        byte[] zip = HostileArchives.zipWithLink("all/a.txt", "train/a.txt", "../all/a.txt");
        assertEquals(Map.of("train/a.txt", "all/a.txt"), unpackOnly("a.zip", zip, "train/a.txt"));
    }

    @Test
    void symbolicLinkIn7z_isLeftOutIfItLeadsNowhere() throws Exception {
        byte[] archive = HostileArchives.sevenZ(0x8000 | HostileArchives.LINK << 16, "link");
        UnpackedTree tree = unpack(ArchiveSpecimen.source("a.7z", archive), UnpackOptions.whole());
        assertEquals(List.of("link"), tree.skipped());
    }

    /** A 7z of a file and a symbolic link to it, which comes last. */
    private static byte[] sevenZWithLink(String file, String link, String target) throws IOException {
        SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
        try (SevenZOutputFile archive = new SevenZOutputFile(channel)) {
            for (boolean isLink : new boolean[] {false, true}) {
                SevenZArchiveEntry entry = new SevenZArchiveEntry();
                entry.setName(isLink ? link : file);
                entry.setHasWindowsAttributes(isLink);
                entry.setWindowsAttributes(isLink ? 0x8000 | HostileArchives.LINK << 16 : 0);
                archive.putArchiveEntry(entry);
                archive.write(bytes(isLink ? target : "content"));
                archive.closeArchiveEntry();
            }
        }
        return Arrays.copyOf(channel.array(), Math.toIntExact(channel.size()));
    }

    @Test
    void symbolicLinkIn7z_isACopyOfItsFile_alsoIfThatIsNotSelected() throws Exception {
        byte[] archive = sevenZWithLink("all/a.txt", "train/a.txt", "../all/a.txt");
        assertEquals(Map.of("train/a.txt", "content"), unpackOnly("a.7z", archive, "train/a.txt"));
    }

    @Test
    void sevenZMadeOnWindows_hasSlashesForItsBackslashes() throws Exception {
        assertEquals(
                Set.of("d/a.txt", "d/b.txt"),
                unpack("a.7z", HostileArchives.sevenZ(0, "d\\a.txt", "d\\b.txt"))
                        .keySet());
    }

    /** A git tree counts links as links. */
    @Test
    void symbolicLinkInAGitArchive_isRefused() {
        UnpackOptions git =
                new UnpackOptions("", null, List.of(), path -> true, null, Set.of(Algorithm.GIT_BLOB), limits());
        byte[] tar = new TarBuilder().file("a").symbolicLink("b", "a").end();
        assertThrows(Problem.class, () -> unpack(ArchiveSpecimen.source("a.tar", tar), git));
    }

    // Types

    /** Info-ZIP marks what it reads from its standard input as a pipe. */
    @Test
    void zipMadeFromAPipe_hasItsFile() throws Exception {
        assertEquals(Map.of("-", "-"), unpack("a.zip", HostileArchives.zip(HostileArchives.PIPE, "-")));
    }

    @Test
    void incrementalBackupOfGnuTar_isUnpacked() throws Exception {
        byte[] tar = new TarBuilder()
                .entry('D', "slides/", "", 0755, bytes("Ya.tif\0Yb.tif\0\0"))
                .file("slides/a.tif")
                .file("slides/b.tif")
                .end();
        assertEquals(Map.of("slides/a.tif", "slides/a.tif", "slides/b.tif", "slides/b.tif"), unpack("a.tar", tar));
    }

    @Test
    void laterVolumeOfATar_isNamedAsAVolume() {
        byte[] tar = new TarBuilder()
                .entry('M', "slides/a.tif", "", 0644, bytes("rest"))
                .file("b")
                .end();
        Problem p = assertThrows(Problem.class, () -> unpack("a.tar", tar));
        assertEquals(Problem.Kind.PERSON, p.kind());
        assertTrue(p.message().contains("one of several that 'tar -M' made"), p.message());
    }

    @Test
    void archiveThatIsKeptPacked_saysWhy() {
        assertEquals(Optional.of("it is one part of slides.7z"), ArchiveKind.whyKeptPacked("slides.7z.001"));
        assertEquals(Optional.of("it is one part of slides.tar.gz"), ArchiveKind.whyKeptPacked("slides.tar.gz.02"));
        assertTrue(ArchiveKind.whyKeptPacked("slides.tar.lrz").isPresent());
        assertEquals(Optional.empty(), ArchiveKind.whyKeptPacked("scan.2019"));
        assertEquals(Optional.empty(), ArchiveKind.whyKeptPacked("slides.zip"));
    }

    // Names

    @Test
    void zipMadeByPowerShellWithOneSlash_hasItsFolders() throws Exception {
        byte[] zip = HostileArchives.zip("top/a.txt", "dir\\sub\\b.txt");
        for (int at = 0; at + 6 < zip.length; at++) {
            if (new String(zip, at, 4, StandardCharsets.ISO_8859_1).equals("PK\1\2")) {
                zip[at + 5] = 0;
                Arrays.fill(zip, at + 38, at + 42, (byte) 0);
            }
        }
        assertEquals(Set.of("top/a.txt", "dir/sub/b.txt"), unpack("a.zip", zip).keySet());
    }

    @ParameterizedTest
    @ValueSource(strings = {"train//c.txt", "train/./c.txt", "./train/c.txt", ".//./train/./c.txt"})
    void pathWithNeedlessSlashesAndDots_isThatPath(String name) throws Exception {
        assertEquals(
                Map.of("train/c.txt", name),
                unpack("a.tar", new TarBuilder().file(name).end()));
    }

    @Test
    void zipWithNeedlessSlashesAndDots_isUnpacked() throws Exception {
        assertEquals(
                Set.of("train/c.txt", "b.txt"),
                unpack("a.zip", HostileArchives.zip("train//c.txt", "./b.txt")).keySet());
    }

    @Test
    void tarWithAVolumeLabel_isUnpacked() throws Exception {
        byte[] tar = new TarBuilder().empty('V', "backup 2019").file("a").end();
        assertEquals(Map.of("a", "a"), unpack("a.tar", tar));
    }

    @Test
    void namesOfPaxThatAreNotUtf8_areReadInTheCharsetOfTheManifest() throws Exception {
        byte[] gbk = "10 path=".getBytes(StandardCharsets.US_ASCII);
        byte[] name = "病".getBytes("GBK");
        byte[] record = Arrays.copyOf(gbk, gbk.length + name.length + 1);
        record[1] = (byte) ('0' + record.length - 10);
        System.arraycopy(name, 0, record, gbk.length, name.length);
        record[record.length - 1] = '\n';
        byte[] charset = TarBuilder.records("hdrcharset", "BINARY");
        byte[] body = Arrays.copyOf(charset, charset.length + record.length);
        System.arraycopy(record, 0, body, charset.length, record.length);
        byte[] tar = new TarBuilder().header('x', body).file("x", "content").end();
        UnpackOptions options = new UnpackOptions("", null, List.of(), path -> true, "GBK", Set.of(), limits());
        unpack(ArchiveSpecimen.source("a.tar", tar), options);
        assertEquals(Map.of("病", "content"), ArchiveSpecimen.onDisk(root));
    }

    // Repeats and ends

    @Test
    void fileAppendedToATarAgain_isTheLastOne() throws Exception {
        byte[] tar = new TarBuilder()
                .executable("a", bytes("old and longer"))
                .file("b")
                .file("./a", "new")
                .end();
        UnpackedTree tree = unpack(ArchiveSpecimen.source("a.tar", tar), UnpackOptions.whole());
        assertEquals(new TreeMap<>(Map.of("a", "new", "b", "b")), ArchiveSpecimen.onDisk(root));
        assertEquals(2, tree.files().size());
        assertEquals(false, tree.files().get(0).executable());
    }

    @Test
    void fileAppendedInPlaceOfALink_isTheLastOne() throws Exception {
        byte[] tar =
                new TarBuilder().file("a").hardLink("b", "a").file("b", "new").end();
        assertEquals(Map.of("a", "a", "b", "new"), unpack("a.tar", tar));
    }

    @Test
    void linkAppendedInPlaceOfAFile_isTheLastOne() throws Exception {
        byte[] tar =
                new TarBuilder().file("a").file("b", "old").hardLink("b", "a").end();
        assertEquals(Map.of("a", "a", "b", "a"), unpack("a.tar", tar));
    }

    private static ArchiveSource checked(byte[] archive) {
        return ArchiveSpecimen.checkedSource("a.tar", archive);
    }

    @Test
    void tarWithoutItsEnd_isAcceptedIfItsChecksumIsCompared() throws Exception {
        byte[] tar = new TarBuilder().file("a").file("b").withoutEnd();
        unpack(checked(tar), UnpackOptions.whole());
        assertEquals(Map.of("a", "a", "b", "b"), ArchiveSpecimen.onDisk(root));
    }

    @Test
    void tarWithoutItsEndAndTheLastPadding_isAcceptedIfItsChecksumIsCompared() throws Exception {
        byte[] tar = new TarBuilder().file("a").withoutEnd();
        unpack(checked(Arrays.copyOf(tar, 513)), UnpackOptions.whole());
        assertEquals(Map.of("a", "a"), ArchiveSpecimen.onDisk(root));
    }

    @Test
    void tarCutInAFile_isRefusedAlsoIfItsChecksumIsCompared() {
        byte[] tar = new TarBuilder().file("a", "0123456789").withoutEnd();
        assertThrows(Problem.class, () -> unpack(checked(Arrays.copyOf(tar, 515)), UnpackOptions.whole()));
    }

    @Test
    void tarWithoutItsEnd_isRefusedIfNothingShowsThatItIsWhole() {
        byte[] tar = new TarBuilder().file("a").withoutEnd();
        assertThrows(Problem.class, () -> unpack("a.tar", tar));
    }

    private static byte[] withComment(byte[] zip, byte[] comment) {
        byte[] commented = Arrays.copyOf(zip, zip.length + comment.length);
        commented[zip.length - 2] = (byte) comment.length;
        commented[zip.length - 1] = (byte) (comment.length >> 8);
        System.arraycopy(comment, 0, commented, zip.length, comment.length);
        return commented;
    }

    @Test
    void zipCommentThatHoldsTheEndSignature_isAComment() throws Exception {
        byte[] zip = HostileArchives.zip("a.txt");
        byte[] comment = bytes("see PK\5\6 in the specification, and PK\5\6" + "\0".repeat(18));
        assertEquals(Set.of("a.txt"), unpack("a.zip", withComment(zip, comment)).keySet());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 512, 100_000})
    void zipWithZerosBehindIt_isUnpacked(int zeros) throws Exception {
        byte[] zip = HostileArchives.zip("a.txt");
        assertEquals(
                Set.of("a.txt"),
                unpack("a.zip", Arrays.copyOf(zip, zip.length + zeros)).keySet());
    }

    @Test
    void zipWithTextBehindIt_isUnpacked() throws Exception {
        byte[] zip = HostileArchives.zip("a.txt");
        byte[] longer = Arrays.copyOf(zip, zip.length + 3);
        longer[zip.length] = '\n';
        longer[zip.length + 2] = 'x';
        assertEquals(Set.of("a.txt"), unpack("a.zip", longer).keySet());
    }

    @Test
    void fileThatIsInAZipTwiceWithTheSameContent_isUnpackedOnce_andReported() throws Exception {
        byte[] zip = HostileArchives.zip("a.txt", "b.txt", "a.txt");
        UnpackedTree tree = unpack(ArchiveSpecimen.source("a.zip", zip), UnpackOptions.whole());
        assertEquals(Map.of("a.txt", "a.txt", "b.txt", "b.txt"), ArchiveSpecimen.onDisk(root));
        assertEquals(
                List.of("1 file is in it twice with the same content, such as 'a.txt'; one is used"), tree.notes());
    }

    @Test
    void hardLinkWhoseTargetIsWrittenInAnotherUnicodeForm_isUnpacked() throws Exception {
        byte[] tar = new TarBuilder()
                .file("Dru\u0308se.png", "p")
                .pax("linkpath", "Dr\u00fcse.png")
                .hardLink("train/1.png", "x")
                .end();
        assertEquals(Map.of("Dru\u0308se.png", "p", "train/1.png", "p"), unpack("a.tar", tar));
    }

    @Test
    void zstdWithAFrameToSkipInFront_asPzstdWritesIt_isUnpacked() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZstdOutputStream zstd = new ZstdOutputStream(bytes)) {
            zstd.write(new TarBuilder().file("a").end());
        }
        byte[] packed = bytes.toByteArray();
        byte[] skipped = Arrays.copyOf(new byte[] {0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4}, 12 + packed.length);
        System.arraycopy(packed, 0, skipped, 12, packed.length);
        assertEquals(Map.of("a", "a"), unpack("a.tar.zst", skipped));
    }

    // macOS

    @Test
    void tarMadeOnMacOs_hasTheImagesOnly() throws Exception {
        byte[] tar = new TarBuilder()
                .file("./._images", APPLE_DOUBLE)
                .file("./images/._p0001_1.png", APPLE_DOUBLE)
                .file("./images/p0001_1.png", "png")
                .file("./images/.DS_Store", "store")
                .end();
        UnpackedTree tree = unpack(ArchiveSpecimen.source("a.tar", tar), UnpackOptions.whole());
        assertEquals(Map.of("images/p0001_1.png", "png"), ArchiveSpecimen.onDisk(root));
        assertEquals(Set.of("./._images", "./images/._p0001_1.png", "images/.DS_Store"), Set.copyOf(tree.skipped()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "d/Icon\r",
                "Desktop.ini",
                "d/thumbs.db",
                "@eaDir/1.png/SYNOPHOTO_THUMB_M.jpg",
                "d/@eaDir/1.png@SynoResource",
                ".Spotlight-V100/Store-V2/x",
                ".fseventsd/0000",
                ".Trashes/501/old.png",
            })
    void fileThatASystemMadeForItself_isLeftOut(String name) throws Exception {
        byte[] tar = new TarBuilder()
                .file("d/1.png", "png")
                .file(name, "own")
                .file("d/my@eaDir.png", "png")
                .end();
        UnpackedTree tree = unpack(ArchiveSpecimen.source("a.tar", tar), UnpackOptions.whole());
        assertEquals(Map.of("d/1.png", "png", "d/my@eaDir.png", "png"), ArchiveSpecimen.onDisk(root));
        assertEquals(1, tree.skipped().size());
    }

    @Test
    void fileThatOnlyLooksLikeMacOs_isKept() throws Exception {
        byte[] tar = new TarBuilder().file("._notes", "my notes").file("._", "").end();
        assertEquals(Map.of("._notes", "my notes", "._", ""), unpack("a.tar", tar));
    }
}
