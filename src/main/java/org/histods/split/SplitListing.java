package org.histods.split;

import java.util.ArrayList;
import java.util.List;

/**
 * The content of a list, table or folder of splits.
 *
 * @param entries in their order
 * @param notes how it was read, where that is not obvious: one sentence each
 * @param unread what in it was not read, so that nothing is proven: one sentence each
 * @param unused texts of fields that were not read, which name no files if anything is to be proven
 * @param empty splits that are listed without a file, whatever {@code entries} has for them
 */
public record SplitListing(
        List<SplitEntry> entries, List<String> notes, List<String> unread, List<String> empty, List<String> unused) {

    public SplitListing {
        empty = List.copyOf(empty);
        entries = List.copyOf(entries);
        notes = List.copyOf(notes);
        unread = List.copyOf(unread);
        unused = List.copyOf(unused);
    }

    SplitListing(List<SplitEntry> entries, List<String> notes, List<String> unread) {
        this(entries, notes, unread, List.of(), List.of());
    }

    static SplitListing of(List<SplitEntry> entries) {
        return new SplitListing(entries, List.of(), List.of());
    }

    /** This listing with another note in front. */
    SplitListing noting(String note) {
        return new SplitListing(entries, joined(List.of(note), notes), unread, empty, unused);
    }

    SplitListing withUnread(List<String> more) {
        return new SplitListing(entries, notes, joined(unread, more), empty, unused);
    }

    SplitListing withUnused(List<String> texts) {
        return new SplitListing(entries, notes, unread, empty, texts);
    }

    /** Several listings as one. */
    static SplitListing all(List<SplitListing> listings) {
        return new SplitListing(
                listings.stream().flatMap(one -> one.entries.stream()).toList(),
                listings.stream().flatMap(one -> one.notes.stream()).toList(),
                listings.stream().flatMap(one -> one.unread.stream()).toList(),
                listings.stream().flatMap(one -> one.empty.stream()).toList(),
                listings.stream().flatMap(one -> one.unused.stream()).toList());
    }

    private static List<String> joined(List<String> one, List<String> other) {
        List<String> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }

    /** This listing with a split that has no file in it. */
    SplitListing withEmpty(String split) {
        return new SplitListing(entries, notes, unread, List.of(split), unused);
    }
}
