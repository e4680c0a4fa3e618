package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code manifest new} with URLs that cannot be described. */
final class ManifestNewTest {

    @ParameterizedTest
    @ValueSource(strings = {"https://example.org/x.zip", "https://drive.google.com/file/d/abc/view"})
    void urlThatCannotBeReached_hintsAtTheBrowser_notAtOptionsOfPull(String url, @TempDir Path folder)
            throws Exception {
        try (DemoRunner fixture = new DemoRunner(folder)) {
            ProgramRunner.Result ran = fixture.run(folder, "manifest", "new", url);
            assertEquals(4, ran.exit(), ran.all());
            assertTrue(ran.err().contains("hint: open " + url + " in a browser"), ran.all());
            assertFalse(ran.err().contains("--from") || ran.err().contains("--source"), ran.all());
            assertEquals("", ran.out());
        }
    }
}
