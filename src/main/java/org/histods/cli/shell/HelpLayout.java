package org.histods.cli.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ScopeType;

/** Layout of help texts: commands in groups, and global options apart from the options of the command. */
public final class HelpLayout {

    private static final String GLOBAL_OPTIONS = "globalOptions";

    private static final List<String> SECTIONS = List.of(
            UsageMessageSpec.SECTION_KEY_SYNOPSIS_HEADING,
            UsageMessageSpec.SECTION_KEY_SYNOPSIS,
            UsageMessageSpec.SECTION_KEY_DESCRIPTION_HEADING,
            UsageMessageSpec.SECTION_KEY_DESCRIPTION,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_PARAMETER_LIST,
            UsageMessageSpec.SECTION_KEY_OPTION_LIST,
            UsageMessageSpec.SECTION_KEY_COMMAND_LIST,
            UsageMessageSpec.SECTION_KEY_FOOTER,
            GLOBAL_OPTIONS,
            UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST_HEADING,
            UsageMessageSpec.SECTION_KEY_EXIT_CODE_LIST);

    private final Map<String, List<String>> groups = new LinkedHashMap<>();
    private final CommandLine root;

    /** @param root the program, without its subcommands */
    public HelpLayout(CommandLine root) {
        this.root = root;
    }

    /** Adds subcommands under a title. */
    public void group(String title, Object... commands) {
        List<String> names = new ArrayList<>();
        for (Object command : commands) {
            CommandLine line = command instanceof CommandLine done ? done : new CommandLine(command);
            root.addSubcommand(line);
            names.add(line.getCommandName());
        }
        groups.put(title, names);
    }

    /** Applies the layout to the program and its subcommands; call it when all of them are added. */
    public void apply() {
        apply(root);
    }

    private void apply(CommandLine line) {
        UsageMessageSpec usage = line.getCommandSpec().usageMessage();
        usage.abbreviateSynopsis(true);
        usage.descriptionHeading("%n");
        usage.parameterListHeading("%nArguments:%n");
        usage.exitCodeListHeading(usage.exitCodeList().isEmpty() ? "" : "%nExit codes:%n");
        usage.sortOptions(false);
        line.setHelpSectionKeys(SECTIONS);
        Map<String, IHelpSectionRenderer> sections = line.getHelpSectionMap();
        sections.put(UsageMessageSpec.SECTION_KEY_OPTION_LIST, help -> options(help, "Options", false));
        sections.put(GLOBAL_OPTIONS, help -> options(help, "Global options", true));
        sections.put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, this::commands);
        line.getSubcommands().values().forEach(this::apply);
    }

    private static String options(Help help, String title, boolean global) {
        List<OptionSpec> options = help.commandSpec().options().stream()
                .filter(option -> !option.hidden() && global(option) == global)
                .toList();
        if (options.isEmpty()) {
            return "";
        }
        return "%n%s:%n".formatted(title)
                + help.optionListExcludingGroups(
                        options, help.createDefaultLayout(), null, help.parameterLabelRenderer());
    }

    private static boolean global(OptionSpec option) {
        return option.inherited() || option.scopeType() == ScopeType.INHERIT;
    }

    private String commands(Help help) {
        CommandSpec spec = help.commandSpec();
        Map<String, List<String>> shown = spec.parent() == null
                ? groups
                : Map.of("Commands", List.copyOf(spec.subcommands().keySet()));
        if (spec.subcommands().isEmpty()) {
            return "";
        }
        int width = shown.values().stream()
                .flatMap(List::stream)
                .mapToInt(String::length)
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        shown.forEach((title, names) -> {
            text.append("%n%s:%n".formatted(title));
            Help.TextTable table = Help.TextTable.forColumns(
                    help.colorScheme(),
                    new Help.Column(width + 2, 2, Help.Column.Overflow.SPAN),
                    new Help.Column(spec.usageMessage().width() - width - 2, 2, Help.Column.Overflow.WRAP));
            for (String name : names) {
                String[] description = Objects.requireNonNull(help.subcommands().get(name))
                        .commandSpec()
                        .usageMessage()
                        .description();
                table.addRowValues(
                        help.colorScheme().commandText(name),
                        help.colorScheme().text(description.length == 0 ? "" : description[0]));
            }
            text.append(table);
        });
        return text.toString();
    }
}
