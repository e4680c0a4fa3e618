package org.histods.source.listing;

import java.util.HashSet;
import java.util.Set;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;

/** Counts the pages of a listing, and refuses one that repeats itself or never ends. */
public final class ListingPages {

    /** More than any dataset has; their names take about a gigabyte. */
    private static final long MOST_ENTRIES = 3_000_000;

    /** After so many pages, they must hold a few entries each. */
    private static final long FREE_PAGES = 200;

    private static final long FEWEST_ENTRIES = 5;

    private final String subject;
    private final Set<String> seen = new HashSet<>();
    private long entries;

    /** @param subject what is listed, for messages */
    public ListingPages(String subject) {
        this.subject = subject;
    }

    /**
     * Takes note of a page that is not the last.
     *
     * @param count how many entries it had
     * @param next what the host calls the next page
     * @throws Problem {@code NETWORK} if that was requested before, or the listing does not seem to end
     */
    public void add(long count, String next) throws Problem {
        entries += count;
        if (!seen.add(next)) {
            throw new Problem(Kind.NETWORK, subject + ": the listing repeats the same page");
        }
        boolean thin = seen.size() > FREE_PAGES && entries < FEWEST_ENTRIES * seen.size();
        if (thin || entries > MOST_ENTRIES) {
            throw new Problem(
                    Kind.NETWORK,
                    subject + ": the listing does not end: " + entries + " entries on " + seen.size()
                            + " pages, and the host has more",
                    "name a smaller folder, or pin the files in the manifest");
        }
    }
}
