package org.histods.transport;

import org.jspecify.annotations.Nullable;

/**
 * The limits for requests to one host.
 *
 * @param connections how many responses may be open at once, in all processes that share a state directory; at least 1
 * @param requestsPerMinute spread evenly over the minute; 0 for no limit
 * @param segments into how many parallel ranges one file may be split, at least 1
 * @param userAgent in place of that of histods; null for that
 */
public record HostPolicy(
        int connections,
        int requestsPerMinute,
        int segments,
        @Nullable String userAgent) {

    public HostPolicy {
        if (userAgent != null && (userAgent.isBlank() || !userAgent.chars().allMatch(c -> c >= ' ' && c < 127))) {
            throw new IllegalArgumentException("a user agent may hold visible ASCII characters only");
        }
        if (connections < 1 || requestsPerMinute < 0 || segments < 1) {
            throw new IllegalArgumentException("invalid limits: " + connections + " connections, " + requestsPerMinute
                    + " requests per minute, " + segments + " segments");
        }
    }

    public HostPolicy(int connections, int requestsPerMinute, int segments) {
        this(connections, requestsPerMinute, segments, null);
    }
}
