/** Archives of Grand Challenge. */
@org.jspecify.annotations.NullMarked
package org.histods.source.grandchallenge;
