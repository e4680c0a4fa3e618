package org.histods.fetch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The ranges of a file that have arrived, compared with a set of single bits. */
final class ByteRangesTest {

    private static final int LENGTH = 40;

    private static String text(List<long[]> ranges) {
        return ranges.stream().map(range -> range[0] + "-" + range[1]).collect(Collectors.joining(" "));
    }

    private static List<long[]> ranges(BitSet bits) {
        List<long[]> ranges = new ArrayList<>();
        for (int from = bits.nextSetBit(0); from >= 0; from = bits.nextSetBit(bits.nextClearBit(from))) {
            ranges.add(new long[] {from, bits.nextClearBit(from)});
        }
        return ranges;
    }

    private static long nextStart(List<long[]> ranges, int position) {
        return ranges.stream()
                .mapToLong(range -> range[0])
                .filter(from -> from >= position)
                .min()
                .orElse(Long.MAX_VALUE);
    }

    @Test
    void anyOrderOfAddingAndRemoving_givesTheSameBytesAsASetOfBits() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            ByteRanges ranges = new ByteRanges();
            BitSet bits = new BitSet();
            for (int step = 0; step < 20; step++) {
                int from = random.nextInt(LENGTH);
                int to = Math.min(LENGTH, from + random.nextInt(8));
                boolean all = bits.get(from) && bits.nextClearBit(from) >= to;
                if (all && random.nextBoolean()) {
                    ranges.remove(from, to);
                    bits.clear(from, to);
                } else {
                    ranges.add(from, to);
                    bits.set(from, to);
                }
                List<long[]> expected = ranges(bits);
                assertEquals(text(expected), text(ranges.list()));
                assertEquals(text(expected), text(ByteRanges.of(ranges.list()).list()));
                assertEquals(bits.isEmpty(), ranges.isEmpty());
                for (int at = 0; at <= LENGTH; at++) {
                    assertEquals(bits.get(at) ? bits.nextClearBit(at) : at, ranges.endOf(at));
                    assertEquals(nextStart(expected, at), ranges.nextFrom(at));
                }
            }
        }
    }

    @Test
    void bytesThatAreNotAllThere_cannotBeRemoved() {
        ByteRanges ranges = ByteRanges.of(List.of(new long[] {5, 9}));
        for (long[] range : List.of(new long[] {0, 3}, new long[] {4, 6}, new long[] {8, 10}, new long[] {9, 10})) {
            assertThrows(IllegalArgumentException.class, () -> ranges.remove(range[0], range[1]));
        }
        assertEquals("5-9", text(ranges.list()));
    }
}
