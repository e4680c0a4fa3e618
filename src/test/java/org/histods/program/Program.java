package org.histods.program;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;

/** The launcher, run as a program in an environment of its own. */
final class Program {

    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private List<String> shell = List.of();

    /** With its home, mirror and settings below that folder. */
    Program(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("home"));
        with("HOME", folder.resolve("home").toString());
        with("XDG_CACHE_HOME", classes().toString());
        with("XDG_CONFIG_HOME", folder.resolve("home/.config").toString());
        with("XDG_STATE_HOME", folder.resolve("home/.state").toString());
        with("HISTODS_MIRROR", folder.resolve("mirror").toString());
        with("HISTODS_CONFIG", "");
        with("LC_ALL", "C");
    }

    Program with(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** What it sets in the environment that it is started in. */
    Map<String, String> environment() {
        return Map.copyOf(environment);
    }

    Path mirror() {
        return folder.resolve("mirror");
    }

    /** Where the launcher keeps its archive of classes: the same for all tests, because it takes seconds to make. */
    static Path classes() {
        return project().resolve("target/launcher-cache").toAbsolutePath().normalize();
    }

    static Path project() {
        return Path.of(System.getProperty("project.basedir", "."));
    }

    /** As on a disk where no file has room for more than that. */
    Program withFilesOfAtMost(int kilobytes) {
        // The unit of the shell is half a kilobyte.
        shell = List.of("sh", "-c", "ulimit -f " + 2 * kilobytes + " && exec \"$0\" \"$@\"");
        return this;
    }

    Process start(Path out, Path err, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(shell);
        command.add(project().resolve("histods").toAbsolutePath().toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().putAll(environment);
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        return builder.start();
    }

    /**
     * The same in this Java, without a start of its own: for what is tried many times. The streams, the exit code and
     * the files are the program's; the launcher and the ends of a process are not.
     */
    Result inProcess(String... arguments) {
        return inProcess(folder, arguments);
    }

    Result inProcess(Path here, String... arguments) {
        Map<String, String> all = new HashMap<>(Map.of("PATH", System.getenv().getOrDefault("PATH", "/usr/bin:/bin")));
        all.put("HISTODS_CHECKOUT", project().toAbsolutePath().normalize().toString());
        all.putAll(environment);
        return new ProgramRunner(folder, all).run(here, arguments);
    }

    Result run(String... arguments) throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path err = Files.createTempFile(folder, "err", ".txt");
        Process process = start(out, err, arguments);
        if (!process.waitFor(3, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IllegalStateException("histods did not end: " + String.join(" ", arguments));
        }
        return new Result(
                process.exitValue(),
                Files.readString(out, StandardCharsets.UTF_8),
                Files.readString(err, StandardCharsets.UTF_8));
    }
}
