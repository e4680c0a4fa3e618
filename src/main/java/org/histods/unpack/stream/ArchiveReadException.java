package org.histods.unpack.stream;

import java.io.IOException;

/** The channel that an archive is read from failed; what it gave until then says nothing of the archive. */
public final class ArchiveReadException extends IOException {

    private static final long serialVersionUID = 1;

    public ArchiveReadException(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
