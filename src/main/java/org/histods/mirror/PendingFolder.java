package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/**
 * A draft of a file or folder outside the mirror, under a hidden name in the target's folder, so that the target appears
 * by one rename or not at all. Closing deletes a draft that was not moved. A crash leaves it as
 * {@code .NAME.histods-UUID}.
 */
public final class PendingFolder implements AutoCloseable {

    private final Path folder;

    private PendingFolder(Path folder) {
        this.folder = folder;
    }

    /** A new draft for {@code place}, whose folder is made if needed. */
    public static PendingFolder of(Path place) throws IOException {
        Path absolute = place.toAbsolutePath();
        Files.createDirectories(absolute.getParent());
        // Fails if it exists, so everything in it is ours.
        return new PendingFolder(Files.createDirectory(
                absolute.resolveSibling("." + absolute.getFileName() + ".histods-" + UUID.randomUUID())));
    }

    /** The path of the draft, which may be a file, a folder or a link. */
    public Path content() {
        return folder.resolve("content");
    }

    /** Moves the draft to its place, which must not exist. */
    public void moveTo(Path place) throws IOException {
        Files.move(content(), place);
    }

    /** Deletes a draft that was not moved. Best effort: its name says that it is from histods. */
    @Override
    public void close() {
        try {
            RecursiveDelete.tree(folder, () -> {});
        } catch (IOException e) {
            return;
        }
    }
}
