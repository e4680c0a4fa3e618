package org.histods.provenance;

import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * A file of a bag and where it came from.
 *
 * @param path below {@code data/}
 * @param bytes its size
 * @param sha256 its checksum
 * @param executable whether it has the executable bit
 * @param fetch the fetch that brought it, such as {@code 0001/3}: the third of the first receipt
 * @param member its name in the fetched archive, null where it is the fetched file itself
 */
public record BagFile(
        FilePath path,
        long bytes,
        Checksum sha256,
        boolean executable,
        String fetch,
        @Nullable String member) {}
