package org.histods.demo;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The requested range of a body (RFC 9110, section 14), for one range.
 *
 * @param from the first byte
 * @param to the byte after the last; {@code from} or less where the body ends before the part
 */
record RequestedRange(int from, int to) {

    private static final Pattern ONE = Pattern.compile("bytes=([0-9]{0,10})-([0-9]{0,10})");

    /** Null without a range, or for several, where a host may return the whole. */
    static @Nullable RequestedRange of(@Nullable String range, int length) {
        Matcher matcher = ONE.matcher(range == null ? "" : range.trim());
        if (!matcher.matches() || range == null || range.trim().equals("bytes=-")) {
            return null;
        }
        if (matcher.group(1).isEmpty()) {
            long last = Math.min(length, Long.parseLong(matcher.group(2)));
            return new RequestedRange((int) (length - last), length);
        }
        long from = Math.min(Long.parseLong(matcher.group(1)), length);
        long to = matcher.group(2).isEmpty() ? length : Math.min(Long.parseLong(matcher.group(2)) + 1, length);
        return new RequestedRange((int) from, (int) to);
    }

    boolean none() {
        return to <= from;
    }
}
