package org.histods.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The difference of two texts in the unified format, which {@code git apply} and {@code patch -p1} read. */
public final class UnifiedDiff {

    private static final int CONTEXT = 3;
    private static final String NO_NEWLINE = "\\ No newline at end of file";

    private UnifiedDiff() {}

    /**
     * The difference of two versions of a file.
     *
     * @param path relative to the folder in which the patch is applied
     * @return empty if the texts are the same
     */
    public static String of(String path, String before, String after) {
        List<String> hunks = hunks(lines(before), lines(after));
        return hunks.isEmpty() ? "" : "--- a/" + path + "\n+++ b/" + path + "\n" + String.join("\n", hunks) + "\n";
    }

    /** The lines; a last line without a newline is marked, so that it differs from one with a newline. */
    private static List<String> lines(String text) {
        if (text.isEmpty()) {
            return List.of();
        }
        boolean whole = text.endsWith("\n");
        List<String> lines =
                new ArrayList<>(Arrays.asList((whole ? text.substring(0, text.length() - 1) : text).split("\n", -1)));
        if (!whole) {
            lines.set(lines.size() - 1, lines.get(lines.size() - 1) + "\n" + NO_NEWLINE);
        }
        return lines;
    }

    private static List<String> hunks(List<String> a, List<String> b) {
        List<String> script = script(a, b);
        List<String> out = new ArrayList<>();
        int lineA = 1;
        int lineB = 1;
        int i = 0;
        while (i < script.size()) {
            if (script.get(i).charAt(0) == ' ') {
                lineA++;
                lineB++;
                i++;
                continue;
            }
            int from = Math.max(i - CONTEXT, 0);
            int to = i;
            int quiet = 0;
            for (int k = i; k < script.size() && quiet <= 2 * CONTEXT; k++) {
                quiet = script.get(k).charAt(0) == ' ' ? quiet + 1 : 0;
                to = quiet == 0 ? k + 1 : to;
            }
            int end = Math.min(to + CONTEXT, script.size());
            List<String> hunk = script.subList(from, end);
            int lead = i - from;
            int countA = (int) hunk.stream().filter(l -> l.charAt(0) != '+').count();
            int countB = (int) hunk.stream().filter(l -> l.charAt(0) != '-').count();
            out.add("@@ -" + range(lineA - lead, countA) + " +" + range(lineB - lead, countB) + " @@");
            out.addAll(hunk);
            lineA += countA - lead;
            lineB += countB - lead;
            i = end;
        }
        return out;
    }

    private static String range(int first, int count) {
        return (count == 0 ? first - 1 : first) + "," + count;
    }

    /** Each line with a blank, a minus or a plus before it, by the longest common subsequence. */
    private static List<String> script(List<String> a, List<String> b) {
        int[][] common = new int[a.size() + 1][b.size() + 1];
        for (int i = a.size() - 1; i >= 0; i--) {
            for (int k = b.size() - 1; k >= 0; k--) {
                common[i][k] = a.get(i).equals(b.get(k))
                        ? common[i + 1][k + 1] + 1
                        : Math.max(common[i + 1][k], common[i][k + 1]);
            }
        }
        List<String> script = new ArrayList<>();
        int i = 0;
        int k = 0;
        while (i < a.size() || k < b.size()) {
            if (i < a.size() && k < b.size() && a.get(i).equals(b.get(k))) {
                script.add(" " + a.get(i));
                i++;
                k++;
            } else if (i < a.size() && (k == b.size() || common[i + 1][k] >= common[i][k + 1])) {
                script.add("-" + a.get(i++));
            } else {
                script.add("+" + b.get(k++));
            }
        }
        return script;
    }
}
