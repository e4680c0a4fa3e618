/** Unpacks a channel of bytes to a tree of files: kinds of archives, path safety, limits, and a hash of every file. */
@org.jspecify.annotations.NullMarked
package org.histods.unpack;
