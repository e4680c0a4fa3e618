package org.histods.cli.shell;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Standard input: a terminal where the user can be asked, or a pipe. */
public final class ConsoleInput {

    private static final int MAX_BYTES = 1 << 16;

    /** A terminal with a user. */
    public interface Terminal {

        /** Reads a line; null at the end of input. */
        @Nullable
        String line(String prompt);

        /** Reads a line without showing it; null at the end of input. */
        char @Nullable [] secret(String prompt);
    }

    private record JavaTerminal(Console console) implements Terminal {
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
    private final boolean echoes;

    private ConsoleInput(InputStream in, @Nullable Terminal terminal, boolean echoes) {
        this.in = in;
        this.terminal = terminal;
        this.echoes = echoes;
    }

    /** Input from a pipe or a file. */
    public static ConsoleInput piped(InputStream in) {
        return new ConsoleInput(in, null, false);
    }

    /** Input from a user at a terminal. */
    public static ConsoleInput at(Terminal terminal) {
        return new ConsoleInput(InputStream.nullInputStream(), terminal, false);
    }

    /**
     * Input of this process. Java knows a terminal only if both standard input and output are one, so the launcher says
     * whether standard input is ({@code HISTODS_KEYBOARD}).
     */
    public static ConsoleInput of(InputStream in, Map<String, String> environment) {
        boolean typed = "1".equals(environment.get("HISTODS_KEYBOARD"));
        Console console = typed ? System.console() : null;
        return new ConsoleInput(in, console == null ? null : new JavaTerminal(console), typed && console == null);
    }

    /** Whether the user can be asked. */
    public boolean interactive() {
        return terminal != null;
    }

    /**
     * Asks for a secret without showing it, or reads all of the pipe.
     *
     * @throws Problem {@code USAGE} if typing could not be hidden
     */
    public String secret(String prompt) throws Problem {
        if (terminal != null) {
            char[] typed = terminal.secret(prompt);
            return typed == null ? "" : new String(typed);
        }
        if (echoes) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "what you type would be visible, because standard output is not a terminal",
                    "run the command without a pipe or redirection, or pipe the secret in: histods login HOST < FILE");
        }
        try {
            byte[] piped = in.readNBytes(MAX_BYTES);
            return new String(piped, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read standard input", e));
        }
    }

    /** Asks for a line; empty if the user cannot be asked. */
    public String line(String prompt) {
        String typed = terminal == null ? null : terminal.line(prompt);
        return typed == null ? "" : typed.strip();
    }

    /** Asks a question with the answer no by default. */
    public boolean confirms(String question) {
        String typed = line(question + " [y/N] ");
        return typed.equalsIgnoreCase("y") || typed.equalsIgnoreCase("yes");
    }
}
