package org.histods.unpack;

import org.histods.digest.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * A file in an archive, as its directory states it.
 *
 * @param name its name in the archive
 * @param path where it would be written
 * @param bytes its size, unpacked
 * @param packed how many bytes of the archive it takes; null where members share one packed stream
 */
public record EntryInfo(
        String name, FilePath path, long bytes, @Nullable Long packed) {}
