package org.histods.unpack.stream;

import java.io.IOException;

/** The channel of an archive failed; the archive itself may be right. */
public final class ArchiveReadException extends IOException {

    private static final long serialVersionUID = 1;

    public ArchiveReadException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
