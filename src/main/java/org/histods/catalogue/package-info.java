/** The catalogue: manifests and groups of datasets, the relations between datasets, and pictures of them. */
@org.jspecify.annotations.NullMarked
package org.histods.catalogue;
