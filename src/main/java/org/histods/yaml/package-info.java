/** Reads YAML: one parser with one limit of size, values with their lines, and errors as {@code file:line: field}. */
@org.jspecify.annotations.NullMarked
package org.histods.yaml;
