/** Fetches one remote file to one verified file on disk, which can be read while it grows. */
@org.jspecify.annotations.NullMarked
package org.histods.fetch;
