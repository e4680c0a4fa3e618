/** Articles and collections of Figshare. */
@org.jspecify.annotations.NullMarked
package org.histods.source.figshare;
