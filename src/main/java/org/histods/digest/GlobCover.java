package org.histods.digest;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The shortest list of globs that match some entries of an archive and no others. */
public final class GlobCover {

    private GlobCover() {}

    /**
     * Whole folders where all their known entries are wanted, single names elsewhere.
     *
     * @param all all known entries, including the wanted ones
     * @param root whether one glob may match everything; not if the archive holds more than is known
     */
    public static List<String> of(SortedSet<String> wanted, SortedSet<String> all, boolean root) {
        List<String> globs = new ArrayList<>();
        cover("", wanted, all, root, globs);
        return globs;
    }

    private static void cover(
            String prefix, SortedSet<String> wanted, SortedSet<String> all, boolean whole, List<String> globs) {
        if (whole && wanted.size() == all.size()) {
            globs.add(Glob.literal(prefix) + "**");
            return;
        }
        SortedMap<String, SortedSet<String>> folders = new TreeMap<>();
        for (String name : wanted) {
            int slash = name.indexOf('/', prefix.length());
            if (slash < 0) {
                globs.add(Glob.literal(name));
            } else {
                folders.computeIfAbsent(name.substring(0, slash + 1), f -> new TreeSet<>())
                        .add(name);
            }
        }
        folders.forEach((folder, names) -> cover(folder, names, below(folder, all), true, globs));
    }

    private static SortedSet<String> below(String folder, SortedSet<String> all) {
        return all.subSet(folder, folder + Character.MAX_VALUE);
    }
}
