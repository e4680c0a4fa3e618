package org.histods.unpack.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveSpecimen;
import org.histods.testing.TarBuilder;
import org.histods.unpack.ArchiveKind;
import org.histods.unpack.ArchiveSource;
import org.histods.unpack.UnpackOptions;
import org.histods.unpack.UnpackedTree;
import org.histods.unpack.Unpacker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Single compressed files, and bytes around the compressed data of these and of tars. */
final class PackedStreamTest {

    @TempDir
    Path root;

    private static byte[] pack(Codec codec, byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = switch (codec) {
            case GZ -> new GZIPOutputStream(bytes);
            case BZ2 -> new BZip2CompressorOutputStream(bytes, 1);
            case XZ -> new XZOutputStream(bytes, new LZMA2Options(0));
            case ZST -> new ZstdOutputStream(bytes);
        }) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private static byte[] pack(Codec codec, String plain) throws IOException {
        return pack(codec, plain.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private Map<String, String> unpack(String name, byte[] bytes) throws Problem {
        new Unpacker(1).unpack(ArchiveSpecimen.source(name, bytes), root, UnpackOptions.whole(), count -> {});
        return ArchiveSpecimen.onDisk(root);
    }

    private Problem refused(String name, byte[] bytes) {
        Problem problem = assertThrows(Problem.class, () -> unpack(name, bytes));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind(), problem.message());
        return problem;
    }

    @ParameterizedTest
    @CsvSource({
        "labels.csv.gz, labels.csv, GZ",
        "dir/labels.h5.GZ, labels.h5, GZ",
        "x.bz2, x, BZ2",
        "x.tif.xz, x.tif, XZ",
        "x.zstd, x, ZST",
        "no-ending, no-ending, GZ",
        ".gz, .gz, GZ"
    })
    void singleFile_hasTheNameWithoutTheEnding(String name, String inside, Codec codec) throws Exception {
        assertEquals(Map.of(inside, "content"), unpack(name, pack(codec, "content")));
    }

    @ParameterizedTest
    @EnumSource
    void concatenatedStreams_areOneFile(Codec codec) throws Exception {
        byte[] two = join(pack(codec, "first "), pack(codec, ""), pack(codec, "second"));
        assertEquals(Map.of("x", "first second"), unpack("x", two));
    }

    @ParameterizedTest
    @EnumSource
    void zerosBetweenAndBehindStreams_arePadding(Codec codec) throws Exception {
        byte[] two = join(pack(codec, "first "), new byte[512], pack(codec, "second"), new byte[301]);
        assertEquals(Map.of("x", "first second"), unpack("x", two));
    }

    /** Decoders take a last stream that is cut off for the end if it is short and begins right behind another. */
    @ParameterizedTest
    @EnumSource
    void everyCutOfALastStream_isRefused(Codec codec) throws Exception {
        byte[] first = pack(codec, "content");
        byte[] both = join(first, pack(codec, "further ".repeat(20)));
        for (int length = first.length + 1; length < both.length; length++) {
            byte[] cut = Arrays.copyOf(both, length);
            Path folder = root.resolve(String.valueOf(length));
            assertThrows(
                    Problem.class,
                    () -> new Unpacker(1)
                            .unpack(ArchiveSpecimen.source("x", cut), folder, UnpackOptions.whole(), count -> {}),
                    () -> "cut at " + cut.length);
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesBehindACompressedTar_areIgnored_andReported(Codec codec) throws Exception {
        byte[] packed = pack(codec, new TarBuilder().file("a").end());
        UnpackedTree tree = new Unpacker(1)
                .unpack(
                        ArchiveSpecimen.source("a.tar", join(packed, "other bytes".getBytes(StandardCharsets.UTF_8))),
                        root,
                        UnpackOptions.whole(),
                        count -> {});
        assertEquals(Map.of("a", "a"), ArchiveSpecimen.onDisk(root));
        assertEquals(
                List.of("other bytes follow the compressed data; they are ignored, because the tar in it is complete"),
                tree.notes());
    }

    /** A damaged start of a second stream must not read as the end of a tar that needs no zeros at its end. */
    @ParameterizedTest
    @EnumSource
    void secondStreamWithADamagedStart_isNotPassedOver(Codec codec) throws Exception {
        byte[] tar = new TarBuilder().file("a").file("b").end();
        byte[] second = pack(codec, Arrays.copyOfRange(tar, 1024, tar.length));
        second[0] ^= 1;
        ArchiveSource damaged =
                ArchiveSpecimen.checkedSource("a.tar", join(pack(codec, Arrays.copyOf(tar, 1024)), second));
        assertThrows(Problem.class, () -> new Unpacker(1).unpack(damaged, root, UnpackOptions.whole(), count -> {}));
    }

    @ParameterizedTest
    @EnumSource
    void everyCutOfASingleFile_isRefused(Codec codec) throws Exception {
        byte[] whole = pack(codec, "content ".repeat(20));
        for (int length = 6; length < whole.length; length++) {
            int at = length;
            Path folder = root.resolve(String.valueOf(length));
            Problem problem = assertThrows(
                    Problem.class,
                    () -> new Unpacker(1)
                            .unpack(
                                    ArchiveSpecimen.source("x", Arrays.copyOf(whole, at)),
                                    folder,
                                    UnpackOptions.whole(),
                                    count -> {}),
                    () -> "cut at " + at);
            assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        }
    }

    @ParameterizedTest
    @EnumSource
    void bytesBehindASingleFile_areRefused(Codec codec) throws Exception {
        refused("x", join(pack(codec, "content"), "other bytes, and enough of them".getBytes(StandardCharsets.UTF_8)));
    }

    /** A gzip file with all optional fields of RFC 1952, whose header ends before the byte at 27. */
    private static byte[] gzipWithEveryOptionalField() throws IOException {
        byte[] plain = pack(Codec.GZ, "content");
        byte[] fixed = Arrays.copyOf(plain, 10);
        fixed[3] = 2 | 4 | 8 | 16;
        byte[] header = join(fixed, new byte[] {3, 0, 'a', 0, 'c', 'n', 'a', 'm', 'e', 0, 'w', 'o', 'r', 'd', 0});
        CRC32 crc = new CRC32();
        crc.update(header);
        byte[] check = {(byte) crc.getValue(), (byte) (crc.getValue() >> 8)};
        return join(header, check, Arrays.copyOfRange(plain, 10, plain.length));
    }

    @Test
    void gzipWithEveryOptionalField_isRead() throws Exception {
        byte[] gzip = gzipWithEveryOptionalField();
        assertEquals(Map.of("x", "content"), unpack("x.gz", gzip));
        root = root.resolve("concatenated");
        assertEquals(Map.of("x", "contentcontent"), unpack("x.gz", join(gzip, gzip)));
    }

    @Test
    void damagedGzipHeaderWithAChecksum_isRefused() throws Exception {
        byte[] gzip = gzipWithEveryOptionalField();
        for (int i = 4; i < 27; i++) {
            byte[] damaged = gzip.clone();
            damaged[i] ^= 1;
            refused("x.gz", damaged);
        }
    }

    @Test
    void gzipWithAnExtraFieldOverHalfAKilobyte_isRead() throws Exception {
        byte[] plain = pack(Codec.GZ, "content");
        byte[] fixed = Arrays.copyOf(plain, 10);
        fixed[3] = 4;
        byte[] gzip = join(fixed, new byte[] {3, 2}, new byte[515], Arrays.copyOfRange(plain, 10, plain.length));
        assertEquals(Map.of("x", "content"), unpack("x.gz", gzip));
    }

    @Test
    void gzipOfAnotherMethod_orWithReservedFlags_isRefused() throws Exception {
        byte[] plain = pack(Codec.GZ, "content");
        byte[] method = plain.clone();
        method[2] = 9;
        assertTrue(refused("x.gz", method).message().contains("gzip method 9"));
        byte[] flags = plain.clone();
        flags[3] = 0x20;
        assertTrue(refused("x.gz", flags).message().contains("reserved gzip flags"));
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 4})
    void gzipWithWrongCrcOrLength_isRefused(int fromEnd) throws Exception {
        byte[] bytes = pack(Codec.GZ, "content");
        bytes[bytes.length - fromEnd] ^= 1;
        refused("x.gz", bytes);
    }

    @Test
    void bytesBehindATarsEnd_areIgnored() throws Exception {
        byte[] tar = new TarBuilder().file("a").end();
        byte[] trailing = "trailing".repeat(1000).getBytes(StandardCharsets.UTF_8);
        assertEquals(Map.of("a", "a"), unpack("a.tar", join(tar, trailing)));
    }

    @Test
    void zerosBehindACompressedTar_areIgnored() throws Exception {
        byte[] packed = pack(Codec.GZ, new TarBuilder().file("a").end());
        assertEquals(Map.of("a", "a"), unpack("a.tar.gz", join(packed, new byte[300])));
    }

    @ParameterizedTest
    @EnumSource
    void damageBehindATarsEnd_isFoundByTheChecksumOfTheCodec(Codec codec) throws Exception {
        byte[] packed = pack(codec, new TarBuilder().file("a").end());
        if (codec == Codec.ZST) {
            return; // This encoder writes no checksum of the content.
        }
        refused("a.tar." + codec, Arrays.copyOf(packed, packed.length - 3));
    }

    @Test
    void oneZeroBlockAsTheEnd_isEnough() throws Exception {
        byte[] tar = new TarBuilder().file("a").end();
        assertEquals(Map.of("a", "a"), unpack("a.tar", Arrays.copyOf(tar, 1536)));
    }

    @Test
    void hardLinkToAnEarlierEntry_isACopy() throws Exception {
        byte[] tar = new TarBuilder()
                .file("dir/a")
                .hardLink("b", "dir/a")
                .hardLink("c", "b")
                .end();
        assertEquals(Map.of("dir/a", "dir/a", "b", "dir/a", "c", "dir/a"), unpack("a.tar", tar));
    }

    @Test
    void tarInsideAGzipWithAnotherName_isUnpacked() throws Exception {
        byte[] packed = pack(Codec.GZ, new TarBuilder().file("a").end());
        assertEquals(Map.of("a", "a"), unpack("dataset.bin", packed));
    }

    @Test
    void plainTarCalledGzip_isUnpacked() throws Exception {
        assertEquals(
                Map.of("a", "a"), unpack("a.tar.gz", new TarBuilder().file("a").end()));
    }

    @Test
    void tarWithoutEntries_isRefusedAsEmptyAndNotAsUnknown() throws Exception {
        assertTrue(refused("a.tar", new byte[10240]).message().contains("no files"));
        assertTrue(
                refused("a.tar.gz", pack(Codec.GZ, new byte[10240])).message().contains("no files"));
    }

    @Test
    void streamThatUnpacksToFarMoreThanItIs_isStopped() throws Exception {
        byte[] bomb = pack(Codec.XZ, new byte[101 << 20]);
        Problem problem = refused("x.xz", bomb);
        assertTrue(problem.message().contains("to 1"), problem.message());
    }

    @Test
    void fileThatIsNotAnArchive_isNamedAsSuch() {
        assertTrue(refused("a.zip", "<html>quota".getBytes(StandardCharsets.UTF_8))
                .message()
                .contains("<html>quota"));
        assertTrue(refused("a.tar.gz", new byte[0]).message().contains("empty"));
    }

    @Test
    void rar_isRecognisedAndNeedsAnotherProgram() {
        byte[] rar = "Rar!\u001a\u0007\u0001\0".getBytes(StandardCharsets.ISO_8859_1);
        Problem problem = assertThrows(Problem.class, () -> unpack("a.rar", rar));
        assertEquals(Problem.Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("RAR"));
    }

    /** The decoder would need a gigabyte and a half. */
    @Test
    void dictionaryBeyondTheLimit_needsAnotherProgram() throws Exception {
        byte[] xz = pack(Codec.XZ, "content");
        xz[16] = 37;
        CRC32 crc = new CRC32();
        crc.update(xz, 12, 8);
        for (int i = 0; i < 4; i++) {
            xz[20 + i] = (byte) (crc.getValue() >> (8 * i));
        }
        Problem problem = assertThrows(Problem.class, () -> unpack("x.xz", xz));
        assertEquals(Problem.Kind.PERSON, problem.kind(), problem.message());
    }

    @Test
    void kinds_knowWhatIsUnpackedByDefault() {
        List<ArchiveKind> single = List.of(ArchiveKind.GZ, ArchiveKind.BZ2, ArchiveKind.XZ, ArchiveKind.ZST);
        for (ArchiveKind kind : ArchiveKind.values()) {
            assertEquals(!single.contains(kind), kind.container(), kind.name());
        }
        assertEquals(Optional.of(ArchiveKind.TAR_GZ), ArchiveKind.named("X.TGZ"));
        assertEquals(Optional.empty(), ArchiveKind.named("image.tif"));
    }
}
