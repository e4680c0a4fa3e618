package org.histods.cli.setup;

import java.util.List;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.dataset.DatasetId;
import org.histods.problem.Problem;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Prints what a shell needs to complete commands, options and the ids of the catalogue. */
@Command(
        name = "completion",
        description = "Print a script by which bash or zsh completes commands, options and ids of datasets.",
        footer = {
            "",
            "One script is for both shells. It holds the ids that the catalogue has now and starts no histods, so that it",
            "is quick: make it anew with a newer histods.",
            "",
            "Examples:",
            "  histods completion bash > ~/.histods-completion    then, in ~/.bashrc: source ~/.histods-completion",
            "  histods completion zsh > ~/.histods-completion     then, in ~/.zshrc: source ~/.histods-completion"
        })
public final class CompletionCommand implements CliCommand {

    private static final List<String> SHELLS = List.of("bash", "zsh");

    /** In place of what picocli says there of installing. */
    private static final String HEAD = """
            # Completion for histods in bash and zsh, made with picocli (https://picocli.info, Apache License 2.0).
            """;

    /** Where a dataset may be named, a file often may be too. */
    private static final String PATHS = """

            # A word with a slash is a path, whatever else might stand there.
            function _histods() {
              case ${COMP_WORDS[COMP_CWORD]} in
                */*)
                  local IFS=$'\\n'
                  type compopt &> /dev/null && compopt -o filenames
                  COMPREPLY=($(compgen -f -- "${COMP_WORDS[COMP_CWORD]}"))
                  ;;
                *) _complete_histods "$@" ;;
              esac
            }
            complete -F _histods -o default histods
            """;

    private final AppContext wiring;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh", description = "the shell")
    private String shell = "";

    public CompletionCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        if (!SHELLS.contains(shell)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "there is no completion for '" + shell + "'",
                    "there is one for " + String.join(" and ", SHELLS));
        }
        CommandSpec root = spec.root();
        offer(root, wiring.catalogue().ids().stream().map(DatasetId::text).toList());
        String script = AutoComplete.bash(root.name(), root.commandLine());
        wiring.console().raw(HEAD + script.substring(script.indexOf("if [ -n \"$BASH_VERSION\" ]")) + PATHS);
        return 0;
    }

    /** Says what may stand in place of labels such as {@code ID|FILE} and {@code auto|plain|none}. */
    private static void offer(CommandSpec command, List<String> ids) {
        for (PositionalParamSpec place : List.copyOf(command.positionalParameters())) {
            List<String> words = words(place.paramLabel(), ids);
            if (!words.isEmpty()) {
                command.remove(place);
                command.addPositional(
                        place.toBuilder().completionCandidates(words).build());
            }
        }
        for (OptionSpec option : List.copyOf(command.options())) {
            List<String> words = words(option.paramLabel(), ids);
            if (!words.isEmpty() && option.scopeType() == ScopeType.LOCAL) {
                command.remove(option);
                command.addOption(option.toBuilder().completionCandidates(words).build());
            }
        }
        command.subcommands().values().forEach(sub -> offer(sub.getCommandSpec(), ids));
    }

    private static List<String> words(String label, List<String> ids) {
        if (label.matches("ID\\b.*")) {
            return ids;
        }
        return label.matches("[a-z-]+(\\|[a-z-]+)+") ? List.of(label.split("\\|")) : List.of();
    }
}
