package org.histods.unpack.stream;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.zip.ZipException;

/**
 * The frames of a zstd file (RFC 8878, 3.1) for a decoder, without frames to skip and what follows the last one.
 *
 * <p>No read crosses the end of a frame, and one that is cut off is an error: decoders take a second frame that ends too
 * early for the end of the file if it begins in the same read as the first one ends.
 */
final class ZstdFrames extends BulkInputStream {

    private static final int RLE = 1;
    private static final int[] DICTIONARY_ID = {0, 1, 2, 4};
    private static final int[] CONTENT_SIZE = {0, 2, 4, 8};
    private static final int RESERVED = 8;
    private static final int LARGEST_BLOCK = 128 * 1024;

    private final BufferedInputStream in;
    private final StreamEnd end;
    private byte[] header = {};
    private int headerRead;
    private int body;
    private boolean inFrame;
    private boolean hasChecksum;
    private long largestBlock;
    /** The sum of the sizes of content that frames state. */
    private long stated;

    private boolean allStated = true;
    private boolean allHaveChecksums = true;
    private boolean ended;

    ZstdFrames(InputStream packed) throws IOException {
        in = new BufferedInputStream(packed, Codec.BUFFER);
        end = new StreamEnd(Codec.ZST, in);
        if (!end.another()) {
            throw new ZipException("it is not zstd");
        }
    }

    /** See {@link DecodedStream#trailing}. */
    boolean trailing() {
        return end.trailing();
    }

    /** See {@link DecodedStream#mayHideDamage}: the decoder in Java does not check all that the reference decoder does. */
    boolean mayHideDamage(ZstdDecoder decoder) {
        return decoder == ZstdDecoder.JAVA && !allHaveChecksums;
    }

    /** The unpacked bytes. Their number is compared with what the frames state, which decoders do not always do. */
    InputStream decode(ZstdDecoder decoder) throws IOException {
        InputStream plain = decoder.decode(this);
        return new BulkInputStream() {
            private long unpacked;

            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                int count = plain.read(target, offset, length);
                if (count >= 0) {
                    unpacked += count;
                } else if (unpacked < stated || (allStated && unpacked > stated)) {
                    throw new ZipException("the length that zstd states does not match");
                }
                return count;
            }

            @Override
            public void close() throws IOException {
                plain.close();
            }
        };
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        while (headerRead == header.length && body == 0) {
            if (inFrame) {
                block();
            } else if (ended || !end.another()) {
                ended = true;
                return -1;
            } else {
                next();
            }
        }
        if (headerRead < header.length) {
            int count = Math.min(length, header.length - headerRead);
            System.arraycopy(header, headerRead, target, offset, count);
            headerRead += count;
            return count;
        }
        int count = in.read(target, offset, Math.min(length, body));
        if (count < 0) {
            throw new EOFException();
        }
        body -= count;
        return count;
    }

    /** Reads the header of a frame, or skips one without content. */
    private void next() throws IOException {
        byte[] first = need(5);
        if (MagicBytes.zstdSkippable(first)) {
            byte[] size = need(3);
            in.skipNBytes((first[4] & 0xffL) | littleEndian(size) << 8);
            return;
        }
        int descriptor = first[4];
        if ((descriptor & RESERVED) != 0) {
            throw new ZipException("a reserved zstd flag is set");
        }
        boolean single = (descriptor & 0x20) != 0;
        int sizeBytes = CONTENT_SIZE[descriptor >> 6 & 3];
        int rest = DICTIONARY_ID[descriptor & 3] + (single ? Math.max(1, sizeBytes) : 1 + sizeBytes);
        hasChecksum = (descriptor & 4) != 0;
        allHaveChecksums &= hasChecksum;
        inFrame = true;
        header = Arrays.copyOf(first, 5 + rest);
        System.arraycopy(need(rest), 0, header, 5, rest);
        headerRead = 0;
        long size = contentSize(header, single && sizeBytes == 0 ? 1 : sizeBytes);
        largestBlock = Math.min(LARGEST_BLOCK, single ? size : window(header[5]));
        allStated &= size >= 0;
        stated = stated + Math.max(0, size) < 0 ? Long.MAX_VALUE : stated + Math.max(0, size);
    }

    /** Negative if not stated. One of 2^63 bytes and more, which no file has, is the largest number. */
    private static long contentSize(byte[] header, int bytes) {
        long size = bytes == 2 ? 256 : 0;
        for (int i = 0; i < bytes; i++) {
            size += (header[header.length - bytes + i] & 0xffL) << (8 * i);
        }
        if (bytes == 0) {
            return -1;
        }
        return size < 0 ? Long.MAX_VALUE : size;
    }

    private static long window(byte descriptor) {
        long base = 1L << (10 + ((descriptor & 0xff) >> 3));
        return base + (base >> 3) * (descriptor & 7);
    }

    private void block() throws IOException {
        header = need(3);
        headerRead = 0;
        int value = (int) littleEndian(header);
        if (value >> 3 > largestBlock) {
            throw new ZipException("a zstd block is larger than allowed");
        }
        body = (value >> 1 & 3) == RLE ? 1 : value >> 3;
        if ((value & 1) != 0) {
            inFrame = false;
            body += hasChecksum ? 4 : 0;
        }
    }

    private static long littleEndian(byte[] three) {
        return (three[0] & 0xff) | (three[1] & 0xff) << 8 | (three[2] & 0xff) << 16;
    }

    private byte[] need(int count) throws IOException {
        byte[] bytes = in.readNBytes(count);
        if (bytes.length < count) {
            throw new EOFException();
        }
        return bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
