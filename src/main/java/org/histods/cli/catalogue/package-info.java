/** Commands that read the catalogue: list, search, show, manifest and serve, which also shows the catalogue's pages. */
@org.jspecify.annotations.NullMarked
package org.histods.cli.catalogue;
