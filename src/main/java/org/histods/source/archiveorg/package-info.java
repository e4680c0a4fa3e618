/** Items of the Internet Archive. */
@org.jspecify.annotations.NullMarked
package org.histods.source.archiveorg;
