/** How many and how much, as people read it: for whoever has something to say. */
@org.jspecify.annotations.NullMarked
package org.histods.text;
