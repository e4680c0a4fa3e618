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

/** Where a path in the settings file leads. */
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
        String said = mirrorOf("../store/all");
        assertTrue(said.contains(folder.resolve("store/all").toString()), said);
    }

    @Test
    void tilde_isTheHome() throws IOException {
        String said = mirrorOf("~/store");
        assertTrue(said.contains(folder.resolve("store").toString()), said);
    }

    @Test
    void fieldThatIsNotKnown_isNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), "mirror: m\nmiror: n\n");
        ProgramRunner.Result said = new ProgramRunner(folder, Path.of("manifests"))
                .with("HISTODS_MIRROR", "")
                .with("HISTODS_CONFIG", file.toString())
                .run("status");
        assertEquals(2, said.exit());
        assertTrue(said.err().contains("config.yaml") && said.err().contains("'miror'"), said.err());
        assertFalse(said.err().contains("org.histods"), said.err());
    }
}
