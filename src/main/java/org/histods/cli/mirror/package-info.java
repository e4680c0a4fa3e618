/** Commands for the mirror and pulled datasets. */
@org.jspecify.annotations.NullMarked
package org.histods.cli.mirror;
