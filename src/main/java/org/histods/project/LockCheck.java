package org.histods.project;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.project.Lock.Artifact;
import org.histods.project.Lock.Locked;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagSelection;
import org.histods.text.Count;

/** Compares what there is with what a lock names. */
public final class LockCheck {

    private static final int SHOWN = 10;

    private LockCheck() {}

    /**
     * Refuses a manifest with which the locked bytes cannot come, before anything is transferred.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if it is of another version, or pins another checksum for a locked
     *     artifact
     */
    public static void pins(Locked locked, ManifestFile manifest) throws Problem {
        DatasetVersion version = manifest.manifest().version();
        if (!version.equals(locked.version())) {
            throw new Problem(
                    Problem.Kind.UPSTREAM_CHANGED,
                    "the catalogue no longer has " + locked.id() + " as it is locked\n  expected  version "
                            + locked.version() + "\n  got       version " + version,
                    "take the catalogue of that time with --manifests, or `histods lock` takes the new version");
        }
        for (SourceSpec source : manifest.manifest().sources()) {
            for (PinnedFile file : source.files()) {
                Artifact artifact = FilePath.fault(file.plainPath()) != null
                        ? null
                        : locked.artifacts()
                                .named(new FilePath(file.plainPath()))
                                .orElse(null);
                if (artifact != null && source.use() == SourceSpec.Use.AUTO) {
                    same(locked, artifact, file);
                }
            }
        }
    }

    private static void same(Locked locked, Artifact artifact, PinnedFile file) throws Problem {
        for (PinnedFile.Published published : file.sums()) {
            Checksum pinned = published.sum();
            if (pinned.algorithm() == artifact.sum().algorithm() && !pinned.equals(artifact.sum())) {
                throw new Problem(
                        Problem.Kind.UPSTREAM_CHANGED,
                        "the catalogue no longer pins " + locked.id() + " as it is locked: " + artifact.path()
                                + "\n  expected  " + artifact.sum() + "\n  got       " + pinned + "  (by "
                                + published.by() + ")",
                        "take the catalogue of that time with --manifests, or `histods lock` takes the new bytes");
            }
        }
    }

    /**
     * Refuses a bag whose selected files are not exactly the locked ones.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if they are not; the message names the artifacts and files that differ,
     *     with what was expected and what is there
     */
    public static void bytes(Locked locked, Locked there, Bag bag, ManifestFile manifest) throws Problem {
        if (locked.fingerprint().equals(there.fingerprint())) {
            return;
        }
        StringBuilder message = new StringBuilder(locked.name() + " is not what the lock names");
        message.append("\n  expected  fingerprint ").append(locked.fingerprint());
        message.append(", ")
                .append(Count.of(locked.content().files(), "file"))
                .append(", ")
                .append(Count.of(locked.content().bytes(), "byte"));
        message.append("\n  got       fingerprint ").append(there.fingerprint());
        message.append(", ")
                .append(Count.of(there.content().files(), "file"))
                .append(", ")
                .append(Count.of(there.content().bytes(), "byte"));
        BagSelection subset = BagSelection.of(bag, there.only(), manifest.manifest());
        List<Artifact> fetched = LockBuilder.artifacts(subset);
        ArtifactSummary summary = locked.artifacts().summary();
        List<String> differences =
                summary == null ? differences(locked, fetched, subset) : differences(summary, fetched);
        differences.stream().limit(SHOWN).forEach(d -> message.append("\n  ").append(d));
        if (differences.size() > SHOWN) {
            message.append("\n  and ").append(Count.of(differences.size() - SHOWN, "more artifact"));
        }
        if (differences.isEmpty()) {
            message.append("\n  every fetched file is the locked one: what is taken out of them has changed, by the")
                    .append(" manifest's rules or by another histods");
        }
        throw new Problem(
                Problem.Kind.UPSTREAM_CHANGED,
                message.toString(),
                "look at what changed before `histods lock` takes it into the lock");
    }

    /** The lock has only a digest of all: it tells that some differ, and which ones nobody else vouches for. */
    private static List<String> differences(ArtifactSummary expected, List<Artifact> fetched) {
        ArtifactSummary got = ArtifactSummary.of(fetched);
        if (got.digest().equals(expected.digest())) {
            return List.of();
        }
        List<String> computed = fetched.stream()
                .filter(artifact -> !artifact.verified())
                .map(artifact -> artifact.path().text())
                .toList();
        return List.of(
                "expected  " + Count.of(expected.count(), "artifact") + ", " + expected.digest(),
                "got       " + Count.of(got.count(), "artifact") + ", " + got.digest(),
                "the lock holds one digest of them all, so it cannot be told from it which of them differ",
                computed.isEmpty()
                        ? "each of them is as somebody publishes it now"
                        : "nobody publishes a checksum of " + computed.size() + " of them, such as "
                                + String.join(", ", computed.subList(0, Math.min(3, computed.size()))));
    }

    private static List<String> differences(Locked locked, List<Artifact> fetched, BagSelection subset) {
        TreeMap<FilePath, Artifact> now = new TreeMap<>();
        fetched.forEach(a -> now.put(a.path(), a));
        TreeSet<FilePath> paths = new TreeSet<>(now.keySet());
        locked.artifacts().named().forEach(a -> paths.add(a.path()));
        List<String> differences = new ArrayList<>();
        for (FilePath path : paths) {
            Artifact expected = locked.artifacts().named(path).orElse(null);
            Artifact got = now.get(path);
            if (expected == null || got == null) {
                differences.add(path + (got == null ? " is missing" : " is not in the lock: " + shown(got)));
            } else if (!expected.sum().equals(got.sum())) {
                differences.add(path + ": expected " + shown(expected) + ", got " + shown(got) + files(path, subset));
            }
        }
        return differences;
    }

    private static String shown(Artifact artifact) {
        return artifact.sum() + (artifact.bytes() == null ? "" : " (" + Count.of(artifact.bytes(), "byte") + ")");
    }

    /** The files that came out of an artifact; nothing where it is the file itself. */
    private static String files(FilePath artifact, BagSelection subset) {
        String fetch = subset.fetches().get(artifact.text()) == null
                ? ""
                : subset.fetches().get(artifact.text()).id();
        List<FilePath> files = subset.files().stream()
                .filter(f -> f.fetch().equals(fetch))
                .map(BagFile::path)
                .filter(p -> !p.equals(artifact))
                .toList();
        if (files.isEmpty()) {
            return "";
        }
        return "\n    from which come " + Count.of(files.size(), "file") + ": "
                + String.join(", ", files.stream().limit(3).map(FilePath::text).toList())
                + (files.size() > 3 ? ", …" : "");
    }
}
