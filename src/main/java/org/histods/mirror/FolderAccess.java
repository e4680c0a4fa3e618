package org.histods.mirror;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Whether this user may read and write the folders of a mirror. */
final class FolderAccess {

    private FolderAccess() {}

    static void requireReadable(Path folder) throws Problem {
        IOException fault = fault(folder);
        if (fault != null && !(fault instanceof AccessDeniedException)) {
            throw FileOperations.problem("the mirror cannot be read: " + folder, fault);
        }
        if (fault != null) {
            throw new Problem(
                    Problem.Kind.DISK,
                    "the mirror cannot be read: you may not look into " + folder,
                    "ask its owner for access (docs/group-mirrors.md), or use another mirror with --mirror");
        }
    }

    /** Refuses a mirror behind a link that leads nowhere, such as to a disk that is not mounted: it only looks empty. */
    static void refuseDeadLink(Path folder) throws Problem {
        for (Path path = folder; path != null && !Files.exists(path); path = path.getParent()) {
            if (Files.isSymbolicLink(path) && Files.notExists(path)) {
                throw new Problem(
                        Problem.Kind.DISK,
                        "the mirror " + folder + " is not there: "
                                + (path.equals(folder) ? "it" : path) + " is a link to " + target(path)
                                + ", which does not exist",
                        "mount the disk that it leads to, or name another mirror with --mirror");
            }
        }
    }

    private static String target(Path link) {
        try {
            return FilePath.printable(Files.readSymbolicLink(link).toString());
        } catch (IOException e) {
            return "another folder";
        }
    }

    /** Whether something is there, or may be, that this user may not list. One look, since others make and delete folders. */
    static boolean unreadable(Path folder) {
        return fault(folder) != null;
    }

    private static @Nullable IOException fault(Path folder) {
        try {
            folder.getFileSystem().provider().checkAccess(folder, AccessMode.READ, AccessMode.EXECUTE);
            return null;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            return Files.isDirectory(folder) || !Files.exists(folder) ? e : null;
        }
    }

    /** The folder, or the first one above it that exists. */
    static Path existing(Path folder) {
        Path there = folder;
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        return there;
    }

    static void requireWritable(Path folder) throws Problem {
        Path there = existing(folder);
        if (!Files.isWritable(there)) {
            throw new Problem(
                    Problem.Kind.DISK,
                    "the mirror cannot be written: you may not write to " + there,
                    "ask its owner for write access for your group, or use a mirror of your own: over this one with"
                            + " `shared-mirrors` in the settings (docs/group-mirrors.md), or instead of it with --mirror");
        }
    }
}
