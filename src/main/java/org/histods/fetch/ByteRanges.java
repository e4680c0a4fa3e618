package org.histods.fetch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Which bytes of a file are there: half-open, sorted, never touching one another. Not safe to share. */
final class ByteRanges {

    private final NavigableMap<Long, Long> ends = new TreeMap<>();

    /** Adds the bytes from {@code from} up to but without {@code to}. */
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

    /** The end of the range that holds {@code position}, or {@code position} if it is missing. */
    long endOf(long position) {
        Map.Entry<Long, Long> entry = ends.floorEntry(position);
        return entry != null && entry.getValue() > position ? entry.getValue() : position;
    }

    /** The start of the first range behind {@code position}, or {@code Long.MAX_VALUE} if there is none. */
    long nextFrom(long position) {
        Long next = ends.ceilingKey(position);
        return next == null ? Long.MAX_VALUE : next;
    }

    List<long[]> list() {
        List<long[]> list = new ArrayList<>();
        ends.forEach((from, to) -> list.add(new long[] {from, to}));
        return list;
    }
}
