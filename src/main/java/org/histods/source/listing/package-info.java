/** What several sources share: listings, pinned files, lists of checksums, licences. */
@org.jspecify.annotations.NullMarked
package org.histods.source.listing;
