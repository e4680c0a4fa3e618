package org.histods.mirror;

/** Numbers of things as people write them. */
public final class Count {

    private Count() {}

    /** Such as {@code 1 file}, {@code 0 files} and {@code 12 files}. */
    public static String of(long number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }
}
