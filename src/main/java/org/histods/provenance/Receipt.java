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
 * @param scope the requested part of the dataset
 * @param fetches every file that was fetched, in order; {@code number/index} is the id of one
 * @param reused how many files were kept from the previous bag
 * @param imported what was imported; null if nothing
 */
public record Receipt(
        int number,
        String action,
        Scope scope,
        Tool tool,
        Instant started,
        Instant finished,
        List<FetchLog.Entry> fetches,
        long reused,
        Fingerprint fingerprint,
        @Nullable Imported imported) {

    /**
     * The part of a dataset that a pull requests.
     *
     * @param variant null if the dataset has none
     * @param selection the selected globs, empty for everything
     * @param choice what lists and conditions chose; null if there were none
     * @param leftOut what was left out of given folders: files of systems, links to folders or to nothing
     */
    public record Scope(
            @Nullable String variant,
            List<String> selection,
            @Nullable Choice choice,
            List<String> leftOut) {

        public Scope {
            selection = List.copyOf(selection);
            leftOut = List.copyOf(leftOut);
        }
    }

    /**
     * A bag that somebody else made.
     *
     * @param name of its folder, without the path
     * @param expected the fingerprint that the user expected, or its first digits, which is right; null if none was given
     */
    public record Imported(String name, @Nullable String expected) {}

    public Receipt {
        fetches = List.copyOf(fetches);
    }

    /** The same with only the first of its fetches. */
    Receipt first(int most) {
        List<FetchLog.Entry> some = fetches.subList(0, Math.min(most, fetches.size()));
        return new Receipt(number, action, scope, tool, started, finished, some, reused, fingerprint, imported);
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
