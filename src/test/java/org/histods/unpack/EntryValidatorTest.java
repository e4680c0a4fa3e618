package org.histods.unpack;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.histods.digest.Algorithm;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where an entry is written, and which entries refuse the archive, without an archive. */
final class EntryValidatorTest {

    private static final long MIB_100 = 100L << 20;

    private static UnpackOptions options(String into, @Nullable String folder, List<String> skip, Algorithm... also) {
        return new UnpackOptions(
                into,
                folder,
                skip,
                path -> !path.text().startsWith("unwanted"),
                null,
                Set.of(also),
                new UnpackOptions.Limits(Long.MAX_VALUE, 1000, Long.MAX_VALUE));
    }

    private static EntryValidator validator(UnpackOptions options) throws Problem {
        return new EntryValidator(new ArchiveErrors("a.zip"), options, false);
    }

    private static EntryValidator validator() throws Problem {
        return validator(options("", null, List.of()));
    }

    private static EntryValidator inFolder(String folder) throws Problem {
        return validator(options("", folder, List.of()));
    }

    private static EntryValidator ofGitTree() throws Problem {
        return validator(options("", null, List.of("docs/**"), Algorithm.GIT_BLOB));
    }

    private static @Nullable String placed(EntryValidator validator, String name, RawEntry.Type type) throws Problem {
        FilePath path = validator.validate(new RawEntry(name, type, 0));
        return path == null ? null : path.text();
    }

    private static @Nullable String placed(EntryValidator validator, String name) throws Problem {
        return placed(validator, name, RawEntry.Type.FILE);
    }

    private static String refusal(EntryValidator validator) {
        Problem problem = assertThrows(Problem.class, validator::refuseIfFaulty);
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        return problem.message();
    }

    private static void assertFault(EntryValidator validator, String name, RawEntry.Type type, String fault)
            throws Problem {
        assertNull(placed(validator, name, type));
        assertEquals(
                "a.zip is refused because 1 entry is not safe to unpack:\n  '" + name + "': " + fault,
                refusal(validator));
    }

    private static void assertFault(EntryValidator validator, String name, String fault) throws Problem {
        assertFault(validator, name, RawEntry.Type.FILE, fault);
    }

    private static void assertIgnored(EntryValidator validator, String name, RawEntry.Type type) throws Problem {
        assertNull(placed(validator, name, type));
        assertDoesNotThrow(validator::refuseIfFaulty);
        assertEquals(List.of(), validator.skipped());
    }

    // Names

    @ParameterizedTest
    @CsvSource({"a/b.txt,a/b.txt", "./a//b.txt,a/b.txt", "a/./b.txt,a/b.txt", ".hidden,.hidden", "a..b,a..b"})
    void safeName_isThePathWithoutNeedlessSegments(String name, String path) throws Exception {
        EntryValidator validator = validator();
        assertEquals(path, placed(validator, name));
        assertDoesNotThrow(validator::refuseIfFaulty);
        assertDoesNotThrow(validator::refuseIfEmpty);
    }

    @ParameterizedTest
    @CsvSource({
        "../x,it has the segment '..'",
        "a/../../x,it has the segment '..'",
        "a/..,it has the segment '..'",
        "/x,it is absolute",
        "C:x,it starts with a drive letter",
        "\\x,it contains a backslash",
        "a\\..\\x,it contains a backslash",
        "aux,'aux' is reserved for a device on Windows"
    })
    void unsafeName_isAFault(String name, String fault) throws Exception {
        assertFault(validator(), name, fault);
    }

    @Test
    void emptyName_isAFaultOfAFile_andNotOfAFolder() throws Exception {
        assertFault(validator(), "", "it is empty");
        assertFault(validator(), ".", "it is empty");
        assertIgnored(validator(), "./", RawEntry.Type.FILE);
        assertIgnored(validator(), ".", RawEntry.Type.FOLDER);
    }

    @Test
    void nameOfTwiceTheLongestPath_isRead_andALongerOneIsAFault() throws Exception {
        String name = "./".repeat(FilePath.MAX_BYTES - 1) + "ab";
        assertEquals("ab", placed(validator(), name));
        EntryValidator validator = validator();
        assertNull(placed(validator, name + "c"));
        assertTrue(refusal(validator).endsWith("': " + FilePath.TOO_LONG));
    }

    // Types

    @Test
    void folder_isNotWritten_andNoFault() throws Exception {
        assertIgnored(validator(), "a", RawEntry.Type.FOLDER);
        assertIgnored(validator(), "a/", RawEntry.Type.FILE);
    }

    @Test
    void folderWithContent_isAFault() throws Exception {
        EntryValidator validator = validator();
        assertNull(validator.validate(new RawEntry("a/", RawEntry.Type.FILE, 1)));
        assertTrue(refusal(validator).contains("'a/': it is a folder with content of its own"));
    }

    @Test
    void device_isAFault() throws Exception {
        assertFault(validator(), "null", RawEntry.Type.SPECIAL, "it is a device, a pipe or of an unknown type");
    }

    @Test
    void link_isPlaced_butIsAFaultInAGitTree() throws Exception {
        assertEquals("l", placed(validator(), "l", RawEntry.Type.SYMBOLIC_LINK));
        assertEquals("l", placed(validator(), "l", RawEntry.Type.HARD_LINK));
        assertEquals("l", placed(ofGitTree(), "l", RawEntry.Type.HARD_LINK));
        assertFault(ofGitTree(), "l", RawEntry.Type.SYMBOLIC_LINK, "it is a symbolic link");
    }

    // Collisions

    @ParameterizedTest
    @CsvSource({
        "a,FILE,a,FILE,it is in the archive twice",
        "A,FOLDER,a,FILE,it differs from 'A/' only in case or Unicode form",
        "a,FILE,A/b,FILE,it differs from 'a' only in case or Unicode form",
        "a/b,FILE,a,FILE,it is a file and a folder",
        "a,FILE,a,FOLDER,'a' is a file and a folder"
    })
    void secondEntryOfAPathThatIsTheSameOnSomeDisk_isAFault(
            String one, RawEntry.Type oneType, String two, RawEntry.Type twoType, String fault) throws Exception {
        EntryValidator validator = validator();
        placed(validator, one, oneType);
        assertDoesNotThrow(validator::refuseIfFaulty);
        assertFault(validator, two, twoType, fault);
    }

    @Test
    void folderThatIsThereTwice_isNoFault() throws Exception {
        EntryValidator validator = validator();
        assertNull(placed(validator, "a", RawEntry.Type.FOLDER));
        assertNull(placed(validator, "a/", RawEntry.Type.FILE));
        assertEquals("a/b", placed(validator, "a/b"));
        assertDoesNotThrow(validator::refuseIfFaulty);
    }

    @Test
    void laterEntryOfATar_mayReplaceAnEarlierOne() throws Exception {
        EntryValidator tar = new EntryValidator(new ArchiveErrors("a.tar"), options("", null, List.of()), true);
        assertEquals("a", placed(tar, "a"));
        assertEquals("a", placed(tar, "a"));
        assertDoesNotThrow(tar::refuseIfFaulty);
    }

    // What is left out

    @Test
    void fileOfASystem_isLeftOutAndListed_andItsFolderIsNotListed() throws Exception {
        EntryValidator validator = validator();
        assertNull(placed(validator, "d/.DS_Store"));
        assertNull(placed(validator, "__MACOSX/", RawEntry.Type.FOLDER));
        assertEquals(List.of("d/.DS_Store"), validator.skipped());
        assertDoesNotThrow(validator::refuseIfFaulty);
        assertThrows(Problem.class, validator::refuseIfEmpty);
    }

    @Test
    void fileOfASystem_isPartOfAGitTree_andSkippedFilesAreNot() throws Exception {
        EntryValidator validator = ofGitTree();
        assertEquals(".DS_Store", placed(validator, ".DS_Store"));
        assertNull(placed(validator, "docs/a"));
        assertEquals(List.of("docs/a"), validator.skipped());
    }

    @Test
    void fileThatIsLeftOut_isAFaultAllTheSameIfItLeadsOut() throws Exception {
        assertFault(validator(), "__MACOSX/../../x", "it leads out of the folder");
    }

    @Test
    void appleDouble_isLeftOutByItsName_butNotOfAGitTree() throws Exception {
        assertTrue(validator().leavesOutAppleDouble(new FilePath("d/._a")));
        assertFalse(validator().leavesOutAppleDouble(new FilePath("d/a")));
        assertFalse(ofGitTree().leavesOutAppleDouble(new FilePath("d/._a")));
    }

    // Folders

    @Test
    void onlyTheFolderThatCounts_isPlaced_withoutItsOwnName() throws Exception {
        EntryValidator validator = inFolder("*/data");
        assertEquals("a/b", placed(validator, "repo/data/a/b"));
        assertIgnored(validator, "repo/data", RawEntry.Type.FOLDER);
        assertIgnored(validator, "repo/data", RawEntry.Type.FILE);
        assertIgnored(validator, "repo/other/a", RawEntry.Type.FILE);
        assertIgnored(validator, "data/a", RawEntry.Type.FILE);
    }

    @Test
    void fileOutsideOfTheFolderThatCounts_mayHaveAnyName_butMayNotLeadOut() throws Exception {
        assertIgnored(inFolder("data"), "other/aux", RawEntry.Type.FILE);
        assertFault(inFolder("data"), "other/../../x", "it has the segment '..'");
        assertFault(inFolder("data"), "/x", "it is absolute");
        assertFault(inFolder("data"), "C:x", "it starts with a drive letter");
        assertFault(inFolder("data"), "\\\\server\\x", "it contains a backslash");
        assertFault(inFolder("data"), "data/aux", "'aux' is reserved for a device on Windows");
    }

    @Test
    void pathInTheTree_isCheckedWithTheFolderThatItGoesInto() throws Exception {
        assertEquals("in/to/a", placed(validator(options("in/to", null, List.of())), "a"));
        String name = ("n".repeat(99) + "/").repeat(9) + "n".repeat(99);
        assertEquals(name, placed(validator(), name));
        EntryValidator validator = validator(options("in/to", null, List.of()));
        assertNull(placed(validator, name));
        assertTrue(refusal(validator).endsWith(FilePath.TOO_LONG));
    }

    @ParameterizedTest
    @ValueSource(strings = {"skip", "folder"})
    void globThatIsInvalid_isAMistakeInTheOptions(String which) {
        UnpackOptions options = which.equals("skip") ? options("", null, List.of("a/[")) : options("", "a[", List.of());
        assertEquals(
                Problem.Kind.USAGE,
                assertThrows(Problem.class, () -> validator(options)).kind());
    }

    // Counts

    @Test
    void fileThatIsNotWanted_isNotWritten_butTheArchiveIsNotEmpty() throws Exception {
        EntryValidator validator = validator();
        assertNull(placed(validator, "unwanted"));
        assertDoesNotThrow(validator::refuseIfEmpty);
    }

    @Test
    void archiveWithoutFiles_isRefused_withTheFolderThatCounts() throws Exception {
        EntryValidator whole = validator();
        placed(whole, "a", RawEntry.Type.FOLDER);
        assertEquals(
                "a.zip is refused: it holds no files",
                assertThrows(Problem.class, whole::refuseIfEmpty).message());
        EntryValidator folder = inFolder("data");
        placed(folder, "a");
        assertEquals(
                "a.zip is refused: it holds no files in 'data'",
                assertThrows(Problem.class, folder::refuseIfEmpty).message());
    }

    @Test
    void asManyEntriesAsTheLimit_areRead_andOneMoreIsRefused() throws Exception {
        EntryValidator validator = validator();
        for (int i = 0; i < 1000; i++) {
            validator.validate(new RawEntry("f" + i, RawEntry.Type.FILE, 0));
        }
        assertEquals(
                "a.zip is refused: it has more than 1000 entries, which is the limit",
                assertThrows(Problem.class, () -> validator.validate(new RawEntry("g", RawEntry.Type.FILE, 0)))
                        .message());
    }

    @ParameterizedTest
    @CsvSource({"2,2,0", "20,20,0", "21,20,1", "50,20,30"})
    void faults_areCounted_andTheFirstTwentyAreNamed(int faults, int named, int more) throws Exception {
        EntryValidator validator = validator();
        for (int i = 0; i < faults; i++) {
            assertNull(placed(validator, "../" + i));
        }
        String message = refusal(validator);
        assertTrue(message.startsWith("a.zip is refused because " + faults + " entries are not safe to unpack:\n"));
        assertEquals(
                named, message.lines().filter(line -> line.startsWith("  '../")).count());
        assertEquals(more > 0, message.endsWith("\n  … and " + more + " more"), message);
        assertEquals(more > 0, message.contains("more"));
    }

    // Copies for links

    @Test
    void copiesUpTo100MiB_areWritten_whateverTheirFilesHave() throws Exception {
        EntryValidator validator = validator();
        assertDoesNotThrow(() -> validator.refuseIfCopiesAreTooMany(MIB_100, 0));
    }

    @Test
    void copiesOfMoreThan100MiB_areRefusedAbove100To1() throws Exception {
        EntryValidator validator = validator();
        assertThrows(Problem.class, () -> validator.refuseIfCopiesAreTooMany(MIB_100 + 1, 0));
        assertDoesNotThrow(() -> validator.refuseIfCopiesAreTooMany(2 * MIB_100, 2 << 20));
        assertEquals(
                "a.zip is refused: its links would write 209,715,200 bytes of copies of 2,097,151 bytes, and the limit"
                        + " is 100 to 1",
                assertThrows(Problem.class, () -> validator.refuseIfCopiesAreTooMany(2 * MIB_100, (2 << 20) - 1))
                        .message());
    }
}
