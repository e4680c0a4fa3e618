package org.histods.unpack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import org.histods.unpack.stream.WindowedChannel;

/**
 * The record at the end of a zip (APPNOTE 4.3.16), as far as it must be known before the directory is read.
 *
 * @param disk number of the part that this is of a split zip, 0 for a zip in one piece
 * @param members how many the directory is said to hold; 65535 stands for "see zip64"
 */
record ZipEndRecord(int disk, int members) {

    private static final int LENGTH = 22;
    private static final int LONGEST_COMMENT = 65535;
    private static final int SIGNATURE = 0x06054b50;
    private static final int SEE_ZIP64 = 0xffff;

    /** The last such record; empty if there is none, as in a zip that was cut off. */
    static Optional<ZipEndRecord> find(WindowedChannel channel) throws IOException {
        ByteBuffer record = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
        long lowest = Math.max(0, channel.size() - LENGTH - LONGEST_COMMENT);
        for (long at = channel.size() - LENGTH; at >= lowest; at--) {
            record.clear().limit(4);
            readFully(channel.position(at), record);
            if (record.getInt(0) == SIGNATURE) {
                record.limit(LENGTH);
                readFully(channel, record);
                int disk = record.getShort(4) & 0xffff;
                return Optional.of(new ZipEndRecord(disk == SEE_ZIP64 ? 0 : disk, record.getShort(10) & 0xffff));
            }
        }
        return Optional.empty();
    }

    private static void readFully(java.nio.channels.SeekableByteChannel channel, ByteBuffer target) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new java.io.EOFException();
            }
        }
    }
}
