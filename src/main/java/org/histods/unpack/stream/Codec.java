package org.histods.unpack.stream;

import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.SingleXZInputStream;

/** Compression formats of one stream of bytes. Concatenated streams are read as one. */
public enum Codec {
    GZ("\u001f\u008b"),
    BZ2("BZh"),
    XZ("\u00fd7zXZ\0"),
    ZST("(\u00b5/\u00fd");

    public static final int BUFFER = 64 * 1024;

    /** The most memory of a decoder: the largest dictionary that 7-Zip chooses by itself, and room to work. */
    public static final int MEMORY_KIB = 640 * 1024;

    private final String magic;

    Codec(String magic) {
        this.magic = magic;
    }

    public boolean begins(byte[] first) {
        return MagicBytes.at(first, 0, magic) || (this == ZST && MagicBytes.zstdSkippable(first));
    }

    /** The unpacked bytes. Reading throws an IOException where a stream is cut off or its own check fails. */
    public DecodedStream decode(InputStream packed) throws IOException {
        return switch (this) {
            case GZ -> {
                StrictGzipInputStream gzip = new StrictGzipInputStream(packed);
                yield new DecodedStream(gzip, gzip::trailing);
            }
            case BZ2 -> concatenated(packed, BZip2CompressorInputStream::new);
            case XZ -> concatenated(packed, one -> new SingleXZInputStream(one, MEMORY_KIB));
            case ZST -> {
                ZstdFrames frames = new ZstdFrames(packed);
                ZstdDecoder decoder = ZstdDecoder.usual();
                yield new DecodedStream(frames.decode(decoder), frames::trailing, () -> frames.mayHideDamage(decoder));
            }
        };
    }

    private DecodedStream concatenated(InputStream packed, ConcatenatedInputStream.Decoder decoder) throws IOException {
        ConcatenatedInputStream plain = new ConcatenatedInputStream(this, packed, decoder);
        return new DecodedStream(plain, plain::trailing);
    }
}
