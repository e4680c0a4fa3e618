/** Collections of the Imaging Data Commons. */
@org.jspecify.annotations.NullMarked
package org.histods.source.idc;
