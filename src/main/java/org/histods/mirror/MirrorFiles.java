package org.histods.mirror;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.histods.problem.Problem;
import org.histods.text.Bytes;

/** Links and copies files into a mirror, and checks the free space. */
public final class MirrorFiles {

    private final MirrorLayout layout;
    private final FileOperations disk;

    MirrorFiles(MirrorLayout layout, FileOperations disk) {
        this.layout = layout;
        this.disk = disk;
    }

    /**
     * Links the file {@code from} to {@code to}, or copies it if the file system has no hard links. The target of a
     * symbolic link is copied, because the mode of files outside the mirror must not change.
     */
    public void link(Path from, Path to) throws Problem {
        try {
            if (Files.exists(from) && !Files.isRegularFile(from)) {
                throw new FileSystemException(from.toString(), null, "it is not a file");
            }
            disk.makeFolder(to.toAbsolutePath().resolveSibling(""));
            if (!layout.holds(from)) {
                disk.copy(from, to);
                return;
            }
            try {
                disk.link(from, to);
            } catch (FileAlreadyExistsException e) {
                throw e;
            } catch (IOException | UnsupportedOperationException e) {
                Files.copy(from, to, StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException e) {
            throw FileOperations.problem("cannot reuse " + from, e);
        }
    }

    /**
     * Puts a file that is outside of this mirror at {@code to} as well.
     *
     * @param link whether it is linked if possible: on the same file system, and of the same owner, since the files of a
     *     mirror are read-only
     * @return whether it was linked; else it was copied
     */
    public boolean take(Path from, Path to, boolean link) throws Problem {
        try {
            Path folder = to.toAbsolutePath().resolveSibling("");
            disk.makeFolder(folder);
            if (link && Files.getOwner(from).equals(Files.getOwner(folder))) {
                try {
                    disk.link(from, to);
                    return true;
                } catch (FileAlreadyExistsException e) {
                    throw e;
                } catch (IOException | UnsupportedOperationException e) {
                    // It is copied.
                }
            }
            disk.copy(from, to);
            return false;
        } catch (IOException e) {
            throw FileOperations.problem("cannot take over " + from, e);
        }
    }

    /**
     * Deletes a name that a file of a bag has outside of the mirror; any other file stays.
     *
     * @return whether it was deleted
     */
    public boolean release(Path outside, Path inBag) {
        try {
            return disk.deleteOtherName(outside, inBag);
        } catch (IOException e) {
            return false;
        }
    }

    /** Identifies a file, whatever its names; empty if it cannot be read. */
    public static Optional<Object> fileKey(Path file) {
        try {
            return Optional.ofNullable(
                    Files.readAttributes(file, BasicFileAttributes.class).fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /**
     * Checks that there is enough space on the disk, before anything is written.
     *
     * @throws Problem {@code DISK} if fewer than {@code bytes} are free
     */
    public void requireSpace(long bytes, String what) throws Problem {
        long free = free();
        if (free < bytes) {
            throw new Problem(
                    Problem.Kind.DISK,
                    what + " needs " + Bytes.text(bytes) + " on the disk of " + layout.root() + ", " + Bytes.text(free)
                            + " are free: " + Bytes.text(bytes - free) + " are missing",
                    "free some space (`histods gc`, `histods remove ID`) or use another disk with --mirror");
        }
    }

    /** The free space on the disk of the mirror, in bytes. */
    public long free() {
        return disk.free(layout.root());
    }

    /** Gives a new file in the mirror to the group that its folder is shared with, if it is. */
    public void share(Path file) {
        FileOperations.share(file);
    }
}
