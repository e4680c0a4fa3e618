package org.histods.cli;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.histods.demo.Origin;
import org.histods.demo.StandIns;

/** A machine on which the program runs against hosts that are played. */
final class DemoWorld implements AutoCloseable {

    /** What a command said and how it ended. */
    record Ran(int exit, String out, String err) {

        /** Everything that was said, for the message of a failed test. */
        String all() {
            return "exit " + exit + "\n" + out + err;
        }
    }

    private static final StandIns STAND_INS = StandIns.draw();

    private final Path folder;
    private final Origin origin;
    private final Map<String, String> environment = new HashMap<>();
    private Keyboard keyboard = Keyboard.piped(InputStream.nullInputStream());

    DemoWorld(Path folder) throws Exception {
        this.folder = folder;
        this.origin = new Origin(STAND_INS, 0);
        STAND_INS.writeManifests(manifests());
        Files.writeString(
                folder.resolve("config.yaml"), "routes:\n  \"*\": \"" + origin.route() + "\"\nrecord-user: false\n");
        environment.put("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
        environment.put("HISTODS_MANIFESTS", manifests().toString());
        environment.put("HOME", folder.toString());
        environment.put("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
        mirror("mirror");
    }

    Path manifests() {
        return folder.resolve("manifests");
    }

    /** Uses another mirror from now on, as another machine would. */
    void mirror(String name) {
        environment.put("HISTODS_MIRROR", folder.resolve(name).toString());
    }

    /** Sets a variable of the environment from now on. */
    void environment(String name, String value) {
        environment.put(name, value);
    }

    /** Puts a person at a terminal from now on, who types that; gives what they were asked. */
    StringBuilder typing(String answer) {
        StringBuilder asked = new StringBuilder();
        keyboard = Keyboard.at(new Keyboard.Terminal() {
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

    int requests() {
        return origin.requests();
    }

    /** Runs the program in that folder. */
    Ran run(Path here, String... command) {
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
