package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveSpecimen;
import org.histods.testing.HostileArchives;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

    // The directory, field by field

    /** Writes a number into the directory's entry of that name, from 0, or with -1 into the end record. */
    private static byte[] patched(byte[] zip, int entry, int offset, int... bytes) {
        byte[] changed = zip.clone();
        int seen = -1;
        for (int at = 0; at + 4 < zip.length; at++) {
            String signature = new String(zip, at, 4, StandardCharsets.ISO_8859_1);
            if (entry < 0 ? signature.equals("PK\5\6") : signature.equals("PK\1\2") && ++seen == entry) {
                for (int i = 0; i < bytes.length; i++) {
                    changed[at + offset + i] = (byte) bytes[i];
                }
                return changed;
            }
        }
        throw new IllegalArgumentException("no entry " + entry);
    }

    private void assertRefused(byte[] zip, String words) {
        Problem problem = assertThrows(Problem.class, () -> unpack("a.zip", zip));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind(), problem.message());
        assertTrue(problem.message().contains(words), problem.message());
        assertEquals(Map.of(), ArchiveSpecimen.onDisk(root));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void directoryOfAnotherNumberOfEntries_isDamaged(int stated) throws Exception {
        assertRefused(
                patched(HostileArchives.zip("a", "b"), -1, 10, stated), "states " + stated + " entries and holds 2");
        byte[] zip64 = HostileArchives.zipWithExtraFields(2, 20);
        for (int at = 0; at + 4 < zip64.length; at++) {
            if (new String(zip64, at, 4, StandardCharsets.ISO_8859_1).equals("PK\6\6")) {
                zip64[at + 32] = (byte) stated;
            }
        }
        assertRefused(zip64, "states " + stated + " entries and holds 2");
    }

    /** Programs without zip64 write the number of entries modulo 65,536. */
    @Test
    void zipOfMoreThan65536EntriesWithoutZip64_isUnpacked() throws Exception {
        byte[] zip64 = HostileArchives.zipWithExtraFields(65_537, 0);
        int end = zip64.length - 22;
        ByteBuffer bytes = ByteBuffer.wrap(zip64).order(ByteOrder.LITTLE_ENDIAN);
        long start = bytes.getLong(end - 76 + 48);
        int length = end - 76 - (int) start;
        byte[] zip = new byte[end - 76 + 22];
        System.arraycopy(zip64, 0, zip, 0, end - 76);
        ByteBuffer record = ByteBuffer.wrap(zip, end - 76, 22).order(ByteOrder.LITTLE_ENDIAN);
        record.putInt(0x06054b50).putInt(0).putShort((short) 1).putShort((short) 1);
        record.putInt(length).putInt((int) start);
        UnpackOptions one = new UnpackOptions(
                "",
                null,
                List.of(),
                path -> path.text().equals("f0065536"),
                null,
                Set.of(),
                UnpackOptions.Limits.USUAL);
        new Unpacker(1).unpack(ArchiveSpecimen.source("a.zip", zip), root, one, count -> {});
        assertEquals(Map.of("f0065536", ""), ArchiveSpecimen.onDisk(root));
    }

    @Test
    void directoryWithADamagedEntry_isDamaged() throws Exception {
        assertRefused(patched(HostileArchives.zip("a", "b"), 1, 0, 'Q'), "its directory is damaged");
    }

    @Test
    void lastEntryWithACommentBeyondTheDirectory_isDamaged() throws Exception {
        assertRefused(patched(HostileArchives.zip("a", "b"), 1, 32, 9), "its directory states");
    }

    @Test
    void headersThatShareOneByte_overlap() throws Exception {
        assertRefused(HostileArchives.withOffset(HostileArchives.zip("a", "b"), 1, 31), "overlap");
    }

    private static byte[] zip64(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            zip.setUseZip64(Zip64Mode.Always);
            for (String name : names) {
                ZipArchiveEntry entry = new ZipArchiveEntry(name);
                entry.setComment("a comment");
                zip.putArchiveEntry(entry);
                zip.write(name.getBytes(StandardCharsets.UTF_8));
                zip.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void sizesAndOffsetsInFieldsOfZip64_areRead_alsoBehindAComment() throws Exception {
        String[] names = {"first.txt", "second.txt", "third.txt", "fourth.txt", "fifth.txt"};
        unpack("a.zip", zip64(names));
        assertEquals(
                Stream.of(names).collect(Collectors.toMap(name -> name, name -> name)), ArchiveSpecimen.onDisk(root));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 8, 16})
    void negativeNumberInAFieldOfZip64_isDamage(int at) throws Exception {
        byte[] zip = zip64("a.txt", "b.txt");
        assertRefused(patched(zip, 1, 46 + 5 + 4 + at + 7, 0x80), "its directory is damaged");
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 16})
    void numberOfZip64BeyondEveryFile_isBeyondTheArchive(int at) throws Exception {
        byte[] zip = zip64("a.txt", "b.txt");
        assertRefused(
                patched(zip, 1, 46 + 5 + 4 + at, 255, 255, 255, 255, 255, 255, 255, 127),
                "beyond the end of the archive");
    }

    @Test
    void entryOfMacOs_hasItsUnixMode_andOneOfDosHasNone() throws Exception {
        byte[] link = HostileArchives.zipWithLink("all/a.txt", "b.txt", "all/a.txt");
        UnpackedTree tree = unpack("a.zip", patched(link, 0, 5, 19));
        assertEquals(
                Set.of("all/a.txt", "b.txt"),
                tree.files().stream().map(file -> file.path().text()).collect(Collectors.toSet()));
        assertEquals("all/a.txt", ArchiveSpecimen.onDisk(root).get("b.txt"), "a copy of the file");
        root = root.resolve("dos");
        unpack("a.zip", patched(HostileArchives.zipWithLink("c.txt", "b.txt", "text"), 0, 5, 0));
        assertEquals(Map.of("c.txt", "c.txt", "b.txt", "text"), ArchiveSpecimen.onDisk(root));
    }

    @Test
    void folderOfDosWithoutASlash_isAFolder_andAFileWithThatAttributeIsAFile() throws Exception {
        byte[] zip = HostileArchives.zip(0, "file", "d/a");
        byte[] dos = patched(patched(zip, 0, 5, 0), 0, 38, 0x10, 0, 0, 0);
        unpack("a.zip", dos);
        assertEquals(Map.of("file", "file", "d/a", "d/a"), ArchiveSpecimen.onDisk(root));
        root = root.resolve("empty");
        byte[] empty = HostileArchives.zipWithExtraFields(2, 0);
        unpack("a.zip", patched(patched(empty, 0, 5, 0), 0, 38, 0x10, 0, 0, 0));
        assertEquals(Map.of("f0000001", ""), ArchiveSpecimen.onDisk(root));
    }

    @Test
    void sizesWhoseSumIsTooLargeForANumber_areRefusedAsTooLarge() throws Exception {
        byte[] zip = zip64("a.txt", "b.txt");
        int at = 46 + 5 + 4;
        int[] most = {255, 255, 255, 255, 255, 255, 255, 127};
        assertRefused(patched(patched(zip, 0, at, most), 1, at, most), "a.zip is refused");
    }

    @Test
    void programInFrontOfAZip64_isIgnored() throws Exception {
        byte[] zip = zip64("a.txt", "b.txt");
        byte[] behind = new byte[zip.length + 700];
        System.arraycopy(zip, 0, behind, 700, zip.length);
        assertEquals(2, unpack("a.zip", behind).files().size());
    }

    @Test
    void zip64RecordThatIsNowhere_isDamage() throws Exception {
        byte[] zip = zip64("a.txt", "b.txt");
        for (int at = 0; at + 4 < zip.length; at++) {
            if (new String(zip, at, 4, StandardCharsets.ISO_8859_1).equals("PK\6\6")) {
                zip[at] = 'Q';
            }
        }
        assertRefused(zip, "its directory is not where its end record says");
    }

    @Test
    void directoryLargerThanTheFile_isDamage() throws Exception {
        assertRefused(
                patched(HostileArchives.zip("a"), -1, 12, 255, 255, 255, 127),
                "its directory is not where its end record says");
    }

    @Test
    void zipThatLeavesTheNumberOfThePartToZip64_butHasNone_isInOnePart() throws Exception {
        assertEquals(
                1,
                unpack("a.zip", patched(HostileArchives.zip("a"), -1, 4, 255, 255))
                        .files()
                        .size());
    }

    @Test
    void unknownMethod_isNamedByItsNumber() throws Exception {
        Problem problem =
                assertThrows(Problem.class, () -> unpack("a.zip", patched(HostileArchives.zip("a"), 0, 10, 77)));
        assertEquals(Problem.Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("the unknown method 77"), problem.message());
    }

    @Test
    void entryThatIsNotWhereTheDirectorySays_isDamage() throws Exception {
        byte[] zip = HostileArchives.zip("a", "b");
        zip[32] = 'Q';
        Problem problem = assertThrows(Problem.class, () -> unpack("a.zip", zip));
        assertTrue(problem.message().contains("no entry is where the directory says"), problem.message());
    }

    @Test
    void linkToAnEncryptedFile_needsAnotherProgram() throws Exception {
        byte[] zip = patched(HostileArchives.zipWithLink("all/a", "a", "all/a"), 1, 8, 1);
        UnpackOptions link = new UnpackOptions(
                "", null, List.of(), path -> path.text().equals("a"), null, Set.of(), UnpackOptions.Limits.USUAL);
        Problem problem = assertThrows(
                Problem.class,
                () -> new Unpacker(1).unpack(ArchiveSpecimen.source("a.zip", zip), root, link, count -> {}));
        assertEquals(Problem.Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("encrypted"), problem.message());
    }

    @Test
    void encryptedLink_needsAnotherProgram() throws Exception {
        byte[] zip = patched(HostileArchives.zipWithLink("all/a", "a", "all/a"), 0, 8, 1);
        Problem problem = assertThrows(Problem.class, () -> unpack("a.zip", zip));
        assertEquals(Problem.Kind.PERSON, problem.kind());
        assertTrue(problem.message().contains("encrypted"), problem.message());
    }

    @Test
    void linkWithATargetOfThousandsOfBytes_isRefused() throws Exception {
        byte[] zip = HostileArchives.zipWithLink("a", "l", "x/".repeat(2049));
        Problem problem = assertThrows(Problem.class, () -> unpack("a.zip", zip));
        assertTrue(problem.message().contains("a symbolic link with a target of 4,098 bytes"), problem.message());
    }

    /** The Unicode name of Info-ZIP behind another field, then of an unknown version, then longer than there is. */
    @Test
    void unicodeNameInAnExtraField_isFoundBehindOthers_andIgnoredIfItIsMalformed() throws Exception {
        byte[] name = "é".getBytes(StandardCharsets.UTF_8);
        CRC32 crc = new CRC32();
        crc.update("a.txt".getBytes(StandardCharsets.UTF_8));
        ByteBuffer extra = ByteBuffer.allocate(6 + 4 + 5 + name.length).order(ByteOrder.LITTLE_ENDIAN);
        extra.putShort((short) 0x9999).putShort((short) 2).putShort((short) 0);
        extra.putShort((short) 0x7075).putShort((short) (5 + name.length)).put((byte) 1);
        extra.putInt((int) crc.getValue()).put(name);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(bytes)) {
            ZipArchiveEntry entry = new ZipArchiveEntry("a.txt");
            entry.setExtra(extra.array());
            out.putArchiveEntry(entry);
            out.closeArchiveEntry();
        }
        byte[] zip = bytes.toByteArray();
        int at = 46 + 5;
        assertEquals(List.of("é"), names(zip));
        assertEquals(List.of("a.txt"), names(patched(zip, 0, at + 6 + 4, 2)));
        assertEquals(List.of("a.txt"), names(patched(zip, 0, at + 6 + 2, 5 + name.length + 1)));
        assertEquals(List.of("a.txt"), names(patched(zip, 0, at + 6 + 2, 4)));
    }

    private List<String> names(byte[] zip) throws Problem {
        root = root.resolve("n");
        return unpack("a.zip", zip).files().stream()
                .map(file -> file.path().text())
                .toList();
    }

    // What is read

    /** A zip that says what was announced, as pairs of first byte and end. */
    private record Announced(ArchiveSource zip, List<String> ranges) implements ArchiveSource {
        @Override
        public String name() {
            return zip.name();
        }

        @Override
        public SeekableByteChannel open() throws IOException {
            return zip.open();
        }

        @Override
        public void willRead(Supplier<List<long[]>> announced) {
            ranges.add(announced.get().stream().map(Arrays::toString).collect(Collectors.joining()));
        }
    }

    private List<String> announced(byte[] zip, String... wanted) throws Problem {
        UnpackOptions some = new UnpackOptions(
                "",
                null,
                List.of(),
                path -> List.of(wanted).contains(path.text()),
                null,
                Set.of(),
                UnpackOptions.Limits.USUAL);
        Announced source = new Announced(ArchiveSpecimen.source("a.zip", zip), new ArrayList<>());
        root = root.resolve("n");
        new Unpacker(1).unpack(source, root, some, count -> {});
        return source.ranges();
    }

    @Test
    void whatWillBeRead_isAnnounced_theDirectoryFirst_thenTheWantedEntries() throws Exception {
        byte[] zip = HostileArchives.zip("a", "b", "c");
        int entry = 30 + 1 + 1;
        String directory = "[" + 3 * entry + ", " + (zip.length - 22) + "]";
        assertEquals(List.of(directory, "[32, 64]"), announced(zip, "b"), "up to the next entry");
        assertEquals(List.of(directory, "[0, 32][64, 96]"), announced(zip, "a", "c"), "up to the directory");
    }

    @Test
    void targetOfALink_isAnnouncedWhenTheLinkIsRead() throws Exception {
        byte[] zip = HostileArchives.zipWithLink("file", "link", "file");
        // Each entry has a header of 30 bytes, a name of 4 and a content of 4.
        assertEquals(List.of("", "[0, 38]", "[38, 76]"), announced(zip, "link").subList(1, 4));
    }

    @Test
    void emptyZip_isRefused() throws Exception {
        Problem problem = assertThrows(Problem.class, () -> unpack("a.zip", HostileArchives.zip()));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("no files"), problem.message());
    }
}
