package org.histods.transport;

import java.time.Duration;

/** Hears that a request waits, so that a person can be told. Called from any thread; quick, never throws. */
@FunctionalInterface
public interface Waiting {

    /**
     * A wait begins.
     *
     * @param host whom the request waits for
     * @param length how long from now
     * @param reason completes "waiting because …", such as {@code zenodo.org answered 429}; holds no secret
     */
    void waiting(String host, Duration length, String reason);

    static Waiting untold() {
        return (host, length, reason) -> {};
    }
}
