package org.histods.unpack;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The paths of an archive, held against each other: two must not fall together on any file system, also not on one
 * that takes upper and lower case, or composed and decomposed letters, for the same.
 */
final class PathCollisions {

    /** By folded path; the value is the path as it was first written, with a slash at the end for a folder. */
    private final Map<String, String> seen = new HashMap<>();

    /** Takes a file and the folders above it; the answer is why it cannot be, or null. */
    @Nullable
    String file(String path) {
        String fault = folders(parent(path));
        if (fault != null) {
            return fault;
        }
        String before = seen.putIfAbsent(fold(path), path);
        if (before == null) {
            return null;
        }
        if (before.equals(path)) {
            return "it is there twice";
        }
        return before.equals(path + "/") ? "it is a file and a folder" : sameButFor(before);
    }

    /** Takes a folder and those above it; the answer is why it cannot be, or null. */
    @Nullable
    String folders(String path) {
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
        return "it differs from '" + before + "' in nothing but case or Unicode form";
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
