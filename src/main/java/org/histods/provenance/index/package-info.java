/** The content index: finds the files of pulled datasets by checksum. */
@org.jspecify.annotations.NullMarked
package org.histods.provenance.index;
