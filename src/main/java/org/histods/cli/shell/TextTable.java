package org.histods.cli.shell;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of text in columns. If the table is too wide, columns are cut with an ellipsis, then left out. */
public final class TextTable {

    private static final String GAP = "  ";

    /**
     * A column.
     *
     * @param least the width down to which it may be cut
     * @param rank 0 for a column that is always shown; of the others the highest rank is left out first
     */
    public record Column(String head, int least, int rank) {

        /** A column that is never cut or left out. */
        public static Column fixed(String head) {
            return new Column(head, Integer.MAX_VALUE, 0);
        }
    }

    private final List<Column> columns;
    private final List<List<String>> rows = new ArrayList<>();

    public TextTable(List<Column> columns) {
        this.columns = List.copyOf(columns);
    }

    /** Adds a row with a cell for each column. */
    public void add(List<String> row) {
        rows.add(List.copyOf(row));
    }

    /** The lines of the table, head first. A line is longer than {@code width} only if the fixed columns are. */
    public List<String> lines(int width) {
        List<Integer> shown = shown(width);
        int[] widths = shown.stream().mapToInt(this::natural).toArray();
        while (total(widths) > width) {
            int widest = -1;
            for (int i = 0; i < widths.length; i++) {
                boolean shrinks = widths[i] > least(shown.get(i));
                widest = shrinks && (widest < 0 || widths[i] > widths[widest]) ? i : widest;
            }
            if (widest < 0) {
                break;
            }
            widths[widest]--;
        }
        List<String> lines = new ArrayList<>();
        lines.add(line(columns.stream().map(Column::head).toList(), shown, widths));
        rows.forEach(row -> lines.add(line(row, shown, widths)));
        return lines;
    }

    /** The heads of the columns that do not fit, separated by commas; empty if all fit. */
    public Optional<String> leftOut(int width) {
        List<Integer> shown = shown(width);
        String heads = IntStream.range(0, columns.size())
                .filter(i -> !shown.contains(i))
                .mapToObj(i -> columns.get(i).head())
                .collect(Collectors.joining(", "));
        return heads.isEmpty() ? Optional.empty() : Optional.of(heads);
    }

    private List<Integer> shown(int width) {
        List<Integer> shown = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            shown.add(i);
        }
        while (total(shown.stream().mapToInt(this::least).toArray()) > width) {
            Optional<Integer> last = shown.stream()
                    .filter(i -> columns.get(i).rank() > 0)
                    .max(Comparator.comparingInt(i -> columns.get(i).rank()));
            if (last.isEmpty()) {
                break;
            }
            shown.remove(last.get());
        }
        return shown;
    }

    private int natural(int column) {
        int width = columns.get(column).head().length();
        for (List<String> row : rows) {
            width = Math.max(width, row.get(column).length());
        }
        return width;
    }

    private int least(int column) {
        return Math.min(natural(column), columns.get(column).least());
    }

    private static int total(int[] widths) {
        int total = GAP.length() * (widths.length - 1);
        for (int width : widths) {
            total += width;
        }
        return total;
    }

    private static String line(List<String> cells, List<Integer> shown, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = cells.get(shown.get(i));
            if (cell.length() > widths[i]) {
                cell = cell.substring(0, widths[i] - 1) + "…";
            }
            line.append(cell).append(" ".repeat(widths[i] - cell.length())).append(GAP);
        }
        return line.toString().stripTrailing();
    }
}
