package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveSpecimen;
import org.histods.testing.HostileArchives;
import org.histods.testing.TarBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Where the limits on the unpacked bytes begin. The large zips only state their size, so nothing large is written. */
final class UnpackLimitsTest {

    private static final int MIB_100 = 100 << 20;

    @TempDir
    Path root;

    private UnpackedTree unpack(String name, byte[] archive, long bytes, long ratio) throws Problem {
        UnpackOptions.Limits limits = new UnpackOptions.Limits(bytes, 100, ratio);
        UnpackOptions options = new UnpackOptions("", null, List.of(), path -> true, null, Set.of(), limits);
        return new Unpacker(1).unpack(ArchiveSpecimen.source(name, archive), root, options, count -> {});
    }

    private String refused(String name, byte[] archive, long bytes, long ratio) {
        Problem problem = assertThrows(Problem.class, () -> unpack(name, archive, bytes, ratio));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind(), problem.message());
        return problem.message();
    }

    /** Two files of five bytes. In a tar, the last block of 512 zeros counts too. */
    static Stream<Arguments> twoFiles() throws Exception {
        return Stream.of(
                Arguments.of("a.zip", HostileArchives.zip("1.txt", "2.txt"), 10),
                Arguments.of("a.7z", HostileArchives.sevenZ(0, "1.txt", "2.txt"), 10),
                Arguments.of(
                        "a.tar", new TarBuilder().file("1.txt").file("2.txt").end(), 522));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("twoFiles")
    void archiveThatUnpacksToAsManyBytesAsTheLimit_isUnpacked(String name, byte[] archive, int total) throws Exception {
        assertEquals(2, unpack(name, archive, total, 1000).files().size());
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("twoFiles")
    void archiveThatUnpacksToOneByteMoreThanTheLimit_isRefused(String name, byte[] archive, int total) {
        String message = refused(name, archive, total - 1, 1000);
        assertTrue(
                message.contains("at least " + total + " bytes, and the limit is " + (total - 1) + " bytes"), message);
    }

    @Test
    void zipThatUnpacksToTheSizeFromWhichTheRatioCounts_isRefusedAboveTheRatio() throws Exception {
        byte[] zip = HostileArchives.withSize(HostileArchives.zip("a"), 0, MIB_100);
        String message = refused("a.zip", zip, Long.MAX_VALUE, 1000);
        assertTrue(
                message.contains("it unpacks " + zip.length + " bytes to 104,857,600 bytes or more, and the limit is"
                        + " 1000 to 1"),
                message);
    }

    @Test
    void zipThatUnpacksToLessThanTheSizeFromWhichTheRatioCounts_mayHaveAnyRatio() throws Exception {
        byte[] zip = HostileArchives.withSize(HostileArchives.zip("a"), 0, MIB_100 - 1);
        assertPassesTheLimits(refused("a.zip", zip, Long.MAX_VALUE, 1000));
    }

    @Test
    void zipWithExactlyTheLargestRatio_passes_andOneByteMoreIsRefused() throws Exception {
        byte[] zip = HostileArchives.zip("a");
        int ratio = 2_000_000;
        int largest = zip.length * ratio;
        assertTrue(largest > MIB_100, "the ratio counts");
        assertPassesTheLimits(refused("a.zip", HostileArchives.withSize(zip, 0, largest), Long.MAX_VALUE, ratio));
        String message = refused("a.zip", HostileArchives.withSize(zip, 0, largest + 1), Long.MAX_VALUE, ratio);
        assertTrue(message.contains("to 1"), message);
    }

    /** Then it fails only because it does not hold what it states. */
    private static void assertPassesTheLimits(String message) {
        assertTrue(message.contains("states"), message);
        assertFalse(message.contains("limit"), message);
    }
}
