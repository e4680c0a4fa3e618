package org.histods.provenance;

import java.time.Instant;
import java.util.List;
import org.histods.digest.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * What one pull or repair did.
 *
 * @param number from 1, within the bag
 * @param action {@code pull}, {@code add} or {@code repair}
 * @param variant null where the dataset has none
 * @param selection the globs that were asked for, empty for everything
 * @param fetches every file that was fetched, in order; {@code number/index} names one
 * @param reused how many files were taken over from the bag before
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

    /** The name of a receipt's file and the first half of a fetch's name. */
    public static String digits(int number) {
        return String.format("%04d", number);
    }

    /** The name of the fetch at that index, from 0. */
    public static String fetchId(int number, int index) {
        return digits(number) + "/" + (index + 1);
    }
}
