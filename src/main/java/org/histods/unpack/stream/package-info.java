@org.jspecify.annotations.NullMarked
package org.histods.unpack.stream;
