/** Datasets that users download themselves. */
@org.jspecify.annotations.NullMarked
package org.histods.source.manual;
