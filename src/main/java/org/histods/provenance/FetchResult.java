package org.histods.provenance;

import java.util.List;
import org.histods.digest.Checksum;
import org.histods.fetch.FetchedFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.unpack.UnpackedFile;
import org.jspecify.annotations.Nullable;

/**
 * One fetched file and what became of it.
 *
 * @param file the fetched bytes
 * @param part of the dataset that it belongs to
 * @param unpacked what it was unpacked to, null where it lies in the bag as it is
 */
public record FetchResult(
        FetchedFile file, String part, @Nullable Unpacked unpacked) {

    /**
     * What an archive was unpacked to.
     *
     * @param files the files, with their paths in the dataset
     * @param skipped names of members that were left out
     * @param folder the only folder of the archive that counted, null for the whole archive
     * @param tree what is stated of the unpacked folder, null if nothing; it was compared, or this would not exist
     * @param gitTree the computed id, null where none was asked for
     */
    public record Unpacked(
            List<UnpackedFile> files,
            List<String> skipped,
            @Nullable String folder,
            @Nullable Stated tree,
            @Nullable Checksum gitTree) {
        public Unpacked {
            files = List.copyOf(files);
            skipped = List.copyOf(skipped);
        }
    }

    /** Whether somebody else's checksum covers these bytes: of the file, or of the folder that it unpacked to. */
    public boolean verified() {
        return file.check().verified() || (unpacked != null && unpacked.tree() != null);
    }

    /** {@code verified} or {@code computed}. */
    public String check() {
        return verified() ? "verified" : "computed";
    }

    /** Who published what was compared; empty where nobody did. */
    public String by() {
        if (file.check().verified()) {
            return file.check().by();
        }
        return unpacked != null && unpacked.tree() != null ? unpacked.tree().by() : "";
    }
}
