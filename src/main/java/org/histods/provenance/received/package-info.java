/** Bags that were received from elsewhere, and their checks. */
@org.jspecify.annotations.NullMarked
package org.histods.provenance.received;
