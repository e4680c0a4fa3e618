package org.histods.project;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.digest.Hasher;
import org.jspecify.annotations.Nullable;

/**
 * Exactly which bytes a project uses: the content of its {@code histods.lock}. Two locks of the same bytes are equal,
 * whenever and wherever they were made: it holds no dates and no local paths.
 *
 * @param datasets sorted by name, each name once
 */
public record Lock(List<Locked> datasets) {

    /** The name of the file in the project's folder. */
    public static final String FILE = "histods.lock";

    /** @throws IllegalArgumentException if two datasets have one name */
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
     * @param variant null where the dataset has none
     * @param only what is selected, as the project writes it; empty for everything
     * @param manifest the SHA-256 of the manifest's text
     * @param license the terms that the manifest states, in its words
     * @param fingerprint of the files that the selection names
     * @param files how many they are
     * @param bytes how many bytes they hold
     * @param sources where the manifest says that it lies, best first
     * @param artifacts what was fetched, sorted by path; empty where {@code list} stands for them
     * @param list stands for the artifacts where they are too many to name each; null where each is named
     */
    public record Locked(
            String name,
            DatasetId id,
            DatasetVersion version,
            @Nullable String variant,
            List<String> only,
            Checksum manifest,
            String license,
            Fingerprint fingerprint,
            long files,
            long bytes,
            List<From> sources,
            List<Artifact> artifacts,
            @Nullable ArtifactSummary list) {

        /** Above so many artifacts a new lock holds a digest of them. */
        static final int MANY = 200;

        public Locked {
            only = List.copyOf(only);
            sources = List.copyOf(sources);
            List<Artifact> sorted = new ArrayList<>(artifacts);
            sorted.sort(Comparator.comparing(Artifact::path));
            artifacts = List.copyOf(sorted);
        }

        /** One that names each artifact. */
        public Locked(
                String name,
                DatasetId id,
                DatasetVersion version,
                @Nullable String variant,
                List<String> only,
                Checksum manifest,
                String license,
                Fingerprint fingerprint,
                long files,
                long bytes,
                List<From> sources,
                List<Artifact> artifacts) {
            this(
                    name,
                    id,
                    version,
                    variant,
                    only,
                    manifest,
                    license,
                    fingerprint,
                    files,
                    bytes,
                    sources,
                    artifacts,
                    null);
        }

        /** The same with a digest in place of the artifacts, where they are many. */
        Locked bounded() {
            return artifacts.size() <= MANY
                    ? this
                    : new Locked(
                            name,
                            id,
                            version,
                            variant,
                            only,
                            manifest,
                            license,
                            fingerprint,
                            files,
                            bytes,
                            sources,
                            List.of(),
                            ArtifactSummary.of(artifacts));
        }

        /** The artifact of that path; empty too where only a digest of them all is known. */
        public Optional<Artifact> artifact(FilePath path) {
            return artifacts.stream().filter(a -> a.path().equals(path)).findFirst();
        }
    }

    /** A place that holds a dataset, as the manifest names it. */
    public record From(String kind, String record) {}

    /**
     * A fetched file.
     *
     * @param path at the source
     * @param bytes its size; null where a host packs an archive anew for each request, so that its size says nothing
     * @param sum its SHA-256; the git tree id of what it holds where the archive is packed anew for each request
     * @param verified whether it was compared with a checksum that somebody else published
     * @param by who published that; empty where nobody did
     */
    public record Artifact(FilePath path, @Nullable Long bytes, Checksum sum, boolean verified, String by) {

        /** {@code verified} or {@code computed}. */
        public String check() {
            return verified ? "verified" : "computed";
        }
    }

    /** The dataset of that name in the project. */
    public Optional<Locked> named(String name) {
        return datasets.stream().filter(l -> l.name().equals(name)).findFirst();
    }

    /** The name of exactly this lock: the SHA-256 of its text as {@link LockFormat} writes it. */
    public Checksum digest() {
        byte[] bytes = LockFormat.write(this).getBytes(StandardCharsets.UTF_8);
        Hasher hasher = Hasher.of(Set.of(), bytes.length);
        hasher.update(bytes, 0, bytes.length);
        return Optional.ofNullable(hasher.finish().get(Algorithm.SHA256)).orElseThrow();
    }
}
