package org.histods.transport;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A response that breaks the rules of HTTP. Asking again seldom helps. */
public final class MalformedResponseException extends IOException {

    private static final long serialVersionUID = 1L;

    MalformedResponseException(String message) {
        super(message);
    }

    MalformedResponseException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
