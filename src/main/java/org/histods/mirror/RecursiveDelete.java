package org.histods.mirror;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a folder and all below it; a link is deleted as a link, never followed, also where somebody puts one in the
 * place of a folder at that moment: each folder is opened once, and what is in it is deleted through that. The only code
 * of the program that deletes trees. It checks nothing, so it has two callers only, which know what they delete:
 * {@link MirrorDeletion} and {@link PendingFolder}.
 */
final class RecursiveDelete {

    private final Runnable each;
    private final @Nullable Path last;

    private RecursiveDelete(Runnable each, @Nullable String last) {
        this.each = each;
        this.last = last == null ? null : Path.of(last);
    }

    /**
     * That path and everything below it; nothing if it is not there.
     *
     * @param each run after each deleted file
     */
    static void tree(Path path, Runnable each) throws IOException {
        new RecursiveDelete(each, null).at(path);
    }

    /**
     * That folder and everything below it, with the file {@code last} deleted after all others: what says whose the
     * folder is stays until nothing else does.
     */
    static void folder(Path folder, String last, Runnable each) throws IOException {
        new RecursiveDelete(each, last).at(folder);
    }

    private void at(Path path) throws IOException {
        Path parent = Objects.requireNonNull(path.toAbsolutePath().getParent());
        try (DirectoryStream<Path> open = Files.newDirectoryStream(parent)) {
            if (open instanceof SecureDirectoryStream<Path> folder) {
                entry(folder, Objects.requireNonNull(path.getFileName()), last);
            } else {
                walk(path);
            }
        } catch (NoSuchFileException e) {
            // Somebody else deleted it, or it never was.
            return;
        } catch (DirectoryIteratorException e) {
            throw e.getCause();
        }
    }

    private void entry(SecureDirectoryStream<Path> folder, Path name, @Nullable Path keptTillLast) throws IOException {
        try {
            boolean directory = folder.getFileAttributeView(
                            name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes()
                    .isDirectory();
            if (!directory) {
                folder.deleteFile(name);
                each.run();
                return;
            }
            try (SecureDirectoryStream<Path> inner = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
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
            // Somebody else deletes it too.
            return;
        }
    }

    /** Where the system cannot open a folder within a folder. */
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
