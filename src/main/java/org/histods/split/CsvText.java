package org.histods.split;

import java.util.ArrayList;
import java.util.List;

/** Tables as text (RFC 4180), with any one character between the cells. */
final class CsvText {

    private final String text;
    private final char comma;
    private final List<Row> rows = new ArrayList<>();
    private final StringBuilder cell = new StringBuilder();
    private List<String> cells = new ArrayList<>();
    private int line = 1;
    private int started = 1;

    private CsvText(String text, char comma) {
        this.text = text;
        this.comma = comma;
    }

    /**
     * A row that is not blank.
     *
     * @param line where it starts, from 1
     */
    record Row(int line, List<String> cells) {

        /** The cell at that index, stripped; empty where the row is shorter. */
        String cell(int index) {
            return index < cells.size() ? cells.get(index).strip() : "";
        }
    }

    static List<Row> read(String text, char comma) {
        return new CsvText(text.startsWith("\ufeff") ? text.substring(1) : text, comma).read();
    }

    private List<Row> read() {
        boolean quoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            line += c == '\n' ? 1 : 0;
            if (quoted && c == '"' && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                cell.append('"');
                i++;
            } else if (c == '"' && (quoted || cell.length() == 0)) {
                quoted = !quoted;
            } else if (quoted || (c != comma && c != '\n')) {
                cell.append(c);
            } else {
                endCell();
                if (c == '\n') {
                    endRow();
                }
            }
        }
        endCell();
        endRow();
        return rows;
    }

    private void endCell() {
        cells.add(cell.toString());
        cell.setLength(0);
    }

    private void endRow() {
        Row row = new Row(started, cells);
        if (cells.stream().anyMatch(c -> !c.isBlank())) {
            rows.add(row);
        }
        cells = new ArrayList<>();
        started = line;
    }
}
