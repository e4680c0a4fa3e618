package org.histods.cli.shell;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns that fit a width: the last column that may shrink is cut with an ellipsis. */
public final class TextTable {

    private final List<String> heads;
    private final int elastic;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * A table without rows.
     *
     * @param elastic the index of the column that gives way where the table is too wide
     */
    public TextTable(List<String> heads, int elastic) {
        this.heads = List.copyOf(heads);
        this.elastic = elastic;
    }

    public void add(List<String> row) {
        rows.add(List.copyOf(row));
    }

    public List<String> lines(int width) {
        int[] widths = new int[heads.size()];
        for (int c = 0; c < widths.length; c++) {
            widths[c] = heads.get(c).length();
            for (List<String> row : rows) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        int total = 2 * (widths.length - 1);
        for (int w : widths) {
            total += w;
        }
        widths[elastic] = Math.max(12, widths[elastic] - Math.max(0, total - width));
        List<String> lines = new ArrayList<>();
        lines.add(line(heads, widths));
        rows.forEach(row -> lines.add(line(row, widths)));
        return lines;
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String cell = cells.get(c);
            if (cell.length() > widths[c]) {
                cell = cell.substring(0, widths[c] - 1) + "…";
            }
            line.append(cell);
            if (c < widths.length - 1) {
                line.append(" ".repeat(widths[c] - cell.length() + 2));
            }
        }
        return line.toString().stripTrailing();
    }
}
