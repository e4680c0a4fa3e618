package org.histods.text;

/** Formats counts. */
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
}
