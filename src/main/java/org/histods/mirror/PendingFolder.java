package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * Something in the making outside the mirror: under a hidden name beside the place where it is wanted, so that it
 * appears there at once or not at all. Closed before that, it is gone. What a crash leaves is named
 * {@code .NAME.histods-UUID}.
 */
public final class PendingFolder implements AutoCloseable {

    private final Path folder;

    private PendingFolder(Path folder) {
        this.folder = folder;
    }

    /** A new draft of what is wanted at {@code place}; the folder that it is wanted in is made where it is not there. */
    public static PendingFolder of(Path place) throws IOException {
        Path absolute = place.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        // It fails if it is there, so everything in it is ours.
        return new PendingFolder(Files.createDirectory(
                absolute.resolveSibling("." + absolute.getFileName() + ".histods-" + UUID.randomUUID())));
    }

    /** Where the draft is made, as a file, a folder or a link. */
    public Path content() {
        return folder.resolve("content");
    }

    /** Moves the draft to its place, where nothing may be. */
    public void moveTo(Path place) throws IOException {
        Files.move(content(), place);
    }

    /** Deletes what was not moved. What cannot be deleted stays under a name that says whose it is. */
    @Override
    public void close() {
        try {
            RecursiveDelete.tree(folder, () -> {});
        } catch (IOException e) {
            return;
        }
    }
}
