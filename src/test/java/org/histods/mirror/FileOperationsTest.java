package org.histods.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Modes, names, links and sizes of files on a real disk. */
final class FileOperationsTest {

    @TempDir
    Path root;

    private final FileOperations disk = new FileOperations();

    private Path file(String name, String content) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static Path mode(Path path, String permissions) throws IOException {
        return Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    }

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    private static Object key(Path path) throws IOException {
        return Objects.requireNonNull(
                Files.readAttributes(path, BasicFileAttributes.class).fileKey());
    }

    private List<String> names() {
        return disk.names(root);
    }

    private MirrorFiles files() {
        return files(disk);
    }

    private MirrorFiles files(FileOperations operations) {
        return new Mirror(
                        root.resolve("mirror"),
                        OwnerProcess.self("test"),
                        MirrorLocks.Mode.OFF,
                        Clock.systemUTC(),
                        operations)
                .files();
    }

    // Reading

    @Test
    void text_isThatOfASmallRegularFile() throws Exception {
        assertEquals("a", FileOperations.text(file("a", "a")));
        assertThrows(NoSuchFileException.class, () -> FileOperations.text(root.resolve("b")));
        assertThrows(IOException.class, () -> FileOperations.text(root));
        Path large = root.resolve("large");
        try (RandomAccessFile out = new RandomAccessFile(large.toFile(), "rw")) {
            out.setLength((64 << 20) + 1);
        }
        IOException e = assertThrows(IOException.class, () -> FileOperations.text(large));
        assertEquals("it is too large", e.getMessage());
    }

    @Test
    void names_areSorted_andNoneWhereNothingIs() throws Exception {
        file("b", "");
        file("c", "");
        file("a", "");
        assertEquals(List.of("a", "b", "c"), names());
        assertEquals(List.of(), disk.names(root.resolve("d")));
    }

    @Test
    void diskError_saysWhatToDo() {
        Problem full = FileOperations.problem("cannot write", new IOException("No space left on device"));
        assertEquals(Problem.Kind.DISK, full.kind());
        assertTrue(String.valueOf(full.hint()).contains("check the free space"), full.hint());
        Problem denied = FileOperations.problem("cannot write", new AccessDeniedException("x"));
        assertTrue(String.valueOf(denied.hint()).contains("write access for your group"), denied.hint());
        assertEquals(
                Problem.Kind.INTERRUPTED,
                FileOperations.problem("cannot write", new ClosedByInterruptException())
                        .kind());
    }

    @Test
    void mountPoints_areThoseBelowTheFolder() throws Exception {
        Path real = root.toRealPath();
        FileOperations mounted = new FileOperations() {
            @Override
            List<String> mounts() {
                return List.of(
                        "21 1 8:1 / / rw",
                        "22 21 8:2 / " + real + " rw",
                        "23 21 8:2 / " + real + "/a\\040b\\134c rw,relatime shared:1 - ext4",
                        "24 21 8:2 / " + real + "x rw",
                        "torn " + real + "/torn");
            }
        };
        assertEquals(List.of(root.resolve("a b\\c")), mounted.mountPoints(root));
        assertEquals(List.of(), mounted.mountPoints(root.resolve("missing")));
    }

    @Test
    void mountPointsOfTheSystem_areRead() throws Exception {
        boolean linux = Files.exists(Path.of("/proc/self/mountinfo"));
        assertEquals(linux, disk.mountPoints(Path.of("/")).contains(Path.of("/proc")));
    }

    @Test
    void sizes_areOfFilesAndOfThoseWithSeveralNames() throws Exception {
        file("a/1", "12345");
        file("a/b/2", "123");
        Files.createLink(root.resolve("a/3"), root.resolve("a/b/2"));
        assertEquals(new DiskUsage(3, 11), disk.usage(root));
        assertEquals(6, disk.sharedBytes(root));
        assertEquals(2, FileOperations.nameCount(root.resolve("a/3")));
        Files.createSymbolicLink(root.resolve("a/4"), root.resolve("a/b/2"));
        assertEquals(6, disk.sharedBytes(root));
    }

    @Test
    void newest_isTheLatestChangeOfAFileOrFolder() throws Exception {
        Instant late = Instant.parse("2030-01-02T03:04:05Z");
        Instant later = Instant.parse("2031-01-02T03:04:05Z");
        Files.setLastModifiedTime(file("a/1", "x"), FileTime.from(late));
        assertEquals(late, disk.newest(root));
        Files.setLastModifiedTime(root.resolve("a"), FileTime.from(later));
        assertEquals(later, disk.newest(root));
    }

    @Test
    void freeSpace_isThatOfTheFolderThatExists() {
        assertEquals(root.toFile().getTotalSpace() > 0, disk.free(root.resolve("a/b/c")) > 0);
    }

    @Test
    void spaceThatIsNotThere_isNamedBeforeAnythingIsWritten() throws Exception {
        MirrorFiles files = files(new FileOperations() {
            @Override
            long free(Path folder) {
                return 1000;
            }
        });
        assertEquals(1000, files.free());
        files.requireSpace(1000, "toy");
        Problem p = assertThrows(Problem.class, () -> files.requireSpace(1500, "toy"));
        assertTrue(p.message().contains("500 bytes are missing"), p.message());
    }

    // Modes

    @ParameterizedTest
    @CsvSource({
        "rwxrwx---, rw-------, rw-rw----",
        "rwxrwxr-x, rw-------, rw-rw-r--",
        "rwxrwxr-x, rwx------, rwxrw-r--",
        "rwxr-xr-x, rw-------, rw-------",
        "rwxrwx--x, rw-r--r--, rw-rw-r--"
    })
    void file_getsTheAccessOfItsFolder_ifTheGroupMayWriteThere(String above, String before, String after)
            throws Exception {
        Path file = mode(file("shared/a", ""), before);
        mode(root.resolve("shared"), above);
        FileOperations.share(file);
        assertEquals(after, mode(file));
    }

    @ParameterizedTest
    @CsvSource({
        "rwxrwx---, rwx------, rwxrwx---",
        "rwxrwxr-x, rwx------, rwxrwxr-x",
        "rwxrwxr--, rwx------, rwxrwxr--",
        "rwxr-xr-x, rwx------, rwx------"
    })
    void folder_getsTheAccessOfTheFolderAbove(String above, String before, String after) throws Exception {
        Path folder = mode(Files.createDirectories(root.resolve("shared/a")), before);
        mode(root.resolve("shared"), above);
        FileOperations.share(folder);
        assertEquals(after, mode(folder));
    }

    @Test
    void targetOfALink_isNotShared() throws Exception {
        Path target = mode(file("private/a", ""), "rw-------");
        Path link = Files.createSymbolicLink(
                Files.createDirectories(root.resolve("shared")).resolve("link"), target);
        mode(root.resolve("shared"), "rwxrwx---");
        FileOperations.share(link);
        FileOperations.share(root.resolve("shared/missing"));
        assertEquals("rw-------", mode(target));
    }

    private static int bits(Path path) throws IOException {
        return ((Number) Objects.requireNonNull(Files.getAttribute(path, "unix:mode"))).intValue() & 07777;
    }

    @Test
    void newFolder_inAFolderOfAGroup_isTheGroups_whateverTheUmask() throws Exception {
        Files.setAttribute(root, "unix:mode", 02770);
        disk.makeFolder(root.resolve("a/b"));
        assertEquals(02770, bits(root.resolve("a")) & 02770);
        assertEquals(02770, bits(root.resolve("a/b")) & 02770);
        assertEquals(List.of("a"), names());
        Files.setAttribute(root, "unix:mode", 0770);
        disk.makeFolder(root.resolve("c"));
        assertEquals(0770, bits(root.resolve("c")) & 02770);
        mode(root, "rwxr-xr-x");
        disk.makeFolder(root.resolve("d/e"));
        assertFalse(mode(root.resolve("d")).startsWith("w", 4), "private folders stay private");
        disk.makeFolder(root.resolve("d/e"));
    }

    /** As one that was made before its folder was given to a group. */
    @Test
    void folderInAFolderOfAGroup_givesItsFilesToTheGroupToo_andAFileHasNoSuchBit() throws Exception {
        Path folder = mode(Files.createDirectories(root.resolve("shared/a")), "rwx------");
        Path file = mode(file("shared/b", ""), "rw-------");
        Path shared = root.resolve("shared");
        mode(shared, "rwxrwx---");
        FileOperations.share(folder);
        assertEquals(0770, bits(folder));
        Files.setAttribute(shared, "unix:mode", 02770);
        FileOperations.share(folder);
        FileOperations.share(file);
        assertEquals(02770, bits(folder));
        assertEquals(0660, bits(file));
        mode(folder, "rwx------");
        FileOperations.share(folder);
        assertEquals(02770, bits(folder));
    }

    @Test
    void foldersOfABag_andTheCopyOfAFileWithAnotherName_areSharedWithTheGroup() throws Exception {
        Path data = Files.createDirectories(root.resolve("bag/data"));
        mode(root, "rwxrwx---");
        mode(root.resolve("bag"), "rwx------");
        mode(data, "rwx------");
        disk.makeReadOnly(root.resolve("bag"));
        assertEquals("rwxrwx---", mode(data));
        Path file = mode(file("journal", "a"), "rw-------");
        Files.createLink(root.resolve("backup"), file);
        disk.unshare(file);
        assertEquals("rw-rw", mode(file).substring(0, 5));
    }

    @Test
    void folderWhereAFileIs_isNotMade() throws Exception {
        file("a", "x");
        assertThrows(IOException.class, () -> disk.makeFolder(root.resolve("a")));
        mode(root, "rwxrwx---");
        assertThrows(IOException.class, () -> disk.makeFolder(root.resolve("a")));
        assertEquals(List.of("a"), names());
    }

    @Test
    void filesOfABag_areReadOnly_itsFoldersAreNot_andWhatALinkLeadsToStays() throws Exception {
        Path outside = mode(file("outside", "x"), "rw-r--r--");
        Path plain = mode(file("bag/data/a", "x"), "rw-rw-r--");
        Path program = mode(file("bag/data/b", "x"), "rwxr--r--");
        Files.createSymbolicLink(root.resolve("bag/data/link"), outside);
        disk.makeReadOnly(root.resolve("bag"));
        assertEquals("r--r--r--", mode(plain));
        assertEquals("r-xr-xr-x", mode(program));
        assertEquals("rw-r--r--", mode(outside));
        assertTrue(mode(root.resolve("bag/data")).startsWith("rwx"));
        disk.makeReadOnly(root.resolve("bag"));
        disk.forceTop(root.resolve("bag"));
    }

    // Writing

    @Test
    void text_isWrittenWhole_orTheOldOneStays() throws Exception {
        Path file = root.resolve("a/b/text");
        disk.write(file, "old");
        assertThrows(
                IOException.class,
                () -> disk.write(file, writer -> {
                    writer.write("half");
                    throw new IOException("broken");
                }));
        assertEquals("old", Files.readString(file));
        disk.write(file, "new");
        assertEquals("new", Files.readString(file));
        disk.writeUnsynced(file, "newer");
        assertEquals("newer", Files.readString(file));
        assertEquals(List.of("text"), disk.names(root.resolve("a/b")));
    }

    @Test
    void writtenText_isSharedWithTheGroup() throws Exception {
        mode(root, "rwxrwx---");
        disk.write(root.resolve("a"), "x");
        disk.writeUnsynced(root.resolve("b"), "x");
        assertEquals("rw-rw", mode(root.resolve("a")).substring(0, 5));
        assertEquals("rw-rw", mode(root.resolve("b")).substring(0, 5));
    }

    /** As in a backup made of hard links. */
    @Test
    void leftDraft_isNotWrittenInto() throws Exception {
        Path backup = file("backup", "mine");
        Files.createLink(root.resolve("text.tmp"), backup);
        disk.writeUnsynced(root.resolve("text"), "new");
        assertEquals("mine", Files.readString(backup));
        assertEquals(List.of("backup", "text"), names());
    }

    @Test
    void fileWithAnotherName_isReplacedByACopy_andAnyOtherStays() throws Exception {
        Path file = file("journal", "a\n");
        Object before = key(file);
        disk.unshare(file);
        assertEquals(before, key(file));
        disk.unshare(root.resolve("missing"));
        Path backup = root.resolve("backup");
        Files.createLink(backup, file);
        disk.unshare(file);
        assertNotEquals(before, key(file));
        assertEquals(before, key(backup));
        assertEquals("a\n", Files.readString(file));
        assertEquals(List.of("backup", "journal"), names());
    }

    @Test
    void copy_replacesNothing() throws Exception {
        Path from = file("a", "new");
        Path to = file("b", "old");
        assertThrows(FileAlreadyExistsException.class, () -> disk.copy(from, to));
        assertEquals("old", Files.readString(to));
        assertFalse(disk.reflink(from, root.resolve("c")), "it is small");
        assertFalse(Files.exists(root.resolve("c")));
    }

    // Deleting

    @Test
    void folderThatIsNotEmpty_stays() throws Exception {
        file("a/1", "x");
        disk.deleteEmpty(root.resolve("a"));
        assertEquals("x", Files.readString(root.resolve("a/1")));
        Files.delete(root.resolve("a/1"));
        disk.deleteEmpty(root.resolve("a"));
        disk.deleteEmpty(root.resolve("a"));
        assertEquals(List.of(), names());
    }

    @Test
    void onlyAnotherNameOfTheSameFile_isReleased() throws Exception {
        Path inBag = file("bag/a", "x");
        Path link = root.resolve("link");
        Files.createLink(link, inBag);
        Path equal = file("equal", "x");
        Path symbolic = Files.createSymbolicLink(root.resolve("symbolic"), inBag);
        Path alias = Files.createSymbolicLink(root.resolve("alias"), root.resolve("bag"));
        assertFalse(files().release(equal, inBag), "another file");
        assertFalse(files().release(symbolic, inBag), "a link to it");
        assertFalse(files().release(inBag, inBag), "the same name");
        assertFalse(files().release(alias.resolve("a"), inBag), "the same name by another way");
        assertFalse(files().release(root.resolve("missing"), inBag), "nothing");
        assertTrue(files().release(link, inBag));
        assertFalse(Files.exists(link));
        assertFalse(files().release(inBag, alias.resolve("a")), "the only name");
        assertEquals("x", Files.readString(inBag));
        assertEquals("x", Files.readString(equal));
    }

    // Links and copies into the mirror

    private static final FileOperations WITHOUT_LINKS = new FileOperations() {
        @Override
        void link(Path from, Path to) {
            throw new UnsupportedOperationException();
        }
    };

    @Test
    void fileOfTheMirror_isLinked_andCopiedWhereThereAreNoLinks() throws Exception {
        Path from = mode(file("mirror/datasets/toy/1/data/a", "x"), "r--r--r--");
        Path linked = root.resolve("mirror/staging/new/a");
        files().link(from, linked);
        assertEquals(key(from), key(linked));
        Path copied = root.resolve("mirror/staging/new/b");
        files(WITHOUT_LINKS).link(from, copied);
        assertNotEquals(key(from), key(copied));
        assertEquals("x", Files.readString(copied));
        assertEquals("r--r--r--", mode(copied));
    }

    @Test
    void linkInTheMirrorToAFileElsewhere_isCopiedAsThatFile() throws Exception {
        Path outside = file("outside/a", "x");
        Path inside = Files.createDirectories(root.resolve("mirror/datasets")).resolve("a");
        Files.createSymbolicLink(inside, outside);
        Path to = root.resolve("mirror/staging/new/a");
        files().link(inside, to);
        assertNotEquals(key(outside), key(to));
        assertFalse(Files.isSymbolicLink(to));
        assertEquals("x", Files.readString(to));
    }

    @Test
    void existingFile_isNotReplaced_andAFolderIsNoFile() throws Exception {
        Path from = file("mirror/a", "new");
        Path to = file("mirror/b", "old");
        for (FileOperations operations : List.of(disk, WITHOUT_LINKS)) {
            Problem p = assertThrows(Problem.class, () -> files(operations).link(from, to));
            assertEquals(Problem.Kind.DISK, p.kind());
            assertInstanceOf(FileAlreadyExistsException.class, p.getCause());
            assertThrows(Problem.class, () -> files(operations).take(from, to, true));
            assertThrows(Problem.class, () -> files(operations).take(from, to, false));
        }
        assertEquals("old", Files.readString(to));
        Problem folder =
                assertThrows(Problem.class, () -> files().link(root.resolve("mirror"), root.resolve("mirror/c")));
        assertTrue(folder.message().contains("it is not a file"), folder.message());
    }

    @Test
    void fileThatIsTaken_isLinkedOnlyIfThatIsWanted_andPossible() throws Exception {
        Path from = file("outside/a", "x");
        Path linked = root.resolve("mirror/staging/a");
        Path copied = root.resolve("mirror/staging/b");
        Path without = root.resolve("mirror/staging/c");
        assertTrue(files().take(from, linked, true));
        assertFalse(files().take(from, copied, false));
        assertFalse(files(WITHOUT_LINKS).take(from, without, true));
        assertEquals(MirrorFiles.fileKey(from), MirrorFiles.fileKey(linked));
        assertNotEquals(MirrorFiles.fileKey(from), MirrorFiles.fileKey(copied));
        assertEquals("x", Files.readString(copied));
        assertEquals("x", Files.readString(without));
        assertEquals(Optional.empty(), MirrorFiles.fileKey(root.resolve("missing")));
    }

    @Test
    void newFileInAGroupsMirror_isShared() throws Exception {
        Path file = mode(file("mirror/a", "x"), "rw-------");
        mode(root.resolve("mirror"), "rwxrwx---");
        files().share(file);
        assertEquals("rw-rw----", mode(file));
    }
}
