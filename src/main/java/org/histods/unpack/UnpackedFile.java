package org.histods.unpack;

import java.util.Map;
import java.util.Optional;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * A file that lies in a tree.
 *
 * @param path below the tree's root
 * @param bytes its size
 * @param sums its checksums, hashed as it was written; SHA-256 is always among them
 * @param executable whether it came with the executable bit
 * @param member its name in the archive, null if it is no member of one
 */
public record UnpackedFile(
        FilePath path,
        long bytes,
        Map<Algorithm, Checksum> sums,
        boolean executable,
        @Nullable String member) {

    public UnpackedFile {
        sums = Map.copyOf(sums);
        if (!sums.containsKey(Algorithm.SHA256)) {
            throw new IllegalArgumentException(path + " was not hashed");
        }
    }

    public Checksum sha256() {
        return Optional.ofNullable(sums.get(Algorithm.SHA256)).orElseThrow();
    }
}
