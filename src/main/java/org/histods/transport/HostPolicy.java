package org.histods.transport;

import org.jspecify.annotations.Nullable;

/**
 * How one host wants to be treated.
 *
 * @param connections how many answers may be open at once, over all processes that share a state directory; at least 1
 * @param requestsPerMinute how often it may be asked; the requests are spread evenly over the minute; 0 for no limit
 * @param segments into how many ranges one file may be split, at least 1
 * @param userAgent a user agent in place of ours; null for ours
 */
public record HostPolicy(
        int connections,
        int requestsPerMinute,
        int segments,
        @Nullable String userAgent) {

    public HostPolicy {
        if (userAgent != null && (userAgent.isBlank() || !userAgent.chars().allMatch(c -> c >= ' ' && c < 127))) {
            throw new IllegalArgumentException("a user agent has visible characters of ASCII only");
        }
        if (connections < 1 || requestsPerMinute < 0 || segments < 1) {
            throw new IllegalArgumentException("not possible: " + connections + " connections, " + requestsPerMinute
                    + " requests a minute, " + segments + " segments");
        }
    }

    public HostPolicy(int connections, int requestsPerMinute, int segments) {
        this(connections, requestsPerMinute, segments, null);
    }
}
