package org.histods.mirror;

import java.io.IOException;
import java.io.Writer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.histods.concurrent.FileLocker;
import org.histods.problem.Problem;

/** The mirror's file operations. Not final, so that tests can simulate a full or broken disk. */
class FileOperations {

    /** The set-group bit of a folder's mode: new files in the folder get its group. */
    static final int SET_GROUP = 02000;

    /** How often another process may win a race before it counts as an error. */
    static final int MAX_RACES = 20;

    /** The mode that a bag's files have. */
    static final Set<PosixFilePermission> READ_ONLY = PosixFilePermissions.fromString("r--r--r--");

    private static final Set<PosixFilePermission> READ_AND_EXECUTE = PosixFilePermissions.fromString("r-xr-xr-x");

    /** The end of the name of a folder that is being made. */
    private static final String MAKING = ".making.tmp";

    private static final Duration MAKING_PAUSE = Duration.ofNanos(200_000);

    private static final Pattern OCTAL = Pattern.compile("\\\\([0-7]{3})");
    private static final long MAX_TEXT = 64 << 20;

    private final Reflinks reflinks = new Reflinks("cp");

    /**
     * Reads a small file of the mirror, such as a note of histods.
     *
     * @throws IOException if it cannot be read, is no regular file, or has more than 64 MB
     */
    static String text(Path file) throws IOException {
        if (Files.size(regular(file)) > MAX_TEXT) {
            throw new IOException("it is too large");
        }
        return Files.readString(file);
    }

    /**
     * The same path.
     *
     * @throws IOException if it is not a regular file: opening a pipe may take for ever, and reading a device too
     */
    static Path regular(Path file) throws IOException {
        if (!Files.readAttributes(file, BasicFileAttributes.class).isRegularFile()) {
            throw new IOException("it is not a file");
        }
        return file;
    }

    /** A disk error as a problem. */
    static Problem problem(String what, IOException e) {
        if (e instanceof ClosedByInterruptException) {
            return Problem.interrupted();
        }
        return new Problem(Problem.Kind.DISK, Problem.because(what, e), hint(e), e);
    }

    private static String hint(IOException e) {
        if (e instanceof AccessDeniedException) {
            return "ask the owner of that folder for write access for your group (docs/group-mirrors.md), or use"
                    + " another mirror with --mirror";
        }
        // The words of Linux and macOS.
        return String.valueOf(e.getMessage()).contains("File name too long")
                ? "use a mirror with a shorter path (--mirror)"
                : "check the free space and the permissions of the mirror (`histods doctor`)";
    }

    /**
     * The folders below that one at which another disk or folder is mounted. No rename crosses them, and what is in them is
     * not the mirror's alone. Empty where the system has no list of them ({@code /proc/self/mountinfo} of Linux).
     */
    List<Path> mountPoints(Path below) throws IOException {
        if (!Files.exists(below)) {
            return List.of();
        }
        Path real = below.toRealPath();
        List<Path> found = new ArrayList<>();
        for (String line : mounts()) {
            String[] fields = line.split(" ", 6);
            Path mount = Path.of(fields.length < 6 ? "/" : unescaped(fields[4]));
            if (mount.startsWith(real) && !mount.equals(real)) {
                found.add(below.resolve(real.relativize(mount)));
            }
        }
        return found;
    }

    /** The lines of {@code /proc/self/mountinfo}, as proc(5) describes them; none on other systems. */
    List<String> mounts() throws IOException {
        try {
            return Files.readAllLines(Path.of("/proc/self/mountinfo"));
        } catch (NoSuchFileException | MalformedInputException e) {
            return List.of();
        }
    }

    /** A field of that file: blanks, tabs, line breaks and backslashes are written as three octal digits. */
    private static String unescaped(String field) {
        return OCTAL.matcher(field)
                .replaceAll(code -> Matcher.quoteReplacement(Character.toString(Integer.parseInt(code.group(1), 8))));
    }

    void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Creates a hard link. */
    void link(Path from, Path to) throws IOException {
        Files.createLink(to, from);
    }

    /**
     * Copies a file to a name that does not exist. Where the file system can, as Btrfs and XFS do, the copy of a large file shares
     * the blocks of the original until one of the two is written to.
     */
    void copy(Path from, Path to) throws IOException {
        if (!reflinks.copy(from, to)) {
            Files.copy(from, to);
        }
    }

    /** Copies a large file only if the copy shares the blocks of the original, and returns whether it did. */
    boolean reflink(Path from, Path to) throws IOException {
        return reflinks.copy(from, to);
    }

    /** Locks the file of a channel; false if another holds the lock. */
    boolean lock(FileChannel channel) throws IOException {
        return FileLocker.tryLock(channel);
    }

    /** How long {@link #lock} may take before the file system counts as one without locks. */
    Duration lockTimeout() {
        return FileLocker.TIMEOUT;
    }

    /** How long a folder may take to be made before the process that makes it counts as dead. */
    Duration makingTimeout() {
        return Duration.ofSeconds(2);
    }

    /** The names in a folder, sorted; empty if it cannot be read. */
    List<String> names(Path folder) {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(p -> String.valueOf(p.getFileName())).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Makes a folder and its parents, also while another process deletes it because it is empty. */
    void makeFolder(Path folder) throws IOException {
        for (int attempt = 0; ; attempt++) {
            try {
                makeMissing(folder.toAbsolutePath());
                return;
            } catch (NoSuchFileException | FileAlreadyExistsException e) {
                if (attempt == MAX_RACES) {
                    throw e;
                }
            }
        }
    }

    private void makeMissing(Path folder) throws IOException {
        Path above = folder.getParent();
        if (above == null || Files.isDirectory(folder)) {
            return;
        }
        makeMissing(above);
        if (groupMayWrite(above)) {
            makeShared(folder);
        } else {
            createUnlessThere(folder);
        }
    }

    /**
     * Creates a folder that gets its name only once it is shared; otherwise another process could create subfolders in it
     * that the group cannot use. Only one process at a time has the temporary name, because a rename would replace an
     * empty folder that another process has just made and begins to use.
     */
    private void makeShared(Path folder) throws IOException {
        Path making = folder.resolveSibling(folder.getFileName() + MAKING);
        long began = System.nanoTime();
        while (!Files.isDirectory(folder)) {
            if (createUnlessThere(making)) {
                if (Files.isDirectory(folder)) {
                    Files.deleteIfExists(making);
                    return;
                }
                share(making);
                try {
                    Files.move(making, folder, StandardCopyOption.ATOMIC_MOVE);
                } catch (FileSystemException e) {
                    Files.deleteIfExists(making);
                    if (!Files.isDirectory(folder)) {
                        throw e;
                    }
                }
                return;
            }
            if (System.nanoTime() - began > makingTimeout().toNanos()) {
                // The process that made it was killed.
                Files.deleteIfExists(making);
                began = System.nanoTime();
            }
            LockSupport.parkNanos(MAKING_PAUSE.toNanos());
        }
    }

    /** Returns whether it was created; if not, another process was faster. */
    private static boolean createUnlessThere(Path folder) throws IOException {
        try {
            Files.createDirectory(folder);
            return true;
        } catch (FileAlreadyExistsException e) {
            if (Files.exists(folder) && !Files.isDirectory(folder)) {
                throw e;
            }
            return false;
        }
    }

    private static boolean groupMayWrite(Path folder) {
        try {
            return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.GROUP_WRITE);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /**
     * If the group may write to the parent folder, gives a file or folder the same access for group and others as the
     * parent, whatever the umask, so that all members of the group can use the mirror. Best effort: files of other
     * users were shared by them.
     */
    static void share(Path path) {
        try {
            Set<PosixFilePermission> above =
                    Files.getPosixFilePermissions(path.toAbsolutePath().resolveSibling(""));
            if (!above.contains(PosixFilePermission.GROUP_WRITE) || Files.isSymbolicLink(path)) {
                return;
            }
            shareGroup(path);
            Set<PosixFilePermission> old = Files.getPosixFilePermissions(path);
            Set<PosixFilePermission> wanted =
                    EnumSet.of(PosixFilePermission.GROUP_READ, PosixFilePermission.GROUP_WRITE);
            if (above.contains(PosixFilePermission.OTHERS_READ)) {
                wanted.add(PosixFilePermission.OTHERS_READ);
            }
            if (Files.isDirectory(path)) {
                wanted.add(PosixFilePermission.GROUP_EXECUTE);
                if (above.contains(PosixFilePermission.OTHERS_EXECUTE)) {
                    wanted.add(PosixFilePermission.OTHERS_EXECUTE);
                }
            }
            wanted.addAll(old);
            if (!wanted.equals(old)) {
                setPermissions(path, wanted);
            }
        } catch (IOException | UnsupportedOperationException e) {
            return;
        }
    }

    /** Sets the group, for systems that do not inherit it from the folder. */
    private static void shareGroup(Path path) throws IOException {
        Path above = path.toAbsolutePath().resolveSibling("");
        Object group = Files.getAttribute(above, "unix:gid");
        if (!Objects.equals(group, Files.getAttribute(path, "unix:gid"))) {
            Files.setAttribute(path, "unix:gid", group);
        }
        int mode = ((Number) Objects.requireNonNull(Files.getAttribute(path, "unix:mode"))).intValue();
        int aboveMode = ((Number) Objects.requireNonNull(Files.getAttribute(above, "unix:mode"))).intValue();
        if (Files.isDirectory(path) && (aboveMode & SET_GROUP) != 0 && (mode & SET_GROUP) == 0) {
            Files.setAttribute(path, "unix:mode", (mode & 07777) | SET_GROUP);
        }
    }

    /** Sets the permissions, and keeps the other bits of the mode, such as the set-group bit. */
    @SuppressWarnings("EnumOrdinal") // the permissions are in the order of their bits
    private static void setPermissions(Path path, Set<PosixFilePermission> wanted) throws IOException {
        int mode = ((Number) Objects.requireNonNull(Files.getAttribute(path, "unix:mode"))).intValue();
        int bits = mode & 07000;
        for (PosixFilePermission one : wanted) {
            bits |= 0400 >> one.ordinal();
        }
        Files.setAttribute(path, "unix:mode", bits);
    }

    /** Writes a small file atomically and durably. */
    final void write(Path file, String text) throws IOException {
        write(file, writer -> writer.write(text));
    }

    /** Writes the text of a file in pieces. */
    interface Text {
        void writeTo(Writer writer) throws IOException;
    }

    /** The same for a text of any length; while it is written, the old file is there. */
    void write(Path file, Text text) throws IOException {
        Path temp = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        makeFolder(file.toAbsolutePath().resolveSibling(""));
        try {
            try (Writer writer = Files.newBufferedWriter(temp)) {
                text.writeTo(writer);
            }
            share(temp);
            force(temp);
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temp);
        }
    }

    /** Writes a small file atomically, but not durably: for files whose loss in a power cut costs only time. */
    void writeUnsynced(Path file, String text) throws IOException {
        Path temp = file.resolveSibling(file.getFileName() + ".tmp");
        // Never into an existing file: it may have another name elsewhere.
        Files.deleteIfExists(temp);
        try {
            Files.writeString(temp, text, StandardOpenOption.CREATE_NEW);
            share(temp);
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temp);
        }
    }

    /**
     * Replaces a file by a copy if it has other names, such as in a backup made of hard links, or if another user of the mirror owns
     * it and did not share it.
     */
    void unshare(Path file) throws IOException {
        boolean mine = !Files.exists(file) || (nameCount(file) == 1 && Files.isWritable(file));
        if (mine) {
            return;
        }
        Path temp = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.copy(file, temp);
            share(temp);
            Files.move(temp, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temp);
        }
    }

    /** How many names a file has. */
    static long nameCount(Path file) throws IOException {
        return ((Number) Objects.requireNonNull(Files.getAttribute(file, "unix:nlink"))).longValue();
    }

    /** Flushes a file or folder to the disk. */
    void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Makes every file below a folder read-only. Folders stay writable, so that their owner or group can delete them. */
    void makeReadOnly(Path root) throws IOException {
        makeReadOnly(root, root);
    }

    private static void makeReadOnly(Path path, Path root) throws IOException {
        PosixFileAttributes attributes =
                Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory()) {
            share(path);
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path)) {
                for (Path entry : entries) {
                    makeReadOnly(entry, root);
                }
            } catch (DirectoryIteratorException e) {
                throw e.getCause();
            }
        } else if (attributes.isRegularFile()) {
            // The mode of a link is that of its target.
            Set<PosixFilePermission> old = attributes.permissions();
            Set<PosixFilePermission> wanted =
                    old.contains(PosixFilePermission.OWNER_EXECUTE) ? READ_AND_EXECUTE : READ_ONLY;
            if (!wanted.equals(old)) {
                setMode(path, wanted, root);
            }
        }
    }

    /**
     * Sets the mode of a file. Only its owner can do that, so a file of another user, as in a download that they began,
     * is replaced by a copy, which is made beside {@code root}.
     */
    private static void setMode(Path file, Set<PosixFilePermission> wanted, Path root) throws IOException {
        try {
            Files.setPosixFilePermissions(file, wanted);
        } catch (FileSystemException e) {
            Path copy = root.resolveSibling(UUID.randomUUID() + ".tmp");
            try {
                Files.copy(file, copy);
                Files.setPosixFilePermissions(copy, wanted);
                Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(copy);
            }
        }
    }

    /** Deletes a folder if it exists and is empty. */
    void deleteEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // Another process has added something.
            return;
        }
    }

    /** Deletes a name of a file that has another one, and returns whether it had. */
    boolean deleteOtherName(Path name, Path other) throws IOException {
        // Two paths can be one name, as where a folder is mounted twice.
        if (!Files.isRegularFile(name, LinkOption.NOFOLLOW_LINKS)
                || !Files.isSameFile(name, other)
                || nameCount(name) < 2
                || name.toRealPath().equals(other.toRealPath())) {
            return false;
        }
        Files.delete(name);
        return true;
    }

    /** The total size of the files below a folder that have more than one name. */
    long sharedBytes(Path root) throws IOException {
        long[] sum = {0};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && nameCount(file) > 1) {
                    sum[0] += attributes.size();
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return sum[0];
    }

    /** The number and total size of the files below a folder. */
    DiskUsage usage(Path root) throws IOException {
        long[] sum = {0, 0};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                sum[0]++;
                sum[1] += attributes.size();
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return new DiskUsage(sum[0], sum[1]);
    }

    /** The latest modification time below a folder. */
    Instant newest(Path root) throws IOException {
        Instant[] newest = {Instant.EPOCH};
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return visitFile(folder, attributes);
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                Instant time = attributes.lastModifiedTime().toInstant();
                newest[0] = time.isAfter(newest[0]) ? time : newest[0];
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
                return FileVisitResult.CONTINUE;
            }
        });
        return newest[0];
    }

    /** Makes the tag files of a bag durable; data files can be verified by their checksums. */
    void forceTop(Path root) throws IOException {
        try (var list = Files.list(root)) {
            for (Path file : list.filter(Files::isRegularFile).toList()) {
                force(file);
            }
        }
        force(root);
    }

    /** The free space on the disk of a folder, which need not exist yet. */
    long free(Path folder) {
        Path there = folder.toAbsolutePath();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        // Not Files.getFileStore, which fails where the root folder is no mount point, as in some containers.
        return there.toFile().getUsableSpace();
    }
}
