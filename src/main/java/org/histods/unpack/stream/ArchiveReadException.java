package org.histods.unpack.stream;

import java.io.IOException;

/** Thrown if the channel of an archive fails; the archive itself may be intact. */
public final class ArchiveReadException extends IOException {

    private static final long serialVersionUID = 1;

    public ArchiveReadException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
