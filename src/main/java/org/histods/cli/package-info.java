/** The command line: {@code Main}, which wires everything by hand, and one package for each family of commands. */
@org.jspecify.annotations.NullMarked
package org.histods.cli;
