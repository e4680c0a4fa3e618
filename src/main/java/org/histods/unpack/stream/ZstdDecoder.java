package org.histods.unpack.stream;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.util.Native;
import java.io.IOException;
import java.io.InputStream;

/**
 * Unpacks zstd. The native library reads windows up to 128 MB, what {@code zstd} itself reads without being asked for
 * more. Where it cannot be loaded (an unusual system, a temporary folder without execution), a decoder in Java reads
 * windows up to 16 MB.
 */
enum ZstdDecoder {
    NATIVE {
        @Override
        InputStream decode(InputStream packed) throws IOException {
            return new ZstdInputStreamNoFinalizer(packed).setLongMax(MAX_WINDOW_LOG);
        }
    },
    JAVA {
        @Override
        InputStream decode(InputStream packed) {
            return new io.airlift.compress.zstd.ZstdInputStream(packed);
        }
    };

    private static final int MAX_WINDOW_LOG = 27;

    abstract InputStream decode(InputStream packed) throws IOException;

    /** The native decoder if it can be loaded. */
    static ZstdDecoder usual() {
        try {
            Native.load();
            return NATIVE;
        } catch (LinkageError e) {
            return JAVA;
        }
    }
}
