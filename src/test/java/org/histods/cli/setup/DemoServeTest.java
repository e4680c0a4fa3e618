package org.histods.cli.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.histods.cli.Main;
import org.histods.cli.shell.ConsoleInput;
import org.histods.testing.FakeSleeper;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo --serve}: the hosts keep running, and an interrupt ends them. */
class DemoServeTest {

    @TempDir
    Path folder;

    @Test
    void hosts_runUntilTheInterrupt() throws Exception {
        Path demo = folder.resolve("demo");
        try (PipedInputStream lines = new PipedInputStream(1 << 16);
                PrintStream out = new PrintStream(new PipedOutputStream(lines), true, StandardCharsets.UTF_8);
                PrintStream none = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
                BufferedReader reader = new BufferedReader(new InputStreamReader(lines, StandardCharsets.UTF_8))) {
            ConsoleInput input = ConsoleInput.piped(InputStream.nullInputStream());
            Map<String, String> environment = Map.of(
                    "HOME", folder.toString(),
                    "PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin"));
            FutureTask<Integer> exit =
                    new FutureTask<>(() -> new Main(environment, folder, input, out, none, new FakeSleeper())
                            .run("demo", "--serve", "--to", demo.toString()));
            Thread thread = new Thread(exit, "demo");
            thread.start();
            String line = reader.readLine();
            while (line != null && !line.startsWith("The simulated hosts run until you press Ctrl-C")) {
                line = reader.readLine();
            }
            assertTrue(line != null, "the demo ended");
            assertTrue(String.valueOf(reader.readLine()).contains(demo.toString()));

            ProgramRunner user =
                    new ProgramRunner(Files.createDirectories(folder.resolve("user")), demo.resolve("manifests"));
            user.with("HISTODS_CONFIG", demo.resolve("config.yaml").toString());
            ProgramRunner.Result pull = user.run("pull", "demo-marrow");
            assertEquals(0, pull.exit(), pull.all());

            thread.interrupt();
            assertEquals(130, exit.get());
            ProgramRunner.Result late = user.run("pull", "demo-colon");
            assertEquals(4, late.exit(), late.all());
        }
    }
}
