package org.histods.cli.shell;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
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

    /** Commands under a title. */
    public record Group(String title, List<String> names) {}

    private final List<Group> groups;
    private final Function<String, @Nullable CommandLine> commands;
    private final Function<String, String> summaries;

    /**
     * The layout of a program.
     *
     * @param groups the commands that the help lists
     * @param commands gives the command of a name, null if there is none
     * @param summaries gives the first line of a command's help, faster than the command itself
     */
    public HelpLayout(
            List<Group> groups, Function<String, @Nullable CommandLine> commands, Function<String, String> summaries) {
        this.groups = List.copyOf(groups);
        this.commands = commands;
        this.summaries = summaries;
    }

    /** The names of the commands in these groups. */
    public static List<String> names(List<Group> groups) {
        return groups.stream().flatMap(group -> group.names().stream()).toList();
    }

    /**
     * Applies the layout to a program.
     *
     * @param words the program gets those commands that are among them
     */
    public void apply(CommandLine root, List<String> words) {
        for (String word : new LinkedHashSet<>(words)) {
            CommandLine command = commands.apply(word);
            if (command != null) {
                root.addSubcommand(word, command);
            }
        }
        // Otherwise the usage line would depend on the words.
        root.getCommandSpec().usageMessage().customSynopsis("histods [OPTIONS] COMMAND");
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
                .filter(option -> !option.hidden() && isGlobal(option) == global)
                .toList();
        if (options.isEmpty()) {
            return "";
        }
        return "%n%s:%n".formatted(title)
                + help.optionListExcludingGroups(
                        options, help.createDefaultLayout(), null, help.parameterLabelRenderer());
    }

    /** Whether every command has that option. */
    public static boolean isGlobal(OptionSpec option) {
        return option.inherited() || option.scopeType() == ScopeType.INHERIT;
    }

    private String commands(Help help) {
        CommandSpec spec = help.commandSpec();
        List<Group> shown = spec.parent() == null
                ? groups
                : spec.subcommands().isEmpty()
                        ? List.of()
                        : List.of(new Group(
                                "Commands", List.copyOf(spec.subcommands().keySet())));
        int width = names(shown).stream().mapToInt(String::length).max().orElse(0);
        StringBuilder text = new StringBuilder();
        for (Group group : shown) {
            text.append("%n%s:%n".formatted(group.title()));
            Help.TextTable table = Help.TextTable.forColumns(
                    help.colorScheme(),
                    new Help.Column(width + 2, 2, Help.Column.Overflow.SPAN),
                    new Help.Column(spec.usageMessage().width() - width - 2, 2, Help.Column.Overflow.WRAP));
            for (String name : group.names()) {
                table.addRowValues(
                        help.colorScheme().commandText(name), help.colorScheme().text(summary(spec, name)));
            }
            text.append(table);
        }
        return text.toString();
    }

    private String summary(CommandSpec parent, String name) {
        if (parent.parent() == null) {
            return summaries.apply(name);
        }
        String[] description = Objects.requireNonNull(parent.subcommands().get(name))
                .getCommandSpec()
                .usageMessage()
                .description();
        return description.length == 0 ? "" : description[0];
    }
}
