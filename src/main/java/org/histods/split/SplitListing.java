package org.histods.split;

import java.util.ArrayList;
import java.util.List;

/**
 * The content of a list, table or folder of splits.
 *
 * @param entries in their order
 * @param notes how it was read, where that is not obvious: one sentence each
 * @param unread what in it was not read, so that nothing is proven: one sentence each
 */
public record SplitListing(List<SplitEntry> entries, List<String> notes, List<String> unread) {

    public SplitListing {
        entries = List.copyOf(entries);
        notes = List.copyOf(notes);
        unread = List.copyOf(unread);
    }

    static SplitListing of(List<SplitEntry> entries) {
        return new SplitListing(entries, List.of(), List.of());
    }

    /** This listing with another note in front. */
    SplitListing noting(String note) {
        List<String> all = new ArrayList<>(List.of(note));
        all.addAll(notes);
        return new SplitListing(entries, all, unread);
    }
}
