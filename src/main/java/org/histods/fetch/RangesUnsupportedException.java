package org.histods.fetch;

import java.io.IOException;

/** Ranges of a remote file cannot be read, or not such that they are certainly of one version. The message says why. */
public final class RangesUnsupportedException extends IOException {

    private static final long serialVersionUID = 1;

    public RangesUnsupportedException(String reason) {
        super(reason);
    }

    /** Why, as the end of a sentence that begins with "because". */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
