/** Ids and versions of datasets, and how users type them. */
@org.jspecify.annotations.NullMarked
package org.histods.dataset;
