package org.histods.project;

import java.util.List;
import java.util.Optional;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.manifest.Manifest;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagSelection;
import org.histods.provenance.BagWriter;
import org.jspecify.annotations.Nullable;

/**
 * The files of a bag that a project selects.
 *
 * @param files sorted by path
 */
public record SelectedFiles(List<BagFile> files) {

    public SelectedFiles {
        files = List.copyOf(files);
    }

    /**
     * The files that a project selects from that bag.
     *
     * @param only names of splits and globs; empty for everything
     * @throws Problem {@code DISK} or {@code WRONG_BYTES} if the bag's record cannot be read
     */
    public static SelectedFiles of(Bag bag, List<String> only, Manifest manifest) throws Problem {
        return new SelectedFiles(BagSelection.of(bag, only, manifest).files());
    }

    /**
     * The bag of that dataset in the mirror; empty if there is none.
     *
     * @param version the manifest's, without the variant
     * @param variant null for any
     * @throws Problem {@code USAGE} if the mirror is of a newer format; {@code DISK}
     */
    public static Optional<Bag> inMirror(Mirror mirror, DatasetId id, DatasetVersion version, @Nullable String variant)
            throws Problem {
        mirror.check();
        for (BagRef ref : mirror.bags(id)) {
            if (ref.version().equals(version) || ref.version().equals(version.with(variant))) {
                Bag bag = Bag.read(ref);
                if (variant == null || variant.equals(bag.variant().orElse(null))) {
                    return Optional.of(bag);
                }
            }
        }
        return Optional.empty();
    }

    /** The fingerprint of these files, as in a lock. */
    public Fingerprint fingerprint() {
        return BagWriter.fingerprint(files);
    }
}
