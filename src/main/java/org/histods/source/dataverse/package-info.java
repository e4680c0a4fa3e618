/** Datasets of Dataverse installations. */
@org.jspecify.annotations.NullMarked
package org.histods.source.dataverse;
