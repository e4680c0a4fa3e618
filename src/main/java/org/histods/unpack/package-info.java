/** A channel of bytes to a tree of files: archive kinds, path safety, limits, a hash of every file. */
@org.jspecify.annotations.NullMarked
package org.histods.unpack;
