package org.histods.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The folders of projects that locked datasets of this mirror: {@code projects.txt}, one per line. Best effort: a project
 * that was moved or deleted stays in it, and one that could not be recorded is missing.
 */
public final class KnownProjects {

    private final MirrorLayout layout;
    private final FileOperations disk;
    private final Path file;

    KnownProjects(MirrorLayout layout, FileOperations disk) {
        this.layout = layout;
        this.disk = disk;
        this.file = layout.projects();
    }

    /** All folders, each once; they need not exist any more. */
    public List<Path> all() {
        try {
            return FileOperations.text(file)
                    .lines()
                    .filter(line -> line.startsWith("/"))
                    .distinct()
                    .map(Path::of)
                    .toList();
        } catch (IOException | IllegalArgumentException e) {
            return List.of();
        }
    }

    /** Adds a folder unless it is listed. */
    public void add(Path folder) {
        String line = folder.toAbsolutePath().normalize().toString();
        if (line.contains("\n") || !layout.holds(file) || all().contains(Path.of(line))) {
            return;
        }
        try {
            if (Files.exists(file) && !Files.isRegularFile(file)) {
                return;
            }
            disk.unshare(file);
            Files.writeString(file, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            // Only a warning before a removal depends on it.
            return;
        }
    }
}
