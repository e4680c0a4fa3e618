package org.histods.cli.shell;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.histods.problem.Problem;
import org.histods.text.Suggestions;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Turns an error that picocli found in the command line into a {@link Problem}. */
public final class UsageErrors {

    /** The list of an enum's values in picocli's messages. */
    private static final Pattern CHOICES = Pattern.compile("\\[[A-Z_]+(?:, [A-Z_]+)*]");

    private final CommandLine command;
    private final ParameterException thrown;
    private final List<String> given;
    private final List<String> commands;

    /**
     * An error in a command line.
     *
     * @param given the words of the command line
     * @param commands the names of all commands
     */
    public UsageErrors(ParameterException thrown, String[] given, List<String> commands) {
        this.command = thrown.getCommandLine();
        this.thrown = thrown;
        this.given = List.of(given);
        this.commands = commands;
    }

    /** The error as a problem, with similar words in the hint. */
    public Problem problem() {
        String help = "see `" + name() + " --help`";
        String word = unexpected().orElse(null);
        if (word == null) {
            String message = CHOICES.matcher(String.valueOf(thrown.getMessage()))
                    .replaceAll(found -> found.group().toLowerCase(Locale.ROOT));
            message = message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
            return new Problem(Problem.Kind.USAGE, message, help);
        }
        boolean option = word.startsWith("-");
        boolean isCommand = !option && !commands().isEmpty();
        String message = option
                ? name() + " has no option " + word
                : isCommand
                        ? name() + " has no command '" + word + "'"
                        : name() + ": unexpected argument '" + word + "'";
        if (isCommand && word.equals("help")) {
            return new Problem(Problem.Kind.USAGE, message, help + "; `histods COMMAND --help` explains a command");
        }
        List<String> near = option || isCommand ? Suggestions.to(word, known(option)) : List.of();
        return new Problem(
                Problem.Kind.USAGE,
                message,
                near.isEmpty() ? help : "did you mean " + String.join(", ", near) + "? S" + help.substring(1));
    }

    private String name() {
        return command.getCommandSpec().qualifiedName();
    }

    /** The word that the command does not know; it is reported before a missing argument. */
    private Optional<String> unexpected() {
        if (thrown instanceof UnmatchedArgumentException unmatched) {
            return unmatched.getUnmatched().stream().findFirst().map(UsageErrors::withoutValue);
        }
        if (thrown instanceof MissingParameterException) {
            Set<String> known = known(true);
            return given.stream()
                    .takeWhile(word -> !word.equals("--"))
                    .filter(word -> word.startsWith("--"))
                    .map(UsageErrors::withoutValue)
                    .filter(word -> !known.contains(word))
                    .findFirst();
        }
        return Optional.empty();
    }

    private static String withoutValue(String word) {
        int equals = word.indexOf('=');
        return word.startsWith("--") && equals > 0 ? word.substring(0, equals) : word;
    }

    private Set<String> known(boolean options) {
        return new TreeSet<>(options ? command.getCommandSpec().optionsMap().keySet() : commands());
    }

    /** The names of the command's subcommands. */
    private Collection<String> commands() {
        return command.getParent() == null ? commands : command.getSubcommands().keySet();
    }
}
