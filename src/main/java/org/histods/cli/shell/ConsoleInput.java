package org.histods.cli.shell;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** What a person types or pipes in. */
public final class ConsoleInput {

    private static final int MOST = 1 << 16;

    /** A terminal with a person at it. */
    public interface Terminal {

        /** The line that is typed; null where no more comes. */
        @Nullable
        String line(String prompt);

        /** The line that is typed without being shown; null where no more comes. */
        char @Nullable [] secret(String prompt);
    }

    private record OfJava(Console console) implements Terminal {
        @Override
        public @Nullable String line(String prompt) {
            return console.readLine("%s", prompt);
        }

        @Override
        public char @Nullable [] secret(String prompt) {
            return console.readPassword("%s", prompt);
        }
    }

    private final InputStream in;
    private final @Nullable Terminal terminal;
    private final boolean hidden;

    private ConsoleInput(InputStream in, @Nullable Terminal terminal, boolean hidden) {
        this.in = in;
        this.terminal = terminal;
        this.hidden = hidden;
    }

    /** Nobody at a terminal: all that can be read is piped in. */
    public static ConsoleInput piped(InputStream in) {
        return new ConsoleInput(in, null, false);
    }

    /** That of a person at a terminal. */
    public static ConsoleInput at(Terminal terminal) {
        return new ConsoleInput(InputStream.nullInputStream(), terminal, false);
    }

    /** That of this process. Java knows a terminal only where both ends are one, so the launcher says of standard input. */
    public static ConsoleInput of(InputStream in, Map<String, String> environment) {
        boolean typed = "1".equals(environment.get("HISTODS_KEYBOARD"));
        Console console = typed ? System.console() : null;
        return new ConsoleInput(in, console == null ? null : new OfJava(console), typed && console == null);
    }

    /** Whether a person can be asked. */
    public boolean asks() {
        return terminal != null;
    }

    /**
     * Asks without showing what is typed, or reads all that is piped in.
     *
     * @throws Problem {@code USAGE} if what is typed could not be hidden
     */
    public String secret(String prompt) throws Problem {
        if (terminal != null) {
            char[] typed = terminal.secret(prompt);
            return typed == null ? "" : new String(typed);
        }
        if (hidden) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "what you type could not be hidden, since standard output is not the terminal",
                    "run it without a pipe or redirection, or pipe the secret in: histods login HOST < FILE");
        }
        try {
            byte[] piped = in.readNBytes(MOST);
            return new String(piped, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read standard input", e));
        }
    }

    /** Asks for a line that need not be hidden; empty where nobody can be asked. */
    public String line(String prompt) {
        String typed = terminal == null ? null : terminal.line(prompt);
        return typed == null ? "" : typed.strip();
    }
}
