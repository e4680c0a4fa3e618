package org.histods.yaml;

/**
 * Something wrong with one value of a YAML document.
 *
 * @param pointer the value's JSON pointer (RFC 6901), such as {@code /sources/0/kind}
 * @param message what is wrong
 */
public record PointerError(String pointer, String message) {

    /** A field's name as a step of a JSON pointer. */
    public static String step(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** The name of a field from a step of a JSON pointer. */
    public static String name(String step) {
        return step.replace("~1", "/").replace("~0", "~");
    }
}
