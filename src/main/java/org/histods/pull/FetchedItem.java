package org.histods.pull;

import org.histods.fetch.FetchedBytes;
import org.histods.provenance.FetchResult;

/**
 * A fetched file and its stored bytes, which are kept until the bag is published.
 *
 * @param result what was fetched, and what it was unpacked to
 */
record FetchedItem(FetchResult result, FetchedBytes bytes) {}
