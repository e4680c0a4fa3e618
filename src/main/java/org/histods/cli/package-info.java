/** The command line: picocli commands, the console, and Main where everything is wired by hand. */
@org.jspecify.annotations.NullMarked
package org.histods.cli;
