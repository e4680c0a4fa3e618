package org.histods.fetch;

import java.util.List;

/**
 * Which ranges of a remote file were read, when the rest was not fetched. The file's own checksum is unknown then, and was
 * compared with nothing.
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

    /** How many bytes they hold. */
    public long bytes() {
        return ranges.stream().mapToLong(range -> range[1] - range[0]).sum();
    }
}
