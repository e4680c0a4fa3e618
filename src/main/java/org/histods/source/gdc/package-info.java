/** Files of the Genomic Data Commons. */
@org.jspecify.annotations.NullMarked
package org.histods.source.gdc;
