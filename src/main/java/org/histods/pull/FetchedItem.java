package org.histods.pull;

import org.histods.fetch.FetchedBytes;
import org.histods.problem.Problem;
import org.histods.provenance.FetchLog;
import org.histods.provenance.FetchResult;
import org.jspecify.annotations.Nullable;

/**
 * A fetched file and its stored bytes, which are kept until the bag is published.
 *
 * @param entry its entry in the record, with what it was unpacked to
 * @param ofTorrent the result for a file of a torrent, which gets another entry if pieces of several files are equal; null for
 *     any other file
 */
record FetchedItem(
        FetchLog.Entry entry, FetchedBytes bytes, @Nullable FetchResult ofTorrent) {

    /** Adds a result to the log. */
    static FetchedItem of(FetchResult result, FetchedBytes bytes, FetchLog log) throws Problem {
        return new FetchedItem(log.add(result), bytes, result.file().remote().span() == null ? null : result);
    }
}
