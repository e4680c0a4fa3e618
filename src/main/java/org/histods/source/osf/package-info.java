/** Projects of the Open Science Framework. */
@org.jspecify.annotations.NullMarked
package org.histods.source.osf;
