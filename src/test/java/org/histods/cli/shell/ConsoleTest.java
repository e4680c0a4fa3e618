package org.histods.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** Output on the terminal, above all that of text from hosts and files. */
class ConsoleTest {

    private static final String HOSTILE = "\u001b]0;owned\u0007\u009b31m\u202egpj.exe";

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Console console(boolean colour) {
        return new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                colour,
                colour,
                80,
                80);
    }

    private void sayEverywhere(Console console) {
        console.data(HOSTILE);
        console.raw(HOSTILE);
        console.say(HOSTILE);
        console.warn(HOSTILE);
        console.say(console.bold(HOSTILE));
        console.problem(
                HOSTILE,
                new Problem(
                        Problem.Kind.NETWORK,
                        HOSTILE,
                        HOSTILE,
                        List.of(new Problem.Attempt(HOSTILE, HOSTILE, 500, 1L, HOSTILE)),
                        null));
        console.status(HOSTILE);
        console.endStatus();
    }

    @Test
    void progressLine_doesNotWrapInATerminalThatBecameNarrower() {
        Console console = console(true);
        console.status("x".repeat(79));
        console.status("y".repeat(79));
        console.endStatus();
        String noWrap = "\r\u001b[?7l";
        String wrap = "\u001b[?7h";
        String clear = "\r\u001b[2K";
        assertEquals(
                noWrap + "x".repeat(79) + wrap + clear + noWrap + "y".repeat(79) + wrap + clear,
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void attemptsThatFailedAlike_areOneLine() {
        Problem.Attempt refused = new Problem.Attempt("zenodo", "https://zenodo.org/a", 503, null, "overloaded");
        Problem.Attempt other = new Problem.Attempt("s3", null, null, null, "no connection");
        console(false)
                .problem(
                        "",
                        new Problem(Problem.Kind.NETWORK, "no", null, List.of(refused, other, refused, refused), null));
        assertEquals("""
                histods: no
                  tried zenodo https://zenodo.org/a: status 503: overloaded (3 times)
                  tried s3: no connection
                """, err.toString(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hostThatSendsEscapeSequences_cannotActOnTheTerminal(boolean colour) {
        sayEverywhere(console(colour));
        String all = out.toString(StandardCharsets.UTF_8) + err.toString(StandardCharsets.UTF_8);
        for (String part : List.of("\u001b]", "\u0007", "\u009b", "\u202e")) {
            assertFalse(all.contains(part), all);
        }
        assertTrue(all.contains("\\u001b]0;owned"), all);
    }

    @Test
    void ourOwnColours_areKeptAndThoseOfOthersAreNot() {
        Console console = console(true);
        console.say(console.bold("kather-2018") + " \u001b[31mred");
        assertEquals("\u001b[1mkather-2018\u001b[0m \\u001b[31mred\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void json_holdsTheSameCharactersEscaped() {
        Console console = console(false);
        console.configure(true, false, Console.ProgressMode.NONE);
        console.object(Map.of("title", HOSTILE));
        String line = out.toString(StandardCharsets.UTF_8);
        assertFalse(line.contains("\u009b") || line.contains("\u202e") || line.contains("\u001b"), line);
        assertEquals(HOSTILE, new JsonMapper().readTree(line).path("title").asString());
    }
}
