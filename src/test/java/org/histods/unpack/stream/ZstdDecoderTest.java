package org.histods.unpack.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.ArchiveSpecimen;
import org.histods.unpack.UnpackOptions;
import org.histods.unpack.Unpacker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows and headers of zstd frames, with the native library and without. */
final class ZstdDecoderTest {

    @TempDir
    Path root;

    /** A frame of 100 letters that asks for a window of so many bits (RFC 8878, 3.1.1). */
    private static byte[] frame(int windowLog) {
        return new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) ((windowLog - 10) << 3), 0x23, 3, 0, 'a'};
    }

    private static String decode(ZstdDecoder decoder, byte[] packed) throws IOException {
        return new String(
                decoder.decode(new ByteArrayInputStream(packed)).readAllBytes(),
                java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static String decodeFrames(ZstdDecoder decoder, int... packed) throws IOException {
        byte[] bytes = new byte[packed.length];
        for (int i = 0; i < packed.length; i++) {
            bytes[i] = (byte) packed[i];
        }
        return new String(
                new ZstdFrames(new ByteArrayInputStream(bytes)).decode(decoder).readAllBytes(),
                java.nio.charset.StandardCharsets.US_ASCII);
    }

    @Test
    void withoutTheNativeLibrary_aFrameWithoutAChecksumIsNotTakenForChecked() throws Exception {
        byte[] packed = frame(17);
        ZstdFrames frames = new ZstdFrames(new ByteArrayInputStream(packed));
        frames.decode(ZstdDecoder.JAVA).readAllBytes();
        assertTrue(frames.mayHideDamage(ZstdDecoder.JAVA));
        assertFalse(frames.mayHideDamage(ZstdDecoder.NATIVE));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer zstd = new ZstdOutputStreamNoFinalizer(out).setChecksum(true)) {
            zstd.write('a');
        }
        ZstdFrames checked = new ZstdFrames(new ByteArrayInputStream(out.toByteArray()));
        checked.decode(ZstdDecoder.JAVA).readAllBytes();
        assertFalse(checked.mayHideDamage(ZstdDecoder.JAVA));
    }

    /** A frame whose header states its content of three bytes (RFC 8878, 3.1.1.1), and the content. */
    @ParameterizedTest
    @EnumSource
    void statedLength_isRead_andARightOneIsAccepted(ZstdDecoder decoder) throws Exception {
        assertEquals("end", decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0x20, 3, 0x19, 0, 0, 'e', 'n', 'd'));
        assertEquals(
                "end",
                decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0xe0, 3, 0, 0, 0, 0, 0, 0, 0, 0x19, 0, 0, 'e', 'n', 'd'));
        // Two bytes state the length less 256. A block of 300 equal bytes follows.
        assertEquals("a".repeat(300), decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0x60, 44, 0, 0x63, 9, 0, 'a'));
    }

    @ParameterizedTest
    @EnumSource
    void statedLengthThatDoesNotMatch_isRefused(ZstdDecoder decoder) {
        assertThrows(
                IOException.class,
                () -> decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0x20, 4, 0x19, 0, 0, 'e', 'n', 'd'));
        assertThrows(
                IOException.class, () -> decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0x60, 45, 0, 0x63, 9, 0, 'a'));
        // An empty last block: libzstd alone does not compare the length.
        assertThrows(IOException.class, () -> decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0x20, 1, 1, 0, 0));
        // Larger than any file.
        assertThrows(
                Exception.class,
                () -> decodeFrames(
                        decoder, 0x28, 0xb5, 0x2f, 0xfd, 0xe0, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void oneFrameOfTwoThatIsShorterThanItStates_isRefused(ZstdDecoder decoder) {
        assertThrows(
                IOException.class,
                () -> decodeFrames(
                        decoder,
                        // without a length
                        0x28,
                        0xb5,
                        0x2f,
                        0xfd,
                        0,
                        0x20,
                        0x19,
                        0,
                        0,
                        'e',
                        'n',
                        'd',
                        // states 9, has none
                        0x28,
                        0xb5,
                        0x2f,
                        0xfd,
                        0x20,
                        9,
                        1,
                        0,
                        0));
    }

    @ParameterizedTest
    @EnumSource
    void reservedFlag_andBlockLargerThanTheWindow_areRefused(ZstdDecoder decoder) throws Exception {
        assertThrows(
                IOException.class,
                () -> decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 8, 0x20, 0x19, 0, 0, 'e', 'n', 'd'));
        // 1,024 and 1,025 equal bytes in a window of 1,024
        assertEquals(
                1024,
                decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0, 0, 3, 0x20, 0, 'a')
                        .length());
        assertThrows(IOException.class, () -> decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0xb, 0x20, 0, 'a'));
    }

    /** The length of two bytes begins at 256; here without a window of the size of the content. */
    @ParameterizedTest
    @EnumSource
    void statedLengthBesideAWindow_isCompared(ZstdDecoder decoder) throws Exception {
        assertEquals("a".repeat(300), decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0x40, 0, 44, 0, 0x63, 9, 0, 'a'));
        for (int wrong : new int[] {43, 45}) {
            assertThrows(
                    IOException.class,
                    () -> decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0x40, 0, wrong, 0, 0x63, 9, 0, 'a'));
        }
    }

    /** Lengths that no file has, whose sum is a negative number, beside a frame that states none. */
    @ParameterizedTest
    @EnumSource
    void statedLengthsBeyondAnyFile_areRefused(ZstdDecoder decoder) {
        int[] unstated = {0x28, 0xb5, 0x2f, 0xfd, 0, 0x20, 0x19, 0, 0, 'e', 'n', 'd'};
        int[] huge = {0x28, 0xb5, 0x2f, 0xfd, 0xc0, 0x20, 255, 255, 255, 255, 255, 255, 255, 127, 1, 0, 0};
        int[] larger = huge.clone();
        larger[13] = 255;
        assertThrows(Exception.class, () -> decodeFrames(decoder, larger));
        assertThrows(
                Exception.class,
                () -> decodeFrames(
                        decoder,
                        Stream.of(unstated, huge, huge)
                                .flatMapToInt(java.util.Arrays::stream)
                                .toArray()));
    }

    /** A window of 2,048 bytes and three eighths of it. */
    @ParameterizedTest
    @EnumSource
    void blockMayBeAsLargeAsTheWindow(ZstdDecoder decoder) throws Exception {
        int length = 2816;
        assertEquals(
                length,
                decodeFrames(decoder, 0x28, 0xb5, 0x2f, 0xfd, 0, 0x0b, (length << 3 & 0xff) | 3, length >> 5, 0, 'a')
                        .length());
        assertThrows(
                IOException.class,
                () -> decodeFrames(
                        decoder, 0x28, 0xb5, 0x2f, 0xfd, 0, 0x0b, ((length + 1) << 3 & 0xff) | 3, length >> 5, 0, 'a'));
    }

    /** As zstd writes it: several blocks, the larger ones of 128 KB, and a checksum behind them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void framesOfSeveralBlocks_areWhole_alsoBehindALargeFrameToSkip(boolean checksum) throws Exception {
        byte[] noise = ArchiveFixtures.noise(300_000, 7);
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.writeBytes(new byte[] {0x50, 0x2a, 0x4d, 0x18, 44, 1, 0, 0});
        packed.writeBytes(ArchiveFixtures.noise(300, 1));
        for (int i = 0; i < 2; i++) {
            ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(packed, 1);
            out.setChecksum(checksum).setCloseFrameOnFlush(true);
            out.write(noise);
            out.flush();
        }
        byte[] bytes = packed.toByteArray();
        new Unpacker(1).unpack(ArchiveSpecimen.source("a.zst", bytes), root, UnpackOptions.whole(), count -> {});
        byte[] plain = java.nio.file.Files.readAllBytes(root.resolve("a"));
        assertEquals(2 * noise.length, plain.length);
        assertArrayEquals(noise, java.util.Arrays.copyOf(plain, noise.length));
        assertArrayEquals(noise, java.util.Arrays.copyOfRange(plain, noise.length, plain.length));
    }

    private Problem refused(byte[] packed) {
        Problem problem = assertThrows(
                Problem.class,
                () -> new Unpacker(1)
                        .unpack(ArchiveSpecimen.source("a.zst", packed), root, UnpackOptions.whole(), count -> {}));
        assertEquals(Problem.Kind.PERSON, problem.kind(), problem.message());
        return problem;
    }

    @ParameterizedTest
    @EnumSource
    void window8MB_isReadByBoth(ZstdDecoder decoder) throws Exception {
        assertEquals("a".repeat(100), decode(decoder, frame(23)));
    }

    @Test
    void window128MB_isRead() throws Exception {
        assertEquals("a".repeat(100), decode(ZstdDecoder.usual(), frame(27)));
    }

    private static byte[] twiceWithLong27(byte[] noise) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZstdOutputStreamNoFinalizer out = new ZstdOutputStreamNoFinalizer(packed, 3)) {
            out.setLong(27);
            out.write(noise);
            out.write(noise);
        }
        return packed.toByteArray();
    }

    @Test
    void fileCompressedWithLong27_isWhole() throws Exception {
        byte[] noise = ArchiveFixtures.noise(9 << 20, 7);
        byte[] packed = twiceWithLong27(noise);
        assertTrue(packed.length < 10 << 20, "the second half refers to the first");
        byte[] plain =
                ZstdDecoder.usual().decode(new ByteArrayInputStream(packed)).readAllBytes();
        assertArrayEquals(noise, java.util.Arrays.copyOf(plain, noise.length));
        assertArrayEquals(noise, java.util.Arrays.copyOfRange(plain, noise.length, plain.length));
    }

    @Test
    void fileCompressedWithLong31_saysThatItsWindowIsTooLarge() {
        Problem problem = refused(frame(31));
        assertTrue(problem.message().contains("window over 128 MB"), problem.message());
        assertEquals(Map.of(), ArchiveSpecimen.onDisk(root));
    }

    @Test
    void largeWindowWithoutTheNativeLibrary_isRefused() throws Exception {
        byte[] packed = twiceWithLong27(ArchiveFixtures.noise(9 << 20, 7));
        Exception failure = assertThrows(Exception.class, () -> decode(ZstdDecoder.JAVA, packed));
        assertTrue(String.valueOf(failure.getMessage()).startsWith("Window size too large"), failure.getMessage());
    }
}
