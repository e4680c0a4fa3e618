package org.histods.unpack.stream;

import java.io.FilterInputStream;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/** The unpacked bytes of a compressed file, which may consist of several streams with zeros between and behind them. */
public final class DecodedStream extends FilterInputStream {

    /** Explains {@link #mayHideDamage}. */
    public static final String HIDDEN_DAMAGE =
            "the native library for zstd cannot be loaded on this system, and this archive has no"
                    + " checksum, neither published nor its own; some damage is not noticed";

    private final BooleanSupplier trailing;
    private final BooleanSupplier mayHideDamage;

    DecodedStream(InputStream plain, BooleanSupplier trailing) {
        this(plain, trailing, () -> false);
    }

    DecodedStream(InputStream plain, BooleanSupplier trailing, BooleanSupplier mayHideDamage) {
        super(plain);
        this.trailing = trailing;
        this.mayHideDamage = mayHideDamage;
    }

    /** Whether the end was read, and bytes follow it that are neither zeros nor another compressed stream. */
    public boolean trailing() {
        return trailing.getAsBoolean();
    }

    /** Whether the decoder accepts damage that others refuse, and bytes were read that have no checksum of their own. */
    public boolean mayHideDamage() {
        return mayHideDamage.getAsBoolean();
    }
}
