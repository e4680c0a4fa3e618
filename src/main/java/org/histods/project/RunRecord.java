package org.histods.project;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import java.util.List;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.jspecify.annotations.Nullable;

/**
 * That a command ran on the data of a project.
 *
 * @param command the program and its arguments, as they were given
 * @param folder where it ran, from the project's folder; empty for that folder itself
 * @param git the state of the code, null where the project is in no git repository or git could not say
 * @param lock the digest of the lock, such as {@code sha256:…}
 * @param datasets what was there for it
 * @param exit the command's exit code, null where it was not known any more
 * @param opened which files of the datasets it opened, null where nobody watched
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
        @Nullable List<Opened> opened) {

    public RunRecord {
        command = List.copyOf(command);
        datasets = List.copyOf(datasets);
        opened = opened == null ? null : List.copyOf(opened);
    }

    /**
     * The state of the code.
     *
     * @param commit what was checked out; null in a repository without a commit
     * @param dirty whether files differed from it, or were unknown to git
     */
    public record Git(@Nullable String commit, boolean dirty) {}

    /** A dataset that was used, with the name that the project gives it. */
    public record Used(String name, DatasetId id, DatasetVersion version, String fingerprint) {
        public Used {
            requireNonNull(id, "id");
            requireNonNull(version, "version");
        }
    }

    /**
     * What was opened of a dataset.
     *
     * @param name what the project calls it
     * @param files how many of its files were opened
     * @param of how many the project selects
     * @param list the fingerprint of just the opened ones, and the name of the file in {@code .histods/opened} that lists
     *     them; null where none was opened
     */
    public record Opened(
            String name, long files, long of, @Nullable String list) {}

    /** The run in a line: its file, when it started, and the command. */
    public String shown() {
        return ".histods/" + RunLog.FILE + ": " + started + " `" + String.join(" ", command) + "`";
    }
}
