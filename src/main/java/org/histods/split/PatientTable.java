package org.histods.split;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.csv.CsvTable;
import org.histods.csv.TextFile;
import org.histods.digest.FileFinder;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** A table with the patient of each file, and other columns such as labels. */
public final class PatientTable implements Patients {

    /** Words that stand for an unknown patient, besides {@link SplitTable#NOTHING}. */
    private static final Set<String> UNKNOWN = Set.of(
            "nil",
            "unknown",
            "unk",
            "missing",
            "not available",
            "not applicable",
            "tbd",
            "todo",
            "ref!",
            "value!",
            "name?");

    /** Between the ids of a cell that has several. */
    private static final Pattern SEVERAL = Pattern.compile("\\s*[,;|/+&]\\s*");

    private static final Pattern WHOLE = Pattern.compile("[0-9]+\\.0*");
    private static final Pattern SCIENTIFIC = Pattern.compile("[0-9](\\.[0-9]+)?e\\+?[0-9]{1,2}");
    private static final Pattern WORDS = Pattern.compile("\\p{L}[\\p{L}\\p{M}]*|\\p{Nd}+");

    private final String shown;
    private final String level;
    private final List<String> columns;
    private final Map<String, List<String>> rows = new LinkedHashMap<>();
    private final int patient;

    private PatientTable(String shown, String level, List<String> columns, int patient) {
        this.shown = shown;
        this.level = level;
        this.columns = columns;
        this.patient = patient;
    }

    /**
     * Reads a table.
     *
     * @param paths the files of the dataset, which the table names by paths, names or ids as a list of a split does
     * @param level what the user says that its ids identify
     * @param shown its name in messages
     * @throws Problem {@code USAGE} if it is no such table, or says two things of one file
     */
    public static PatientTable read(Path file, String shown, Collection<String> paths, String level) throws Problem {
        char usual = shown.toLowerCase(Locale.ROOT).endsWith(".tsv") ? '\t' : ',';
        List<CsvTable.Row> rows =
                CsvTable.even(CsvTable.read(TextFile.read(file, shown).text(), usual, shown), shown);
        if (rows.size() < 2) {
            throw new Problem(Problem.Kind.USAGE, shown + " has no rows below its column names");
        }
        List<String> columns = rows.get(0).cells().stream().map(String::strip).toList();
        int at = SplitTable.files(columns);
        at = at >= 0 && IdColumn.level(columns.get(at)).orElse("slide").equals("slide") ? at : -1;
        int of = idColumn(columns, at, level);
        if (of < 0 || at < 0) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    shown + " has no column for the " + (at < 0 ? "file" : "patient"),
                    "its columns are " + Count.shortened(columns, CsvTable.SHOWN_COLUMNS) + "; call one of them "
                            + (at < 0 ? "path, file or slide" : "patient"));
        }
        PatientTable table =
                new PatientTable(shown, IdColumn.level(columns.get(of)).orElse("case"), columns, of);
        table.refuseOtherPatients(rows.subList(1, rows.size()));
        FileFinder finder = new FileFinder(paths);
        Set<String> byFolders = new HashSet<>();
        String root = commonFolder(paths);
        for (CsvTable.Row row : rows.subList(1, rows.size())) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                cells.add(row.cell(i));
            }
            if (row.cell(of).isEmpty() || row.cell(at).isEmpty()) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        shown + ":" + row.line() + ": the " + (row.cell(at).isEmpty() ? "file" : "patient")
                                + " is missing");
            }
            if (isUnknown(row.cell(of))) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        shown + ":" + row.line() + ": the patient is '" + row.cell(of) + "', which is nobody",
                        "name the patient, or remove the line: the file then counts as one whose patient is not known");
            }
            FileFinder.Found listed = finder.find(row.cell(at));
            FileFinder.Found found =
                    listed.paths().isEmpty() ? FileFinder.Found.of(finder.inFolder(row.cell(at))) : listed;
            for (String path : found.paths()) {
                // A file of the same name in another folder is not this one if a row names it with its folder.
                if (found.loose()
                        && (byFolders.contains(path) || !isSame(path, found.sameFolders(), root, row.cell(of)))) {
                    continue;
                }
                List<String> before = table.rows.put(path, cells);
                boolean surer = !found.loose() && byFolders.add(path);
                if (before != null && !surer && !before.get(of).equals(cells.get(of))) {
                    throw new Problem(
                            Problem.Kind.USAGE,
                            shown + ":" + row.line() + ": " + path + " is of patient " + cells.get(of) + ", but of "
                                    + before.get(of) + " in another row");
                }
            }
        }
        table.refuseOneIdInTwoForms();
        return table;
    }

    /**
     * Whether a file is the one of a row that names it in other folders: the folders that differ are those of all files of the
     * dataset, or the patient is in what is the same. Else {@code p3/3.png} could be {@code x9/3.png}, of another patient.
     */
    private static boolean isSame(String path, int sameFolders, String root, String patient) {
        int same = path.lastIndexOf('/') + 1;
        for (int i = 0; i < sameFolders; i++) {
            same = path.lastIndexOf('/', same - 2) + 1;
        }
        boolean named = SplitCheck.hasLetter(patient)
                && Pattern.compile("(?<![\\p{L}\\p{N}])" + Pattern.quote(patient) + "(?![\\p{L}\\p{N}])")
                        .matcher(path.substring(same))
                        .find();
        return named || root.startsWith(path.substring(0, same));
    }

    /** The folder that all files are in or below, with a slash at its end; empty if there is none. */
    private static String commonFolder(Collection<String> paths) {
        String common = null;
        for (String path : paths) {
            String folder = path.substring(0, path.lastIndexOf('/') + 1);
            while (common != null && !folder.startsWith(common)) {
                common = common.substring(0, common.lastIndexOf('/', common.length() - 2) + 1);
            }
            common = common == null ? folder : common;
        }
        return common == null ? "" : common;
    }

    /**
     * The column of ids to use: that of what must be kept apart, else of what contains it, else of cases.
     *
     * @return -1 if there is none
     */
    private static int idColumn(List<String> columns, int file, String by) {
        List<String> levels = SplitCheck.LEVELS;
        int wanted = levels.indexOf(by);
        List<String> known = new ArrayList<>(levels.subList(wanted, levels.size()));
        known.add("case");
        for (String level : known) {
            int column = IdColumn.first(columns, level);
            if (column >= 0 && column != file) {
                return column;
            }
        }
        return -1;
    }

    private static boolean isUnknown(String id) {
        String plain = id.toLowerCase(Locale.ROOT).replaceAll("^[<(\\[#\"' ]+|[>)\\]\"' ]+$", "");
        boolean nothing = id.codePoints().noneMatch(Character::isLetterOrDigit);
        return nothing
                || SplitTable.NOTHING.contains(plain)
                || UNKNOWN.contains(plain)
                || SplitEntry.isFormulaError(id.toUpperCase(Locale.ROOT));
    }

    /** Refuses a table that has two columns of patients, of which one has one patient where the other has several. */
    private void refuseOtherPatients(List<CsvTable.Row> body) throws Problem {
        for (int at = 0; at < columns.size(); at++) {
            if (at == patient || !IdColumn.level(columns.get(at)).equals(Optional.of(level))) {
                continue;
            }
            Map<String, String> seen = new HashMap<>();
            for (CsvTable.Row row : body) {
                String other = row.cell(at);
                String before = isUnknown(other) ? null : seen.putIfAbsent(other, row.cell(patient));
                if (before != null && !before.equals(row.cell(patient))) {
                    throw new Problem(
                            Problem.Kind.USAGE,
                            shown + ":" + row.line() + ": the patients '" + before + "' and '" + row.cell(patient)
                                    + "' are one according to the column '" + columns.get(at) + "', where both are '"
                                    + other + "'",
                            "remove the column that is not the patient's");
                }
            }
        }
    }

    /**
     * Refuses ids that differ only in their form, because the same patient could then be in two splits: a spreadsheet turns
     * {@code 01} into {@code 1}, a program into {@code 1.0}, and people write {@code P-01} and {@code P 1}.
     */
    private void refuseOneIdInTwoForms() throws Problem {
        Map<String, String> forms = new HashMap<>();
        Set<String> ids =
                rows.values().stream().map(cells -> cells.get(patient)).collect(Collectors.toSet());
        for (List<String> cells : rows.values()) {
            String id = cells.get(patient);
            for (String part : SEVERAL.split(id)) {
                if (!part.equals(id) && ids.contains(part)) {
                    throw new Problem(
                            Problem.Kind.USAGE,
                            shown + " has the patient '" + id + "', which looks like several, because '" + part
                                    + "' is one too",
                            "write one patient for each file");
                }
            }
            String other = forms.putIfAbsent(form(id), id);
            for (int at = 1; at < id.length() && level.equals("patient"); at++) {
                // TCGA-A7-A13E and its sample TCGA-A7-A13E-01A are one patient.
                boolean ends = "-_ ".indexOf(id.charAt(at)) >= 0 && ids.contains(id.substring(0, at));
                other = ends ? id.substring(0, at) : other;
            }
            if (other != null && !other.equals(id)) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        shown + " has the patients '" + other + "' and '" + id + "', which may be the same",
                        "write each patient in one form; if they are different people, give them other ids");
            }
        }
    }

    /** The words and numbers of an id in one form; the characters between them make no difference. */
    static String form(String id) {
        String plain = Normalizer.normalize(id, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .strip();
        if (WHOLE.matcher(plain).matches()) {
            plain = plain.replaceFirst("\\..*", "");
        } else if (SCIENTIFIC.matcher(plain).matches()) {
            plain = new BigDecimal(plain).stripTrailingZeros().toPlainString();
        }
        // An invisible character, such as a soft hyphen, would otherwise end a word.
        plain = plain.replaceAll("\\p{Cf}", "");
        return WORDS.matcher(plain)
                .results()
                .map(word -> word.group().replaceFirst("^0+(?=.)", ""))
                .collect(Collectors.joining("-"));
    }

    @Override
    public Optional<String> of(String path) {
        return Optional.ofNullable(rows.get(path)).map(cells -> cells.get(patient));
    }

    @Override
    public String level() {
        return level;
    }

    /** Whether there is a column of that name. */
    public boolean has(String column) {
        return columns.contains(column);
    }

    /**
     * The value of a column for a file; null if the table does not have the file.
     *
     * @throws Problem {@code USAGE} if there is no such column
     */
    public @Nullable String value(String path, String column) throws Problem {
        int at = columns.indexOf(column);
        if (at < 0) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    shown + " has no column '" + column + "'",
                    "its columns are " + Count.shortened(columns, CsvTable.SHOWN_COLUMNS));
        }
        List<String> cells = rows.get(path);
        return cells == null ? null : cells.get(at);
    }
}
