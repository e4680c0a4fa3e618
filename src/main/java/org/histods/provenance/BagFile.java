package org.histods.provenance;

import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * A file of a bag and where it comes from.
 *
 * @param path below {@code data/}
 * @param bytes its size
 * @param sha256 its checksum
 * @param executable whether it has the executable bit
 * @param fetch the fetch that it is from, such as {@code 0001/3}: the third of the first receipt
 * @param entry its name in the fetched archive; null if it is the fetched file itself
 */
public record BagFile(
        FilePath path,
        long bytes,
        Checksum sha256,
        boolean executable,
        String fetch,
        @Nullable String entry) {}
