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
        ProgramRunner.Result result = new ProgramRunner(folder, folder).run(line.split(" "));
        assertEquals(2, result.exit(), result.err());
        JsonNode problem = new JsonMapper().readTree(result.out());
        assertEquals("problem", problem.path("event").asString(""));
        assertEquals("usage", problem.path("class").asString(""));
        assertTrue(result.err().contains(problem.path("message").asString("-")), result.err());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    pul mbm             | histods has no command 'pul'                 | did you mean pull?
                    help pull           | histods has no command 'help'                | see `histods --help`; `histods COMMAND --help` explains
                    manifest lnt        | histods manifest has no command 'lnt'        | did you mean lint?
                    pull --nonsense     | histods pull has no option --nonsense        | see `histods pull --help`
                    pull mbm --dryrun   | histods pull has no option --dryrun          | did you mean --dry-run?
                    pull mbm --dryrun=1 | histods pull has no option --dryrun          | did you mean --dry-run?
                    path                | missing required parameter                   | see `histods path --help`
                    list breast         | histods list: unexpected argument 'breast'   | see `histods list --help`
                    audit --fail-on x   | [error, warning, note, never]                | see `histods audit --help`
                    """)
    void usageError_suggestsSimilarWords(String line, String message, String hint, @TempDir Path folder) {
        ProgramRunner.Result result = new ProgramRunner(folder, folder).run(line.split(" "));
        assertEquals(2, result.exit());
        assertTrue(result.err().contains(message), result.err());
        assertTrue(result.err().contains("hint: " + hint), result.err());
    }

    @Test
    void filterWordThatMatchesNothing_listsTheValues(@TempDir Path folder) {
        ProgramRunner.Result result =
                new ProgramRunner(folder, Path.of("manifests")).run("list", "--organ", "brest,colon");
        assertEquals(0, result.exit());
        assertTrue(result.out().contains("lizard"), result.out());
        assertTrue(result.err().contains("no dataset matches --organ brest; the values are"), result.err());
        assertFalse(result.err().contains("--organ colon"), result.err());
    }

    @Test
    void statusOfAMissingMirror_saysSo(@TempDir Path folder) {
        ProgramRunner.Result result = new ProgramRunner(folder, folder)
                .run("status", "--mirror", folder.resolve("none").toString());
        assertEquals(0, result.exit());
        assertTrue(result.err().contains("which does not exist yet"), result.err());
    }
}
