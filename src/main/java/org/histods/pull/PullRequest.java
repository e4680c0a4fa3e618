package org.histods.pull;

import java.nio.file.Path;
import java.util.List;
import org.histods.manifest.ManifestFile;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants pulled.
 *
 * @param manifest the dataset
 * @param variant the variant, null for the preferred one
 * @param only names of splits and globs; empty for everything
 * @param source the only kind of source to use, null for all in their order
 * @param brought files that a person brought
 * @param keepArchives whether archives are kept beside what they unpack to
 * @param jobs how many files are fetched at a time
 * @param discardExtra whether files that a person put into the bag are deleted where the bag is replaced; else they are
 *     carried over
 */
public record PullRequest(
        ManifestFile manifest,
        @Nullable String variant,
        List<String> only,
        @Nullable String source,
        List<Path> brought,
        boolean keepArchives,
        int jobs,
        boolean discardExtra) {

    public PullRequest {
        only = List.copyOf(only);
        brought = List.copyOf(brought);
    }

    /** One that keeps what a person put into the bag. */
    public PullRequest(
            ManifestFile manifest,
            @Nullable String variant,
            List<String> only,
            @Nullable String source,
            List<Path> brought,
            boolean keepArchives,
            int jobs) {
        this(manifest, variant, only, source, brought, keepArchives, jobs, false);
    }

    /** The whole of the preferred variant. */
    public static PullRequest of(ManifestFile manifest) {
        return new PullRequest(manifest, null, List.of(), null, List.of(), false, 4);
    }
}
