package org.histods.unpack;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.histods.unpack.stream.MagicBytes;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar and watches what the library does not tell: the bytes of a name before they are decoded and before a
 * leading slash is taken off, whether a header's checksum is right, and whether the archive's end was there or only
 * the bytes ran out.
 */
final class TarReader extends TarArchiveInputStream {

    /** Far beyond any path; the library keeps these extra headers in memory, whatever their size. */
    private static final long LONGEST_EXTRA = 1 << 20;

    private static final int TYPE = 156;
    private static final int SPARSE_IN_HEADER = 482;
    private static final int SPARSE_IN_MORE = 504;

    private boolean ended;
    private boolean moreSparse;
    private byte extraType;
    private @Nullable ByteArrayOutputStream extra;
    private final Map<Byte, byte[]> extras = new java.util.HashMap<>();

    TarReader(InputStream in) {
        // Every byte is one character here, so that the header's own bytes can be had back.
        super(in, StandardCharsets.ISO_8859_1.name());
    }

    /** A name as bytes, and whether the format itself says that they are UTF-8. */
    record RawName(byte[] bytes, boolean utf8) {}

    @Override
    public TarArchiveEntry getNextEntry() throws IOException {
        if (!inHeaders()) {
            extras.clear();
        }
        return super.getNextEntry();
    }

    /** Whether the library is between the extra headers of a member and the member itself: it calls itself there. */
    private boolean inHeaders() {
        return extra != null;
    }

    /** Whether the zeros that end a tar have been seen. */
    boolean ended() {
        return ended;
    }

    RawName name(TarArchiveEntry entry) throws IOException {
        return raw(entry.getName(), "path", (byte) 'L');
    }

    RawName linkTarget(TarArchiveEntry entry) throws IOException {
        return raw(entry.getLinkName(), "linkpath", (byte) 'K');
    }

    private RawName raw(String fromHeader, String key, byte longType) throws IOException {
        for (byte pax : new byte[] {'x', 'X'}) {
            byte[] records = extras.get(pax);
            byte[] value = records == null ? null : PaxRecords.find(records, key);
            if (value != null) {
                return new RawName(value, true);
            }
        }
        byte[] longName = extras.get(longType);
        if (longName != null) {
            int length = longName.length;
            while (length > 0 && longName[length - 1] == 0) {
                length--;
            }
            return new RawName(Arrays.copyOf(longName, length), false);
        }
        return new RawName(fromHeader.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    @Override
    protected byte @Nullable [] readRecord() throws IOException {
        byte[] record = super.readRecord();
        endExtra();
        if (record == null) {
            return null;
        }
        if (moreSparse) {
            moreSparse = record[SPARSE_IN_MORE] != 0;
        } else if (isEOFRecord(record)) {
            ended = true;
        } else {
            header(record);
        }
        return record;
    }

    private void header(byte[] record) throws IOException {
        if (!MagicBytes.tarChecksum(record)) {
            throw new IOException("the checksum of a tar header does not fit");
        }
        byte type = record[TYPE];
        if (type == 'x' || type == 'X' || type == 'g' || type == 'L' || type == 'K') {
            long length = length(record);
            if (length < 0 || length > LONGEST_EXTRA) {
                throw new IOException("an extra tar header claims " + length + " bytes");
            }
            extraType = type;
            extra = new ByteArrayOutputStream();
        }
        moreSparse = type == 'S' && record[SPARSE_IN_HEADER] != 0;
    }

    private static long length(byte[] record) throws IOException {
        try {
            return TarUtils.parseOctalOrBinary(record, 124, 12);
        } catch (IllegalArgumentException e) {
            throw new IOException("a tar header states no length", e);
        }
    }

    private void endExtra() throws IOException {
        ByteArrayOutputStream whole = extra;
        extra = null;
        if (whole == null) {
            return;
        }
        byte[] bytes = whole.toByteArray();
        if (extraType == 'g') {
            if (PaxRecords.find(bytes, "path") != null || PaxRecords.find(bytes, "linkpath") != null) {
                throw new IOException("a global tar header gives one name to all members");
            }
            return;
        }
        extras.put(extraType, bytes);
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = super.read(target, offset, length);
        ByteArrayOutputStream into = extra;
        if (into != null && count > 0) {
            into.write(target, offset, count);
        }
        return count;
    }
}
