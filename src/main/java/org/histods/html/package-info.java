/** Builds HTML: elements that escape their texts, and pages that need no other file. */
@org.jspecify.annotations.NullMarked
package org.histods.html;
