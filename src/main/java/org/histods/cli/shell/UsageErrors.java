package org.histods.cli.shell;

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

/** What is wrong with a command line, in words for whoever typed it. */
public final class UsageErrors {

    /** How picocli lists the values of an enum. */
    private static final Pattern CHOICES = Pattern.compile("\\[[A-Z_]+(?:, [A-Z_]+)*]");

    private final CommandLine command;
    private final ParameterException thrown;
    private final List<String> given;

    /**
     * A command line that could not be parsed.
     *
     * @param given its words
     */
    public UsageErrors(ParameterException thrown, String[] given) {
        this.command = thrown.getCommandLine();
        this.thrown = thrown;
        this.given = List.of(given);
    }

    public Problem problem() {
        String help = "`" + name() + " --help` shows what it takes";
        String word = strange().orElse(null);
        if (word == null) {
            String message = CHOICES.matcher(String.valueOf(thrown.getMessage()))
                    .replaceAll(found -> found.group().toLowerCase(Locale.ROOT));
            return new Problem(Problem.Kind.USAGE, message, help);
        }
        boolean option = word.startsWith("-");
        boolean missesCommand = !option && !command.getSubcommands().isEmpty();
        String message = option
                ? name() + " has no option " + word
                : missesCommand
                        ? name() + " has no command '" + word + "'"
                        : name() + " can do nothing with '" + word + "'";
        List<String> near = option || missesCommand ? Suggestions.to(word, known(option)) : List.of();
        return new Problem(
                Problem.Kind.USAGE,
                message,
                near.isEmpty() ? help : "did you mean " + String.join(", ", near) + "? " + help);
    }

    private String name() {
        return command.getCommandSpec().qualifiedName();
    }

    /** The word that the command does not know, if that is the mistake. One that is missing is asked for after that. */
    private Optional<String> strange() {
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
        Set<String> known = new TreeSet<>();
        if (options) {
            known.addAll(command.getCommandSpec().optionsMap().keySet());
        } else {
            known.addAll(command.getSubcommands().keySet());
        }
        return known;
    }
}
