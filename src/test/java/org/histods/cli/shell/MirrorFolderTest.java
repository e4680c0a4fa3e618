package org.histods.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ways to name the folder of the mirror. */
final class MirrorFolderTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {"status", "verify", "gc", "path demo-kumar", "pull demo-kumar", "identify config.yaml", "audit"})
    void fileNamedAsTheMirror_isNotTakenForAnEmptyOne(String command) throws Exception {
        try (DemoRunner fixture = new DemoRunner(folder)) {
            Files.writeString(folder.resolve("mirror"), "a file");
            ProgramRunner.Result ran = fixture.run(folder, command.split(" "));
            assertEquals(2, ran.exit(), ran.all());
            assertTrue(ran.err().contains("mirror is a file, not a folder"), ran.all());
            assertEquals("", ran.out());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "verify",
                "gc",
                "path demo-kumar",
                "pull demo-kumar",
                "pull demo-kumar --dry-run",
                "identify config.yaml",
                "audit",
                "export demo-kumar --format bagit --to x"
            })
    void linkToADiskThatIsNotMounted_isNotTakenForAnEmptyMirror(String command) throws Exception {
        try (DemoRunner fixture = new DemoRunner(folder)) {
            Path link = Files.createSymbolicLink(folder.resolve("disk"), folder.resolve("media/not mounted"));
            for (String mirror : List.of("disk", "disk/lab/mirror")) {
                List<String> words = new ArrayList<>(List.of(command.split(" ")));
                words.addAll(List.of("--mirror", mirror));
                ProgramRunner.Result ran = fixture.run(folder, words.toArray(String[]::new));
                assertEquals(7, ran.exit(), ran.all());
                assertTrue(ran.err().contains("is a link to " + folder.resolve("media/not mounted")), ran.all());
                assertEquals("", ran.out());
            }
            assertTrue(Files.isSymbolicLink(link));
        }
    }

    @Test
    void pathOfAMirror_thatIsTooLong_isNotTakenForOneOfSomebodyElse() throws Exception {
        try (DemoRunner fixture = new DemoRunner(folder)) {
            ProgramRunner.Result ran = fixture.run(folder, "status", "--mirror", "m".repeat(300));
            assertEquals(7, ran.exit(), ran.all());
            assertTrue(ran.err().contains("File name too long"), ran.all());
            assertTrue(ran.err().contains("hint: use a mirror with a shorter path"), ran.all());
        }
    }

    @Test
    void relativeMirror_isBelowTheFolderWhereTheCommandIsGiven() throws Exception {
        try (DemoRunner fixture = new DemoRunner(folder)) {
            Path here = Files.createDirectories(folder.resolve("Müllers Täler/a b"));
            ProgramRunner.Result ran = fixture.run(here, "pull", "demo-kumar", "--mirror", "../my mirror");
            assertEquals(0, ran.exit(), ran.all());
            assertEquals(
                    folder.resolve("Müllers Täler/my mirror/datasets/demo-kumar/unversioned/data") + "\n", ran.out());
            assertEquals(
                    0,
                    fixture.run(here, "verify", "--full", "--mirror", "../my mirror")
                            .exit());
        }
    }
}
