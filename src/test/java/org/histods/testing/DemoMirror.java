package org.histods.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.histods.cli.Main;
import org.histods.cli.shell.ConsoleInput;
import org.histods.demo.DemoDatasets;
import org.histods.demo.DemoServer;

/** A machine on which the program runs against hosts that are played. */
public final class DemoMirror implements AutoCloseable {

    /** What a command said and how it ended. */
    public record Ran(int exit, String out, String err) {

        /** Everything that was said, for the message of a failed test. */
        public String all() {
            return "exit " + exit + "\n" + out + err;
        }
    }

    private static final DemoDatasets STAND_INS = DemoDatasets.draw();

    private final Path folder;
    private final DemoServer origin;
    private final Map<String, String> environment = new HashMap<>();
    private ConsoleInput keyboard = ConsoleInput.piped(InputStream.nullInputStream());

    public DemoMirror(Path folder) throws Exception {
        this.folder = folder;
        this.origin = new DemoServer(STAND_INS, 0);
        STAND_INS.writeManifests(manifests());
        Files.writeString(
                folder.resolve("config.yaml"), "routes:\n  \"*\": \"" + origin.route() + "\"\nrecord-user: false\n");
        environment.put("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
        environment.put("HISTODS_MANIFESTS", manifests().toString());
        environment.put("HISTODS_BUILTIN", "off");
        environment.put("HOME", folder.toString());
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        mirror("mirror");
    }

    public Path manifests() {
        return folder.resolve("manifests");
    }

    /** Uses another mirror from now on, as another machine would. */
    public void mirror(String name) {
        environment.put("HISTODS_MIRROR", folder.resolve(name).toString());
    }

    /** Sets a variable of the environment from now on. */
    public void environment(String name, String value) {
        environment.put(name, value);
    }

    /** Puts a person at a terminal from now on, who types that; gives what they were asked. */
    public StringBuilder typing(String answer) {
        StringBuilder asked = new StringBuilder();
        keyboard = ConsoleInput.at(new ConsoleInput.Terminal() {
            @Override
            public String line(String prompt) {
                asked.append(prompt);
                return answer;
            }

            @Override
            public char[] secret(String prompt) {
                throw new IllegalStateException(prompt);
            }
        });
        return asked;
    }

    /** Puts that text on standard input from now on. */
    public void piping(String text) {
        keyboard = ConsoleInput.piped(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    public int requests() {
        return origin.requests();
    }

    /** Runs the program in that folder. */
    public Ran run(Path here, String... command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = new Main(environment, here, keyboard, stream(out), stream(err)).run(command);
        return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        origin.close();
    }
}
