/** Kinds of places that publish datasets. A source lists the files of a record and never touches the disk. */
@org.jspecify.annotations.NullMarked
package org.histods.source;
