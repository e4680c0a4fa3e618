package org.histods.project;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;

/** Gets the state of a project's code from git. */
public final class GitState {

    private static final long TIMEOUT_SECONDS = 30;

    private final Project project;
    private final Map<String, String> environment;

    /** @param environment of the git process */
    public GitState(Project project, Map<String, String> environment) {
        this.project = project;
        this.environment = Map.copyOf(environment);
    }

    /**
     * The current state. The datasets of the project and histods's own files do not make it dirty.
     *
     * @return empty without git, without a repository, or after half a minute without output
     * @throws Problem {@code INTERRUPTED}
     */
    public Optional<RunRecord.Git> now(List<Declared> datasets) throws Problem {
        List<String> status = new ArrayList<>(
                List.of("status", "--porcelain", "--untracked-files=all", "--", ":/", ":(exclude).histods"));
        datasets.forEach(d -> status.add(":(exclude,literal)" + d.path()));
        List<String> harmless = harmless();
        Optional<String> changes = git(harmless, status);
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        String commit = git(harmless, List.of("rev-parse", "--verify", "--quiet", "HEAD"))
                .map(String::strip)
                .orElse(null);
        return Optional.of(new RunRecord.Git(commit, !changes.get().isBlank()));
    }

    /**
     * Options that keep git from running what the repository names: no file monitor, no hooks, none of its own filters.
     * A project may come from another person.
     */
    private List<String> harmless() throws Problem {
        List<String> options = new ArrayList<>(List.of("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null"));
        Optional<String> filters = git(
                options,
                List.of("config", "--local", "--includes", "--name-only", "-z", "--get-regexp", "^filter\\..*\\."));
        for (String name : filters.orElse("").split("\0")) {
            if (name.matches("(?s)filter\\..*\\.(clean|smudge|process)")) {
                options.addAll(List.of("-c", name + "="));
            } else if (name.endsWith(".required")) {
                options.addAll(List.of("-c", name + "=false"));
            }
        }
        return options;
    }

    /** The output of git; empty if it fails. */
    private Optional<String> git(List<String> options, List<String> arguments) throws Problem {
        List<String> command = new ArrayList<>(List.of("git", "--no-optional-locks"));
        command.addAll(options);
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(project.folder().toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            Thread timeout = new Thread(() -> killLate(process), "histods-git-timeout");
            timeout.setDaemon(true);
            timeout.start();
            String output;
            try (InputStream out = process.getInputStream()) {
                output = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            }
            return process.waitFor() == 0 ? Optional.of(output) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.interrupted();
        }
    }

    private static void killLate(Process process) {
        try {
            if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
