package org.histods.provenance;

import java.time.Instant;
import java.util.List;
import org.histods.digest.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * The record of one pull or repair.
 *
 * @param number from 1, within the bag
 * @param action {@code pull}, {@code adopt}, {@code add}, {@code repair} or {@code import}
 * @param variant null if the dataset has none
 * @param selection the selected globs, empty for everything
 * @param fetches every file that was fetched, in order; {@code number/index} is the id of one
 * @param reused how many files were kept from the previous bag
 */
public record Receipt(
        int number,
        String action,
        @Nullable String variant,
        List<String> selection,
        Tool tool,
        Instant started,
        Instant finished,
        List<FetchResult> fetches,
        long reused,
        Fingerprint fingerprint) {

    public Receipt {
        selection = List.copyOf(selection);
        fetches = List.copyOf(fetches);
    }

    /** The start of a receipt's file name and of the ids of its fetches. */
    public static String digits(int number) {
        return String.format("%04d", number);
    }

    /** The id of the fetch at that index, from 0. */
    public static String fetchId(int number, int index) {
        return digits(number) + "/" + (index + 1);
    }
}
