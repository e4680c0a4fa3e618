package org.histods.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.cli.Main;
import org.histods.cli.shell.ConsoleInput;
import org.jspecify.annotations.Nullable;

/** Runs the program in a folder of a test's, with its own mirror, and keeps what it says. */
public final class RunResults {

    private final Path folder;
    private final Path manifests;
    private final Map<String, String> more = new HashMap<>();
    private byte[] piped = new byte[0];
    private @Nullable ConsoleInput keyboard;

    public RunResults(Path folder, Path manifests) {
        this.folder = folder;
        this.manifests = manifests.toAbsolutePath();
    }

    /** What a run came to. */
    public record Said(int exit, String out, String err) {}

    /** With that variable in the environment from now on. */
    public RunResults with(String name, String value) {
        more.put(name, value);
        return this;
    }

    /** With a person at a terminal from now on, who types that line whenever asked; keeps what was asked. */
    public RunResults typing(String line, List<String> asked) {
        keyboard = ConsoleInput.at(new ConsoleInput.Terminal() {
            @Override
            public String line(String prompt) {
                asked.add(prompt);
                return line;
            }

            @Override
            public char[] secret(String prompt) {
                return line(prompt).toCharArray();
            }
        });
        return this;
    }

    /** With that on standard input from now on. */
    public RunResults piping(String text) {
        keyboard = null;
        piped = text.getBytes(StandardCharsets.UTF_8);
        return this;
    }

    public Said run(String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Map<String, String> environment = new HashMap<>(Map.of(
                "HOME", folder.toString(),
                "HISTODS_MIRROR", folder.resolve("mirror").toString(),
                "HISTODS_MANIFESTS", manifests.toString(), "HISTODS_BUILTIN", "off"));
        environment.putAll(more);
        ConsoleInput used = keyboard != null ? keyboard : ConsoleInput.piped(new ByteArrayInputStream(piped));
        int exit;
        try (PrintStream toOut = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream toErr = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            exit = new Main(environment, folder, used, toOut, toErr).run(args);
        }
        return new Said(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
