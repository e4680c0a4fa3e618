package org.histods.project;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.jspecify.annotations.Nullable;

/**
 * The record of a command that ran on the data of a project.
 *
 * @param command the program and its arguments
 * @param folder its working directory, from the project's folder; empty for that folder itself
 * @param git the state of the code; null without a git repository, or if git failed
 * @param lock the digest of the lock, such as {@code sha256:…}
 * @param datasets the datasets of the project at that time
 * @param exit the command's exit code; null if unknown
 * @param opened the files of the datasets that it opened; null if not traced
 * @param machine where it ran; null in records of versions that did not record it
 */
public record RunRecord(
        List<String> command,
        String folder,
        @Nullable Git git,
        String lock,
        List<Used> datasets,
        Instant started,
        Instant finished,
        @Nullable Integer exit,
        @Nullable List<Opened> opened,
        @Nullable Machine machine) {

    public RunRecord {
        command = List.copyOf(command);
        datasets = List.copyOf(datasets);
        opened = opened == null ? null : List.copyOf(opened);
    }

    /**
     * The state of the code.
     *
     * @param commit the checked-out commit; null in a repository without one
     * @param dirty whether files were modified or untracked
     */
    public record Git(@Nullable String commit, boolean dirty) {}

    /** A dataset, with its name in the project. */
    public record Used(String name, DatasetId id, DatasetVersion version, String fingerprint) {
        public Used {
            requireNonNull(name, "name");
            requireNonNull(id, "id");
            requireNonNull(version, "version");
        }
    }

    /**
     * The opened files of a dataset.
     *
     * @param name what the project calls it
     * @param files the number of opened files
     * @param of the number of selected files
     * @param list the fingerprint of the opened files, and the name of the file in {@code .histods/opened} that lists them;
     *     null if none was opened
     */
    public record Opened(
            String name, long files, long of, @Nullable String list) {}

    /**
     * Where a command ran.
     *
     * @param host the name of the machine, or what the container takes for it
     * @param slurm null outside of a job of Slurm
     * @param container null if nothing shows that it ran in one
     */
    public record Machine(
            String host, @Nullable Slurm slurm, @Nullable Container container) {}

    /** A job of Slurm, by the values of its environment variables. */
    public record Slurm(
            String job,
            @Nullable String array,
            @Nullable String task,
            @Nullable String cluster) {}

    /**
     * A container.
     *
     * @param kind such as {@code apptainer}, {@code docker}, {@code podman} or {@code kubernetes}
     * @param image the image's file or name, as the container states it; null if it does not
     * @param id 64 hex digits; null if unknown
     */
    public record Container(
            String kind, @Nullable String image, @Nullable String id) {}

    /** The run in one line: the log, the start and the command. */
    public String shown() {
        return ".histods/" + RunLog.FILE + ": " + started + " `" + String.join(" ", command) + "`";
    }
}
