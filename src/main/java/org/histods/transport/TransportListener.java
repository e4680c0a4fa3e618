package org.histods.transport;

import java.time.Duration;

/** Receives what the user should see at once, such as waits. Called from any thread; must return quickly. */
@FunctionalInterface
public interface TransportListener {

    /**
     * A wait begins.
     *
     * @param host the host that the request waits for
     * @param length from now
     * @param reason completes "waiting because …", such as {@code zenodo.org returned HTTP 429}; holds no secret
     */
    void waiting(String host, Duration length, String reason);

    /** Another event, such as refused credentials; holds no secret. */
    default void notice(String message) {}
}
