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

/** Windows of zstd, with the native library and without. */
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
