package org.histods.transport;

import java.time.Duration;

/**
 * Limits for the attempts at a request and for the time to wait for it.
 *
 * @param maxWait how long one request may wait in all, for pauses that the host asks for and between attempts
 * @param attempts how often one request is sent before it fails, at least 1
 * @param connect time limit for a connection
 * @param inactivity how long a host may be silent, before the headers and within the body; the whole has no limit
 */
public record RetryPolicy(Duration maxWait, int attempts, Duration connect, Duration inactivity) {

    public RetryPolicy {
        if (maxWait.isNegative()
                || attempts < 1
                || connect.isNegative()
                || connect.isZero()
                || inactivity.isNegative()
                || inactivity.isZero()) {
            throw new IllegalArgumentException("invalid retry policy: " + maxWait + ", " + attempts + ", " + connect);
        }
    }

    /** Up to ten minutes of waiting, five attempts, 30 seconds to connect, 60 seconds of silence. */
    public static RetryPolicy defaults() {
        return new RetryPolicy(Duration.ofMinutes(10), 5, Duration.ofSeconds(30), Duration.ofSeconds(60));
    }
}
