/** Datasets of CKAN portals. */
@org.jspecify.annotations.NullMarked
package org.histods.source.ckan;
