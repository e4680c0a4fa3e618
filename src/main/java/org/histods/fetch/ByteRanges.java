package org.histods.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** A set of byte positions, stored as sorted half-open ranges that never touch. Not thread-safe. */
final class ByteRanges {

    private final NavigableMap<Long, Long> ends = new TreeMap<>();

    /** @param ranges each with its first byte and its end */
    static ByteRanges of(List<long[]> ranges) {
        ByteRanges all = new ByteRanges();
        ranges.forEach(range -> all.add(range[0], range[1]));
        return all;
    }

    /** Adds the bytes from {@code from} up to but not including {@code to}. */
    void add(long from, long to) {
        if (from >= to) {
            return;
        }
        long start = from;
        long end = to;
        Map.Entry<Long, Long> before = ends.floorEntry(from);
        if (before != null && before.getValue() >= from) {
            start = before.getKey();
            end = Math.max(end, before.getValue());
        }
        for (Map.Entry<Long, Long> next = ends.ceilingEntry(start);
                next != null && next.getKey() <= end;
                next = ends.ceilingEntry(start)) {
            end = Math.max(end, next.getValue());
            ends.remove(next.getKey());
        }
        ends.put(start, end);
    }

    /** Removes the bytes from {@code from} up to but not including {@code to}, all of which are in one range. */
    void remove(long from, long to) {
        Map.Entry<Long, Long> range = ends.floorEntry(from);
        if (range == null || range.getValue() < to) {
            throw new IllegalArgumentException("not in the set");
        }
        ends.remove(range.getKey());
        add(range.getKey(), from);
        add(to, range.getValue());
    }

    /** The end of the range that holds {@code position}, or {@code position} itself if none does. */
    long endOf(long position) {
        Map.Entry<Long, Long> entry = ends.floorEntry(position);
        return entry != null && entry.getValue() > position ? entry.getValue() : position;
    }

    /** The start of the first range at or after {@code position}, or {@code Long.MAX_VALUE} if there is none. */
    long nextFrom(long position) {
        Long next = ends.ceilingKey(position);
        return next == null ? Long.MAX_VALUE : next;
    }

    boolean isEmpty() {
        return ends.isEmpty();
    }

    List<long[]> list() {
        List<long[]> list = new ArrayList<>();
        ends.forEach((from, to) -> list.add(new long[] {from, to}));
        return list;
    }
}
