package org.histods.text;

/** Numbers of things as people write them. */
public final class Count {

    private Count() {}

    /** Such as {@code 1 file}, {@code 0 files} and {@code 12 files}. */
    public static String of(long number, String thing) {
        return number + " " + noun(number, thing);
    }

    /** The same, with {@code a file} for a single one. */
    public static String orA(long number, String thing) {
        return number == 1 ? "a " + thing : of(number, thing);
    }

    /** The thing without its number: {@code file} where there is one, else {@code files}. */
    public static String noun(long number, String thing) {
        return number == 1 ? thing : thing + "s";
    }
}
