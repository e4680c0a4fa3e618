package org.histods.provenance;

import java.util.List;
import org.histods.digest.Checksum;
import org.histods.fetch.FetchedFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.unpack.UnpackedFile;
import org.jspecify.annotations.Nullable;

/**
 * A fetched file and what it was unpacked to.
 *
 * @param file the fetched bytes
 * @param part the part of the dataset that it belongs to
 * @param unpacked what it was unpacked to, null if it is in the bag as it is
 * @param local the files of it that came from this machine instead of a host; null if none did
 */
public record FetchResult(
        FetchedFile file,
        String part,
        @Nullable Unpacked unpacked,
        @Nullable LocalContent local) {

    /** The kind of source of files that a served mirror has; it cannot be used in manifests. */
    public static final String MIRROR = "mirror";

    /** A file that came from a host, or as it is from the user. */
    public FetchResult(FetchedFile file, String part, @Nullable Unpacked unpacked) {
        this(file, part, unpacked, null);
    }

    /** The same, with the files of it that came from this machine. */
    public FetchResult with(LocalContent content) {
        return new FetchResult(file, part, unpacked, content);
    }

    /**
     * What an archive was unpacked to.
     *
     * @param files the files, with their paths in the dataset
     * @param skipped names of entries that were left out
     * @param folder the only folder of the archive that was unpacked, null for the whole archive
     * @param tree the published git tree id of the unpacked folder, which was compared; null if none is published
     * @param gitTree the computed git tree id, null if none was computed
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

    /** Whether a published checksum covers these bytes: of the file, or of the folder that it unpacks to. */
    public boolean verified() {
        return file.check().verified() || (unpacked != null && unpacked.tree() != null);
    }

    /**
     * Whether a published checksum covers these bytes that comes from elsewhere than the bytes themselves: a mirror could state
     * matching checksums of wrong files.
     */
    public boolean verifiedIndependently() {
        boolean onlyByMirror =
                file.origin().source().equals(MIRROR) && file.check().against().size() <= 1;
        return verified() && !onlyByMirror;
    }

    /** {@code verified}, {@code computed}, or {@code not-compared} if only ranges of the file were read. */
    public String check() {
        return verified() ? "verified" : file.ranges() == null ? "computed" : "not-compared";
    }

    /** Who published the compared checksum; empty if nobody did. */
    public String by() {
        if (file.check().verified()) {
            return file.check().by();
        }
        return unpacked != null && unpacked.tree() != null ? unpacked.tree().by() : "";
    }
}
