package org.histods.provenance;

import java.util.List;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * How the files that a manifest describes differ from those that a bag was made of: the manifest was edited since, without another
 * version. Compared is everything that decides which files a bag has, and under which paths. Only sources that files were fetched
 * from are compared: another source of the same part has the same bytes.
 *
 * @param added paths that the manifest describes now, did not describe when the dataset was pulled, and that were not fetched;
 *     without optional files and those of other variants
 * @param removed paths of fetched files, or of files in the bag, that the manifest no longer describes
 * @param changed files with another checksum
 * @param rules fields with another value, so that other files or paths are possible
 */
public record EditedFiles(List<String> added, List<String> removed, List<Pin> changed, List<Rule> rules) {

    /**
     * A checksum that a manifest pins, and that of the file that was fetched from there.
     *
     * @param path of the file
     * @param pinned by the manifest
     * @param fetched by the same algorithm
     */
    public record Pin(String path, Checksum pinned, Checksum fetched) {}

    /**
     * A field whose value differs, and that decides files or paths.
     *
     * @param field such as {@code into of images.zip}
     * @param now its value in the manifest
     * @param then its value when the dataset was pulled
     * @param adds whether it can only add files, which the host lists
     */
    public record Rule(String field, String now, String then, boolean adds) {}

    public EditedFiles {
        added = List.copyOf(added);
        removed = List.copyOf(removed);
        changed = List.copyOf(changed);
        rules = List.copyOf(rules);
    }

    /**
     * Compares a manifest with what was fetched.
     *
     * @param now the manifest
     * @param then the one that the dataset was pulled with; null if it cannot be read: then only checksums are compared
     * @param selection the files that matter; others are not compared
     */
    public static EditedFiles of(Manifest now, @Nullable Manifest then, Bag bag, FileSelection selection)
            throws Problem {
        return new ManifestComparison(now, then, bag, selection).edited();
    }

    /** The same without what a pull of these files fetches anyway. */
    public EditedFiles without(FileSelection fetched) {
        return new EditedFiles(
                added.stream().filter(path -> !selects(fetched, path)).toList(),
                removed,
                changed,
                rules.stream()
                        .filter(rule -> !rule.adds() || !fetched.everything())
                        .toList());
    }

    /** Whether there is a difference. */
    public boolean any() {
        return !added.isEmpty() || !removed.isEmpty() || !changed.isEmpty() || !rules.isEmpty();
    }

    static boolean selects(FileSelection selection, String path) {
        return selection.everything() || (FilePath.fault(path) == null && selection.matches(new FilePath(path)));
    }
}
