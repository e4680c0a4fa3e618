package org.histods.unpack;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.deflate64.Deflate64CompressorInputStream;
import org.histods.unpack.stream.ChannelInputStream;
import org.histods.unpack.stream.Codec;
import org.jspecify.annotations.Nullable;
import org.tukaani.xz.XZInputStream;

/** Reads the content of entries of a zip, one after another, from a channel of its own. For one thread. */
final class ZipEntryReader implements Closeable {

    private static final int SIGNATURE = 0x04034b50;

    /** Traditional encryption, strong encryption and a masked header. */
    private static final int ENCRYPTED = 1 | 1 << 6 | 1 << 13;

    private final ChannelInputStream in;
    private final Inflater inflater = new Inflater(true);
    private final byte[] input = new byte[EntryWriter.BUFFER];

    ZipEntryReader(ChannelInputStream in) {
        this.in = in;
    }

    /**
     * Why an entry cannot be unpacked here; null if it can.
     *
     * @param code its compression method (APPNOTE 4.4.5)
     * @param flags its general purpose flags (APPNOTE 4.4.4)
     */
    static @Nullable String blocker(int code, int flags) {
        if ((flags & ENCRYPTED) != 0) {
            return "is encrypted";
        }
        ZipMethod method = ZipMethod.getMethodByCode(code);
        if (method == null) {
            return "is compressed with the unknown method " + code;
        }
        return switch (method) {
            case STORED, DEFLATED, ENHANCED_DEFLATED, BZIP2, XZ, ZSTD, ZSTD_DEPRECATED -> null;
            default -> "is compressed with " + method + " (method " + code + "), which is not supported";
        };
    }

    /**
     * The unpacked content; valid until the next call, and not to be closed.
     *
     * @throws IOException if the entry has no local header where the directory says
     */
    InputStream open(ZipEntryRecord entry) throws IOException {
        in.seek(entry.offset());
        byte[] header = in.readNBytes(ZipEntryRecord.LOCAL_HEADER);
        if (header.length < ZipEntryRecord.LOCAL_HEADER) {
            throw new EOFException();
        }
        if ((littleEndian(header, 0) | littleEndian(header, 2) << 16) != SIGNATURE) {
            throw new ZipException("no entry is where the directory says; archives over 4 GB that macOS"
                    + " made can have that fault");
        }
        in.skipNBytes((long) littleEndian(header, 26) + littleEndian(header, 28));
        InputStream packed = new BoundedInputStream(in, entry.packed());
        ZipMethod method = ZipMethod.getMethodByCode(entry.method());
        return switch (method) {
            case STORED -> packed;
            case DEFLATED -> inflate(packed);
            case ENHANCED_DEFLATED -> new Deflate64CompressorInputStream(buffered(packed));
            case BZIP2 -> new BZip2CompressorInputStream(buffered(packed));
            case XZ -> new XZInputStream(buffered(packed), Codec.MEMORY_KIB);
            case ZSTD, ZSTD_DEPRECATED -> Codec.ZST.decode(packed);
            default -> throw new ZipException("method " + entry.method() + " is not supported");
        };
    }

    private InputStream inflate(InputStream packed) {
        inflater.reset();
        return new InflaterInputStream(packed, inflater, 1) {
            @Override
            protected void fill() throws IOException {
                int count = packed.readNBytes(input, 0, input.length);
                if (count == 0) {
                    throw new EOFException();
                }
                inflater.setInput(input, 0, count);
            }
        };
    }

    private static InputStream buffered(InputStream packed) {
        return new BufferedInputStream(packed, Codec.BUFFER);
    }

    private static int littleEndian(byte[] bytes, int at) {
        return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}
