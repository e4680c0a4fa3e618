package org.histods.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Runs the program in a folder of a test's, with its own mirror, and keeps what it says. */
final class Faces {

    private final Path folder;
    private final Path manifests;

    Faces(Path folder, Path manifests) {
        this.folder = folder;
        this.manifests = manifests.toAbsolutePath();
    }

    /** What a run came to. */
    record Said(int exit, String out, String err) {}

    Said run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Map<String, String> environment = Map.of(
                "HOME", folder.toString(),
                "HISTODS_MIRROR", folder.resolve("mirror").toString(),
                "HISTODS_MANIFESTS", manifests.toString());
        int exit;
        try (PrintStream toOut = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream toErr = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            exit = new Main(environment, folder, toOut, toErr).run(args);
        }
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
