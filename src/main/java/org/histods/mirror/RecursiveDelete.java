package org.histods.mirror;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Deletes a folder with everything in it; links are deleted, never followed. This is the only code of the program that
 * deletes trees. It checks nothing, so it has only two callers, which know what they delete: {@link MirrorDeletion} and
 * {@link PendingFolder}.
 */
final class RecursiveDelete extends SimpleFileVisitor<Path> {

    private final Runnable each;

    private RecursiveDelete(Runnable each) {
        this.each = each;
    }

    /**
     * Deletes a path with everything below it, if it exists.
     *
     * @param each runs after each deleted file
     */
    static void tree(Path path, Runnable each) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            Files.walkFileTree(path, new RecursiveDelete(each));
        }
    }

    /**
     * Deletes a folder with everything below it, the file {@code last} after all others, so that a folder is recognised as
     * ours until it is empty.
     */
    static void folder(Path folder, String last, Runnable each) throws IOException {
        List<Path> entries;
        try (Stream<Path> list = Files.list(folder)) {
            entries = list.filter(entry -> !entry.endsWith(last)).toList();
        } catch (NoSuchFileException e) {
            return;
        }
        for (Path entry : entries) {
            tree(entry, each);
        }
        tree(folder, each);
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
        Files.deleteIfExists(file);
        each.run();
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
        if (e != null) {
            throw e;
        }
        Files.deleteIfExists(folder);
        return FileVisitResult.CONTINUE;
    }
}
