package org.histods.yaml;

/**
 * Something wrong at one value of a YAML document.
 *
 * @param pointer the value's JSON pointer, such as {@code /sources/0/kind}
 * @param message what is wrong
 */
public record PointerError(String pointer, String message) {}
