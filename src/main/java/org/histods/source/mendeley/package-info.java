/** Datasets of Mendeley Data. */
@org.jspecify.annotations.NullMarked
package org.histods.source.mendeley;
