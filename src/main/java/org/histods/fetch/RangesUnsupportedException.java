package org.histods.fetch;

import java.io.IOException;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Thrown if ranges of a remote file cannot be read, or if they might be of different versions. The message says why.
 */
public final class RangesUnsupportedException extends IOException {

    private static final long serialVersionUID = 1;

    public RangesUnsupportedException(String reason) {
        super(reason);
    }

    /** Because of a problem with the host. */
    public RangesUnsupportedException(String reason, Problem cause) {
        super(reason, cause);
    }

    /** The problem with the host; null if the host just does not support it. */
    public @Nullable Problem problem() {
        return getCause() instanceof Problem problem ? problem : null;
    }

    /** Why, as the end of a sentence that begins with "because". */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
