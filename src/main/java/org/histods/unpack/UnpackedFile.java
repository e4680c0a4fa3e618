package org.histods.unpack;

import java.util.Map;
import java.util.Optional;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * A file of an unpacked tree.
 *
 * @param path below the tree's root
 * @param bytes its size
 * @param checksums its checksums, computed while it was written; always with SHA-256
 * @param executable whether the archive has it as executable
 * @param entry its name in the archive; null if it is not from an archive
 */
public record UnpackedFile(
        FilePath path,
        long bytes,
        Map<Algorithm, Checksum> checksums,
        boolean executable,
        @Nullable String entry) {

    public UnpackedFile {
        checksums = Map.copyOf(checksums);
        if (!checksums.containsKey(Algorithm.SHA256)) {
            throw new IllegalArgumentException(path + " was not hashed");
        }
    }

    public Checksum sha256() {
        return Optional.ofNullable(checksums.get(Algorithm.SHA256)).orElseThrow();
    }
}
