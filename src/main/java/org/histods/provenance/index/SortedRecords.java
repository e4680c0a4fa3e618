package org.histods.provenance.index;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Sorts records of a few unsigned numbers in memory, about 50 bytes each. Equal records come out once. */
final class SortedRecords {

    private final List<long[]> records = new ArrayList<>();

    void add(long... record) {
        records.add(record);
    }

    /** Receives each record, in order. */
    interface Each {
        void record(long[] record) throws IOException;
    }

    /** Passes on all records in order, and drops them. */
    void forEach(Each each) throws IOException {
        records.sort(Arrays::compareUnsigned);
        long[] last = null;
        for (long[] record : records) {
            if (last == null || !Arrays.equals(last, record)) {
                each.record(record);
            }
            last = record;
        }
        records.clear();
    }
}
