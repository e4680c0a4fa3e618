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
 * @param imported what was imported; null if nothing
 * @param choice what lists and conditions chose; null if there were none
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
        Fingerprint fingerprint,
        @Nullable Imported imported,
        @Nullable Choice choice) {

    /**
     * A bag that somebody else made.
     *
     * @param name of its folder, without the path
     * @param expected the fingerprint that the user expected, or its first digits, which is right; null if none was given
     */
    public record Imported(String name, @Nullable String expected) {}

    /** The receipt of a pull or repair. */
    public Receipt(
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
        this(number, action, variant, selection, tool, started, finished, fetches, reused, fingerprint, null, null);
    }

    public Receipt {
        selection = List.copyOf(selection);
        fetches = List.copyOf(fetches);
    }

    /** The same without all but the first of its fetches. */
    Receipt first(int most) {
        List<FetchResult> some = fetches.subList(0, Math.min(most, fetches.size()));
        return new Receipt(number, action, variant, selection, tool, started, finished, some, reused, fingerprint);
    }

    /** The start of a receipt's file name and of the ids of its fetches. */
    public static String digits(int number) {
        return number > 999
                ? Integer.toString(number)
                : Integer.toString(10_000 + number).substring(1);
    }

    /** The id of the fetch at that index, from 0. */
    public static String fetchId(int number, int index) {
        return digits(number) + "/" + (index + 1);
    }
}
