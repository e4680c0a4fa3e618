package org.histods.csv;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.histods.problem.Problem;

/** Tables as text (RFC 4180). Lines may end in CR, LF or both. */
public final class CsvTable {

    private CsvTable() {}

    /**
     * A row that is not blank.
     *
     * @param line the line where it starts, from 1
     */
    public record Row(long line, List<String> cells) {

        /** The cell at that index, stripped; empty if the row is shorter. */
        public String cell(int index) {
            return index < cells.size() ? cells.get(index).strip() : "";
        }
    }

    /**
     * The rows of a table, without blank ones.
     *
     * @param text may begin with a byte order mark
     * @param delimiter the character between cells
     * @param file its name for messages
     * @throws Problem {@code USAGE} if quotes are wrong
     */
    public static List<Row> read(String text, char delimiter, String file) throws Problem {
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(false)
                .get();
        List<Row> rows = new ArrayList<>();
        String content = text.startsWith("\ufeff") ? text.substring(1) : text;
        long line = 1;
        try (CSVParser parser = format.parse(new StringReader(content))) {
            Iterator<CSVRecord> records = parser.iterator();
            while (records.hasNext()) {
                Row row = new Row(line, records.next().toList());
                if (row.cells().stream().anyMatch(cell -> !cell.isBlank())) {
                    rows.add(row);
                }
                line = parser.getCurrentLineNumber() + 1;
            }
            return rows;
        } catch (IOException | UncheckedIOException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + ":" + line + ": the quotes around a cell are not closed, or other text follows them",
                    "write a quote within a quoted cell twice");
        }
    }

    /**
     * A row as a line, without a line break. A cell that begins with {@code =}, {@code +}, {@code -} or {@code @} gets an
     * apostrophe in front, because spreadsheets would run it as a formula.
     */
    public static String line(List<String> cells) {
        return CSVFormat.RFC4180.format(cells.stream().map(CsvTable::inert).toArray());
    }

    private static String inert(String cell) {
        return !cell.isEmpty() && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
    }
}
