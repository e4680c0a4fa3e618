package org.histods.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.histods.problem.Problem;
import org.histods.settings.Settings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Commands, options, settings and pages that messages, hints and documents name exist. */
final class NamesInTextsTest {

    /** A command line in a text: {@code histods}, then words, up to the end of the code or sentence. */
    private static final Pattern COMMAND_LINE = Pattern.compile("(?<![\\w/.@-])histods((?: [^\\s`|;&<>()\"…]+)+)");

    private static final Pattern OPTION = Pattern.compile("(?<![\\w/=-])--[a-z][a-z-]*[a-z](?!\\w)");

    /** A settings key in a message or document, such as {@code allow-http in the settings file}. */
    private static final Pattern SETTING = Pattern.compile("`?\\b([a-z]+(?:-[a-z]+)+)`? in the settings");

    /** A page that a message names: after a space or bracket, since other projects have such folders too. */
    private static final Pattern PAGE = Pattern.compile("(?<=[ (`]|^)docs/[^\\s`),;]*[a-z]");

    /** Words that follow the program's name in sentences of messages. */
    private static final Set<String> PROSE = Set.of(
            "after",
            "also",
            "can",
            "cannot",
            "did",
            "does",
            "drew",
            "explains",
            "has",
            "in",
            "is",
            "knows",
            "looks",
            "made",
            "process",
            "put",
            "searches",
            "supports",
            "uses",
            "waits",
            "with",
            "writes");

    /**
     * Options of git, strace, ascp, kaggle, gdc-client, ascli, zip, zstd, sbatch, Docker, Snakemake and Nextflow, and of the
     * command that an example runs.
     */
    private static final Set<String> OF_OTHER_PROGRAMS = Set.of(
            "--array",
            "--check-sshfp",
            "--competition",
            "--config",
            "--cores",
            "--dataset",
            "--epochs",
            "--get-regexp",
            "--host",
            "--huge",
            "--includes",
            "--local",
            "--long",
            "--mode",
            "--mutators",
            "--name-only",
            "--no-optional-locks",
            "--out",
            "--overwrite",
            "--porcelain",
            "--project",
            "--punch-hole",
            "--reflink",
            "--rm",
            "--rounds",
            "--seccomp-bpf",
            "--threads",
            "--to-folder",
            "--ultra",
            "--untracked-files",
            "--url");

    @TempDir
    Path folder;

    private final CommandLine program;

    NamesInTextsTest() {
        PrintStream none = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        program = new Main(Map.of("HOME", "/nonexistent"), Path.of("").toAbsolutePath(), none, none).commandLine();
    }

    private static Path project() {
        return Path.of(System.getProperty("project.basedir", "."));
    }

    /** The texts of the project by file: the string literals of the program, and the documents. */
    private static Map<String, String> texts() throws IOException {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Path file : files("src/main/java", ".java")) {
            texts.put(project().relativize(file).toString(), literals(Files.readString(file)));
        }
        List<Path> documents = new ArrayList<>(files("docs", ".md"));
        for (String name : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")) {
            documents.add(project().resolve(name));
        }
        for (Path file : documents) {
            texts.put(project().relativize(file).toString(), code(Files.readString(file)));
        }
        return texts;
    }

    /** The code in a Markdown document: fenced blocks and spans in backticks, and what is said to be in the settings. */
    private static String code(String document) {
        StringBuilder code = new StringBuilder();
        Matcher block = Pattern.compile("(?s)```.*?\n(.*?)```|`([^`]+)`( in the settings)?")
                .matcher(document);
        while (block.find()) {
            boolean span = block.group(1) == null;
            String text = span ? block.group(2).replaceAll("\\s+", " ") : block.group(1);
            code.append(text)
                    .append(block.group(3) == null ? "" : block.group(3))
                    .append("\n");
        }
        return code.toString();
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        try (Stream<Path> walk = Files.walk(project().resolve(folder))) {
            return walk.filter(p -> p.toString().endsWith(ending)).sorted().toList();
        }
    }

    /** The string literals of a source file, concatenated ones as one, each on a line of its own. */
    static String literals(String source) {
        String code = source.replaceAll("(?s)/\\*.*?\\*/", "").replaceAll("(?m)^\\s*//.*$", "");
        StringBuilder texts = new StringBuilder();
        Matcher literal = Pattern.compile(
                        "(?s)\"\"\"(.*?)\"\"\"|\"((?:[^\"\\\\\\n]|\\\\.)*)\"(\\s*\\+\\s*(?=\"))?|'(?:\\\\.|[^'\\\\])'")
                .matcher(code);
        while (literal.find()) {
            if (literal.group(1) != null) {
                texts.append(literal.group(1)).append('\n');
            } else if (literal.group(2) != null) {
                texts.append(literal.group(2)).append(literal.group(3) == null ? "\n" : "");
            }
        }
        return texts.toString();
    }

    /** What a text names that does not exist. */
    private List<String> unknown(String text) throws Problem, IOException {
        List<String> unknown = new ArrayList<>();
        Set<String> all = options(program);
        Matcher line = COMMAND_LINE.matcher(text);
        while (line.find()) {
            unknown.addAll(unknownIn(List.of(line.group(1).strip().split(" "))));
        }
        Matcher option = OPTION.matcher(text);
        while (option.find()) {
            if (!all.contains(option.group()) && !OF_OTHER_PROGRAMS.contains(option.group())) {
                unknown.add(option.group());
            }
        }
        Matcher page = PAGE.matcher(text);
        while (page.find()) {
            if (!Files.exists(project().resolve(page.group()))) {
                unknown.add(page.group());
            }
        }
        Matcher setting = SETTING.matcher(text);
        while (setting.find()) {
            if (!isSetting(setting.group(1))) {
                unknown.add("setting " + setting.group(1));
            }
        }
        return unknown;
    }

    /** A command line is checked as far as its words are plain: command, subcommand and options. */
    private List<String> unknownIn(List<String> words) {
        List<String> unknown = new ArrayList<>();
        CommandLine command = program;
        for (String raw : words) {
            String word = raw.replaceFirst("[.,:?*]+$", "").replaceFirst("=.*", "");
            if (raw.equals("--")) {
                break;
            }
            boolean takesCommand = !command.getSubcommands().isEmpty();
            if (word.startsWith("--") && word.length() > 2) {
                if (!options(command).contains(word) && !OF_OTHER_PROGRAMS.contains(word)) {
                    unknown.add(name(command) + " " + word);
                }
            } else if (takesCommand && word.matches("[a-z][a-z-]*")) {
                CommandLine sub = command.getSubcommands().get(word);
                if (sub == null
                        && !command.getCommandSpec().positionalParameters().isEmpty()) {
                    // A command such as split also takes a dataset.
                    continue;
                }
                if (sub == null && command == program && PROSE.contains(word)) {
                    break;
                }
                if (sub == null) {
                    unknown.add(name(command) + " " + word);
                    break;
                }
                command = sub;
            } else if (takesCommand && !word.startsWith("-")) {
                break;
            }
        }
        return unknown;
    }

    private static String name(CommandLine command) {
        return command.getCommandSpec().qualifiedName();
    }

    /** The options of a command; of the program, those of all commands. */
    private Set<String> options(CommandLine command) {
        Set<String> options =
                new TreeSet<>(command.getCommandSpec().optionsMap().keySet());
        if (command == program) {
            collect(program, options);
        }
        return options;
    }

    private static void collect(CommandLine command, Set<String> options) {
        options.addAll(command.getCommandSpec().optionsMap().keySet());
        command.getSubcommands().values().forEach(sub -> collect(sub, options));
    }

    private boolean isSetting(String key) throws IOException {
        Path file = Files.writeString(folder.resolve("config.yaml"), key + ": [{}]\n");
        try {
            Settings.read(file);
            return true;
        } catch (Problem p) {
            return !p.message().contains("there is no field");
        }
    }

    @Test
    void namesInMessagesAndDocuments_exist() throws Exception {
        Map<String, String> texts = texts();
        assertTrue(String.valueOf(texts.get("src/main/java/org/histods/cli/mirror/PullCommand.java"))
                .contains("  histods pull mbm\n"));
        assertTrue(String.valueOf(texts.get("README.md")).contains("histods pull "));
        Map<String, List<String>> unknown = new LinkedHashMap<>();
        for (Map.Entry<String, String> text : texts.entrySet()) {
            List<String> names = unknown(text.getValue());
            if (!names.isEmpty()) {
                unknown.put(text.getKey(), names);
            }
        }
        assertEquals(
                "",
                unknown.entrySet().stream()
                        .map(e -> e.getKey() + ": " + e.getValue())
                        .collect(Collectors.joining("\n")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "run `histods lint`                          | [histods lint]",
                "`histods manifest link x.yaml` finds it     | [histods manifest link]",
                "`histods pull mbm --repair`                 | [histods pull --repair]",
                "try again with --wait                       | [--wait]",
                "set allow-ftp in the settings file          | [setting allow-ftp]",
                "`histods whence x`, ca-file in the settings | []",
                "histods is fast; histods run -- make --fast | [--fast]",
                "see docs/nothing.md, docs/manifests.md.     | [docs/nothing.md]"
            })
    void nameThatDoesNotExist_isFound(String text, String names) throws Exception {
        assertEquals(names, unknown(text).toString());
    }

    @Test
    void launcher_knowsTheCommandsAndTheOptionsWithAValue() throws Exception {
        String script = Files.readString(project().resolve("histods"));
        Matcher values = Pattern.compile("(?m)^ *((?:--[a-z]+ \\| )+--[a-z]+)\\) value=next")
                .matcher(script);
        assertTrue(values.find(), script);
        Set<String> expected = program.getCommandSpec().options().stream()
                .filter(option -> option.arity().max() > 0)
                .map(option -> option.longestName())
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(expected, new TreeSet<>(List.of(values.group(1).split(" \\| "))));
        Matcher commands = Pattern.compile("(?m)^ *([a-z]+(?: \\| [a-z]+)+)\\) ;; # long-running")
                .matcher(script);
        assertTrue(commands.find(), script);
        for (String command : commands.group(1).split(" \\| ")) {
            assertTrue(program.getSubcommands().containsKey(command), command);
        }
    }
}
