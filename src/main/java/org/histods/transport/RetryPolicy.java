package org.histods.transport;

import java.time.Duration;

/**
 * How long and how often to try.
 *
 * @param waiting how long one request may wait in all, for a host's pauses and between attempts
 * @param attempts how often one request is sent before its failure counts, at least 1
 * @param connect how long a connection may take
 * @param inactivity how long a host may say nothing, before the headers and within the body; there is no limit on the
 *     whole
 */
public record RetryPolicy(Duration waiting, int attempts, Duration connect, Duration inactivity) {

    public RetryPolicy {
        if (waiting.isNegative()
                || attempts < 1
                || connect.isNegative()
                || connect.isZero()
                || inactivity.isNegative()
                || inactivity.isZero()) {
            throw new IllegalArgumentException("no patience: " + waiting + ", " + attempts + ", " + connect);
        }
    }

    /** Ten minutes of waiting, five attempts, 30 seconds to connect, a minute of silence. */
    public static RetryPolicy usual() {
        return new RetryPolicy(Duration.ofMinutes(10), 5, Duration.ofSeconds(30), Duration.ofSeconds(60));
    }
}
