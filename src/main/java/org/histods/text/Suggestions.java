package org.histods.text;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Finds the words that somebody who mistyped may have meant. */
public final class Suggestions {

    private static final int MOST = 5;

    private Suggestions() {}

    /** The known words near to {@code word}, nearest first, at most five; empty if none is near. */
    public static List<String> to(String word, Iterable<String> known) {
        String asked = word.toLowerCase(Locale.ROOT);
        Map<String, Integer> distances = new TreeMap<>();
        for (String candidate : known) {
            String lower = candidate.toLowerCase(Locale.ROOT);
            int distance = distance(asked, lower);
            int allowed = Math.max(1, Math.max(asked.length(), lower.length()) / 3);
            boolean part =
                    asked.length() >= 3 && (lower.contains(asked) || (lower.length() >= 3 && asked.contains(lower)));
            if (distance <= allowed || part) {
                distances.put(candidate, part ? Math.min(distance, 2) : distance);
            }
        }
        return distances.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue()
                        .thenComparing(Map.Entry.comparingByKey(Comparator.naturalOrder())))
                .limit(MOST)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Edits, insertions, deletions and swaps of neighbours between two words (optimal string alignment). */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            d[i][0] = i;
        }
        for (int j = 0; j <= b.length(); j++) {
            d[0][j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1), d[i - 1][j - 1] + cost);
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
