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
        Optional<String> changes = git(status);
        if (changes.isEmpty()) {
            return Optional.empty();
        }
        String commit = git(List.of("rev-parse", "--verify", "--quiet", "HEAD"))
                .map(String::strip)
                .orElse(null);
        return Optional.of(new RunRecord.Git(commit, !changes.get().isBlank()));
    }

    /** The output of git; empty if it fails. */
    private Optional<String> git(List<String> arguments) throws Problem {
        List<String> command = new ArrayList<>(List.of("git", "--no-optional-locks"));
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
