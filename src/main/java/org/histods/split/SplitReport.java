package org.histods.split;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What became of a split when it was held against a dataset.
 *
 * @param verdict what is proven
 * @param by what should be kept apart: {@code patient}, {@code case} or {@code slide}
 * @param level what the file names tell; null if they tell nothing
 * @param splits how large they are
 * @param shared patients with files in several splits
 * @param twice files that stand in several splits themselves
 * @param same the same bytes under several paths in several splits
 * @param missing what is listed and the dataset has not
 * @param ambiguous what is listed and fits files of several patients
 * @param unread files whose patient cannot be read from their path
 * @param loose how many listed files were found by their name only
 * @param unlisted files of the dataset in no split
 * @param doubts why nothing is proven, where it is not the files: one sentence each
 */
public record SplitReport(
        Verdict verdict,
        String by,
        @Nullable String level,
        List<Size> splits,
        List<Shared> shared,
        List<Shared> twice,
        List<Shared> same,
        List<String> missing,
        List<String> ambiguous,
        List<String> unread,
        long loose,
        List<String> unlisted,
        List<String> doubts) {

    /** What is proven. */
    public enum Verdict {
        /** No patient is in two splits, and every file was checked. */
        APART("apart"),
        /** Something is in two splits. */
        NOT_APART("not-apart"),
        /** Nothing was found in two splits, and not everything could be checked. */
        NOT_PROVEN("not-proven");

        private final String word;

        Verdict(String word) {
            this.word = word;
        }

        /** The word in JSON output. */
        public String word() {
            return word;
        }
    }

    /** A split: how many files of the dataset, and of how many patients as far as they can be read. */
    public record Size(String name, long files, long patients) {}

    /**
     * Something that is in several splits.
     *
     * @param what the patient, the file's path, or the SHA-256 of the same bytes
     * @param files the files, by split
     */
    public record Shared(String what, Map<String, List<String>> files) {}

    public SplitReport {
        splits = List.copyOf(splits);
        shared = List.copyOf(shared);
        twice = List.copyOf(twice);
        same = List.copyOf(same);
        missing = List.copyOf(missing);
        ambiguous = List.copyOf(ambiguous);
        unread = List.copyOf(unread);
        unlisted = List.copyOf(unlisted);
        doubts = List.copyOf(doubts);
    }
}
