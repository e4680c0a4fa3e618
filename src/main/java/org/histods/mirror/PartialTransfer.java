package org.histods.mirror;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A claimed transfer, which no other process writes to: renaming its folder claims it, and only one process can do
 * that, with or without locks.
 */
public final class PartialTransfer {

    /** All files that such a folder can contain; state and owner are written through {@code .tmp} files. */
    private static final Set<String> FILES =
            Set.of("part", "aside", "state", "state.tmp", PartialClaims.OWNER, PartialClaims.OWNER + ".tmp");

    static final String SMALL_FILES = "files";

    private final Path folder;
    private final Path idle;
    private final FileOperations disk;
    private final MirrorDeletion deletion;
    /** Files that were moved instead of linked, by their new location. */
    private final Map<Path, Path> moved = new HashMap<>();

    PartialTransfer(Path folder, Path idle, FileOperations disk, MirrorDeletion deletion) {
        this.folder = folder;
        this.idle = idle;
        this.disk = disk;
        this.deletion = deletion;
    }

    /**
     * Why that folder is not a transfer; null if it is one. Links are refused, because writing to them would change
     * files elsewhere, and hard links as well, except {@code part}, which a bag may contain too.
     */
    static @Nullable String fault(Path folder) throws IOException {
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            return "it is not a folder";
        }
        try (Stream<Path> list = Files.list(folder)) {
            for (Path entry : list.toList()) {
                String name = String.valueOf(entry.getFileName());
                if (name.equals(SMALL_FILES) && Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
                    continue;
                }
                if (!FILES.contains(name) || !Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
                    return "it contains " + name;
                }
                if (!name.equals("part") && FileOperations.nameCount(entry) > 1) {
                    return name + " in it has another name too";
                }
            }
            return null;
        }
    }

    /** The file that receives the bytes; may not exist yet. */
    public Path part() {
        return folder.resolve("part");
    }

    /** Shares the part with the group that the mirror belongs to; to be called once it exists. */
    public void share() {
        FileOperations.share(part());
    }

    /** A second file, for bytes that may turn out to be wrong; its writer deletes it. */
    public Path aside() {
        return folder.resolve("aside");
    }

    /** Where complete small files are, if several share this transfer. */
    public Path files() {
        return folder.resolve(SMALL_FILES);
    }

    /** Makes the folder of small files; returns the names of those that earlier runs left in it. */
    public List<String> prepareFiles() throws IOException {
        if (!Files.isDirectory(files(), LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(files());
        }
        return disk.names(files());
    }

    /** Writes a new small file, if the umask allows with the mode of a bag's files, so that publishing need not change it. */
    public void writeFile(Path file, ByteBuffer bytes) throws IOException {
        try (ByteChannel out = Files.newByteChannel(
                file,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(FileOperations.READ_ONLY))) {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
        }
    }

    /** Deletes a small file that an earlier run left and that is wrong. */
    public void deleteFile(Path file) throws IOException {
        Files.deleteIfExists(file);
    }

    private Path state() {
        return folder.resolve("state");
    }

    /** What the last run wrote with {@link #writeState}; empty if nothing. */
    public Optional<String> readState() throws Problem {
        try {
            return Files.exists(state()) ? Optional.of(FileOperations.text(state())) : Optional.empty();
        } catch (IOException e) {
            // A truncated or unreadable state means a new start, never a failure.
            return Optional.empty();
        }
    }

    /** Stores what a later run needs to continue. Best effort: without it, that run starts again. */
    public void writeState(String text) {
        try {
            disk.writeUnsynced(state(), text);
        } catch (IOException e) {
            // A full disk is reported when data are written; here it only makes a later run start again.
            return;
        }
    }

    /** The name under which it was claimed. */
    public String key() {
        return String.valueOf(Objects.requireNonNull(idle.getParent()).getFileName());
    }

    /** Whether the file has another name as well, such as in a bag whose pull was killed before it deleted this one. */
    public boolean shared() throws IOException {
        return Files.exists(part()) && FileOperations.nameCount(part()) > 1;
    }

    /**
     * Links the complete file to {@code target}, replacing what is there. It also stays here until {@link #discard}, so
     * that a run that is killed, or finds the disk full, before the bag is published loses nothing. On a file system
     * without hard links it is moved, and {@link #release} moves it back.
     */
    public void put(Path target) throws IOException {
        put(part(), target);
    }

    /** The same for one of the files of this transfer. */
    public void put(Path file, Path target) throws IOException {
        try {
            putNew(file, target);
        } catch (NoSuchFileException e) {
            disk.makeFolder(target.toAbsolutePath().resolveSibling(""));
            putNew(file, target);
        } catch (FileAlreadyExistsException e) {
            Files.delete(target);
            putNew(file, target);
        }
    }

    private void putNew(Path file, Path target) throws IOException {
        try {
            disk.link(file, target);
        } catch (NoSuchFileException | FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) {
            disk.makeFolder(target.toAbsolutePath().resolveSibling(""));
            disk.move(file, target);
            moved.put(target, file);
        }
    }

    private void takeBack() throws IOException {
        for (Map.Entry<Path, Path> one : moved.entrySet()) {
            if (Files.exists(one.getKey()) && !Files.exists(one.getValue())) {
                disk.move(one.getKey(), one.getValue());
            }
        }
    }

    /**
     * Leaves the bytes for a later run. If another run left some meanwhile, the longer file is kept. The other is
     * claimed before it is compared, so that no process continues it while it is deleted.
     */
    public void release() {
        Path ours = folder;
        try {
            takeBack();
            for (int attempt = 0; attempt < FileOperations.MAX_RACES; attempt++) {
                if (idled(ours)) {
                    return;
                }
                Path theirs = folder.resolveSibling(UUID.randomUUID().toString());
                deletion.refuse(PlaceKind.TRANSFER, idle);
                try {
                    disk.move(idle, theirs);
                } catch (NoSuchFileException e) {
                    // Another process has just claimed it, so its name is free.
                    continue;
                }
                Files.deleteIfExists(theirs.resolve(PartialClaims.OWNER));
                Files.copy(ours.resolve(PartialClaims.OWNER), theirs.resolve(PartialClaims.OWNER));
                boolean longer = length(theirs) >= length(ours);
                deletion.delete(PlaceKind.TRANSFER, longer ? ours : theirs);
                ours = longer ? theirs : ours;
            }
        } catch (IOException | Problem e) {
            // It stays claimed; the next run takes it over when this process has ended.
            return;
        }
    }

    /** Renames a transfer to idle; false if there is an idle one already. */
    private boolean idled(Path ours) throws IOException {
        try {
            disk.move(ours, idle);
        } catch (FileSystemException e) {
            if (!Files.exists(idle, LinkOption.NOFOLLOW_LINKS) || !Files.exists(ours, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            return false;
        }
        Files.deleteIfExists(idle.resolve(PartialClaims.OWNER));
        return true;
    }

    /** The bytes of a transfer, or the number of its small files; -1 without either. */
    private static long length(Path transfer) throws IOException {
        Path part = transfer.resolve("part");
        Path files = transfer.resolve(SMALL_FILES);
        if (Files.exists(part)) {
            return Files.size(part);
        }
        if (!Files.isDirectory(files, LinkOption.NOFOLLOW_LINKS)) {
            return -1;
        }
        try (Stream<Path> list = Files.list(files)) {
            return list.count();
        }
    }

    /** Deletes the bytes. */
    public void discard() {
        try {
            deletion.delete(PlaceKind.TRANSFER, folder);
            disk.deleteEmpty(folder.resolveSibling(""));
        } catch (IOException | Problem e) {
            // Another run uses the same bytes, or `histods gc` will find the rest.
            return;
        }
    }
}
