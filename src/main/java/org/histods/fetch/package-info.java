/** One remote file to one verified file on disk, readable while it grows. */
@org.jspecify.annotations.NullMarked
package org.histods.fetch;
