package org.histods.split;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the file of a dataset for an entry of a list: by its path, the end of its path, its name, or an id. */
final class FileFinder {

    private final Set<String> paths;
    private final Map<String, List<String>> byName = new HashMap<>();
    private final Map<String, List<String>> byStem = new HashMap<>();

    FileFinder(Collection<String> paths) {
        this.paths = new HashSet<>(paths);
        for (String path : paths) {
            String name = name(path);
            byName.computeIfAbsent(name, n -> new ArrayList<>()).add(path);
            byStem.computeIfAbsent(stem(name), n -> new ArrayList<>()).add(path);
        }
    }

    /**
     * The files that an entry may mean.
     *
     * @param paths files of the dataset; none if nothing matches, several if more than one matches equally well
     * @param loose whether only the name matches and the folders before it do not
     */
    record Found(List<String> paths, boolean loose) {}

    Found find(String listed) {
        String wanted = listed.replace('\\', '/').replaceAll("/+", "/");
        while (wanted.startsWith("./")) {
            wanted = wanted.substring(2);
        }
        if (paths.contains(wanted)) {
            return new Found(List.of(wanted), false);
        }
        List<String> same = byName.getOrDefault(name(wanted), List.of());
        if (same.isEmpty()) {
            List<String> stem = byStem.getOrDefault(name(wanted), byStem.getOrDefault(stem(name(wanted)), List.of()));
            return new Found(stem, wanted.contains("/") || !stem.equals(byStem.get(name(wanted))));
        }
        return closest(wanted, same);
    }

    /** The candidates with the most last path segments in common. */
    private static Found closest(String wanted, List<String> candidates) {
        int most = 0;
        List<String> best = new ArrayList<>();
        for (String candidate : candidates) {
            int common = common(wanted, candidate);
            if (common > most) {
                most = common;
                best.clear();
            }
            if (common == most) {
                best.add(candidate);
            }
        }
        int wholeOfEither = Math.min(segments(wanted), segments(best.get(0)));
        return new Found(best, most < wholeOfEither);
    }

    private static int common(String one, String other) {
        String[] a = one.split("/", -1);
        String[] b = other.split("/", -1);
        int n = 0;
        while (n < a.length && n < b.length && a[a.length - 1 - n].equals(b[b.length - 1 - n])) {
            n++;
        }
        return n;
    }

    private static int segments(String path) {
        return path.split("/", -1).length;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String stem(String name) {
        int dot = name.indexOf('.');
        return dot > 0 ? name.substring(0, dot) : name;
    }
}
