package org.histods.provenance.index;

import java.io.IOException;
import java.util.Arrays;

/** Sorts records of a few unsigned numbers in memory, eight bytes for each number, and drops duplicates. */
final class SortedRecords {

    private static final int INITIAL_CAPACITY = 1024;

    private final int width;
    private long[] numbers;
    private int count;

    /** @param width how many numbers each record has */
    SortedRecords(int width) {
        this.width = width;
        this.numbers = new long[INITIAL_CAPACITY * width];
    }

    void add(long... record) {
        if (record.length != width) {
            throw new IllegalArgumentException("a record of " + record.length + " numbers among those of " + width);
        }
        if ((count + 1) * width > numbers.length) {
            numbers = Arrays.copyOf(numbers, Math.multiplyExact(2, numbers.length));
        }
        System.arraycopy(record, 0, numbers, count * width, width);
        count++;
    }

    /** Receives each record, in order. */
    interface Each {
        void record(long[] record) throws IOException;
    }

    /** Passes on all records in order, and drops them. */
    void forEach(Each each) throws IOException {
        sort();
        for (int i = 0; i < count; i++) {
            if (i == 0 || compare(i - 1, i) != 0) {
                each.record(Arrays.copyOfRange(numbers, i * width, (i + 1) * width));
            }
        }
        count = 0;
        numbers = new long[INITIAL_CAPACITY * width];
    }

    /** Heapsort: needs no further memory, and is fast for every order of the records. */
    private void sort() {
        for (int i = count / 2 - 1; i >= 0; i--) {
            sink(i, count);
        }
        for (int end = count - 1; end > 0; end--) {
            swap(0, end);
            sink(0, end);
        }
    }

    /** Moves a record down until none below it in the heap is larger. */
    private void sink(int from, int end) {
        int at = from;
        while (2 * at + 1 < end) {
            int child = 2 * at + 1;
            if (child + 1 < end && compare(child, child + 1) < 0) {
                child++;
            }
            if (compare(at, child) >= 0) {
                return;
            }
            swap(at, child);
            at = child;
        }
    }

    private int compare(int a, int b) {
        for (int i = 0; i < width; i++) {
            int order = Long.compareUnsigned(numbers[a * width + i], numbers[b * width + i]);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private void swap(int a, int b) {
        for (int i = 0; i < width; i++) {
            long one = numbers[a * width + i];
            numbers[a * width + i] = numbers[b * width + i];
            numbers[b * width + i] = one;
        }
    }
}
