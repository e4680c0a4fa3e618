package org.histods.quantity;

import java.util.Locale;

/** Sizes as people read them. */
public final class Bytes {

    private static final String[] UNITS = {"kB", "MB", "GB", "TB", "PB"};

    private Bytes() {}

    /** In powers of a thousand with three digits, such as {@code 11.7 GB}; below a thousand {@code 512 bytes}. */
    public static String text(long bytes) {
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
        return String.format(
                Locale.ROOT, value < 9.995 ? "%.2f %s" : value < 99.95 ? "%.1f %s" : "%.0f %s", value, UNITS[unit]);
    }
}
