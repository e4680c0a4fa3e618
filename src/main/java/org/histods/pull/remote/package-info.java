/** Other mirrors to pull from: over HTTP, or in an object store. */
@org.jspecify.annotations.NullMarked
package org.histods.pull.remote;
