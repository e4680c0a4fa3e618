package org.histods.fetch;

import java.util.List;

/**
 * The ranges of a remote file that were read, if the rest was not fetched. The checksum of the whole file is then
 * unknown and was not compared.
 *
 * @param validator the entity tag or date that was the same in all responses
 * @param ranges sorted, each with its first byte and its end
 */
public record FetchedRanges(String validator, List<long[]> ranges) {

    /** Nothing was read of the file. */
    public static final FetchedRanges NONE = new FetchedRanges("none", List.of());

    public FetchedRanges {
        ranges = List.copyOf(ranges);
    }

    /** Total size of the ranges, in bytes. */
    public long bytes() {
        return ranges.stream().mapToLong(range -> range[1] - range[0]).sum();
    }
}
