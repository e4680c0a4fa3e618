package org.histods.text;

import java.util.List;

/** Formats counts, and lists that end with one. */
public final class Count {

    private Count() {}

    /** Such as {@code 1 file}, {@code 0 files} and {@code 12 files}. */
    public static String of(long number, String thing) {
        return number + " " + noun(number, thing);
    }

    /** As {@link #of}, with {@code a file} for one. */
    public static String orA(long number, String thing) {
        return number == 1 ? "a " + thing : of(number, thing);
    }

    /** The noun alone: {@code file} for one, else {@code files}. */
    public static String noun(long number, String thing) {
        return number == 1 ? thing : thing + "s";
    }

    /** At most {@code most} of the names, and the number of the others. */
    public static String shortened(List<String> names, int most) {
        String shown = String.join(", ", names.subList(0, Math.min(most, names.size())));
        return names.size() <= most ? shown : shown + " and " + (names.size() - most) + " more";
    }
}
