package org.histods.text;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Formats and parses numbers of bytes. */
public final class Bytes {

    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};
    private static final Pattern FORM =
            Pattern.compile("([0-9]+(?:\\.[0-9]+)?) ?(?:([kmgtp])(i?)b?|b|bytes?)?", Pattern.CASE_INSENSITIVE);

    private Bytes() {}

    /** In powers of a thousand with three digits, such as {@code 11.7 GB}; below a thousand {@code 512 bytes}. */
    public static String text(long bytes) {
        return text(bytes, RoundingMode.HALF_UP, true);
    }

    /**
     * As {@link #text(long)}, with another rounding: a lower bound down, an upper bound up.
     *
     * @param trailingZeros whether to keep zeros at the end, which say that those digits are known
     */
    static String text(long bytes, RoundingMode rounding, boolean trailingZeros) {
        if (bytes == 1) {
            return "1 byte";
        }
        if (bytes < 1000) {
            return bytes + " bytes";
        }
        double value = bytes;
        int unit = -1;
        do {
            value /= 1000;
            unit++;
        } while (value >= 999.5 && unit < UNITS.length - 1);
        int digits = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
        BigDecimal shown =
                BigDecimal.valueOf(bytes).scaleByPowerOfTen(-3 * (unit + 1)).setScale(digits, rounding);
        return (trailingZeros ? shown : shown.stripTrailingZeros()).toPlainString() + " " + UNITS[unit];
    }

    /**
     * Parses a size such as {@code 13.4 GB}, {@code 200 GiB}, {@code 50GB}, {@code 500k} or {@code 1024}. k, M, G, T and P are powers of a thousand, Ki, Mi, Gi, Ti and Pi of 1024; case does not matter.
     *
     * @throws IllegalArgumentException if it is not a size, or too large for a {@code long}
     */
    public static long parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text + "' is not a size: expected one such as 13.4 GB or 200 GiB");
        }
        String prefix = matcher.group(2);
        String binary = matcher.group(3);
        int power = prefix == null ? 0 : "kmgtp".indexOf(prefix.toLowerCase(Locale.ROOT)) + 1;
        BigDecimal unit = BigDecimal.valueOf(binary == null || binary.isEmpty() ? 1000 : 1024)
                .pow(power);
        try {
            return new BigDecimal(matcher.group(1))
                    .multiply(unit)
                    .setScale(0, RoundingMode.HALF_UP)
                    .longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("'" + text + "' is too large for any disk", e);
        }
    }
}
