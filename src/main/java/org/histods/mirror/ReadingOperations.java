package org.histods.mirror;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;

/** File operations for a shared mirror: each operation that would write fails, even if this user may write there. */
final class ReadingOperations extends FileOperations {

    private static AccessDeniedException refused(Path path) {
        return new AccessDeniedException(path.toString(), null, "it is in a shared mirror, which is only read");
    }

    @Override
    void move(Path from, Path to) throws IOException {
        throw refused(to);
    }

    @Override
    void link(Path from, Path to) throws IOException {
        throw refused(to);
    }

    @Override
    void copy(Path from, Path to) throws IOException {
        throw refused(to);
    }

    @Override
    boolean reflink(Path from, Path to) throws IOException {
        throw refused(to);
    }

    @Override
    void makeFolder(Path folder) throws IOException {
        throw refused(folder);
    }

    @Override
    void write(Path file, Text text) throws IOException {
        throw refused(file);
    }

    @Override
    void writeUnsynced(Path file, String text) throws IOException {
        throw refused(file);
    }

    @Override
    void unshare(Path file) throws IOException {
        throw refused(file);
    }

    @Override
    void makeReadOnly(Path root) throws IOException {
        throw refused(root);
    }

    @Override
    void deleteEmpty(Path folder) throws IOException {
        throw refused(folder);
    }

    @Override
    boolean deleteOtherName(Path name, Path other) throws IOException {
        throw refused(name);
    }
}
