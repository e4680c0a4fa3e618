/** What all commands share: context, console, options, tables and help. */
@org.jspecify.annotations.NullMarked
package org.histods.cli.shell;
