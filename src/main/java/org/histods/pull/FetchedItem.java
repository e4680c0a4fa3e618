package org.histods.pull;

import org.histods.fetch.Transfer;
import org.histods.provenance.FetchResult;

/**
 * A fetched file and its transfer, which keeps the bytes until the bag is published.
 *
 * @param result what was fetched, and what it was unpacked to
 */
record FetchedItem(FetchResult result, Transfer transfer) {}
