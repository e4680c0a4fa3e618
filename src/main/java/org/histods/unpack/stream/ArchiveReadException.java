package org.histods.unpack;

import java.io.IOException;

/** The channel that an archive is read from failed; what it gave until then says nothing of the archive. */
final class SourceFailure extends IOException {

    private static final long serialVersionUID = 1;

    SourceFailure(IOException cause) {
        super(cause.getMessage(), cause);
    }
}
