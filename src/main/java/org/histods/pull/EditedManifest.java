package org.histods.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.stream.Collectors;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.ContradictedPin;
import org.histods.text.Count;

/** Finds out whether a manifest that was edited since a dataset was pulled describes other files than the mirror has. */
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
        List<ContradictedPin> different = ContradictedPin.of(manifest.manifest(), bag.fetches());
        if (!different.isEmpty()) {
            throw new Problem(
                    Problem.Kind.UPSTREAM_CHANGED,
                    bag.ref().id() + " " + bag.ref().version() + " is in the mirror with other files than its manifest"
                            + " describes now: " + Count.of(different.size(), "checksum") + " differ"
                            + (different.size() == 1 ? "s" : "") + "\n"
                            + different.stream()
                                    .limit(LISTED)
                                    .map(one -> "  " + one.path() + "\n    manifest  " + one.pinned()
                                            + "\n    mirror    " + one.fetched())
                                    .collect(Collectors.joining("\n")),
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
}
