package org.histods.cli.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.csv.CsvTable;
import org.histods.csv.TextFile;
import org.histods.problem.Problem;
import org.histods.pull.ListedWord;
import org.histods.text.Count;

/**
 * A file that lists files of a dataset: one word per line, a column of a table, a manifest of the GDC ({@code id},
 * {@code filename}, {@code md5}, {@code size}, {@code state}), or a manifest for s5cmd ({@code cp s3://bucket/uuid/* .}).
 */
final class SelectionFile {

    private static final Pattern S5CMD = Pattern.compile(
            "(?:cp\\s.*?)?\"?s3://[^/\\s]+/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/([^\\s\"]*))?\"?(?:\\s+\\S+)?",
            Pattern.CASE_INSENSITIVE);

    /** Names of columns with files, of which the first is taken if the user names none. */
    private static final List<String> COLUMNS = List.of(
            "path",
            "file",
            "filename",
            "filepath",
            "image",
            "slide",
            "slideid",
            "imageid",
            "id",
            "patient",
            "patientid");

    private final String shown;
    private final String text;
    private final String column;

    private SelectionFile(String shown, String text, String column) {
        this.shown = shown;
        this.text = text;
        this.column = column;
    }

    /**
     * The words of the file.
     *
     * @param typed the file, followed by a colon and the name of a column if it is a table
     * @throws Problem {@code USAGE} if it cannot be read, has no such column, or lists nothing
     */
    static List<ListedWord> read(AppContext app, String typed) throws Problem {
        int colon = typed.lastIndexOf(':');
        boolean named = colon > 0 && !Files.exists(app.path(Path.of(typed)));
        String file = named ? typed.substring(0, colon) : typed;
        String column = named ? typed.substring(colon + 1).strip() : "";
        List<ListedWord> words = new SelectionFile(
                        file, TextFile.read(app.path(Path.of(file)), file).text(), column)
                .words();
        if (words.isEmpty()) {
            throw new Problem(Problem.Kind.USAGE, file + " lists nothing", "write one path, glob or id a line");
        }
        return words;
    }

    private List<ListedWord> words() throws Problem {
        String name = shown.toLowerCase(Locale.ROOT);
        String head = text.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .findFirst()
                .orElse("");
        if (head.matches("(?i)\"?id\"?[\t,;]\"?filename\"?[\t,;]\"?md5\"?[\t,;].*")) {
            return gdc();
        }
        if (!column.isEmpty() || name.endsWith(".csv") || name.endsWith(".tsv")) {
            return table(rows(name.endsWith(".tsv") ? '\t' : ','));
        }
        return lines();
    }

    private List<CsvTable.Row> rows(char usual) throws Problem {
        // Comments keep their lines, so that the numbers in messages are right.
        List<CsvTable.Row> rows = CsvTable.read(text.replaceAll("(?m)^[ \t]*#.*$", ""), usual, shown);
        if (rows.isEmpty()) {
            throw problem("lists nothing", "write one path, glob or id a line");
        }
        return rows;
    }

    private List<ListedWord> gdc() throws Problem {
        List<CsvTable.Row> rows = rows('\t');
        List<String> heads = heads(rows.get(0));
        int md5 = heads.indexOf("md5");
        List<ListedWord> words = new ArrayList<>();
        for (CsvTable.Row row : rows.subList(1, rows.size())) {
            String id = row.cell(heads.indexOf("id"));
            String name = row.cell(heads.indexOf("filename"));
            if (id.isEmpty() || name.isEmpty()) {
                throw problem("has no id or filename in line " + row.line(), "download the manifest again");
            }
            words.add(
                    new ListedWord(id, name, row.cell(md5).isEmpty() ? null : row.cell(md5), shown + ":" + row.line()));
        }
        return words;
    }

    private static List<String> heads(CsvTable.Row row) {
        return row.cells().stream()
                .map(cell -> cell.strip().toLowerCase(Locale.ROOT))
                .toList();
    }

    private List<ListedWord> table(List<CsvTable.Row> rows) throws Problem {
        List<String> heads = heads(rows.get(0));
        int usual = CsvTable.column(heads, COLUMNS);
        int at = !column.isEmpty()
                ? heads.indexOf(column.toLowerCase(Locale.ROOT))
                : usual < 0 && heads.size() == 1 ? 0 : usual;
        if (at < 0) {
            throw problem(
                    column.isEmpty() ? "has no known column of files" : "has no column '" + column + "'",
                    "its columns are " + Count.shortened(rows.get(0).cells(), CsvTable.SHOWN_COLUMNS)
                            + "; name one as in " + shown + ":" + rows.get(0).cell(0));
        }
        boolean headed = !column.isEmpty() || usual >= 0;
        List<ListedWord> words = new ArrayList<>();
        for (CsvTable.Row row : rows.subList(headed ? 1 : 0, rows.size())) {
            if (!row.cell(at).isEmpty()) {
                words.add(new ListedWord(row.cell(at), shown + ":" + row.line()));
            }
        }
        return words;
    }

    private List<ListedWord> lines() {
        List<ListedWord> words = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r\n|\r|\n", -1)) {
            number++;
            String plain = line.strip().replaceFirst("^([\"'])(.+)\\1$", "$2");
            if (plain.isEmpty() || plain.startsWith("#")) {
                continue;
            }
            Matcher s5cmd = S5CMD.matcher(plain);
            String word = plain;
            if (s5cmd.matches()) {
                String name = s5cmd.group(2);
                boolean all = name == null || name.isEmpty() || name.equals("*");
                word = all ? s5cmd.group(1) : name;
            }
            words.add(new ListedWord(word, shown + ":" + number));
        }
        return words;
    }

    private Problem problem(String what, String hint) {
        return new Problem(Problem.Kind.USAGE, shown + " " + what, hint);
    }
}
