package org.histods.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file of settings that somebody named. */
final class SettingsFileTest {

    @Test
    void namedFileThatIsNotThere_isNotPassedOver(@TempDir Path folder) throws Exception {
        try (DemoWorld world = new DemoWorld(folder)) {
            world.environment("HISTODS_CONFIG", folder.resolve("mistyped.yaml").toString());
            DemoWorld.Ran ran = world.run(folder, "pull", "demo-kumar");
            assertEquals(2, ran.exit(), ran.all());
            assertTrue(ran.err().contains("mistyped.yaml, and there is no such file"), ran.all());
        }
    }
}
