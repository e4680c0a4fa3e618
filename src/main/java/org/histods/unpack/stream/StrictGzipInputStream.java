package org.histods.unpack.stream;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Unpacks gzip (RFC 1952), any number of gzip members one after another and with zeros between
 * them, and checks length and CRC of each, and the CRC of
 * the header if it has one.
 *
 * <p>It replaces the JDK's stream, which relies on {@code available()} to see whether another gzip member follows and
 * takes a failed read for the end, and that of Commons Compress, which keeps a name of any length in memory and loses
 * unpacked bytes when other bytes follow.
 */
final class StrictGzipInputStream extends BulkInputStream {

    private static final int HEADER_CRC = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xe0;

    private final InputStream in;
    private final byte[] buffer = new byte[Codec.BUFFER];
    private final Inflater inflater = new Inflater(true);
    private final CRC32 crc = new CRC32();
    private int from;
    private int to;
    private boolean ended;
    private boolean trailing;

    StrictGzipInputStream(InputStream in) throws IOException {
        this.in = in;
        if (next() != 0x1f || next() != 0x8b) {
            throw new ZipException("it is not gzip");
        }
        header();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (!ended) {
            int count = inflate(target, offset, length);
            if (count > 0) {
                crc.update(target, offset, count);
                return count;
            }
            if (inflater.finished()) {
                from = to - inflater.getRemaining();
                trailer();
                ended = !anotherMember();
            } else if (inflater.needsDictionary()) {
                throw new ZipException("it needs a dictionary, which gzip does not have");
            } else {
                require(fill());
                inflater.setInput(buffer, 0, to);
            }
        }
        return -1;
    }

    private int inflate(byte[] target, int offset, int length) throws IOException {
        try {
            return inflater.inflate(target, offset, length);
        } catch (DataFormatException e) {
            throw new ZipException(e.getMessage());
        }
    }

    /** Reads what follows the magic bytes. */
    private void header() throws IOException {
        crc.reset();
        crc.update(0x1f);
        crc.update(0x8b);
        int method = headerByte();
        if (method != 8) {
            throw new ZipException("gzip method " + method + " is unknown");
        }
        int flags = headerByte();
        if ((flags & RESERVED) != 0) {
            throw new ZipException("reserved gzip flags are set");
        }
        skip(6);
        if ((flags & EXTRA) != 0) {
            skip(headerByte() | headerByte() << 8);
        }
        if ((flags & NAME) != 0) {
            skipText();
        }
        if ((flags & COMMENT) != 0) {
            skipText();
        }
        if ((flags & HEADER_CRC) != 0) {
            long computed = crc.getValue() & 0xffff;
            if ((need() | need() << 8) != computed) {
                throw new ZipException("the checksum of the gzip header does not match");
            }
        }
        inflater.reset();
        inflater.setInput(buffer, from, to - from);
        crc.reset();
    }

    private void trailer() throws IOException {
        if (littleEndian() != crc.getValue()) {
            throw new ZipException("the CRC-32 of gzip does not match");
        }
        if (littleEndian() != (inflater.getBytesWritten() & 0xffffffffL)) {
            throw new ZipException("the length that gzip states does not match");
        }
    }

    private boolean anotherMember() throws IOException {
        int first = next();
        while (first == 0) {
            first = next();
        }
        if (first == 0x1f && next() == 0x8b) {
            header();
            return true;
        }
        trailing = first >= 0;
        return false;
    }

    /** See {@link DecodedStream#trailing}. */
    boolean trailing() {
        return trailing;
    }

    private long littleEndian() throws IOException {
        long value = 0;
        for (int shift = 0; shift < 32; shift += 8) {
            value |= (long) need() << shift;
        }
        return value;
    }

    private void skip(int count) throws IOException {
        for (int i = 0; i < count; i++) {
            headerByte();
        }
    }

    private void skipText() throws IOException {
        while (headerByte() != 0) {
            // to the NUL that ends it
        }
    }

    private int headerByte() throws IOException {
        int value = need();
        crc.update(value);
        return value;
    }

    private int need() throws IOException {
        int value = next();
        require(value >= 0);
        return value;
    }

    private int next() throws IOException {
        if (from == to && !fill()) {
            return -1;
        }
        return buffer[from++] & 0xff;
    }

    private boolean fill() throws IOException {
        int count = in.read(buffer, 0, buffer.length);
        from = 0;
        to = Math.max(count, 0);
        return count > 0;
    }

    private static void require(boolean more) throws EOFException {
        if (!more) {
            throw new EOFException();
        }
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
