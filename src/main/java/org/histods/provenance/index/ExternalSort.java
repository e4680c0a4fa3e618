package org.histods.provenance.index;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts any number of records of a few unsigned numbers in bounded memory: sorted runs go into temporary files and are
 * merged at the end. Equal records come out once.
 */
final class ExternalSort implements AutoCloseable {

    private static final int RUN = 200_000;

    private final int width;
    private final int run;
    private final Path folder;
    private final List<DataInputStream> aside = new ArrayList<>();
    private List<long[]> held = new ArrayList<>();

    /**
     * @param width how many numbers a record has
     * @param folder for temporary files; nothing is left there
     */
    ExternalSort(int width, Path folder) {
        this(width, folder, RUN);
    }

    ExternalSort(int width, Path folder, int run) {
        this.width = width;
        this.folder = folder;
        this.run = run;
    }

    void add(long... record) throws IOException {
        held.add(record);
        if (held.size() == run) {
            putAside();
        }
    }

    private void putAside() throws IOException {
        held.sort(Arrays::compareUnsigned);
        Path file = Files.createTempFile(folder, "sorting", ".tmp");
        try (DataOutputStream out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            distinct(held, record -> {
                for (long number : record) {
                    out.writeLong(number);
                }
            });
        } finally {
            // Deleted once it is open for reading, so that it cannot be left behind.
            aside.add(new DataInputStream(
                    new BufferedInputStream(Files.newInputStream(file, StandardOpenOption.DELETE_ON_CLOSE))));
        }
        held = new ArrayList<>();
    }

    /** Receives each record, in order. */
    interface Each {
        void record(long[] record) throws IOException;
    }

    private record Head(long[] record, DataInputStream from) {}

    /** Passes all records on in order, and drops them. */
    void forEach(Each each) throws IOException {
        if (aside.isEmpty()) {
            held.sort(Arrays::compareUnsigned);
            distinct(held, each);
            return;
        }
        if (!held.isEmpty()) {
            putAside();
        }
        PriorityQueue<Head> heads = new PriorityQueue<>((a, b) -> Arrays.compareUnsigned(a.record, b.record));
        for (DataInputStream from : aside) {
            next(from, heads);
        }
        long[] last = null;
        for (Head head = heads.poll(); head != null; head = heads.poll()) {
            if (last == null || !Arrays.equals(last, head.record)) {
                each.record(head.record);
            }
            last = head.record;
            next(head.from, heads);
        }
    }

    private static void distinct(List<long[]> records, Each each) throws IOException {
        long[] last = null;
        for (long[] record : records) {
            if (last == null || !Arrays.equals(last, record)) {
                each.record(record);
            }
            last = record;
        }
    }

    private void next(DataInputStream from, PriorityQueue<Head> heads) throws IOException {
        long[] record = new long[width];
        try {
            for (int i = 0; i < width; i++) {
                record[i] = from.readLong();
            }
        } catch (EOFException e) {
            return;
        }
        heads.add(new Head(record, from));
    }

    @Override
    public void close() throws IOException {
        for (DataInputStream one : aside) {
            one.close();
        }
    }
}
