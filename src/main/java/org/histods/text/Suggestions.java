package org.histods.text;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Finds known words that are similar to a mistyped one. */
public final class Suggestions {

    private static final int MOST = 5;

    private Suggestions() {}

    /** The known words similar to {@code word}, closest first, at most five; empty if none is similar. */
    public static List<String> to(String word, Iterable<String> known) {
        String typed = word.toLowerCase(Locale.ROOT);
        Map<String, Integer> distances = new TreeMap<>();
        for (String candidate : known) {
            String lower = candidate.toLowerCase(Locale.ROOT);
            int distance = distance(typed, lower);
            int allowed = Math.max(1, Math.max(typed.length(), lower.length()) / 3);
            boolean part =
                    typed.length() >= 3 && (lower.contains(typed) || (lower.length() >= 3 && typed.contains(lower)));
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

    /** The edit distance with swaps of neighbours (optimal string alignment). */
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
