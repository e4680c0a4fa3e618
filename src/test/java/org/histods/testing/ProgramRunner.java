package org.histods.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.histods.cli.Main;
import org.histods.cli.shell.ConsoleInput;
import org.histods.transport.Sleeper;

/** Runs the program within the test, in an environment of its own. Pauses between requests take no time. */
public class ProgramRunner {

    /** The result of a run. */
    public record Result(int exit, String out, String err) {

        public List<String> lines() {
            return out.lines().toList();
        }

        /** Everything, for the message of a failed test. */
        public String all() {
            return "exit " + exit + "\n" + out + err;
        }
    }

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private Sleeper sleeper = new FakeSleeper();
    private Supplier<ConsoleInput> input = piped("");

    /** With those variables and no others. */
    public ProgramRunner(Path folder, Map<String, String> environment) {
        this.folder = folder;
        this.environment.putAll(environment);
    }

    /** With the home and the mirror in that folder, and those manifests as the whole catalogue. */
    public ProgramRunner(Path folder, Path manifests) {
        this(
                folder,
                Map.of(
                        "HOME", folder.toString(),
                        "HISTODS_MANIFESTS", manifests.toAbsolutePath().toString(),
                        "HISTODS_BUILTIN", "off"));
        mirror("mirror");
    }

    /** A new pipe for each run. */
    private static Supplier<ConsoleInput> piped(String text) {
        return () -> ConsoleInput.piped(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** Sets an environment variable for the next runs. */
    public final ProgramRunner with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** Uses that sleeper for pauses in the next runs. */
    public final ProgramRunner with(Sleeper pauses) {
        sleeper = pauses;
        return this;
    }

    /** Uses another mirror in the next runs, as on another machine. */
    public final void mirror(String name) {
        environment.put("HISTODS_MIRROR", folder.resolve(name).toString());
    }

    /** In the next runs, standard input is a terminal where the user types this at each prompt; returns the prompts. */
    public final List<String> typing(String answer) {
        List<String> prompts = new ArrayList<>();
        ConsoleInput terminal = ConsoleInput.at(new ConsoleInput.Terminal() {
            @Override
            public String line(String prompt) {
                prompts.add(prompt);
                return answer;
            }

            @Override
            public char[] secret(String prompt) {
                return line(prompt).toCharArray();
            }
        });
        input = () -> terminal;
        return prompts;
    }

    /** In the next runs, standard input is a pipe with this text. */
    public final ProgramRunner piping(String text) {
        input = piped(text);
        return this;
    }

    public final Result run(String... args) {
        return run(folder, args);
    }

    /** Runs the program in that working directory. */
    public final Result run(Path workingDirectory, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = new Main(environment, workingDirectory, input.get(), stream(out), stream(err), sleeper).run(args);
        return new Result(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs the program, which must end with that exit code. */
    public final Result ran(int exit, String... args) {
        return ran(folder, exit, args);
    }

    /** Runs the program in that working directory; it must end with that exit code. */
    public final Result ran(Path workingDirectory, int exit, String... args) {
        Result result = run(workingDirectory, args);
        if (result.exit() != exit) {
            throw new AssertionError(
                    "histods " + String.join(" ", args) + " must end with " + exit + ", not with " + result.all());
        }
        return result;
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
