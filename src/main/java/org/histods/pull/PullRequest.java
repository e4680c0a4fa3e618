package org.histods.pull;

import java.nio.file.Path;
import java.util.List;
import org.histods.manifest.ManifestFile;
import org.histods.provenance.Choice;
import org.histods.pull.local.Offer;
import org.jspecify.annotations.Nullable;

/**
 * A request to pull a dataset: which files, from where, and how.
 *
 * @param manifest the dataset
 * @param variant the variant, null for the preferred one
 * @param only names of splits and globs; empty for everything
 * @param source the only kind of source to use, null for all in their order
 * @param localFiles files that the user gave with {@code --from}
 * @param keepArchives whether archives are kept after unpacking
 * @param jobs how many files are fetched at a time
 * @param discardExtra whether the user's own files in the bag are deleted if the bag is replaced; else they are carried
 *     over
 * @param offer a folder whose files take the place of downloads where they are the same; null if none
 * @param choice what lists and conditions chose; null if there were none
 */
public record PullRequest(
        ManifestFile manifest,
        @Nullable String variant,
        List<String> only,
        @Nullable String source,
        List<Path> localFiles,
        boolean keepArchives,
        int jobs,
        boolean discardExtra,
        @Nullable Offer offer,
        @Nullable Choice choice) {

    /** How many files are fetched at a time by default. */
    public static final int JOBS = 4;

    public PullRequest {
        only = List.copyOf(only);
        localFiles = List.copyOf(localFiles);
    }

    /** A request that carries over the user's own files. */
    public PullRequest(
            ManifestFile manifest,
            @Nullable String variant,
            List<String> only,
            @Nullable String source,
            List<Path> localFiles,
            boolean keepArchives,
            int jobs) {
        this(manifest, variant, only, source, localFiles, keepArchives, jobs, false, null, null);
    }

    /** The same for these files. */
    public PullRequest with(List<String> words) {
        return new PullRequest(
                manifest, variant, words, source, localFiles, keepArchives, jobs, discardExtra, offer, choice);
    }

    /** The same for the chosen files. */
    PullRequest with(Choice made) {
        return new PullRequest(
                manifest, variant, made.selection(), source, localFiles, keepArchives, jobs, discardExtra, offer, made);
    }

    /** A request for these files with the default settings. */
    public PullRequest(ManifestFile manifest, @Nullable String variant, List<String> only) {
        this(manifest, variant, only, null, List.of(), false, JOBS);
    }

    /** A request for all of the preferred variant. */
    public static PullRequest of(ManifestFile manifest) {
        return new PullRequest(manifest, null, List.of());
    }
}
