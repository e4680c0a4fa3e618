package org.histods.fetch;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.digest.Algorithm;
import org.histods.digest.BlockChecksums;
import org.histods.digest.Checksum;
import org.histods.problem.Problem.Attempt;
import org.histods.source.RemoteFile;
import org.jspecify.annotations.Nullable;

/**
 * A complete remote file on the local disk that was hashed and matches every checksum that could be compared; or ranges
 * of a remote file, whose checksum is not known. Never a partial transfer.
 *
 * @param remote what was fetched
 * @param file where it is until it is published or deleted
 * @param bytes its size
 * @param checksums the computed checksums, SHA-256 always among them; empty if only ranges were read
 * @param check what was compared
 * @param origin where it is from
 * @param ranges what was read of it; null if all of it
 * @param blocks the checksums of its blocks; null if it is small or they were not computed
 */
public record FetchedFile(
        RemoteFile remote,
        Path file,
        long bytes,
        Map<Algorithm, Checksum> checksums,
        ChecksumCheck check,
        FetchOrigin origin,
        @Nullable FetchedRanges ranges,
        @Nullable BlockChecksums blocks) {

    public FetchedFile {
        checksums = Map.copyOf(checksums);
        if (ranges == null && !checksums.containsKey(Algorithm.SHA256)) {
            throw new IllegalArgumentException(remote.path() + " was not hashed");
        }
    }

    /** A complete file. */
    public FetchedFile(
            RemoteFile remote,
            Path file,
            long bytes,
            Map<Algorithm, Checksum> checksums,
            ChecksumCheck check,
            FetchOrigin origin) {
        this(remote, file, bytes, checksums, check, origin, null, null);
    }

    /** The same file, with attempts at other places that failed before. */
    public FetchedFile after(List<Attempt> earlier) {
        return earlier.isEmpty()
                ? this
                : new FetchedFile(remote, file, bytes, checksums, check, origin.after(earlier), ranges, blocks);
    }

    /** The same file, also equal to that checksum. */
    public FetchedFile equalTo(RemoteFile.Stated stated) {
        List<RemoteFile.Stated> all = new ArrayList<>(check.against());
        all.add(stated);
        return new FetchedFile(remote, file, bytes, checksums, new ChecksumCheck(all), origin, ranges, blocks);
    }

    /** The SHA-256; there is none if only ranges were read. */
    public Checksum sha256() {
        return Optional.ofNullable(checksums.get(Algorithm.SHA256)).orElseThrow();
    }
}
