package org.histods.transport;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The header {@code Content-Range} of RFC 9110, section 14.4.
 *
 * @param from the first byte, -1 where the range is not satisfied
 * @param to the last byte, inclusive, -1 where the range is not satisfied
 * @param total the size of the whole, -1 if unknown
 */
record ContentRange(long from, long to, long total) {

    private static final Pattern FORM = Pattern.compile(
            "bytes\\s*=?\\s*(?:(\\d{1,18})\\s*-\\s*(\\d{1,18})|\\*)\\s*/\\s*(\\d{1,18}|\\*)", Pattern.CASE_INSENSITIVE);

    /** Null if the text has another form or contradicts itself. */
    static @Nullable ContentRange parse(@Nullable String text) {
        Matcher parts = FORM.matcher(text == null ? "" : text.strip());
        if (!parts.matches()) {
            return null;
        }
        long total = parts.group(3).equals("*") ? -1 : Long.parseLong(parts.group(3));
        if (parts.group(1) == null) {
            return new ContentRange(-1, -1, total);
        }
        long from = Long.parseLong(parts.group(1));
        long to = Long.parseLong(parts.group(2));
        return to < from || (total >= 0 && to >= total) ? null : new ContentRange(from, to, total);
    }

    long length() {
        return to - from + 1;
    }
}
