package org.histods.cli.shell;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/** A command's manual page, in the roff macros of {@code man(7)}: the same words as its help. */
public final class ManualPage {

    private final CommandSpec command;
    private final Help help;
    private final List<HelpLayout.Group> groups;
    private final StringBuilder roff = new StringBuilder();

    /**
     * The page of a command.
     *
     * @param groups the subcommands under titles; those of a command that has no groups have one title
     */
    public ManualPage(CommandLine command, List<HelpLayout.Group> groups) {
        this.command = command.getCommandSpec();
        this.help = new Help(this.command, Help.defaultColorScheme(Help.Ansi.OFF));
        this.groups = groups;
    }

    /** The name of the page, such as {@code histods-manifest-lint}. */
    public static String name(CommandSpec command) {
        return command.qualifiedName("-");
    }

    /**
     * The page as roff.
     *
     * @param date the day of the release, as {@code 2026-11-23}
     * @param version such as {@code histods 0.1.0}
     */
    public String text(String date, String version) {
        UsageMessageSpec usage = command.usageMessage();
        List<String> description = lines(usage.description());
        boolean root = command.parent() == null;
        roff.append(".TH %s 1 \"%s\" \"%s\" \"histods manual\"\n"
                .formatted(escaped(name(command).toUpperCase(Locale.ROOT)), date, escaped(version)));
        section("NAME");
        line(escaped(name(command)) + " \\- " + escaped(description.get(0)));
        section("SYNOPSIS");
        line(escaped(help.synopsis(0).strip()));
        if (description.size() > 1) {
            section("DESCRIPTION");
            paragraphs(description.subList(1, description.size()));
        }
        arguments();
        options("OPTIONS", false);
        commands();
        if (root) {
            options("GLOBAL OPTIONS", true);
        }
        footer(lines(usage.footer()));
        if (root) {
            section("EXIT STATUS");
            usage.exitCodeList().forEach((code, meaning) -> entry(code.strip(), List.of(meaning)));
        }
        seeAlso();
        return roff.toString();
    }

    private void arguments() {
        if (command.positionalParameters().isEmpty()) {
            return;
        }
        section("ARGUMENTS");
        for (var parameter : command.positionalParameters()) {
            entry(label(parameter), List.of(parameter.description()));
        }
    }

    private void options(String title, boolean global) {
        List<OptionSpec> options = command.options().stream()
                .filter(option -> !option.hidden() && HelpLayout.isGlobal(option) == global)
                .toList();
        if (options.isEmpty()) {
            return;
        }
        section(title);
        for (OptionSpec option : options) {
            entry(String.join(", ", option.names()) + label(option), List.of(option.description()));
        }
    }

    private String label(ArgSpec argument) {
        return help.parameterLabelRenderer()
                .renderParameterLabel(argument, Help.Ansi.OFF, List.of())
                .toString();
    }

    private void commands() {
        Map<String, CommandLine> commands = command.subcommands();
        if (commands.isEmpty()) {
            return;
        }
        section("COMMANDS");
        List<HelpLayout.Group> titled =
                groups.isEmpty() ? List.of(new HelpLayout.Group("", List.copyOf(commands.keySet()))) : groups;
        for (HelpLayout.Group group : titled) {
            if (!group.title().isEmpty()) {
                roff.append(".SS ").append(escaped(group.title())).append('\n');
            }
            for (String name : group.names()) {
                CommandSpec subcommand = requireNonNull(commands.get(name)).getCommandSpec();
                entry(name, lines(subcommand.usageMessage().description()).subList(0, 1));
            }
        }
    }

    /** A title such as {@code Examples:} begins a section. */
    private void footer(List<String> lines) {
        List<String> section = new ArrayList<>();
        for (String line : lines) {
            if (line.endsWith(":") && !line.startsWith(" ")) {
                paragraphs(section);
                section.clear();
                section(line.substring(0, line.length() - 1).toUpperCase(Locale.ROOT));
            } else {
                section.add(line);
            }
        }
        paragraphs(section);
    }

    private void seeAlso() {
        List<String> pages = new ArrayList<>();
        if (command.parent() != null) {
            pages.add(name(command.parent()));
        }
        command.subcommands().values().forEach(sub -> {
            if (!sub.getCommandSpec().usageMessage().hidden()) {
                pages.add(name(sub.getCommandSpec()));
            }
        });
        section("SEE ALSO");
        line(pages.stream().map(page -> "\\fB" + escaped(page) + "\\fR(1)").collect(Collectors.joining(",\n")));
        if (command.parent() != null) {
            roff.append(".PP\nGlobal options and exit codes are in \\fBhistods\\fR(1).\n");
        }
    }

    /** Texts of the model are formats, in which a percent sign is written twice. */
    private static List<String> lines(String... formats) {
        List<String> lines = new ArrayList<>();
        for (String format : formats) {
            lines.add(format.replace("%%", "%"));
        }
        return lines;
    }

    /** Text of a section; an empty line begins a paragraph, and indented lines are kept as they are. */
    private void paragraphs(List<String> lines) {
        boolean example = false;
        boolean begun = false;
        boolean paragraph = false;
        for (String line : lines) {
            if (line.isEmpty()) {
                paragraph = begun;
                continue;
            }
            boolean indented = line.startsWith("  ");
            if (example && (!indented || paragraph)) {
                roff.append(".EE\n");
                example = false;
            }
            if (paragraph || (begun && indented && !example)) {
                roff.append(".PP\n");
            }
            if (indented && !example) {
                roff.append(".EX\n");
                example = true;
            }
            line(escaped(line));
            begun = true;
            paragraph = false;
        }
        if (example) {
            roff.append(".EE\n");
        }
    }

    private void section(String title) {
        roff.append(".SH ").append(escaped(title)).append('\n');
    }

    private void entry(String term, List<String> text) {
        roff.append(".TP\n");
        line("\\fB" + escaped(term) + "\\fR");
        line(escaped(String.join(" ", lines(text.toArray(new String[0])))));
    }

    /** A line of text that is no macro, whatever it begins with. */
    private void line(String escaped) {
        roff.append(escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" : "")
                .append(escaped)
                .append('\n');
    }

    /** Characters that roff would read as its own or print as others, so that examples can be copied. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '\\' -> escaped.append("\\e");
                case '-' -> escaped.append("\\-");
                case '\'' -> escaped.append("\\(aq");
                case '"' -> escaped.append("\\(dq");
                case '`' -> escaped.append("\\(ga");
                case '~' -> escaped.append("\\(ti");
                case '^' -> escaped.append("\\(ha");
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
