package org.histods.unpack.stream;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

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

    /**
     * The unpacked bytes. Reading throws an IOException where the stream is cut off or its own check fails.
     *
     * @param allowTrailing whether other bytes after a complete stream count as its end, if the codec can detect that
     */
    public InputStream decode(InputStream packed, boolean allowTrailing) throws IOException {
        return switch (this) {
            case GZ -> new StrictGzipInputStream(packed, allowTrailing);
            case BZ2 -> new BZip2CompressorInputStream(new BufferedInputStream(packed, BUFFER), true);
            case XZ -> new XZInputStream(new BufferedInputStream(packed, BUFFER), MEMORY_KIB);
            case ZST -> ZstdDecoder.usual().decode(packed);
        };
    }
}
