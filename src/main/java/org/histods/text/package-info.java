/** Text for people: sizes, counts, durations, suggestions, and what is safe on a terminal. */
@org.jspecify.annotations.NullMarked
package org.histods.text;
