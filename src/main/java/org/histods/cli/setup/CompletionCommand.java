package org.histods.cli.setup;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.Vocabulary;
import org.histods.problem.Problem;
import org.histods.source.Source;
import org.histods.source.all.Sources;
import picocli.AutoComplete;
import picocli.CommandLine;
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
            "Print a completion script for bash, zsh or fish",
            "",
            "The script contains the current ids, groups, variants and splits of the catalogue; create it again after an"
                    + " update. Load it in ~/.bashrc or ~/.zshrc; fish loads scripts from its own folder."
        },
        footer = {
            "",
            "Examples:",
            "  histods completion bash > ~/.histods-completion",
            "  echo 'source ~/.histods-completion' >> ~/.bashrc",
            "  histods completion fish > ~/.config/fish/completions/histods.fish"
        })
public final class CompletionCommand implements CliCommand {

    private static final List<String> SHELLS = List.of("bash", "zsh", "fish");

    /** Replaces picocli's installation notes. */
    private static final String HEAD = """
            # Completion for histods in bash and zsh, generated with picocli (https://picocli.info, Apache License 2.0).
            """;

    /** Completes paths too, because many arguments are a dataset or a file. */
    private static final String PATHS = """

            # A word with a slash is a path. Where a manifest may be given, files with its ending are completed.
            # Where only pulled datasets make sense, their ids are read from the mirror.
            function _histods_pulled() {
              local folder rest=${HISTODS_MIRROR:-@mirror@}
              while [ -n "$rest" ]; do
                # A folder of the whole name is one mirror.
                [ -d "$rest" ] && folder=$rest || folder=${rest%%:*}
                command ls "$folder/datasets" 2> /dev/null
                rest=${rest#"$folder"}
                rest=${rest#:}
              done
            }
            function _histods() {
              # Bash splits --option=value at the "=".
              if [ "${COMP_WORDS[COMP_CWORD]}" = "=" ]; then
                COMP_WORDS[COMP_CWORD]=
              elif [ "${COMP_WORDS[COMP_CWORD-1]}" = "=" ]; then
                unset "COMP_WORDS[COMP_CWORD-1]"
                COMP_WORDS=("${COMP_WORDS[@]}")
                COMP_CWORD=$((COMP_CWORD - 1))
              fi
              local word=${COMP_WORDS[COMP_CWORD]}
              case $word in
                */*)
                  local IFS=$'\\n'
                  type compopt &> /dev/null && compopt -o filenames
                  COMPREPLY=($(compgen -f -- "$word"))
                  return
                  ;;
              esac
              _complete_histods "$@"
              case " @valued@ " in *" ${COMP_WORDS[COMP_CWORD-1]} "*) return ;; esac
              case " @files@ " in *" ${COMP_WORDS[1]} "*)
                case $word in
                  '' | -*) ;;
                  *)
                    local IFS=$'\\n'
                    COMPREPLY+=($(compgen -f -X '!*.yaml' -- "$word"))
                    ;;
                esac
                return
                ;;
              esac
              case " @pulled@ " in *" ${COMP_WORDS[1]} "*) ;; *) return ;; esac
              case $word in
                -*) ;;
                *) COMPREPLY=($(compgen -W "$(_histods_pulled)" -- "$word")) ;;
              esac
            }
            complete -F _histods -o default histods
            """;

    /** Commands whose dataset must be in the mirror: their label is {@code ID[@VERSION]} or {@code ID|DIR}. */
    private static final Pattern PULLED = Pattern.compile("ID(?:\\[@VERSION]|\\|DIR)");

    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{N}_.,:&/+-]+");

    private final AppContext app;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "bash|zsh|fish", description = "your shell; bash and zsh get the same script")
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
        addCandidates(root, app.catalogue().ids().stream().map(DatasetId::text).toList(), values());
        Path mirror = app.mirrorFolder();
        // By its rule, not its path: the script may be made on another machine, or for all users of this one.
        boolean ofUser =
                app.paths().home().isPresent() && mirror.equals(app.paths().mirror());
        app.console().raw(shell.equals("fish") ? fish(root, mirror, ofUser) : bash(root, mirror, ofUser));
        return 0;
    }

    private static String bash(CommandSpec root, Path mirror, boolean ofUser) {
        String script = AutoComplete.bash(root.name(), root.commandLine());
        return HEAD
                + script.substring(script.indexOf("if [ -n \"$BASH_VERSION\" ]"))
                + PATHS.replace(
                                "@mirror@",
                                ofUser ? "${XDG_CACHE_HOME:-$HOME/.cache}/histods" : quoted(mirror.toString()))
                        .replace("@pulled@", commands(root, CompletionCommand::isPulled))
                        .replace("@files@", commands(root, CompletionCommand::isManifest))
                        .replace("@valued@", String.join(" ", valued(root)));
    }

    private static String fish(CommandSpec root, Path mirror, boolean ofUser) {
        String user = "(set -q XDG_CACHE_HOME[1]; and echo $XDG_CACHE_HOME; or echo $HOME/.cache)/histods";
        return new FishCompletion(root, CompletionCommand::isPulled)
                .text(ofUser ? user : quoted(mirror.toString()), valued(root));
    }

    private static boolean isPulled(PositionalParamSpec parameter) {
        return PULLED.matcher(parameter.paramLabel()).matches();
    }

    /** A path within {@code ${…:-…}}, where the shell would expand some characters. */
    private static String quoted(String path) {
        return path.replaceAll("[^\\p{L}\\p{N}_./-]", "\\\\$0");
    }

    /** Whether it may be the file of a manifest: its label is {@code ID|FILE} or {@code ID|FILE|URL}. */
    private static boolean isManifest(PositionalParamSpec parameter) {
        return parameter.paramLabel().startsWith("ID|FILE");
    }

    /** The commands that have such an argument. */
    private static String commands(CommandSpec root, Predicate<PositionalParamSpec> argument) {
        return root.subcommands().entrySet().stream()
                .filter(command -> command.getValue().getCommandSpec().positionalParameters().stream()
                        .anyMatch(argument))
                .map(Map.Entry::getKey)
                .collect(Collectors.joining(" "));
    }

    /** The options of all commands that are followed by a value. */
    private static List<String> valued(CommandSpec root) {
        return Stream.concat(
                        Stream.of(root), root.subcommands().values().stream().map(CommandLine::getCommandSpec))
                .flatMap(command -> command.options().stream())
                .filter(option -> option.arity().max() > 0)
                .flatMap(option -> Stream.of(option.names()))
                .distinct()
                .toList();
    }

    /** The words of options whose values are of a list that their labels do not name. */
    private Map<String, List<String>> values() throws Problem {
        List<Manifest> manifests = app.catalogue().readable();
        return Map.of(
                "--organ", words(Vocabulary.Kind.ORGAN),
                "--stain", words(Vocabulary.Kind.STAIN),
                "--task", words(Vocabulary.Kind.TASK),
                "--access", words(Vocabulary.Kind.ACCESS),
                "--source", Sources.all().stream().map(Source::kind).toList(),
                "--role", List.of("train", "test", "validation", "pretrain"),
                "--purpose", List.of("research", "teaching", "commercial", "redistribution"),
                "--group", app.catalogue().groupIds(),
                "--variant",
                        words(manifests.stream()
                                .flatMap(manifest -> manifest.contents().variants().stream())
                                .map(Manifest.Variant::name)),
                "--only",
                        words(manifests.stream().flatMap(manifest -> manifest.contents().splits().keySet().stream())));
    }

    private List<String> words(Vocabulary.Kind kind) {
        return words(app.manifests().vocabulary().words(kind).stream());
    }

    /** Each word once, without those that mean something else to a shell, or that it splits. */
    private static List<String> words(Stream<String> words) {
        return words.filter(word -> PLAIN.matcher(word).matches())
                .distinct()
                .sorted()
                .toList();
    }

    /** Adds completion candidates for labels such as {@code ID|FILE} and {@code auto|plain|none}. */
    private static void addCandidates(CommandSpec command, List<String> ids, Map<String, List<String>> values) {
        for (PositionalParamSpec parameter : List.copyOf(command.positionalParameters())) {
            List<String> words = words(parameter.paramLabel(), ids);
            if (!words.isEmpty()) {
                command.remove(parameter);
                command.addPositional(
                        parameter.toBuilder().completionCandidates(words).build());
            }
        }
        for (OptionSpec option : List.copyOf(command.options())) {
            List<String> words = new ArrayList<>(values.getOrDefault(option.longestName(), List.of()));
            words.addAll(words(option.paramLabel(), ids));
            if (!words.isEmpty() && option.scopeType() == ScopeType.LOCAL) {
                command.remove(option);
                // Picocli names the shell's variable by the label, and two options may have one.
                command.addOption(option.toBuilder()
                        .paramLabel(option.longestName().replaceAll("[^a-z]", ""))
                        .completionCandidates(words)
                        .build());
            }
        }
        command.subcommands().values().forEach(sub -> addCandidates(sub.getCommandSpec(), ids, values));
    }

    private static List<String> words(String label, List<String> ids) {
        if (PULLED.matcher(label).matches()) {
            return List.of();
        }
        if (label.matches("ID\\b.*")) {
            return ids;
        }
        return label.matches("[a-z-]+(\\|[a-z-]+)+") ? List.of(label.split("\\|")) : List.of();
    }
}
