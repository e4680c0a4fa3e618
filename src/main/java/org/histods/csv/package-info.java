/** Reads and writes comma-separated values. */
@org.jspecify.annotations.NullMarked
package org.histods.csv;
