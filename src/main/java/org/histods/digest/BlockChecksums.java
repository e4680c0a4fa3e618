package org.histods.digest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * The CRC-32C of each block of a large file. They show which blocks of a damaged copy can be kept; whether a repaired file is
 * correct is decided by the checksum of the whole file.
 *
 * @param block bytes of a block; the last one may be shorter
 * @param checksums one for each block, in order
 */
public record BlockChecksums(int block, List<Integer> checksums) {

    /** Large enough that a receipt of thousands of slides stays small, small enough to be fetched in seconds. */
    public static final int BLOCK = 16 << 20;

    /** Files of fewer bytes are fetched whole. */
    public static final long LEAST = 2L * BLOCK;

    public BlockChecksums {
        checksums = List.copyOf(checksums);
    }

    /** Computes them while a file is read from its first byte to its last. For one thread. */
    public static final class Builder {

        private final CRC32C crc = new CRC32C();
        private final List<Integer> checksums = new ArrayList<>();
        private int filled;

        public void update(byte[] buffer, int offset, int count) {
            int done = 0;
            while (done < count) {
                int step = Math.min(count - done, BLOCK - filled);
                crc.update(buffer, offset + done, step);
                filled += step;
                done += step;
                if (filled == BLOCK) {
                    next();
                }
            }
        }

        private void next() {
            checksums.add((int) crc.getValue());
            crc.reset();
            filled = 0;
        }

        /** To be called once, after the last byte. */
        public BlockChecksums build() {
            if (filled > 0) {
                next();
            }
            return new BlockChecksums(BLOCK, checksums);
        }
    }

    /** The checksums as hex digits, eight for each block. */
    public String hex() {
        StringBuilder hex = new StringBuilder(checksums.size() * 8);
        checksums.forEach(checksum -> hex.append(HexFormat.of().toHexDigits(checksum)));
        return hex.toString();
    }

    /**
     * Reads {@link #hex} back.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static BlockChecksums parse(long block, String hex) {
        if (block < 1 || block > Integer.MAX_VALUE || hex.length() % 8 != 0) {
            throw new IllegalArgumentException("no checksums of blocks");
        }
        List<Integer> checksums = new ArrayList<>();
        for (int i = 0; i < hex.length(); i += 8) {
            checksums.add(HexFormat.fromHexDigits(hex, i, i + 8));
        }
        return new BlockChecksums((int) block, checksums);
    }

    /**
     * Copies the undamaged blocks of a file to the same places in a new one.
     *
     * @param bytes the size that the file should have
     * @return the ranges that were copied, each with its first byte and its end
     */
    public List<long[]> copyGood(Path damaged, long bytes, Path to) throws IOException {
        List<long[]> good = new ArrayList<>();
        byte[] buffer = new byte[(int) Math.min(block, bytes)];
        try (FileChannel in = FileChannel.open(damaged, StandardOpenOption.READ);
                FileChannel out = FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            for (int i = 0; i < checksums.size(); i++) {
                long from = (long) i * block;
                int length = (int) Math.max(0, Math.min(block, bytes - from));
                ByteBuffer read = ByteBuffer.wrap(buffer, 0, length);
                while (read.hasRemaining() && in.read(read, from + read.position()) >= 0) {
                    // Until the block or the file ends.
                }
                CRC32C crc = new CRC32C();
                crc.update(buffer, 0, length);
                if (length > 0 && !read.hasRemaining() && (int) crc.getValue() == checksums.get(i)) {
                    ByteBuffer write = ByteBuffer.wrap(buffer, 0, length);
                    while (write.hasRemaining()) {
                        out.write(write, from + write.position());
                    }
                    good.add(new long[] {from, from + length});
                }
            }
        }
        return good;
    }
}
