package org.histods.unpack;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.ZipException;
import org.histods.unpack.stream.WindowedChannel;
import org.jspecify.annotations.Nullable;

/**
 * The records at the end of a zip (APPNOTE 4.3.14 to 4.3.16): where its directory is.
 *
 * @param disk number of the part that this is of a split zip, 0 for a zip in one piece
 * @param entries how many the directory is said to hold
 * @param zip64 whether {@code entries} is exact; else it is modulo 65536, as some writers overflow it
 * @param start where the directory starts
 * @param end where the directory ends
 * @param shift what to add to the offsets in the directory, because of bytes in front of the zip such as a program
 */
record ZipEndRecord(int disk, long entries, boolean zip64, long start, long end, long shift) {

    static final int ENTRY = 0x02014b50;

    private static final int LENGTH = 22;
    private static final int MAX_COMMENT = 65535;
    private static final int SIGNATURE = 0x06054b50;
    private static final int LOCATOR_LENGTH = 20;
    private static final int LOCATOR = 0x07064b50;
    private static final int ZIP64_LENGTH = 56;
    private static final int ZIP64 = 0x06064b50;

    /** Some programs pad files with zeros to full blocks or to a size they reserved. */
    private static final long MAX_TRAILING_ZEROS = 64 << 20;

    /**
     * The records of the zip; empty if there are none, as in a zip that was cut off.
     *
     * <p>A comment may hold the signature, so a record counts only if nothing but its comment and zeros follow it and a
     * directory with entries is where it says. If there is none such, the last one whose directory may be empty is taken.
     */
    static Optional<ZipEndRecord> find(WindowedChannel channel) throws IOException {
        long size = channel.size();
        long end = size;
        while (end > 0
                && size - end < MAX_TRAILING_ZEROS
                && at(channel, end - 1, 1).get(0) == 0) {
            end--;
        }
        ZipEndRecord second = null;
        boolean found = false;
        long highest = Math.min(size - LENGTH, end - 4);
        for (long at = highest; at >= Math.max(0, end - LENGTH - MAX_COMMENT); at--) {
            if (at(channel, at, 4).getInt(0) == SIGNATURE) {
                found = true;
                ByteBuffer record = at(channel, at, LENGTH);
                ZipEndRecord end64 = read(channel, at, record);
                boolean last = at + LENGTH + unsigned(record, 20) >= end && at + LENGTH + unsigned(record, 20) <= size;
                if (end64 != null && last && end64.start() < end64.end()) {
                    return Optional.of(end64);
                }
                second = second == null ? end64 : second;
            }
        }
        if (found && second == null) {
            throw new ZipException("its directory is not where its end record says");
        }
        return Optional.ofNullable(second);
    }

    /** The records that end at {@code at}; null if no directory is there. */
    private static @Nullable ZipEndRecord read(WindowedChannel channel, long at, ByteBuffer record) throws IOException {
        int disk = unsigned(record, 4);
        long entries = unsigned(record, 10);
        long bytes = record.getInt(12) & 0xffffffffL;
        long offset = record.getInt(16) & 0xffffffffL;
        long end = at;
        boolean zip64 = false;
        if (at >= LOCATOR_LENGTH && at(channel, at - LOCATOR_LENGTH, 4).getInt(0) == LOCATOR) {
            long stated = at(channel, at - LOCATOR_LENGTH, LOCATOR_LENGTH).getLong(8);
            long usual = at - LOCATOR_LENGTH - ZIP64_LENGTH;
            end = isZip64(channel, stated, at) ? stated : usual;
            if (!isZip64(channel, end, at)) {
                return null;
            }
            ByteBuffer record64 = at(channel, end, ZIP64_LENGTH);
            zip64 = true;
            disk = record64.getInt(16);
            entries = record64.getLong(32);
            bytes = record64.getLong(40);
            offset = record64.getLong(48);
        } else if (disk == 0xffff) {
            disk = 0;
        }
        if (disk > 0) {
            return new ZipEndRecord(disk, entries, zip64, 0, 0, 0);
        }
        if (bytes < 0 || bytes > end || entries < 0) {
            return null;
        }
        long start = isDirectory(channel, end - bytes, end) ? end - bytes : offset;
        return isDirectory(channel, start, end)
                ? new ZipEndRecord(0, entries, zip64, start, start + bytes, start - offset)
                : null;
    }

    private static boolean isZip64(WindowedChannel channel, long at, long before) throws IOException {
        return at >= 0
                && at <= before - LOCATOR_LENGTH - ZIP64_LENGTH
                && at(channel, at, 4).getInt(0) == ZIP64;
    }

    private static boolean isDirectory(WindowedChannel channel, long start, long end) throws IOException {
        return start == end
                || (start >= 0 && start <= end - 46 && at(channel, start, 4).getInt(0) == ENTRY);
    }

    private static int unsigned(ByteBuffer record, int at) {
        return record.getShort(at) & 0xffff;
    }

    /** That many bytes from there, in the byte order of zips. */
    static ByteBuffer at(WindowedChannel channel, long at, int length) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        channel.position(at);
        while (target.hasRemaining()) {
            if (channel.read(target) < 0) {
                throw new EOFException();
            }
        }
        return target;
    }
}
