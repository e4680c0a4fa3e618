package org.histods.unpack;

import org.jspecify.annotations.Nullable;

/**
 * An entry as the directory of a zip states it.
 *
 * @param entry its name, type and size
 * @param offset where its local header starts
 * @param headerBytes the least that its local header takes
 * @param packed how many bytes of the archive its content takes
 * @param method how it is compressed (APPNOTE 4.4.5)
 * @param crc CRC-32 of its content
 * @param executable whether its Unix mode lets the owner run it
 * @param blocker why it cannot be unpacked here, null if it can
 */
record ZipEntryRecord(
        RawEntry entry,
        long offset,
        int headerBytes,
        long packed,
        int method,
        long crc,
        boolean executable,
        @Nullable String blocker) {

    static final int LOCAL_HEADER = 30;

    ZipEntryRecord withName(String name) {
        RawEntry renamed = new RawEntry(name, entry.type(), entry.bytes());
        return new ZipEntryRecord(renamed, offset, headerBytes, packed, method, crc, executable, blocker);
    }

    /** Where its bytes end, at the earliest; negative if that is beyond any file. */
    long end() {
        return offset + headerBytes + packed;
    }
}
