package org.histods.project;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes files of the user completely or not at all. */
public final class AtomicFile {

    private AtomicFile() {}

    /** The content of a file, which writes itself to a stream. */
    public interface Content<E extends Exception> {
        void writeTo(OutputStream out) throws IOException, E;
    }

    /** Creates or replaces a file. An existing file keeps its permissions; after a failure it has the old text, with nothing left beside it. */
    public static void write(Path file, String text) throws IOException {
        write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The same, for content that is too large for memory. */
    public static <E extends Exception> void write(Path file, Content<E> content) throws IOException, E {
        // A new unique name, so that no file of the user's and no target of a link is overwritten.
        Path made = file.resolveSibling("." + file.getFileName() + "." + UUID.randomUUID());
        try {
            try (OutputStream out =
                    Files.newOutputStream(made, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(out);
            }
            if (Files.exists(file)) {
                Files.setPosixFilePermissions(made, Files.getPosixFilePermissions(file));
            }
            Files.move(made, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }
}
