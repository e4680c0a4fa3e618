/** Commands that read the catalogue: list, search, show and manifest. */
@org.jspecify.annotations.NullMarked
package org.histods.cli.catalogue;
