package org.histods.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.HelpLayout;
import org.histods.cli.shell.ManualPage;
import picocli.CommandLine;

/** Writes the manual pages of all commands; {@code packaging/build} runs it. */
final class ManualPages {

    private ManualPages() {}

    /**
     * Writes {@code histods.1} and a page for each command.
     *
     * @param args an existing folder, and the date of the release
     */
    public static void main(String... args) throws IOException {
        PrintStream none = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        CommandLine root =
                new Main(Map.of("HOME", "/nonexistent"), Path.of("").toAbsolutePath(), none, none).commandLine();
        write(
                root,
                Main.GROUPS,
                Path.of(args[0]),
                args[1],
                root.getCommandSpec().version()[0]);
    }

    private static void write(
            CommandLine command, List<HelpLayout.Group> groups, Path folder, String date, String version)
            throws IOException {
        if (command.getCommandSpec().usageMessage().hidden()) {
            return;
        }
        Files.writeString(
                folder.resolve(ManualPage.name(command.getCommandSpec()) + ".1"),
                new ManualPage(command, groups).text(date, version));
        for (CommandLine subcommand : command.getSubcommands().values()) {
            write(subcommand, List.of(), folder, date, version);
        }
    }
}
