/** The list of all sources. */
@org.jspecify.annotations.NullMarked
package org.histods.source.all;
