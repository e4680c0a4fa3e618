package org.histods.yaml;

/**
 * Something wrong in a YAML file.
 *
 * @param file the name of the file
 * @param line its line, from 1; 0 if no line can be named
 * @param field the field, such as {@code sources[0].files[2].sums[0].sum}; empty for the whole file
 * @param message what is wrong and what would be right
 */
public record YamlError(String file, int line, String field, String message) {

    /** {@code file:line: field: message}, as compilers write it. */
    @Override
    public String toString() {
        return file + (line > 0 ? ":" + line : "") + ": " + (field.isEmpty() ? "" : field + ": ") + message;
    }
}
