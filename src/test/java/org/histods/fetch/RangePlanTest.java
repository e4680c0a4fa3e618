package org.histods.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Neighbouring ranges are joined if that adds few bytes. */
final class RangePlanTest {

    private static String joined(long[]... ranges) {
        return RangePlan.join(List.of(ranges)).stream()
                .map(range -> range[0] + "-" + range[1])
                .collect(Collectors.joining(" "));
    }

    private static long[] range(long from, long end) {
        return new long[] {from, end};
    }

    @Test
    void touchingAndOverlappingRanges_areOne() {
        assertEquals("0-30", joined(range(0, 10), range(10, 20), range(15, 30)));
    }

    @Test
    void smallGaps_areFetchedToo_andLargeOnesAreNot() {
        assertEquals("0-2010 3000-4000", joined(range(0, 1000), range(1010, 2010), range(3000, 4000)));
    }

    @Test
    void gapsTogether_areAtMostThreePercent() {
        List<long[]> ranges = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            ranges.add(range(i * 1100L, i * 1100L + 1000));
        }
        assertTrue(RangePlan.bytes(RangePlan.join(ranges)) <= 515_000);
    }

    @Test
    void thousandsOfRanges_becomeAThousandRequests() {
        List<long[]> ranges = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            ranges.add(range(i * 100_000L, i * 100_000L + 10));
        }
        assertEquals(1000, RangePlan.join(ranges).size());
    }

    @Test
    void nothing_isNothing() {
        assertEquals("", joined());
    }
}
