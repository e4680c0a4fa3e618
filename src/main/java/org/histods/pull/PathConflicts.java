package org.histods.pull;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Finds paths that cannot both be stored: the same path twice, a file where another path needs a folder, and paths that
 * differ only in case or Unicode form, which are the same file on many disks.
 */
final class PathConflicts {

    /** Folded paths of files and of the folders above them, with the first path of each. */
    private final Map<String, FilePath> files = new HashMap<>();

    private final Map<String, FilePath> folders = new HashMap<>();

    /** The path as it is compared on a disk that ignores case and Unicode form. */
    static String folded(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC).toLowerCase(Locale.ROOT);
    }

    /**
     * Refuses the first conflict among the files that are stored as they are.
     *
     * @throws Problem {@code USAGE}, which names both paths
     */
    static void refuse(List<PullPlan.Item> items) throws Problem {
        PathConflicts conflicts = new PathConflicts();
        for (PullPlan.Item item : items) {
            if (!item.unpack()) {
                FilePath path = item.file().path();
                FilePath other = conflicts.add(path);
                if (other != null) {
                    throw problem(path, other);
                }
            }
        }
    }

    /** The path that was added before and cannot be stored beside this one; null if there is none. */
    private @Nullable FilePath add(FilePath path) {
        String key = folded(path.text());
        FilePath other = files.get(key);
        if (other == null) {
            other = folders.get(key);
        }
        files.putIfAbsent(key, path);
        for (String folder = path.parent(); other == null && !folder.isEmpty(); ) {
            String above = folded(folder);
            other = files.get(above);
            folders.putIfAbsent(above, path);
            folder = new FilePath(folder).parent();
        }
        return other;
    }

    private static Problem problem(FilePath one, FilePath other) {
        String why;
        if (one.equals(other)) {
            why = "two files are called " + one;
        } else if (folded(one.text()).equals(folded(other.text()))) {
            why = other + " and " + one + " differ only in "
                    + (one.text().equalsIgnoreCase(other.text()) ? "upper and lower case" : "their form of Unicode")
                    + ", and are one file on many disks";
        } else {
            boolean first = one.text().length() < other.text().length();
            why = (first ? one : other) + " is a file, and a folder of that name is needed for "
                    + (first ? other : one);
        }
        String left = "'" + Glob.literal(one.text()) + "'";
        return new Problem(
                Problem.Kind.USAGE,
                why + "; nothing was downloaded",
                "leave one of them out: `exclude: [" + left
                        + "]` at the source in a manifest of your own, or choose with" + " --only");
    }
}
