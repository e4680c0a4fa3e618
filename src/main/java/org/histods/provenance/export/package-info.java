/** Exports of a bag: archives, RO-Crate and Croissant. */
@org.jspecify.annotations.NullMarked
package org.histods.provenance.export;
