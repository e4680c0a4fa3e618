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

/** {@code histods completion}: a script that completes commands, options and dataset ids in a shell. */
@Command(
        name = "completion",
        description = {
            "Print a completion script for bash or zsh",
            "",
            "The script contains the current ids of the catalogue; create it again after an update. Load it in ~/.bashrc or"
                    + " ~/.zshrc."
        },
        footer = {
            "",
            "Examples:",
            "  histods completion bash > ~/.histods-completion",
            "  echo 'source ~/.histods-completion' >> ~/.bashrc"
        })
public final class CompletionCommand implements CliCommand {

    private static final List<String> SHELLS = List.of("bash", "zsh");

    /** Replaces picocli's installation notes. */
    private static final String HEAD = """
            # Completion for histods in bash and zsh, generated with picocli (https://picocli.info, Apache License 2.0).
            """;

    /** Completes paths too, because many arguments are a dataset or a file. */
    private static final String PATHS = """

            # A word with a slash is a path.
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

    private final AppContext app;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh", description = "shell that loads the script; both get the same one")
    private String shell = "";

    public CompletionCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        if (!SHELLS.contains(shell)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "no completion for '" + shell + "'",
                    "supported shells: " + String.join(", ", SHELLS));
        }
        CommandSpec root = spec.root();
        addCandidates(root, app.catalogue().ids().stream().map(DatasetId::text).toList());
        String script = AutoComplete.bash(root.name(), root.commandLine());
        app.console().raw(HEAD + script.substring(script.indexOf("if [ -n \"$BASH_VERSION\" ]")) + PATHS);
        return 0;
    }

    /** Adds completion candidates for labels such as {@code ID|FILE} and {@code auto|plain|none}. */
    private static void addCandidates(CommandSpec command, List<String> ids) {
        for (PositionalParamSpec parameter : List.copyOf(command.positionalParameters())) {
            List<String> words = words(parameter.paramLabel(), ids);
            if (!words.isEmpty()) {
                command.remove(parameter);
                command.addPositional(
                        parameter.toBuilder().completionCandidates(words).build());
            }
        }
        for (OptionSpec option : List.copyOf(command.options())) {
            List<String> words = words(option.paramLabel(), ids);
            if (!words.isEmpty() && option.scopeType() == ScopeType.LOCAL) {
                command.remove(option);
                command.addOption(option.toBuilder().completionCandidates(words).build());
            }
        }
        command.subcommands().values().forEach(sub -> addCandidates(sub.getCommandSpec(), ids));
    }

    private static List<String> words(String label, List<String> ids) {
        if (label.matches("ID\\b.*")) {
            return ids;
        }
        return label.matches("[a-z-]+(\\|[a-z-]+)+") ? List.of(label.split("\\|")) : List.of();
    }
}
