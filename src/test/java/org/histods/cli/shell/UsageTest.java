package org.histods.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Invalid command lines. */
final class UsageTest {

    @ParameterizedTest
    @ValueSource(strings = {"pul mbm --json", "--json pull", "pull mbm --dryrun --json", "audit --fail-on x --json"})
    void usageError_isAlsoAnObjectWithJson(String line, @TempDir Path folder) {
        ProgramRunner.Result said = new ProgramRunner(folder, folder).run(line.split(" "));
        assertEquals(2, said.exit(), said.err());
        JsonNode problem = new JsonMapper().readTree(said.out());
        assertEquals("problem", problem.path("event").asString(""));
        assertEquals("usage", problem.path("class").asString(""));
        assertTrue(said.err().contains(problem.path("message").asString("-")), said.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    pul mbm             | histods has no command 'pul'                 | did you mean pull?
                    manifest lnt        | histods manifest has no command 'lnt'        | did you mean lint?
                    pull --nonsense     | histods pull has no option --nonsense        | see `histods pull --help`
                    pull mbm --dryrun   | histods pull has no option --dryrun          | did you mean --dry-run?
                    pull mbm --dryrun=1 | histods pull has no option --dryrun          | did you mean --dry-run?
                    path                | missing required parameter                   | see `histods path --help`
                    list breast         | histods list: unexpected argument 'breast'   | see `histods list --help`
                    audit --fail-on x   | [error, warning, note, never]                | see `histods audit --help`
                    """)
    void usageError_suggestsSimilarWords(String line, String message, String hint, @TempDir Path folder) {
        ProgramRunner.Result said = new ProgramRunner(folder, folder).run(line.split(" "));
        assertEquals(2, said.exit());
        assertTrue(said.err().contains(message), said.err());
        assertTrue(said.err().contains("hint: " + hint), said.err());
    }

    @Test
    void filterWordThatMatchesNothing_listsTheValues(@TempDir Path folder) {
        ProgramRunner.Result said =
                new ProgramRunner(folder, Path.of("manifests")).run("list", "--organ", "brest,colon");
        assertEquals(0, said.exit());
        assertTrue(said.out().contains("lizard"), said.out());
        assertTrue(said.err().contains("no dataset matches --organ brest; the values are"), said.err());
        assertFalse(said.err().contains("--organ colon"), said.err());
    }

    @Test
    void statusOfAMissingMirror_saysSo(@TempDir Path folder) {
        ProgramRunner.Result said = new ProgramRunner(folder, folder)
                .run("status", "--mirror", folder.resolve("none").toString());
        assertEquals(0, said.exit());
        assertTrue(said.err().contains("which does not exist yet"), said.err());
    }
}
