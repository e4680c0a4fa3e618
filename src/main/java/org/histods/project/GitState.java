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

/** Asks git for the state of a project's code. */
public final class GitState {

    private static final long PATIENCE_SECONDS = 30;

    private final Project project;
    private final Map<String, String> environment;

    /** @param environment in which git is looked for and runs */
    public GitState(Project project, Map<String, String> environment) {
        this.project = project;
        this.environment = Map.copyOf(environment);
    }

    /**
     * The state now. The data of the project and histods's own notes do not make it dirty.
     *
     * @return empty where there is no git, no repository, or no answer within half a minute
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

    /** What git answers; empty where it fails. */
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
            Thread patience = new Thread(() -> end(process), "histods-git-patience");
            patience.setDaemon(true);
            patience.start();
            String answer;
            try (InputStream out = process.getInputStream()) {
                answer = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            }
            return process.waitFor() == 0 ? Optional.of(answer) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.interrupted();
        }
    }

    private static void end(Process process) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
