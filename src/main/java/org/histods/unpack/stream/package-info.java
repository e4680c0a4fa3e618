/** Streams of compressed data and their codecs. */
@org.jspecify.annotations.NullMarked
package org.histods.unpack.stream;
