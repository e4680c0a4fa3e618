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
import org.histods.provenance.FetchRecord;
import org.histods.text.Count;

/** Compares a catalogue and a mirror with a lock. */
public final class LockCheck {

    private static final int SHOWN = 10;

    private LockCheck() {}

    /**
     * Refuses a manifest that cannot give the locked files, before anything is downloaded.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if it is of another version, or pins another checksum for a locked
     *     artifact
     */
    public static void checkPins(Locked locked, ManifestFile manifest) throws Problem {
        DatasetVersion version = manifest.manifest().version();
        if (!version.equals(locked.version())) {
            throw new Problem(
                    Problem.Kind.UPSTREAM_CHANGED,
                    "the catalogue no longer has the locked version of " + locked.id() + "\n  expected  version "
                            + locked.version() + "\n  got       version " + version,
                    "use the old catalogue with --manifests, or accept the new version with `histods lock`");
        }
        for (SourceSpec source : manifest.manifest().sources()) {
            for (PinnedFile file : source.files()) {
                Artifact artifact = FilePath.fault(file.plainPath()) != null
                        ? null
                        : locked.artifacts()
                                .named(new FilePath(file.plainPath()))
                                .orElse(null);
                if (artifact != null && source.use() == SourceSpec.Use.AUTO) {
                    checkPin(locked, artifact, file);
                }
            }
        }
    }

    private static void checkPin(Locked locked, Artifact artifact, PinnedFile file) throws Problem {
        for (PinnedFile.Published published : file.checksums()) {
            Checksum pinned = published.checksum();
            if (pinned.algorithm() == artifact.checksum().algorithm() && !pinned.equals(artifact.checksum())) {
                throw new Problem(
                        Problem.Kind.UPSTREAM_CHANGED,
                        "the catalogue pins another checksum for " + locked.id() + " than the lock: " + artifact.path()
                                + "\n  expected  " + artifact.checksum() + "\n  got       " + pinned + "  (by "
                                + published.by() + ")",
                        "use the old catalogue with --manifests, or accept the new file with `histods lock`");
            }
        }
    }

    /**
     * Refuses a bag whose selected files are not the locked ones.
     *
     * @throws Problem {@code UPSTREAM_CHANGED}; the message names the artifacts and files that differ, with the expected
     *     and actual checksums
     */
    public static void checkFiles(Locked locked, Locked there, Bag bag, ManifestFile manifest) throws Problem {
        if (locked.fingerprint().equals(there.fingerprint())) {
            return;
        }
        StringBuilder message = new StringBuilder(locked.name() + " does not match the lock");
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
            message.append("\n  every downloaded file is the locked one; the files unpacked from them differ"
                            + " because of")
                    .append(" the manifest's rules or another version of histods");
        }
        throw new Problem(
                Problem.Kind.UPSTREAM_CHANGED,
                message.toString(),
                "review the differences before you accept them with `histods lock`");
    }

    /** The differences if the lock has only a digest of all artifacts. */
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
                "the lock has one digest of all of them, so which ones differ is unknown",
                computed.isEmpty()
                        ? "each of them matches a checksum that is published now"
                        : "no checksum is published for " + computed.size() + " of them, such as "
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
            FetchRecord fetch = subset.fetches().get(path.text());
            if (expected != null && fetch != null && fetch.ofRanges()) {
                differences.add(path + " was not compared: only some files were fetched from it");
            } else if (expected == null || got == null) {
                differences.add(path + (got == null ? " is missing" : " is not in the lock: " + shown(got)));
            } else if (!expected.checksum().equals(got.checksum())) {
                differences.add(path + ": expected " + shown(expected) + ", got " + shown(got) + files(path, subset));
            }
        }
        return differences;
    }

    private static String shown(Artifact artifact) {
        return artifact.checksum() + (artifact.bytes() == null ? "" : " (" + Count.of(artifact.bytes(), "byte") + ")");
    }

    /** The files unpacked from an artifact; nothing for a plain file. */
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
        return "\n    with " + Count.of(files.size(), "file") + ": "
                + String.join(", ", files.stream().limit(3).map(FilePath::text).toList())
                + (files.size() > 3 ? ", …" : "");
    }
}
