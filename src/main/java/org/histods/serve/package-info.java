/** A mirror over HTTP: its bags, single files, files by their content, and pages for people. */
@org.jspecify.annotations.NullMarked
package org.histods.serve;
