package org.histods.cli.setup;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.histods.cli.shell.HelpLayout;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The completion script for fish, which picocli does not write. */
final class FishCompletion {

    private static final String HEAD = """
            # Completion for histods in fish.

            # The command before the cursor, such as "pull" or "manifest lint"; empty if there is none yet.
            function __histods_command
                set -l words (commandline -opc)
                set -e words[1]
                set -l command
                set -l value no
                for word in $words
                    if test $value = yes
                        set value no
                    else if contains -- $word @valued@
                        set value yes
                    else if not string match -q -- '-*' $word
                        if not set -q command[1]
                            set command $word
                        else if contains -- "$command $word" @nested@
                            set command $command $word
                        end
                    end
                end
                echo "$command"
            end

            function __histods_at
                set -l command (__histods_command)
                test "$command" = "$argv"
            end

            function __histods_pulled
                set -l mirror @mirror@
                set -q HISTODS_MIRROR[1]; and set mirror $HISTODS_MIRROR
                # A folder of the whole name is one mirror.
                test -d "$mirror"; or set mirror (string split -- : $mirror)
                for folder in $mirror/datasets/*/
                    string split -- / $folder | tail -n 2 | head -n 1
                end
            end

            complete -c histods -e
            """;

    private final CommandSpec root;
    private final Predicate<PositionalParamSpec> pulled;
    private final StringBuilder script = new StringBuilder();

    /** @param pulled whether an argument is a dataset that must be in the mirror */
    FishCompletion(CommandSpec root, Predicate<PositionalParamSpec> pulled) {
        this.root = root;
        this.pulled = pulled;
    }

    /**
     * The script.
     *
     * @param mirror the default mirror, as a word of fish
     * @param valued the options that are followed by a value
     */
    String text(String mirror, List<String> valued) {
        List<String> nested = new ArrayList<>();
        root.subcommands()
                .forEach((name, command) ->
                        command.getSubcommands().keySet().forEach(sub -> nested.add(quoted(name + " " + sub))));
        script.append(HEAD.replace("@valued@", String.join(" ", valued))
                .replace("@nested@", String.join(" ", nested))
                .replace("@mirror@", mirror));
        for (OptionSpec option : root.options()) {
            option("", option);
        }
        commands("", root);
        return script.toString();
    }

    private void commands(String at, CommandSpec command) {
        String here = " -n " + quoted("__histods_at " + at);
        boolean files = command.positionalParameters().stream()
                .anyMatch(parameter -> parameter.paramLabel().matches(".*(FILE|DIR|PATH|COMMAND|BAG).*"));
        if (!files) {
            script.append("complete -c histods%s -f\n".formatted(here));
        }
        for (Map.Entry<String, CommandLine> entry : command.subcommands().entrySet()) {
            CommandSpec subcommand = entry.getValue().getCommandSpec();
            if (!subcommand.usageMessage().hidden()) {
                script.append("complete -c histods%s -a %s -d %s\n"
                        .formatted(
                                here,
                                entry.getKey(),
                                quoted(first(subcommand.usageMessage().description()))));
            }
        }
        for (PositionalParamSpec parameter : command.positionalParameters()) {
            String words = pulled.test(parameter) ? "(__histods_pulled)" : candidates(parameter);
            if (!words.isEmpty()) {
                script.append("complete -c histods%s -a %s\n".formatted(here, quoted(words)));
            }
        }
        for (OptionSpec option : command.options()) {
            if (!HelpLayout.isGlobal(option)) {
                option(here, option);
            }
        }
        command.subcommands().forEach((name, subcommand) -> {
            if (!subcommand.getCommandSpec().usageMessage().hidden()) {
                commands((at + " " + name).strip(), subcommand.getCommandSpec());
            }
        });
    }

    private void option(String here, OptionSpec option) {
        if (option.hidden()) {
            return;
        }
        script.append("complete -c histods").append(here);
        for (String name : option.names()) {
            script.append(name.startsWith("--") ? " -l " + name.substring(2) : " -s " + name.substring(1));
        }
        if (option.arity().max() > 0) {
            String words = candidates(option);
            script.append(words.isEmpty() ? " -r" : " -x -a " + quoted(words));
        }
        script.append(" -d ").append(quoted(first(option.description()))).append('\n');
    }

    private static String candidates(ArgSpec argument) {
        List<String> words = new ArrayList<>();
        if (argument.completionCandidates() != null) {
            argument.completionCandidates().forEach(words::add);
        }
        return words.stream().collect(Collectors.joining(" "));
    }

    private static String first(String... description) {
        return description.length == 0 ? "" : description[0].replace("%%", "%");
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
