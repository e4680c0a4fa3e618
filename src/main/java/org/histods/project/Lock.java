package org.histods.project;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.digest.Hasher;
import org.jspecify.annotations.Nullable;

/**
 * The exact files that a project uses: the content of its {@code histods.lock}. It has no dates and no local paths, so that
 * locks of the same files are equal.
 *
 * @param datasets sorted by name, with unique names
 */
public record Lock(List<Locked> datasets) {

    /** The name of the file in the project's folder. */
    public static final String FILE = "histods.lock";

    /** @throws IllegalArgumentException if two datasets have the same name */
    public Lock {
        Set<String> names = new HashSet<>();
        List<Locked> sorted = new ArrayList<>(datasets);
        sorted.sort(Comparator.comparing(Locked::name));
        for (Locked locked : sorted) {
            if (!names.add(locked.name())) {
                throw new IllegalArgumentException("'" + locked.name() + "' is locked twice");
            }
        }
        datasets = List.copyOf(sorted);
    }

    /**
     * One dataset of the project.
     *
     * @param name what the project calls it
     * @param version the manifest's, without the variant
     * @param variant null if the dataset has none
     * @param only what is selected, as the project writes it; empty for everything
     * @param stated what the manifest said when the lock was written
     * @param content the files that the selection names
     * @param artifacts what was downloaded for them
     */
    public record Locked(
            String name,
            DatasetId id,
            DatasetVersion version,
            @Nullable String variant,
            List<String> only,
            Stated stated,
            Content content,
            Artifacts artifacts) {

        public Locked {
            only = List.copyOf(only);
        }

        /** Of the files that the selection names. */
        public Fingerprint fingerprint() {
            return content.fingerprint();
        }
    }

    /**
     * What a manifest states about a dataset.
     *
     * @param manifest the SHA-256 of the manifest's text
     * @param license the terms, in the manifest's words
     * @param sources where to get it, best first
     */
    public record Stated(Checksum manifest, String license, List<From> sources) {
        public Stated {
            sources = List.copyOf(sources);
        }
    }

    /** Selected files: their fingerprint, how many there are, and their total size. */
    public record Content(Fingerprint fingerprint, long files, long bytes) {}

    /**
     * Downloaded files: each by name, or one summary if there are too many.
     *
     * @param named sorted by path; empty if there is a summary
     * @param summary null if each is named
     */
    public record Artifacts(List<Artifact> named, @Nullable ArtifactSummary summary) {

        /** The most artifacts that a lock names one by one. */
        static final int MOST_NAMED = 200;

        /** @throws IllegalArgumentException if there are both names and a summary */
        public Artifacts {
            named = named.stream().sorted(Comparator.comparing(Artifact::path)).toList();
            if (summary != null && !named.isEmpty()) {
                throw new IllegalArgumentException("artifacts are either named or summarised");
            }
        }

        /** These artifacts by name, or summarised if there are many. */
        public static Artifacts of(List<Artifact> artifacts) {
            return artifacts.size() <= MOST_NAMED
                    ? new Artifacts(artifacts, null)
                    : new Artifacts(List.of(), ArtifactSummary.of(artifacts));
        }

        /** The artifact of that path; empty if there is none or only a summary. */
        public Optional<Artifact> named(FilePath path) {
            return named.stream().filter(a -> a.path().equals(path)).findFirst();
        }
    }

    /** A source of a dataset, as the manifest states it. */
    public record From(String kind, String record) {}

    /**
     * A downloaded file.
     *
     * @param path at the source
     * @param bytes its size; null for an archive that the host makes for each request, whose size varies
     * @param checksum its SHA-256; for an archive that the host makes for each request, the git tree id of its content
     * @param verified whether it was compared with a published checksum
     * @param by the publisher of that checksum; empty if there is none
     */
    public record Artifact(FilePath path, @Nullable Long bytes, Checksum checksum, boolean verified, String by) {

        /** {@code verified} or {@code computed}. */
        public String check() {
            return verified ? "verified" : "computed";
        }
    }

    /** The dataset of that name in the project. */
    public Optional<Locked> named(String name) {
        return datasets.stream().filter(l -> l.name().equals(name)).findFirst();
    }

    /** The SHA-256 of its text as {@link LockFormat} writes it. */
    public Checksum digest() {
        return Hasher.sha256(LockFormat.write(this));
    }
}
