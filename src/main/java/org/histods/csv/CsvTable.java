package org.histods.csv;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.histods.problem.Problem;

/**
 * Reads and writes tables as text (RFC 4180). Lines may end in CR, LF or both. Cells may be separated by commas, tabs,
 * semicolons (which spreadsheets use in countries with a decimal comma) or vertical bars; a first line {@code sep=;}, which
 * Excel writes, names the separator.
 */
public final class CsvTable {

    private static final String DELIMITERS = ",\t;|";

    private static final Pattern SEPARATOR = Pattern.compile("\"?[Ss][Ee][Pp]=(.|\\\\t)\"?[,;\t]*(?:\r\n|\r|\n|$)");

    /** More than spreadsheets and tables of genes have. */
    private static final int MOST_COLUMNS = 200_000;

    /** How many names of columns a message lists. */
    public static final int SHOWN_COLUMNS = 40;

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
     * @param usual the character between cells if the first row has none of those that are known
     * @param file its name for messages
     * @throws Problem {@code USAGE} if quotes are wrong, or a row has more than 200,000 cells
     */
    public static List<Row> read(String text, char usual, String file) throws Problem {
        String content = text.startsWith("\ufeff") ? text.substring(1) : text;
        Matcher separator = SEPARATOR.matcher(content);
        boolean stated = separator.lookingAt();
        char delimiter = stated ? delimiter(separator.group(1)) : delimiter(content, usual);
        CSVFormat format = CSVFormat.RFC4180
                .builder()
                .setDelimiter(delimiter)
                .setIgnoreEmptyLines(false)
                .setIgnoreSurroundingSpaces(true)
                .get();
        List<Row> rows = new ArrayList<>();
        long before = stated ? 1 : 0;
        long line = before + 1;
        try (CSVParser parser = format.parse(new StringReader(stated ? content.substring(separator.end()) : content))) {
            Iterator<CSVRecord> records = parser.iterator();
            while (records.hasNext()) {
                Row row = new Row(line, withoutFormulas(records.next().toList()));
                if (row.cells().size() > MOST_COLUMNS) {
                    throw new Problem(
                            Problem.Kind.USAGE,
                            file + ":" + line + ": has " + row.cells().size() + " cells, and at most " + MOST_COLUMNS
                                    + " are read",
                            "give a table with a row for each file");
                }
                if (row.cells().stream().anyMatch(cell -> !cell.isBlank())) {
                    rows.add(row);
                }
                line = before + parser.getCurrentLineNumber() + 1;
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
     * Rows that have no more cells than the first one. A first column without a name, which R writes for the names of rows,
     * gets an empty one.
     *
     * @param file its name for messages
     * @throws Problem {@code USAGE} if a row has more, because it is not known what they are
     */
    public static List<Row> even(List<Row> rows, String file) throws Problem {
        if (rows.size() < 2) {
            return rows;
        }
        List<Row> body = rows.subList(1, rows.size());
        List<String> heads = rows.get(0).cells();
        boolean named = !body.isEmpty()
                && body.stream().allMatch(row -> row.cells().size() == heads.size() + 1)
                && body.stream().map(row -> row.cell(0)).distinct().count() == body.size()
                && body.stream().noneMatch(row -> row.cell(heads.size()).isEmpty());
        if (named) {
            List<String> all = new ArrayList<>(List.of(""));
            all.addAll(heads);
            return Stream.concat(Stream.of(new Row(rows.get(0).line(), all)), body.stream())
                    .toList();
        }
        for (Row row : body) {
            if (IntStream.range(heads.size(), row.cells().size())
                    .anyMatch(at -> !row.cell(at).isEmpty())) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        file + " has more cells in line " + row.line() + " than in its first line",
                        "put a name with a comma in quotes");
            }
        }
        return rows;
    }

    /** {@code ="0012"} is how spreadsheets are made to keep a text such as {@code 0012} as it is. */
    private static List<String> withoutFormulas(List<String> cells) {
        return cells.stream().noneMatch(cell -> cell.startsWith("=\""))
                ? cells
                : cells.stream()
                        .map(cell -> cell.replaceFirst("^=\"([^\"]*)\"$", "$1"))
                        .toList();
    }

    private static char delimiter(String stated) {
        return stated.equals("\\t") ? '\t' : stated.charAt(0);
    }

    /** The delimiter that the first row has most of, outside quotes. */
    private static char delimiter(String text, char usual) {
        int[] counts = new int[DELIMITERS.length()];
        boolean quoted = false;
        boolean any = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            quoted ^= c == '"';
            if (!quoted && any && (c == '\n' || c == '\r')) {
                break;
            }
            any |= !Character.isWhitespace(c) || c == '\t';
            int at = quoted ? -1 : DELIMITERS.indexOf(c);
            if (at >= 0) {
                counts[at]++;
            }
        }
        char best = usual;
        int most = DELIMITERS.indexOf(usual) < 0 ? 0 : counts[DELIMITERS.indexOf(usual)];
        for (int at = 0; at < counts.length; at++) {
            // A tab is hardly ever a part of a name, but a comma may be.
            if (counts[at] > most || (counts[at] == most && most > 0 && DELIMITERS.charAt(at) == '\t')) {
                most = counts[at];
                best = DELIMITERS.charAt(at);
            }
        }
        return best;
    }

    /**
     * The index of the column with the first of these usual names; -1 if there is none.
     *
     * @param usual names in lower case without separators, so that {@code slideid} also stands for {@code Slide_ID}
     */
    public static int column(List<String> heads, List<String> usual) {
        List<String> squeezed = heads.stream().map(CsvTable::squeezed).toList();
        return usual.stream()
                .filter(squeezed::contains)
                .mapToInt(squeezed::indexOf)
                .findFirst()
                .orElse(-1);
    }

    /** The name of a column in lower case without separators. */
    public static String squeezed(String head) {
        return head.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "");
    }

    /**
     * A row as a line, without a line break. A cell that begins with {@code =}, {@code +}, {@code -} or {@code @} gets an
     * apostrophe in front, because spreadsheets would run it as a formula.
     */
    public static String line(List<String> cells) {
        return CSVFormat.RFC4180.format(cells.stream().map(CsvTable::inert).toArray());
    }

    /** A row as a line without a line break, with every cell as it is: for files that programs read. */
    public static String exactLine(List<String> cells) {
        return CSVFormat.RFC4180.format(cells.toArray());
    }

    private static String inert(String cell) {
        return !cell.isEmpty() && "=+-@\t\r".indexOf(cell.charAt(0)) >= 0 ? "'" + cell : cell;
    }
}
