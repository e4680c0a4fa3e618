package org.histods.unpack;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarUtils;
import org.histods.unpack.stream.MagicBytes;
import org.jspecify.annotations.Nullable;

/**
 * Reads a tar entry by entry: V7, ustar, GNU tar (long names, sparse files) and pax, with GNU's three sparse formats
 * in it. Names are bytes, as tar does not state their charset.
 *
 * <p>It replaces the reader of Commons Compress, which recurses for each extra header, keeps all of them in memory, reads
 * sparse files wrongly from streams with short reads, and decodes names before their charset is known.
 *
 * <p>Memory: the extra headers of one entry, at most 16 MiB, and the map of one sparse file, at most 16 MB.
 */
final class TarReader {

    private static final int RECORD = 512;

    /** The length of a size in a header. */
    private static final int NUMBER = 12;

    /** Programs write two or three; a chain of thousands is made to exhaust a reader. */
    private static final int MAX_EXTRA_HEADERS = 100;

    private static final long MAX_EXTRA_BYTES = 16 << 20;

    static final int MAX_SPARSE_PIECES = 1_000_000;

    /** Extra headers of pax (x, of Solaris X, global g) and GNU tar (long name L, long link K, volume label V). */
    private static final String EXTRA_TYPES = "xXgLKV";

    private final InputStream in;
    private final byte[] header = new byte[RECORD];
    private BoundedInputStream stored;
    private InputStream content;
    private long padding;
    private boolean ended;

    TarReader(InputStream in) {
        this.in = in;
        stored = new BoundedInputStream(in, 0);
        content = stored;
    }

    /**
     * The next entry, after skipping what is left of the current one; null at the end.
     *
     * @throws IOException if the tar is damaged
     */
    @Nullable
    TarEntry next() throws IOException {
        stored.skipRest();
        skip(padding);
        padding = 0;
        TarExtraHeaders extra = new TarExtraHeaders();
        long extraBytes = 0;
        int count = 0;
        for (; readHeader(); count++) {
            char type = (char) (header[156] & 0xff);
            if (EXTRA_TYPES.indexOf(type) < 0) {
                return entry(type, extra);
            }
            long length = number(124);
            extraBytes += length;
            if (count >= MAX_EXTRA_HEADERS || length > MAX_EXTRA_BYTES || extraBytes > MAX_EXTRA_BYTES) {
                throw new IOException("the extra tar headers of one entry are more than " + MAX_EXTRA_HEADERS
                        + " or larger than " + ArchiveErrors.bytes(MAX_EXTRA_BYTES) + ", which is the limit");
            }
            byte[] body = in.readNBytes((int) length);
            if (body.length < length) {
                throw new EOFException();
            }
            skip(padding(length));
            extra.add(type, body);
        }
        if (count > 0 && !ended) {
            throw new EOFException();
        }
        return null;
    }

    /** The content of the current entry, with zeros for the holes of a sparse file. */
    InputStream content() {
        return content;
    }

    /** The content of the current entry as it is stored, to skip it. */
    InputStream stored() {
        return stored;
    }

    /** Whether the zeros that end a tar have been seen; without them its last entries may be missing. */
    boolean ended() {
        return ended;
    }

    private boolean readHeader() throws IOException {
        int count = in.readNBytes(header, 0, RECORD);
        if (count == 0) {
            return false;
        }
        if (count < RECORD) {
            throw new EOFException();
        }
        if (MagicBytes.zeros(header)) {
            ended = true;
            return false;
        }
        if (!MagicBytes.tarChecksum(header)) {
            throw new IOException("the checksum of a tar header does not match");
        }
        return true;
    }

    private TarEntry entry(char type, TarExtraHeaders extra) throws IOException {
        Long stated = extra.size();
        boolean hasContent = type < '1' || type > '6';
        long size = hasContent ? (stated == null ? number(124) : stated) : 0;
        byte[] name = extra.name(name());
        byte[] target = extra.linkTarget(text(157, 100));
        int mode = mode();
        long bytes = type == 'S' ? openOldSparse(size) : open(size, extra);
        return new TarEntry(name, target, type, mode, bytes);
    }

    private long open(long size, TarExtraHeaders extra) throws IOException {
        stored = new BoundedInputStream(in, size);
        padding = padding(size);
        content = stored;
        long[] map = extra.sparseMapInContent() ? readSparseMap() : extra.sparseMap();
        Long whole = extra.sparseSize();
        if (map == null && whole == null) {
            return size;
        }
        if (map == null || whole == null) {
            throw new IOException("a sparse file has no " + (map == null ? "map" : "size"));
        }
        content = new SparseInputStream(stored, map, whole, stored.left());
        return whole;
    }

    /** Format 1.0: decimal numbers, one a line, in whole records in front of the content. */
    private long[] readSparseMap() throws IOException {
        long before = stored.left();
        long count = readLine();
        if (count > MAX_SPARSE_PIECES) {
            throw tooManyPieces();
        }
        long[] map = new long[(int) count * 2];
        for (int i = 0; i < map.length; i++) {
            map[i] = readLine();
        }
        stored.skipNBytes(padding(before - stored.left()));
        return map;
    }

    private long readLine() throws IOException {
        long number = 0;
        int digits = 0;
        int c = stored.read();
        for (; c >= '0' && c <= '9' && digits < 18; c = stored.read()) {
            number = number * 10 + c - '0';
            digits++;
        }
        if (c != '\n' || digits == 0) {
            throw new IOException("the map of a sparse file is malformed");
        }
        return number;
    }

    /** The format of GNU tar before pax: the map is in the header and in records behind it. */
    private long openOldSparse(long size) throws IOException {
        long whole = number(483);
        long[] map = new long[8];
        int used = readPieces(map, 0, 386, 4);
        boolean more = header[482] != 0;
        while (more) {
            if (in.readNBytes(header, 0, RECORD) < RECORD) {
                throw new EOFException();
            }
            if (used > 2 * MAX_SPARSE_PIECES) {
                throw tooManyPieces();
            }
            map = Arrays.copyOf(map, Math.max(map.length, Math.max(used + 42, used + used / 2)));
            used = readPieces(map, used, 0, 21);
            more = header[504] != 0;
        }
        stored = new BoundedInputStream(in, size);
        padding = padding(size);
        content = new SparseInputStream(stored, Arrays.copyOf(map, used), whole, size);
        return whole;
    }

    private int readPieces(long[] map, int used, int at, int count) throws IOException {
        int next = used;
        for (int i = 0; i < count && header[at + 24 * i] != 0; i++) {
            map[next++] = number(at + 24 * i);
            map[next++] = number(at + 24 * i + 12);
        }
        return next;
    }

    private static IOException tooManyPieces() {
        return new IOException("a sparse file has more than " + MAX_SPARSE_PIECES + " pieces, which is the limit");
    }

    /** The name in the header; ustar splits long ones in two, and star, which adds times, leaves less room for the first. */
    private byte[] name() {
        byte[] last = text(0, 100);
        if (!MagicBytes.at(header, 257, "ustar\0") || header[345] == 0) {
            return last;
        }
        byte[] prefix = text(345, MagicBytes.at(header, 508, "tar\0") ? 131 : 155);
        byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + last.length);
        whole[prefix.length] = '/';
        System.arraycopy(last, 0, whole, prefix.length + 1, last.length);
        return whole;
    }

    private byte[] text(int at, int length) {
        int end = at;
        while (end < at + length && header[end] != 0) {
            end++;
        }
        return Arrays.copyOfRange(header, at, end);
    }

    private int mode() {
        String octal = new String(text(100, 8), StandardCharsets.ISO_8859_1).strip();
        return octal.matches("[0-7]{1,7}") ? Integer.parseInt(octal, 8) : 0;
    }

    private long number(int at) throws IOException {
        try {
            long number = TarUtils.parseOctalOrBinary(header, at, NUMBER);
            if (number >= 0) {
                return number;
            }
        } catch (IllegalArgumentException ignored) {
            // reported below
        }
        throw new IOException("a tar header has no number where a size is expected");
    }

    private static long padding(long size) {
        return (RECORD - size % RECORD) % RECORD;
    }

    /** Skips padding, which may be missing at the end of a tar. */
    private void skip(long count) throws IOException {
        in.readNBytes(header, 0, (int) count);
    }
}
