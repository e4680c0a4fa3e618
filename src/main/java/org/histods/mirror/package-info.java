/** The local mirror on disk: layout, locks, staging, publishing, journal. */
@org.jspecify.annotations.NullMarked
package org.histods.mirror;
