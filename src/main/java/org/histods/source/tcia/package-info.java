/** Collections of The Cancer Imaging Archive. */
@org.jspecify.annotations.NullMarked
package org.histods.source.tcia;
