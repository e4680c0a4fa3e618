package org.histods.fetch;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A range of a file whose bytes were written.
 *
 * @param from its first byte
 * @param end the position after its last byte
 * @param crc the CRC-32C of its bytes; {@link #UNCHECKED} if a checksum of the whole file will show damage
 */
record WrittenRange(long from, long end, long crc) {

    static final long UNCHECKED = -1;

    private static final int BUFFER = 1 << 18;

    /** The positions of these ranges. */
    static ByteRanges positions(List<WrittenRange> ranges) {
        ByteRanges all = new ByteRanges();
        ranges.forEach(range -> all.add(range.from, range.end));
        return all;
    }

    /** A range of that file with its checksum. */
    static WrittenRange of(Path file, long from, long end) throws IOException {
        CRC32C crc = new CRC32C();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
            for (long at = from; at < end; ) {
                buffer.clear().limit((int) Math.min(BUFFER, end - at));
                int count = channel.read(buffer, at);
                if (count < 0) {
                    throw new EOFException(file + " ends at " + at);
                }
                crc.update(buffer.flip());
                at += count;
            }
        }
        return new WrittenRange(from, end, crc.getValue());
    }

    /** Whether that file still has these bytes, which it may not have after a power cut. */
    boolean isIntact(Path file) throws IOException {
        return equals(of(file, from, end));
    }
}
