package org.histods.split;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of checking a split against a dataset.
 *
 * @param by what must be kept apart: {@code patient}, {@code case} or {@code slide}
 * @param level what can be read from the file names; null if nothing can
 * @param splits the size of each split
 * @param leaks what is in several splits
 * @param unchecked what could not be checked
 * @param loose how many listed files were found by their name only
 * @param notes how the lists were read, where that is not obvious: one sentence each
 * @param unlisted files of the dataset that are in no split
 */
public record SplitReport(
        String by,
        @Nullable String level,
        List<Size> splits,
        Leaks leaks,
        Unchecked unchecked,
        long loose,
        List<String> notes,
        List<String> unlisted) {

    /** The verdict on a split. */
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

    /** A split: how many files of the dataset it has, and of how many patients as far as they can be read. */
    public record Size(String name, long files, long patients) {}

    /**
     * Patients, files and content that are in several splits.
     *
     * @param patients patients with files in several splits
     * @param files files that are listed in several splits
     * @param sameContent files with the same bytes under several paths in several splits
     */
    public record Leaks(List<Shared> patients, List<Shared> files, List<Shared> sameContent) {
        public Leaks {
            patients = List.copyOf(patients);
            files = List.copyOf(files);
            sameContent = List.copyOf(sameContent);
        }

        boolean none() {
            return patients.isEmpty() && files.isEmpty() && sameContent.isEmpty();
        }
    }

    /**
     * Something that is in several splits.
     *
     * @param what the patient, the file's path, or the SHA-256 of the content
     * @param files the files, by split
     */
    public record Shared(String what, Map<String, List<String>> files) {}

    /**
     * Reasons why the split is not proven.
     *
     * @param missing listed, and not in the dataset
     * @param ambiguous listed, and matching files of several patients
     * @param unread files whose patient cannot be read from their path
     * @param reasons why nothing can be proven whatever the files are: one sentence each
     */
    public record Unchecked(List<String> missing, List<String> ambiguous, List<String> unread, List<String> reasons) {
        public Unchecked {
            missing = List.copyOf(missing);
            ambiguous = List.copyOf(ambiguous);
            unread = List.copyOf(unread);
            reasons = List.copyOf(reasons);
        }

        boolean none() {
            return missing.isEmpty() && ambiguous.isEmpty() && unread.isEmpty() && reasons.isEmpty();
        }
    }

    public SplitReport {
        splits = List.copyOf(splits);
        notes = List.copyOf(notes);
        unlisted = List.copyOf(unlisted);
    }

    public Verdict verdict() {
        if (!leaks.none()) {
            return Verdict.NOT_APART;
        }
        return unchecked.none() ? Verdict.APART : Verdict.NOT_PROVEN;
    }
}
