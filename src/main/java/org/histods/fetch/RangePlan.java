package org.histods.fetch;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Joins neighbouring ranges of a file, so that one request fetches several. */
public final class RangePlan {

    /** Maximum additional bytes, in percent of the wanted bytes. */
    private static final long EXTRA_PERCENT = 3;

    /**
     * Maximum number of requests; with one request per second, they take a quarter of an hour. If there are more
     * ranges, they are joined however large the gaps are.
     */
    private static final int MOST_REQUESTS = 1000;

    private RangePlan() {}

    /**
     * The ranges to request, sorted and apart from each other.
     *
     * @param wanted sorted by their first byte, each with its first byte and its end
     */
    public static List<long[]> join(List<long[]> wanted) {
        List<long[]> apart = ByteRanges.of(wanted).list();
        Set<Integer> closed = closedGaps(apart);
        List<long[]> joined = new ArrayList<>();
        for (int i = 0; i < apart.size(); i++) {
            if (closed.contains(i)) {
                joined.get(joined.size() - 1)[1] = apart.get(i)[1];
            } else {
                joined.add(apart.get(i).clone());
            }
        }
        return joined;
    }

    /** The indexes of the ranges that are joined with the one before: those behind the smallest gaps. */
    private static Set<Integer> closedGaps(List<long[]> apart) {
        List<Integer> bySize = new ArrayList<>();
        for (int i = 1; i < apart.size(); i++) {
            bySize.add(i);
        }
        bySize.sort(Comparator.comparingLong(i -> gap(apart, i)));
        long extra = bytes(apart) * EXTRA_PERCENT / 100;
        Set<Integer> closed = new HashSet<>();
        for (int i : bySize) {
            extra -= gap(apart, i);
            if (extra < 0 && apart.size() - closed.size() <= MOST_REQUESTS) {
                break;
            }
            closed.add(i);
        }
        return closed;
    }

    private static long gap(List<long[]> apart, int i) {
        return apart.get(i)[0] - apart.get(i - 1)[1];
    }

    /** How many bytes ranges hold that are apart from each other. */
    public static long bytes(List<long[]> apart) {
        return apart.stream().mapToLong(range -> range[1] - range[0]).sum();
    }
}
