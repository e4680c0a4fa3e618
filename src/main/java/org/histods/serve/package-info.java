/** A mirror over HTTP, read-only: its bags, single files, files by their content, and pages for people. */
@org.jspecify.annotations.NullMarked
package org.histods.serve;
