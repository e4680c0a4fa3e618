package org.histods.unpack.stream;

import java.io.FilterInputStream;
import java.io.InputStream;
import java.util.function.BooleanSupplier;

/** The unpacked bytes of a compressed file, which may consist of several streams with zeros between and behind them. */
public final class DecodedStream extends FilterInputStream {

    private final BooleanSupplier trailing;

    DecodedStream(InputStream plain, BooleanSupplier trailing) {
        super(plain);
        this.trailing = trailing;
    }

    /** Whether the end was read, and bytes follow it that are neither zeros nor another compressed stream. */
    public boolean trailing() {
        return trailing.getAsBoolean();
    }
}
