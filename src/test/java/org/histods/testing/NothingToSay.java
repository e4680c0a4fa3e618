package org.histods.testing;

import java.util.ArrayList;
import java.util.List;
import org.histods.testing.ProgramRunner.Result;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * After a command that worked, the next ones have nothing to say: no file is called damaged, nothing is downloaded again, nothing can
 * be freed, and no file is called somebody's own.
 */
public final class NothingToSay {

    private static final JsonMapper JSON = new JsonMapper();

    private NothingToSay() {}

    /** Checks every dataset of the mirror, and that the same pull again downloads nothing. */
    public static void after(ProgramRunner histods, String... pull) {
        in(histods);
        says(histods.ran(0, pull), "already in the mirror");
        in(histods);
    }

    /** Checks every dataset of the mirror. */
    public static void in(ProgramRunner histods) {
        histods.ran(0, "verify", "--quick");
        says(histods.ran(0, "gc", "--dry-run"), "would free 0 bytes (0 items)");
        for (JsonNode bag : lines(histods.ran(0, "status", "--json"))) {
            String id = bag.path("id").asString("") + "@" + bag.path("version").asString("");
            Result removal = histods.ran(0, "remove", id, "--dry-run", "--json");
            for (JsonNode line : lines(removal)) {
                if (!line.path("modified").isEmpty()
                        || !line.path("extra").isEmpty()
                        || line.path("unread").asInt(1) != 0) {
                    throw new AssertionError(removal.all());
                }
            }
        }
    }

    private static List<JsonNode> lines(Result result) {
        List<JsonNode> lines = new ArrayList<>();
        result.lines().forEach(line -> lines.add(JSON.readTree(line)));
        if (lines.isEmpty()) {
            throw new AssertionError("no dataset: " + result.all());
        }
        return lines;
    }

    private static void says(Result result, String text) {
        if (!result.all().contains(text)) {
            throw new AssertionError("should say: " + text + "\n" + result.all());
        }
    }
}
