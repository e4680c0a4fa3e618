package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveSpecimen;
import org.histods.testing.HostileArchives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Features that only zips have. */
final class ZipTest {

    /** Made with {@code 7z a -tzip -mm=Deflate64}, which is what Windows Explorer writes for large files. */
    private static final String DEFLATE64 =
            "UEsDBBUAAAAJANmjd10yNVEBKgAAALgLAAAIAAAAdGV4dC50eHTlxrENACAIALBX/E5NTBhk4XvuIO3Uc3/Gi12LHz9+/Pjx48eP"
                    + "Hz9+A9ZQSwECPwMVAAAACQDZo3ddMjVRASoAAAC4CwAACAAkAAAAAAAAACCApIEAAAAAdGV4dC50eHQKACAAAAAAAAEAGABt"
                    + "UguHiXvdAQAAAAAAAAAAAAAAAAAAAABQSwUGAAAAAAEAAQBaAAAAUAAAAAAA";

    @TempDir
    Path root;

    private UnpackedTree unpack(String name, byte[] zip) throws Problem {
        return new Unpacker(2).unpack(ArchiveSpecimen.source(name, zip), root, UnpackOptions.whole(), count -> {});
    }

    private static void put(byte[] zip, String signature, int offset, int value) {
        for (int at = 0; at + 4 < zip.length; at++) {
            if (new String(zip, at, 4, StandardCharsets.ISO_8859_1).equals(signature)) {
                zip[at + offset] = (byte) value;
                zip[at + offset + 1] = (byte) (value >> 8);
            }
        }
    }

    @Test
    void deflate64_isUnpackedAndItsCrcFits() throws Exception {
        UnpackedTree tree = unpack("text.zip", Base64.getDecoder().decode(DEFLATE64));
        assertEquals(
                "68c882ec121375db591d529f9134182a4a551cc20169b7aad47c6b49b2a289be",
                tree.files().get(0).sha256().hex());
    }

    @Test
    void unsupportedMethod_namesTheEntryAndWhatToDo() throws Exception {
        byte[] zip = HostileArchives.zip("a.txt");
        put(zip, "PK\1\2", 10, 14);
        Problem problem = assertThrows(Problem.class, () -> unpack("a.zip", zip));
        assertEquals(Problem.Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("'a.txt'") && problem.message().contains("LZMA"), problem.message());
        assertTrue(Objects.requireNonNull(problem.hint()).contains("--from"));
        assertEquals(Map.of(), ArchiveSpecimen.onDisk(root));
    }

    @Test
    void encryption_needsAnotherProgram() throws Exception {
        byte[] zip = HostileArchives.zip("a.txt", "b.txt");
        put(zip, "PK\1\2", 8, 1);
        Problem problem = assertThrows(Problem.class, () -> unpack("a.zip", zip));
        assertEquals(Problem.Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("encrypted"), problem.message());
    }

    @Test
    void entryThatIsNotWanted_mayBeCompressedInAnyWay() throws Exception {
        byte[] zip = HostileArchives.zip("a.txt", "b.txt");
        put(zip, "PK\1\2", 10, 14);
        UnpackOptions none =
                new UnpackOptions("", null, List.of(), path -> false, null, Set.of(), UnpackOptions.Limits.USUAL);
        UnpackedTree tree = new Unpacker(2).unpack(ArchiveSpecimen.source("a.zip", zip), root, none, count -> {});
        assertEquals(List.of(), tree.files());
    }

    @Test
    void lastPartOfASplitZip_namesThePartsBefore() throws Exception {
        byte[] zip = HostileArchives.zip("a.txt");
        put(zip, "PK\5\6", 4, 3);
        Problem problem = assertThrows(Problem.class, () -> unpack("slides.zip", zip));
        assertEquals(Problem.Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("slides.z01 to slides.z03"), problem.message());
        // A file of another name would not be taken for slides.zip.
        assertTrue(String.valueOf(problem.hint()).contains("--out joined/slides.zip"), problem.hint());
    }

    @Test
    void firstPartsOfSplitArchives_nameTheWhole() throws Exception {
        byte[] half = Arrays.copyOf(HostileArchives.zip("a.txt", "b.txt"), 60);
        byte[] sevenZ = HostileArchives.sevenZ(0, "a.txt");
        Map<String, byte[]> parts = Map.of(
                "s.zip.001",
                half,
                "s.z01",
                half,
                "s.zip.002",
                "anything".getBytes(StandardCharsets.UTF_8),
                "s.7z.001",
                Arrays.copyOf(sevenZ, sevenZ.length - 9));
        parts.forEach((name, bytes) -> {
            Problem problem = assertThrows(Problem.class, () -> unpack(name, bytes));
            assertEquals(Problem.Kind.PERSON, problem.kind(), problem.message());
            assertTrue(
                    problem.message().contains(name.endsWith("z01") ? "s.zip" : name.substring(0, name.length() - 4)));
        });
    }

    @Test
    void commentAtTheEnd_isIgnored() throws Exception {
        byte[] zip = HostileArchives.zip("a.txt");
        byte[] commented = Arrays.copyOf(zip, zip.length + 60_000);
        put(commented, "PK\5\6", 20, 60_000);
        assertEquals(1, unpack("a.zip", commented).files().size());
    }

    @Test
    void programInFront_isIgnored() throws Exception {
        byte[] zip = HostileArchives.zip("a.txt");
        byte[] withProgram = new byte[zip.length + 700];
        System.arraycopy(zip, 0, withProgram, 700, zip.length);
        withProgram[0] = 'M';
        withProgram[1] = 'Z';
        assertEquals(1, unpack("a.zip", withProgram).files().size());
    }

    @Test
    void emptyZip_isRefused() throws Exception {
        Problem problem = assertThrows(Problem.class, () -> unpack("a.zip", HostileArchives.zip()));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("no files"), problem.message());
    }
}
