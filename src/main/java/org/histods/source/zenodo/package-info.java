/** Records of Zenodo. */
@org.jspecify.annotations.NullMarked
package org.histods.source.zenodo;
