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
 * The links that histods put at a place of a project. A link is its own if it leads to the file of the mirror that the
 * note of what was put there says; everything else there is somebody's.
 *
 * @param place one link, or a folder of links
 * @param from the folder of the mirror that they lead to; null where that is not known, and so no link is
 */
record PlacedLinks(Path place, @Nullable Path from) {

    /** Something at the place that histods did not put there, empty folders apart; empty if all there is its own. */
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
        return from != null
                && Files.isSymbolicLink(file)
                && Files.readSymbolicLink(file)
                        .equals(file.equals(place) ? from : from.resolve(place.relativize(file)));
    }

    /**
     * Deletes the links, and the folders that are empty then. What is not its own stays, also where it came while this
     * runs.
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
                } catch (DirectoryNotEmptyException theirs) {
                    return FileVisitResult.CONTINUE;
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return !Files.exists(place, LinkOption.NOFOLLOW_LINKS);
    }
}
