package org.histods.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Command lines that cannot be understood. */
final class UsageTest {

    @ParameterizedTest
    @ValueSource(strings = {"pul mbm --json", "--json pull", "pull mbm --dryrun --json", "audit --fail-on x --json"})
    void mistakeOnTheCommandLine_isAnObjectTooWithJson(String line, @TempDir Path folder) {
        Faces.Said said = new Faces(folder, folder).run(line.split(" "));
        assertEquals(2, said.exit(), said.err());
        JsonNode problem = new JsonMapper().readTree(said.out());
        assertEquals("problem", problem.path("event").asString(""));
        assertEquals("usage", problem.path("class").asString(""));
        assertTrue(said.err().contains(problem.path("message").asString("-")), said.err());
    }
}
