package org.histods.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.cli.Main;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The help of every command: complete, and in one style. */
final class HelpTest {

    @TempDir
    Path folder;

    private static List<CommandLine> commands() {
        PrintStream none = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        List<CommandLine> all = new ArrayList<>();
        collect(new Main(Map.of("HOME", "/nonexistent"), Path.of("").toAbsolutePath(), none, none).commandLine(), all);
        return all;
    }

    private static void collect(CommandLine command, List<CommandLine> all) {
        all.add(command);
        command.getSubcommands().values().forEach(sub -> collect(sub, all));
    }

    private static boolean isSentence(String text) {
        return text.isEmpty() || text.endsWith(".") || Character.isUpperCase(text.charAt(0));
    }

    @Test
    void everyCommand_hasAnExample() {
        for (CommandLine command : commands()) {
            String footer =
                    String.join("\n", command.getCommandSpec().usageMessage().footer());
            assertTrue(footer.contains("\n  "), command.getCommandSpec().qualifiedName());
        }
    }

    @Test
    void everyDescription_isAOneLinerWithoutAFullStop() {
        for (CommandLine command : commands()) {
            String name = command.getCommandSpec().qualifiedName();
            String first = command.getCommandSpec().usageMessage().description()[0];
            assertTrue(Character.isUpperCase(first.charAt(0)) && !first.endsWith("."), name + ": " + first);
            for (OptionSpec option : command.getCommandSpec().options()) {
                assertFalse(isSentence(String.join(" ", option.description())), name + " " + option.longestName());
            }
            for (PositionalParamSpec argument : command.getCommandSpec().positionalParameters()) {
                assertFalse(isSentence(String.join(" ", argument.description())), name + " " + argument.paramLabel());
            }
        }
    }

    @Test
    void globalOptions_areInASectionOfTheirOwn() {
        ProgramRunner.Result result =
                new ProgramRunner(folder, folder).with("COLUMNS", "80").run("pull", "--help");
        assertEquals(0, result.exit(), result.err());
        String own = result.out()
                .substring(result.out().indexOf("Options:"), result.out().indexOf("Global options:"));
        assertTrue(own.contains("--dry-run") && !own.contains("--json"), result.out());
        String global = result.out().substring(result.out().indexOf("Global options:"));
        assertTrue(global.contains("--json") && global.contains("--mirror"), result.out());
        result.out().lines().forEach(line -> assertTrue(line.length() <= 80, line));
    }
}
