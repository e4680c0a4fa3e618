package org.histods.unpack;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds paths of one archive that would be the same file on some file system, including file systems that ignore case
 * or the difference between composed and decomposed letters.
 */
final class PathCollisions {

    private final boolean repeats;
    /** By folded path; the value is the path as it was first written, with a slash at the end for a folder. */
    private final Map<String, String> seen = new HashMap<>();

    /** @param repeats whether one path may be added as a file more than once */
    PathCollisions(boolean repeats) {
        this.repeats = repeats;
    }

    /** Adds a file and the folders above it; returns why it collides, or null. */
    @Nullable
    String addFile(String path) {
        String fault = addFolder(parent(path));
        if (fault != null) {
            return fault;
        }
        String before = seen.putIfAbsent(fold(path), path);
        if (before == null) {
            return null;
        }
        if (before.equals(path)) {
            return repeats ? null : "it is in the archive twice";
        }
        return before.equals(path + "/") ? "it is a file and a folder" : sameButFor(before);
    }

    /** Adds a folder and those above it; returns why it collides, or null. */
    @Nullable
    String addFolder(String path) {
        String folder = path;
        while (!folder.isEmpty()) {
            String before = seen.putIfAbsent(fold(folder), folder + "/");
            if (before != null) {
                if (before.equals(folder + "/")) {
                    return null;
                }
                return before.equals(folder) ? "'" + folder + "' is a file and a folder" : sameButFor(before);
            }
            folder = parent(folder);
        }
        return null;
    }

    private static String sameButFor(String before) {
        return "it differs from '" + before + "' only in case or Unicode form";
    }

    private static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash < 0 ? "" : path.substring(0, slash);
    }

    private static String fold(String path) {
        String composed = Normalizer.normalize(path, Normalizer.Form.NFC);
        String folded = composed.toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
        return Normalizer.normalize(folded, Normalizer.Form.NFC);
    }
}
