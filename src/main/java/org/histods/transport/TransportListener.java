package org.histods.transport;

import java.time.Duration;

/** Hears of what a person should be told at once, above all of waits. Called from any thread; quick, never throws. */
@FunctionalInterface
public interface TransportListener {

    /**
     * A wait begins.
     *
     * @param host whom the request waits for
     * @param length how long from now
     * @param reason completes "waiting because …", such as {@code zenodo.org answered 429}; holds no secret
     */
    void waiting(String host, Duration length, String reason);

    /** Something else happened on the way, such as a login that was refused; holds no secret. */
    default void told(String what) {}

    static TransportListener untold() {
        return (host, length, reason) -> {};
    }
}
