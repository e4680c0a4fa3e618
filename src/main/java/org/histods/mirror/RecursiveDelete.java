package org.histods.mirror;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a folder and everything below it. Links are deleted and never followed, even if one replaces a folder during
 * the deletion: each folder is opened once, and its content is deleted through the open folder. This is the only code
 * that deletes trees. It checks nothing, so it has only two callers, which know what they delete:
 * {@link MirrorDeletion} and {@link PendingFolder}.
 */
final class RecursiveDelete {

    private final Runnable each;
    private final @Nullable Path last;
    private boolean mayOpen;

    private RecursiveDelete(Runnable each, @Nullable String last) {
        this.each = each;
        this.last = last == null ? null : Path.of(last);
    }

    /**
     * Deletes a path and everything below it; does nothing if it does not exist.
     *
     * @param each run after each deleted file
     */
    static void tree(Path path, Runnable each) throws IOException {
        new RecursiveDelete(each, null).at(path);
    }

    /**
     * Deletes a folder and everything below it, the file {@code last} after all others, so that the owner file stays
     * until nothing else is left.
     */
    static void folder(Path folder, String last, Runnable each) throws IOException {
        new RecursiveDelete(each, last).at(folder);
    }

    private void at(Path path) throws IOException {
        Path parent = Objects.requireNonNull(path.toAbsolutePath().getParent());
        // If the folder itself cannot be deleted, as in a read-only mirror, nothing in it is made writable.
        mayOpen = Files.isWritable(parent);
        try (DirectoryStream<Path> open = Files.newDirectoryStream(parent)) {
            if (open instanceof SecureDirectoryStream<Path> folder) {
                entry(folder, Objects.requireNonNull(path.getFileName()), last);
            } else {
                walk(path);
            }
        } catch (NoSuchFileException e) {
            // Another process deleted it, or it never existed.
            return;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void entry(SecureDirectoryStream<Path> folder, Path name, @Nullable Path keptTillLast) throws IOException {
        try {
            if (file(folder, name)) {
                each.run();
                return;
            }
            try (SecureDirectoryStream<Path> inner = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
                makeWritable(inner);
                for (Path entry : inner) {
                    Path child = entry.getFileName();
                    if (!child.equals(keptTillLast)) {
                        entry(inner, child, null);
                    }
                }
                if (keptTillLast != null) {
                    entry(inner, keptTillLast, null);
                }
            }
            folder.deleteDirectory(name);
        } catch (NoSuchFileException e) {
            // Another process deletes it too.
            return;
        }
    }

    /** Deletes an entry, unless it is a folder: systems refuse to unlink those, so that only then its kind is looked at. */
    private static boolean file(SecureDirectoryStream<Path> folder, Path name) throws IOException {
        try {
            folder.deleteFile(name);
            return true;
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            if (folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes()
                    .isDirectory()) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Makes a read-only folder writable, such as one that the user created in a bag, so that its content can be
     * deleted.
     */
    private void makeWritable(SecureDirectoryStream<Path> folder) {
        PosixFileAttributeView view = folder.getFileAttributeView(PosixFileAttributeView.class);
        if (view == null || !mayOpen) {
            return;
        }
        try {
            Set<PosixFilePermission> modes = view.readAttributes().permissions();
            if (modes.add(PosixFilePermission.OWNER_WRITE)) {
                view.setPermissions(modes);
            }
        } catch (IOException e) {
            // The deletion of its entries then fails with the reason.
            return;
        }
    }

    /** For systems that cannot open a folder relative to another. */
    private void walk(Path path) throws IOException {
        Files.walkFileTree(path, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (last == null || !file.equals(path.resolve(last))) {
                    Files.deleteIfExists(file);
                    each.run();
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                if (last != null && folder.equals(path)) {
                    Files.deleteIfExists(folder.resolve(last));
                }
                Files.deleteIfExists(folder);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
