/** The flow: resolve, fetch, unpack, record. */
@org.jspecify.annotations.NullMarked
package org.histods.pull;
