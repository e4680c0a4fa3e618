/** Checks whether a split into training, validation and test keeps patients apart. */
@org.jspecify.annotations.NullMarked
package org.histods.split;
