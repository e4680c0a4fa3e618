package org.histods.transport;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Date;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** Reads from response headers when the next request is allowed. */
final class RateLimitHeaders {

    /** Hugging Face and draft-ietf-httpapi-ratelimit-headers: {@code "resolvers";r=0;t=120}. */
    private static final Pattern REMAINING = Pattern.compile(";\\s*r=(\\d{1,9})");

    private static final Pattern SECONDS_LEFT = Pattern.compile(";\\s*t=(\\d{1,9})");

    /** Smaller numbers are seconds from now, larger ones seconds since 1970: hosts send both under one name. */
    private static final long LEAST_EPOCH = 1_000_000_000L;

    private RateLimitHeaders() {}

    /**
     * When {@code Retry-After} ends, in either of its forms; a date in the past is now. Null without the header or where
     * it has neither form. Meaningful only in an error response: some hosts send it with success.
     */
    static @Nullable Instant retryAfter(Headers headers, Instant now) {
        String value = headers.get("Retry-After");
        if (value == null) {
            return null;
        }
        Long seconds = number(value.strip());
        if (seconds != null) {
            return now.plusSeconds(seconds);
        }
        Date date = headers.getDate("Retry-After");
        if (date == null) {
            return null;
        }
        return date.toInstant().isBefore(now) ? now : date.toInstant();
    }

    /** When a used-up rate limit is renewed; null while it is not used up or where the headers do not say. */
    static @Nullable Instant renewed(Headers headers, Instant now) {
        for (String limit : headers.values("RateLimit")) {
            Matcher remaining = REMAINING.matcher(limit);
            Matcher left = SECONDS_LEFT.matcher(limit);
            if (remaining.find() && left.find() && Long.parseLong(remaining.group(1)) == 0) {
                return now.plusSeconds(Long.parseLong(left.group(1)));
            }
        }
        for (String prefix : new String[] {"X-RateLimit-", "RateLimit-"}) {
            if (usedUp(headers, prefix)) {
                return reset(headers.get(prefix + "Reset"), now);
            }
        }
        return null;
    }

    static boolean usedUp(Headers headers) {
        return usedUp(headers, "X-RateLimit-") || usedUp(headers, "RateLimit-");
    }

    private static boolean usedUp(Headers headers, String prefix) {
        String remaining = headers.get(prefix + "Remaining");
        Long number = remaining == null ? null : number(remaining.strip());
        return number != null && number == 0;
    }

    private static @Nullable Instant reset(@Nullable String value, Instant now) {
        Long seconds = value == null ? null : number(value.strip());
        if (seconds == null) {
            return null;
        }
        try {
            Instant then = seconds < LEAST_EPOCH ? now.plusSeconds(seconds) : Instant.ofEpochSecond(seconds);
            return then.isAfter(now) ? then : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** At most ten digits: enough for the year 2286, and no sum overflows. */
    private static @Nullable Long number(String text) {
        return text.matches("\\d{1,10}") ? Long.valueOf(text) : null;
    }
}
