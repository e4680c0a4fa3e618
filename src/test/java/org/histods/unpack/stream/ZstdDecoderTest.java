package org.histods.unpack.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.ArchiveSpecimen;
import org.histods.unpack.UnpackOptions;
import org.histods.unpack.Unpacker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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
