package org.histods.provenance.index;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The index of one bag, opened for reading. It has three sorted tables of fixed-length records (content, sizes, fetches) and
 * after them the block index: the first key and the CRC-32C of every block of 4096 bytes. Only the block index is held in memory; a
 * look-up reads one block and checks it. {@code docs/decisions/0004-one-index-file-per-bag.md} has the reasons.
 */
final class IndexReader implements AutoCloseable {

    /** The first eight bytes: {@code HDSIDX01} in ASCII, with the number of the format. */
    static final long MAGIC = 0x48445349_44583031L;

    /** The length of the header in bytes: the magic, the key, three counts, and the CRC-32C of these and of the block index. */
    static final int HEADER = 8 + 32 + 3 * 8 + 4;

    static final int BLOCK = 4096;

    /** Content: the first 8 bytes of the SHA-256, the size, where it is; see {@link RecordLocation}. */
    static final int CONTENT = 0;

    /** Sizes: each once. */
    static final int SIZES = 1;

    /** Fetches: the number of the receipt and of the fetch in it, and where it is. */
    static final int FETCHES = 2;

    private static final int[] WIDTHS = {3, 1, 2};

    /** How many numbers a record of that table has. */
    static int width(int table) {
        return WIDTHS[table];
    }

    /** How many records of that table make a block. */
    static int perBlock(int table) {
        return BLOCK / (8 * WIDTHS[table]);
    }

    /** The file is damaged or stale. */
    static final class Damaged extends IOException {
        private static final long serialVersionUID = 1L;

        Damaged(String message) {
            super(message);
        }
    }

    /** One table, of which only the first key of each block is in memory. */
    private record Table(long start, long count, int table, long[] first, int[] crc) {}

    private final FileChannel channel;
    private final List<Table> tables;

    private IndexReader(FileChannel channel, List<Table> tables) {
        this.channel = channel;
        this.tables = tables;
    }

    /**
     * Opens an index.
     *
     * @param key the state of the bag; see {@link IndexWriter#key}
     * @throws Damaged if it is not of this format, not of that bag as it is now, or not whole
     */
    static IndexReader open(Path file, byte[] key) throws IOException {
        // Opening a pipe may take for ever.
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new IOException("it is not a file");
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new IndexReader(channel, tables(channel, key));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static List<Table> tables(FileChannel channel, byte[] key) throws IOException {
        ByteBuffer header = read(channel, 0, HEADER);
        byte[] of = new byte[32];
        if (header.getLong() != MAGIC) {
            throw new Damaged("it is not an index of this format");
        }
        header.get(of);
        if (!Arrays.equals(of, key)) {
            throw new Damaged("the bag has changed since then");
        }
        long[] counts = {header.getLong(), header.getLong(), header.getLong()};
        int crc = header.getInt();
        long at = HEADER;
        long blockIndexLength = 0;
        for (int table = 0; table < counts.length; table++) {
            if (counts[table] < 0 || counts[table] > channel.size()) {
                throw new Damaged("its header is damaged");
            }
            at += counts[table] * 8 * width(table);
            blockIndexLength += blocks(counts[table], table) * 12;
        }
        if (at + blockIndexLength != channel.size()) {
            throw new Damaged("it is incomplete");
        }
        ByteBuffer rest = read(channel, at, Math.toIntExact(blockIndexLength));
        CRC32C check = new CRC32C();
        check.update(header.duplicate().position(0).limit(HEADER - 4));
        check.update(rest.duplicate());
        if ((int) check.getValue() != crc) {
            throw new Damaged("its header is damaged");
        }
        return tables(counts, rest);
    }

    private static List<Table> tables(long[] counts, ByteBuffer blockIndex) {
        List<Table> tables = new ArrayList<>();
        long start = HEADER;
        for (int table = 0; table < counts.length; table++) {
            int blocks = (int) blocks(counts[table], table);
            long[] first = new long[blocks];
            int[] crc = new int[blocks];
            for (int b = 0; b < blocks; b++) {
                first[b] = blockIndex.getLong();
                crc[b] = blockIndex.getInt();
            }
            tables.add(new Table(start, counts[table], table, first, crc));
            start += counts[table] * 8 * width(table);
        }
        return tables;
    }

    private static long blocks(long count, int table) {
        return (count + perBlock(table) - 1) / perBlock(table);
    }

    private static ByteBuffer read(FileChannel channel, long at, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, at + buffer.position()) < 0) {
                throw new Damaged("it is incomplete");
            }
        }
        return buffer.flip();
    }

    /** The records with that first number, in order. */
    List<long[]> find(int table, long key) throws IOException {
        Table in = tables.get(table);
        List<long[]> found = new ArrayList<>();
        for (int block = Math.max(0, firstBlock(in.first, key) - 1); block < in.first.length; block++) {
            if (Long.compareUnsigned(in.first[block], key) > 0) {
                break;
            }
            ByteBuffer records = block(in, block);
            while (records.hasRemaining()) {
                long[] record = new long[width(table)];
                for (int i = 0; i < record.length; i++) {
                    record[i] = records.getLong();
                }
                if (record[0] == key) {
                    found.add(record);
                }
            }
        }
        return found;
    }

    /** The first block whose first key is not below that key. */
    private static int firstBlock(long[] first, long key) {
        int low = 0;
        int high = first.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (Long.compareUnsigned(first[middle], key) < 0) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private ByteBuffer block(Table in, int block) throws IOException {
        int record = 8 * width(in.table);
        int per = perBlock(in.table);
        long from = (long) block * per;
        int length = (int) Math.min(per, in.count - from) * record;
        ByteBuffer bytes = read(channel, in.start + from * record, length);
        CRC32C check = new CRC32C();
        check.update(bytes.duplicate());
        if ((int) check.getValue() != in.crc[block]) {
            throw new Damaged("a block is damaged");
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
