package org.histods.project;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The links that histods made at a path of a project. A link is histods's own if it points to the file of the mirror that the
 * placement log has, a hard link if it is that file; everything else belongs to the user.
 *
 * @param place one link, or a folder of links
 * @param from the folder of the mirror that they point to; null if unknown, so that no link counts as histods's own
 */
record PlacedLinks(Path place, @Nullable Path from) {

    /** A file or link at the place that histods did not make; empty if there is none. Folders do not count. */
    Optional<Path> foreign() throws IOException {
        Path[] found = {null};
        Files.walkFileTree(place, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (own(file)) {
                    return FileVisitResult.CONTINUE;
                }
                found[0] = file;
                return FileVisitResult.TERMINATE;
            }
        });
        return Optional.ofNullable(found[0]);
    }

    private boolean own(Path file) throws IOException {
        if (from == null) {
            return false;
        }
        Path target = file.equals(place) ? from : from.resolve(place.relativize(file));
        if (Files.isSymbolicLink(file)) {
            return Files.readSymbolicLink(file).equals(target);
        }
        // Another name of the file in the mirror, which keeps its content.
        return Files.isRegularFile(target, LinkOption.NOFOLLOW_LINKS) && Files.isSameFile(file, target);
    }

    /**
     * Deletes histods's own links, and then the empty folders. Everything else stays, even if it appears meanwhile.
     *
     * @return whether nothing is left
     */
    boolean delete() throws IOException {
        Files.walkFileTree(place, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (own(file)) {
                    Files.delete(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e) throws IOException {
                if (e != null) {
                    throw e;
                }
                try {
                    Files.delete(folder);
                } catch (DirectoryNotEmptyException notOurs) {
                    return FileVisitResult.CONTINUE;
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return !Files.exists(place, LinkOption.NOFOLLOW_LINKS);
    }
}
