package org.histods.project;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock.Artifact;
import org.histods.project.Lock.From;
import org.histods.project.Lock.Locked;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagSelection;
import org.histods.text.TerminalText;
import tools.jackson.databind.JsonNode;

/** Builds the lock entry of a dataset from its bag in the mirror. */
public final class LockBuilder {

    private LockBuilder() {}

    /**
     * The lock entry of that dataset.
     *
     * @param manifest the one that the bag was pulled with, or the catalogue's
     * @throws Problem {@code USAGE} if the bag has none of the selected files; {@code DISK} or
     *     {@code WRONG_BYTES} if the bag's record cannot be read
     */
    public static Locked entry(Declared declared, ManifestFile manifest, Bag bag) throws Problem {
        BagSelection subset = BagSelection.of(bag, declared.only(), manifest.manifest());
        if (subset.files().isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "nothing of " + declared.id() + " matches " + String.join(", ", declared.only()),
                    "`histods show " + declared.id() + "` lists its splits");
        }
        List<From> sources = new ArrayList<>();
        for (SourceSpec source : manifest.manifest().sources()) {
            From from = new From(source.kind(), source.record());
            if (source.use() == SourceSpec.Use.AUTO && !sources.contains(from)) {
                sources.add(from);
            }
        }
        Manifest stated = manifest.manifest();
        return new Locked(
                declared.name(),
                stated.id(),
                stated.version(),
                bag.variant().orElse(null),
                declared.only(),
                new Lock.Stated(
                        manifest.sha256(),
                        TerminalText.oneLine(stated.terms().license().shown()),
                        sources),
                new Lock.Content(
                        fingerprint(subset),
                        subset.files().size(),
                        subset.files().stream().mapToLong(BagFile::bytes).sum()),
                Lock.Artifacts.of(artifacts(subset)));
    }

    /** The downloads behind the files of a subset; without archives of which only ranges were read, whose checksum is unknown. */
    static List<Artifact> artifacts(BagSelection subset) {
        List<Artifact> artifacts = new ArrayList<>();
        subset.fetches().forEach((path, fetch) -> {
            if (!fetch.ofRanges()) {
                artifacts.add(artifact(path, fetch.json()));
            }
        });
        return artifacts;
    }

    /** The fingerprint of the files of a subset. */
    public static Fingerprint fingerprint(BagSelection subset) {
        Map<FilePath, Checksum> checksums = new HashMap<>();
        subset.files().forEach(file -> checksums.put(file.path(), file.sha256()));
        return Fingerprint.of(checksums);
    }

    /** An artifact from a receipt. Git hosts make archives for each request, so only the tree id identifies those. */
    private static Artifact artifact(String path, JsonNode fetch) {
        boolean verified = fetch.path("check").asString("").equals("verified");
        JsonNode ofFile = fetch.path("verified").path(0);
        JsonNode ofTree = fetch.path("unpacked").path("verified").path(0);
        if (ofFile.isMissingNode() && !ofTree.isMissingNode()) {
            Checksum tree = Checksum.parse(ofTree.path("sum").asString(""));
            return new Artifact(
                    new FilePath(path),
                    null,
                    tree,
                    verified,
                    TerminalText.oneLine(ofTree.path("by").asString("")));
        }
        return new Artifact(
                new FilePath(path),
                fetch.path("bytes").asLong(0),
                new Checksum(Algorithm.SHA256, fetch.path("sums").path("sha256").asString("")),
                verified,
                TerminalText.oneLine(ofFile.path("by").asString("")));
    }
}
