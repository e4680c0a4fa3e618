package org.histods.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resolution of paths in the settings file. */
final class SettingsPathTest {

    @TempDir
    Path folder;

    private String mirrorOf(String written) throws IOException {
        Path file = Files.createDirectories(folder.resolve("etc")).resolve("config.yaml");
        Files.writeString(file, "mirror: " + written + "\n");
        ProgramRunner faces = new ProgramRunner(folder, Path.of("manifests"))
                .with("HISTODS_MIRROR", "")
                .with("HISTODS_CONFIG", file.toString());
        return faces.run("doctor").out();
    }

    @Test
    void relativePath_isFromTheFolderOfTheSettings() throws IOException {
        String result = mirrorOf("../store/all");
        assertTrue(result.contains(folder.resolve("store/all").toString()), result);
    }

    @Test
    void tilde_isTheHome() throws IOException {
        String result = mirrorOf("~/store");
        assertTrue(result.contains(folder.resolve("store").toString()), result);
    }

    @Test
    void unknownField_isNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "mirror: m\nmiror: n\n");
        ProgramRunner.Result result = new ProgramRunner(folder, Path.of("manifests"))
                .with("HISTODS_MIRROR", "")
                .with("HISTODS_CONFIG", file.toString())
                .run("status");
        assertEquals(2, result.exit());
        assertTrue(result.err().contains("config.yaml") && result.err().contains("'miror'"), result.err());
        assertFalse(result.err().contains("org.histods"), result.err());
    }
}
