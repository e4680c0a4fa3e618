package org.histods.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The archive of classes has what ran when it was made, so a command that fails then is slow for every user, and nothing says so. */
final class ClassArchiveTest {

    @TempDir
    Path folder;

    @Test
    void pullsFromABucketAndAZipSucceedWhenTheArchiveIsMade() throws IOException {
        Path jar = folder.resolve("none.jar");
        new JarOutputStream(Files.newOutputStream(jar)).close();
        Path scratch = folder.resolve("pulled");

        ClassArchive.main(jar.toString(), folder.resolve("no-manifests").toString(), scratch.toString());

        assertEquals(List.of("demo-texts", "demo-texts-zip"), names(scratch.resolve("mirror/datasets")));
        assertEquals(List.of("demo-texts", "demo-texts-zip"), names(scratch.resolve("mirror/index")));
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> list = Files.list(folder)) {
            return list.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}
