package org.histods.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.digest.Checksum;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FetchRecord;
import org.histods.text.Count;

/** Finds out whether a manifest that was edited since a dataset was pulled says that the mirror has other files than it describes. */
final class EditedManifest {

    private static final int LISTED = 20;

    private EditedManifest() {}

    /**
     * Compares the checksums that the manifest pins with those of the files that were fetched. Reads nothing more if the dataset
     * was pulled with the same manifest.
     *
     * @throws Problem {@code UPSTREAM_CHANGED} if one differs; {@code DISK} or {@code WRONG_BYTES} if the record cannot be read
     */
    static void requireSameChecksums(Bag bag, ManifestFile manifest) throws Problem {
        if (isOf(bag, manifest)) {
            return;
        }
        Map<List<String>, FetchRecord> fetches = new HashMap<>();
        for (FetchRecord fetch : bag.fetches()) {
            fetches.put(List.of(fetch.source(), fetch.record(), fetch.path()), fetch);
        }
        List<String> different = new ArrayList<>();
        for (SourceSpec source : manifest.manifest().sources()) {
            for (PinnedFile file : source.files()) {
                FetchRecord fetch = fetches.get(List.of(source.kind(), source.record(), file.path()));
                if (fetch != null && !fetch.ofRanges()) {
                    compare(file, fetch, different);
                }
            }
        }
        if (!different.isEmpty()) {
            throw new Problem(
                    Problem.Kind.UPSTREAM_CHANGED,
                    bag.ref().id() + " " + bag.ref().version() + " is in the mirror with other files than its manifest"
                            + " describes now: " + Count.of(different.size(), "checksum") + " differ"
                            + (different.size() == 1 ? "s" : "") + "\n"
                            + String.join("\n", different.subList(0, Math.min(LISTED, different.size()))),
                    "if the manifest is right, `histods remove " + bag.ref().id() + "@"
                            + bag.ref().version()
                            + "` and the same command again fetch its files; another version in the manifest keeps both");
        }
    }

    private static boolean isOf(Bag bag, ManifestFile manifest) {
        try {
            return ManifestFile.sha256(Files.readString(bag.ref().path().resolve("manifest.yaml")))
                    .equals(manifest.sha256());
        } catch (IOException e) {
            // It is missing or was changed, which `histods verify` reports.
            return false;
        }
    }

    private static void compare(PinnedFile file, FetchRecord fetch, List<String> different) {
        for (PinnedFile.Published published : file.checksums()) {
            Checksum now = published.checksum();
            Checksum then = fetch.checksums().get(now.algorithm());
            if (then != null && !then.equals(now)) {
                different.add("  " + file.path() + "\n    manifest  " + now + "\n    mirror    " + then);
            }
        }
    }
}
