package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code docs/tutorial.md}, typed into a shell: every command, in order, with the output that the page shows. What differs between
 * machines is left out: times, checksums, sizes of compressed pictures.
 */
final class TutorialIT {

    /** Begins the line that ends the output of a command. */
    private static final String END = "\u0001";

    @TempDir
    Path folder;

    /** A command and what the page shows below it. */
    private record Step(String command, List<String> output) {}

    private static List<Step> steps(String page) {
        List<Step> steps = new ArrayList<>();
        boolean block = false;
        for (String line : page.lines().toList()) {
            if (line.startsWith("```")) {
                block = !block;
            } else if (block && line.startsWith("$ ")) {
                steps.add(new Step(line.substring(2), new ArrayList<>()));
            } else if (block && !steps.isEmpty()) {
                steps.get(steps.size() - 1).output().add(line);
            }
        }
        return steps;
    }

    /** One shell for all steps, so that variables and folders last; the exit code is passed on for {@code echo $?}. */
    private static String script(List<Step> steps) {
        StringBuilder script = new StringBuilder("exec 2>&1\nexit=0\n");
        for (Step step : steps) {
            script.append("(exit $exit)\n").append(step.command()).append("\nexit=$?\nprintf '\\n");
            script.append(END).append("%d\\n' $exit\n");
        }
        return script.toString();
    }

    @Test
    void everyCommandOfTheTutorial_printsWhatThePageShows() throws Exception {
        List<Step> steps =
                new ArrayList<>(steps(Files.readString(Program.project().resolve("docs/tutorial.md"))));
        assertTrue(steps.remove(0).command().contains("demo --serve"), "the first command starts the simulated hosts");
        Path root = Files.createDirectories(folder.resolve("tmp"));
        Path demo = root.resolve("histods-demo");
        Program histods = new Program(folder);
        Path log = folder.resolve("demo.log");
        Process hosts = histods.start(log, folder.resolve("demo.err"), "demo", "--serve", "--to", demo.toString());
        try {
            String exports = exports(hosts, log);
            String script = exports + "mkdir my-project && cd my-project\n"
                    + script(steps).replace("/tmp/", root + "/");
            check(steps, run(script, demo, histods).replace(root + "/", "/tmp/"));
        } finally {
            hosts.destroy();
            hosts.waitFor();
        }
    }

    /** The lines that the demo says to type into another terminal. */
    private String exports(Process hosts, Path log) throws Exception {
        long patience = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (hosts.isAlive() && System.nanoTime() < patience) {
            String text = Files.readString(log);
            if (text.contains("  histods list\n")) {
                return text.lines()
                        .filter(line -> line.startsWith("  cd ") || line.startsWith("  export "))
                        .map(line -> line.strip() + "\n")
                        .reduce("", String::concat);
            }
            hosts.waitFor(100, TimeUnit.MILLISECONDS);
        }
        throw new AssertionError(Files.readString(log));
    }

    private String run(String script, Path demo, Program histods) throws Exception {
        Path out = folder.resolve("out.txt");
        ProcessBuilder bash = new ProcessBuilder("bash", "--noprofile", "--norc", "-c", script)
                .directory(demo.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile());
        bash.environment().putAll(histods.environment());
        bash.environment().keySet().removeIf(name -> name.startsWith("HISTODS_") || name.equals("COLUMNS"));
        String path = bash.environment().getOrDefault("PATH", "/usr/bin:/bin");
        bash.environment().put("PATH", Program.project().toAbsolutePath().normalize() + ":" + path);
        bash.environment().put("LC_ALL", "C.UTF-8");
        Process process = bash.start();
        assertTrue(process.waitFor(5, TimeUnit.MINUTES), () -> "the tutorial does not end");
        return Files.readString(out, StandardCharsets.UTF_8);
    }

    private static void check(List<Step> steps, String printed) {
        String[] parts = printed.split("\n" + END);
        StringBuilder wrong = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            String output = i == 0 ? parts[0] : parts[i].replaceFirst("\\d+\n?", "");
            String exit = parts[i + 1].lines().findFirst().orElse("");
            boolean failureIsShown = step.output().stream().anyMatch(line -> line.startsWith("histods: "))
                    || (i + 1 < steps.size() && steps.get(i + 1).command().equals("echo $?"));
            if (!matches(step.output(), output) || (!exit.equals("0") && !failureIsShown)) {
                wrong.append("$ ")
                        .append(step.command())
                        .append('\n')
                        .append(output)
                        .append("exit ")
                        .append(exit);
                wrong.append("\nthe page shows:\n")
                        .append(String.join("\n", step.output()))
                        .append("\n\n");
            }
        }
        assertEquals("", wrong.toString());
    }

    /** A line {@code …} stands for any number of lines; without any line, the output is not shown. */
    private static boolean matches(List<String> shown, String output) {
        if (shown.isEmpty()) {
            return true;
        }
        StringBuilder pattern = new StringBuilder();
        for (String line : shown) {
            pattern.append(line.strip().equals("…") ? "(?:.*\n)*?" : Pattern.quote(steady(line)) + "\n");
        }
        String lines =
                output.lines().map(TutorialIT::steady).map(line -> line + "\n").reduce("", String::concat);
        return Pattern.matches(pattern.toString(), lines);
    }

    private static String steady(String line) {
        return line.replaceAll("\\b[0-9a-f]{16,}\\b", "<hash>")
                .replaceAll("\\b\\d+(\\.\\d+)? (kB|MB)\\b", "<size>")
                .replaceAll("\\bin \\d+(\\.\\d+)? s\\b", "in <time>")
                .stripTrailing();
    }
}
