package org.histods.split;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.histods.csv.CsvTable;
import org.histods.csv.CsvTable.Row;
import org.histods.digest.FileFinder;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.split.SplitEntry.Beside;
import org.histods.split.SplitEntry.Stated;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/**
 * A table with the split of each file: with a column for the split's name, with a column of files for each split, or with a
 * column for each split that says whether a file is in it (true or false, 1 or 0).
 */
public final class SplitTable {

    /** Names of columns of files, the most certain first, without case and separators. */
    private static final List<String> FILE = List.of(
            "path",
            "file",
            "filepath",
            "filename",
            "imagepath",
            "image",
            "img",
            "imgpath",
            "slidepath",
            "slide",
            "slideid",
            "slidename",
            "wsi",
            "wsipath",
            "wsiid",
            "wsiname",
            "imageid",
            "imagename",
            "imgname",
            "name");

    /** Other names of columns of files, such as {@code slide_filename} and {@code image_url}. */
    private static final Pattern OF_FILES =
            Pattern.compile("(?:image|img|slide|wsi|tile|patch|file)s?(?:file)?(?:path|name|file|url|uri|index|id)+");

    /** Names of columns of labels beside a column of files for each split, as those of TransMIL. */
    private static final Pattern OF_LABELS = Pattern.compile("(?i)(.+)[ _.-](?:labels?|class|target|y)");

    /** Names of columns of splits, also of a second one such as {@code split2}. */
    private static final Pattern OF_SPLITS = Pattern.compile("(?:.*split|set|subset|partition|phase|splitname)[0-9]*");

    /** Names of columns of splits that may also be columns of classes or of sources. */
    private static final Set<String> UNCERTAIN = Set.of("set", "subset", "partition", "phase");

    /** Names of columns that number the rounds of a cross-validation, in which the splits change. */
    private static final List<String> FOLD = List.of("fold", "foldid", "cvfold", "kfold", "round", "repeat");

    private static final List<String> SPLIT = List.of(
            "split",
            "set",
            "subset",
            "partition",
            "fold",
            "phase",
            "datasplit",
            "splitname",
            "foldid",
            "cvfold",
            "kfold");

    private static final Set<String> NAMES = Set.of(
            "train training val valid validation tune tuning dev test testing holdout heldout external".split(" "));

    /** Other words in the names of splits, such as {@code fold_1} and {@code held-out}. */
    private static final Set<String> OTHER_WORDS = Set.of("fit", "fold", "held", "kfold", "split");

    /** Names of columns that pandas writes in front of the others. */
    private static final Set<String> INDEX = Set.of("", "index", "unnamed0");

    /** The words for true and false that spreadsheets write in English and other languages of Europe. */
    private static final Set<String> TRUE_WORDS =
            Set.of(("true wahr vrai verdadero verdadeiro vero waar prawda pravda sant"
                            + " sand sann tosi igaz do\u011fru \u0438\u0441\u0442\u0438\u043d\u0430")
                    .split(" "));

    private static final Set<String> FALSE_WORDS =
            Set.of(("false falsch faux falso onwaar fa\u0142sz nepravda falskt falsk"
                            + " usann ep\u00e4tosi hamis yanl\u0131\u015f \u043b\u043e\u0436\u044c")
                    .split(" "));

    private static final Set<String> TRUE =
            joined(TRUE_WORDS, Set.of("1", "1.0", "yes", "y", "t", "x", "\u2713", "\u2714"));

    private static final Set<String> FALSE = joined(FALSE_WORDS, Set.of("0", "0.0", "no", "n", "f", "", "nan", "-"));

    private static final Set<String> TRUE_OR_FALSE = joined(TRUE_WORDS, FALSE_WORDS);

    private static final String NAME_IT = "; is it a split? If not, name the column of splits with --split-column";

    private static final Pattern NO_LETTERS = Pattern.compile("[^\\p{L}]+");

    /** A whole number as pandas writes it in a column with empty cells. */
    private static final Pattern FLOAT = Pattern.compile("[0-9]+\\.0");
    /** Words that stand for a missing value. */
    static final Set<String> NOTHING = Set.of("", "nan", "none", "null", "na", "n/a", "<na>", "-");

    private final SplitFile file;
    private final Columns columns;

    SplitTable(SplitFile file, Columns columns) {
        this.file = file;
        this.columns = columns;
    }

    /**
     * The columns to use instead of those with the usual names.
     *
     * @param file of paths, names or ids of files; null for the usual names
     * @param split of names of splits; null for the usual names
     */
    public record Columns(@Nullable String file, @Nullable String split) {

        /** The usual names. */
        public static final Columns NONE = new Columns(null, null);
    }

    /** Whether the first row of a text has the column names of a table of splits. */
    static boolean headed(List<Row> rows) {
        if (rows.isEmpty() || rows.get(0).cells().size() < 2) {
            return false;
        }
        List<String> heads = heads(rows.get(0));
        return CsvTable.column(heads, SPLIT) >= 0 || splitColumns(heads).size() > 1;
    }

    SplitListing read(List<Row> written) throws Problem {
        List<Row> rows = written.stream()
                .map(row -> new Row(
                        row.line(), row.cells().stream().map(SplitFile::seen).toList()))
                .toList();
        if (rows.isEmpty()) {
            return SplitListing.of(List.of());
        }
        rows = CsvTable.even(rows, file.shown());
        List<String> heads = heads(rows.get(0));
        List<Row> body = rows.subList(1, rows.size());
        String alone = file.split();
        if (alone != null) {
            boolean bare = columns.file() == null && files(heads) < 0 && (heads.size() == 1 || isPath(heads.get(0)));
            if (bare) {
                return lines(listed(heads, rows, 0, -1, alone, false));
            }
            int files = fileColumn(heads);
            List<SplitEntry> entries = listed(heads, body, files, -1, alone, arePatients(heads, files));
            return (heads.size() == 1 ? lines(entries) : listing(entries, heads, Set.of(files)))
                    .withUnread(otherSplits(heads, body, files, alone));
        }
        int split = columns.split() == null ? splitColumn(heads, body) : named(heads, columns.split());
        List<Integer> columnsOfSplits = splitColumns(heads);
        if (columns.split() == null && split < 0 && !columnsOfSplits.isEmpty()) {
            if (yesOrNo(body, columnsOfSplits)) {
                return memberships(heads, body, columnsOfSplits);
            }
            if (columnsOfSplits.size() > 1) {
                return lists(heads, body, columnsOfSplits);
            }
        }
        boolean unnamed = knownFiles(heads) < 0 && columns.file() == null;
        if (split < 0 && unnamed && columns.split() == null) {
            int splits = columnOfSplits(rows);
            if (splits >= 0) {
                return SplitListing.of(listed(heads, rows, 1 - splits, splits, "", false))
                        .noting(file.shown() + " has no line of column names: its columns were taken as "
                                + (splits == 1 ? "file and split" : "split and file"));
            }
        }
        if (split < 0 && columns.split() == null) {
            List<Integer> ofNames = IntStream.range(0, heads.size())
                    .filter(at -> hasNamesOfSplits(body, at) && !isUsualName(heads.get(at)))
                    .boxed()
                    .toList();
            Optional<String> of = file.ofTableName();
            if (ofNames.size() == 1) {
                split = ofNames.get(0);
            } else if (of.isPresent()) {
                return new SplitTable(new SplitFile(of.get(), file.path(), file.shown()), columns).read(rows);
            }
        }
        boolean index = unnamed && split > 0 && isIndex(heads.get(0)) && !numbersRows(heads.get(0), body, 0);
        int files = index ? 0 : fileColumn(heads);
        split = required(heads, split, columns.split(), "split");
        refuseFolds(heads, body, files, split);
        SplitListing listing =
                listing(listed(heads, body, files, split, "", arePatients(heads, files)), heads, Set.of(files, split));
        return columns.split() == null
                ? listing.withUnread(mayBeSplits(heads, body, Set.of(files, split), false, NAME_IT))
                : listing;
    }

    /**
     * The column of the names of splits: the first with a usual name, and with names of splits if it may be one of classes.
     *
     * @return -1 if there is none
     * @throws Problem {@code USAGE} if it has only names of something else
     */
    private int splitColumn(List<String> heads, List<Row> body) throws Problem {
        int unlike = -1;
        for (String usual : SPLIT) {
            int at = CsvTable.column(heads, List.of(usual));
            if (at >= 0 && (!UNCERTAIN.contains(usual) || body.stream().anyMatch(row -> isLikeASplit(row.cell(at))))) {
                return at;
            }
            unlike = unlike < 0 ? at : unlike;
        }
        if (unlike >= 0 && splitColumns(heads).isEmpty()) {
            throw file.problem(
                    "has '"
                            + FilePath.printable(
                                    body.isEmpty() ? "" : body.get(0).cell(unlike)) + "' in the column '"
                            + heads.get(unlike) + "', which is not the name of a split",
                    "if it is, say so with --split-column " + heads.get(unlike));
        }
        return -1;
    }

    private static boolean isLikeASplit(String cell) {
        return SplitFile.namesSplit(cell) || (!cell.isEmpty() && cell.chars().allMatch(Character::isDigit));
    }

    /**
     * Says which other columns may be splits too: which of them was meant is not known.
     *
     * @param words whether a column of True and False may be one under any name, as it may beside such columns of splits
     * @param hint what to do, or why they were not read
     */
    private List<String> mayBeSplits(
            List<String> heads, List<Row> body, Set<Integer> used, boolean words, String hint) {
        return IntStream.range(0, heads.size())
                .filter(at -> !used.contains(at))
                .filter(at -> hasNamesOfSplits(body, at)
                        || isNamedAsSplit(heads.get(at), words)
                        || (hasTrue(body, at)
                                && (words
                                        ? hasWords(body, at) || namesSplit(heads.get(at))
                                        : isTrueOrFalse(body, at) && namesSplit(heads.get(at)))))
                .mapToObj(at -> file.shown() + ": the column '" + heads.get(at) + "' was not read" + hint)
                .toList();
    }

    private static boolean isNamedAsSplit(String head, boolean alsoFold) {
        String plain = CsvTable.squeezed(head);
        return OF_SPLITS.matcher(plain).matches() || (alsoFold && FOLD.contains(plain));
    }

    private static boolean hasWords(List<Row> body, int at) {
        return body.stream().anyMatch(row -> TRUE_OR_FALSE.contains(row.cell(at).toLowerCase(Locale.ROOT)));
    }

    /** Whether all that is written in a column are usual names of splits. */
    private static boolean hasNamesOfSplits(List<Row> body, int at) {
        List<String> cells = body.stream()
                .map(row -> row.cell(at))
                .filter(cell -> !cell.isEmpty())
                .toList();
        return !cells.isEmpty() && cells.stream().allMatch(SplitTable::isUsualName);
    }

    private static boolean isTrueOrFalse(List<Row> body, int at) {
        return body.stream()
                .map(row -> row.cell(at).toLowerCase(Locale.ROOT))
                .allMatch(cell -> TRUE.contains(cell) || FALSE.contains(cell));
    }

    private static boolean hasTrue(List<Row> body, int at) {
        return body.stream().anyMatch(row -> TRUE.contains(row.cell(at).toLowerCase(Locale.ROOT)));
    }

    /** Whether a word of the name of a column is a usual name of a split, as in {@code external_test}. */
    private static boolean namesSplit(String head) {
        return NO_LETTERS.splitAsStream(head).anyMatch(SplitTable::isUsualName);
    }

    private static boolean isIndex(String head) {
        return INDEX.contains(CsvTable.squeezed(head));
    }

    private static SplitListing lines(List<SplitEntry> entries) {
        return SplitListing.of(entries.stream().map(SplitEntry::asLine).toList());
    }

    /** A table of one split whose column of splits says something else. */
    private List<String> otherSplits(List<String> heads, List<Row> body, int files, String alone) {
        int split = CsvTable.column(heads, SPLIT);
        List<String> others = new ArrayList<>();
        if (split >= 0 && !FOLD.contains(CsvTable.squeezed(heads.get(split)))) {
            body.stream()
                    .filter(row ->
                            !row.cell(split).isEmpty() && !row.cell(split).equalsIgnoreCase(alone))
                    .findFirst()
                    .ifPresent(row -> others.add(file.shown() + ":" + row.line() + ": the column '" + heads.get(split)
                            + "' says '" + row.cell(split) + "', and the file is given as the list of '" + alone
                            + "'"));
        }
        Set<Integer> own = IntStream.range(0, heads.size())
                .filter(at -> at == split
                        || at == files
                        || meaning(splitName(heads.get(at))).equals(meaning(alone))
                        || body.stream().allMatch(row -> meaning(row.cell(at)).equals(meaning(alone))))
                .boxed()
                .collect(Collectors.toSet());
        others.addAll(
                mayBeSplits(heads, body, own, false, ", because the file is given as the list of '" + alone + "'"));
        return others;
    }

    /** A table that has each file once for each round of a cross-validation is several splits, not one. */
    private void refuseFolds(List<String> heads, List<Row> body, int files, int split) throws Problem {
        int fold = CsvTable.column(heads, FOLD);
        if (fold < 0 || fold == split) {
            return;
        }
        Map<String, String> seen = new HashMap<>();
        for (Row row : body) {
            String before = seen.putIfAbsent(row.cell(files), row.cell(fold));
            if (before != null && !before.equals(row.cell(fold))) {
                throw file.problem(
                        "has " + row.cell(files) + " in several rounds of the column '" + heads.get(fold)
                                + "', and is not one split but several",
                        "check one round at a time: save its rows as a table of their own");
            }
        }
    }

    /** Which of two columns without names has only usual names of splits; -1 if none has. */
    private static int columnOfSplits(List<Row> rows) {
        if (rows.stream().anyMatch(row -> row.cells().size() != 2)) {
            return -1;
        }
        for (int at = 1; at >= 0; at--) {
            int column = at;
            if (rows.stream().allMatch(row -> isUsualName(row.cell(column)))) {
                return at;
            }
        }
        return -1;
    }

    /** The listing, with a note about the columns that were used if the table has others. */
    private SplitListing listing(List<SplitEntry> entries, List<String> heads, Set<Integer> used) {
        SplitListing listing = SplitListing.of(entries);
        if (heads.size() <= used.size()) {
            return listing;
        }
        List<String> names = new TreeSet<>(used).stream().map(heads::get).toList();
        return listing.noting(file.shown() + ": read the " + (names.size() == 1 ? "column '" : "columns '")
                + String.join("' and '", names) + "'");
    }

    /** Reads a column of files for each split. */
    private SplitListing lists(List<String> heads, List<Row> body, List<Integer> columnsOfSplits) throws Problem {
        List<SplitEntry> listed = new ArrayList<>();
        boolean floats = columnsOfSplits.stream().allMatch(at -> areFloats(body, at));
        for (int at : columnsOfSplits) {
            for (Row row : body) {
                if (!row.cell(at).isEmpty()) {
                    listed.add(entry(
                            splitName(heads.get(at)), whole(row.cell(at), floats), row.line(), false, Beside.NOTHING));
                }
            }
        }
        List<String> unread = new ArrayList<>();
        for (int at = 0; at < heads.size(); at++) {
            Matcher labels = OF_LABELS.matcher(heads.get(at));
            int column = at;
            boolean numbers = isIndex(heads.get(at))
                    && body.stream().allMatch(row -> row.cell(column).matches("[0-9]*(?:\\.0)?"));
            if (!columnsOfSplits.contains(at) && !numbers && !(labels.matches() && isUsualName(labels.group(1)))) {
                unread.add(file.shown() + ": the column '" + heads.get(at) + "' was not read; is it a split?");
            }
        }
        return new SplitListing(listed, List.of(), unread);
    }

    /** Whether a column only numbers the rows, as those that pandas writes. */
    private static boolean numbersRows(String head, List<Row> body, int at) {
        return isIndex(head)
                && IntStream.range(0, body.size())
                        .allMatch(i -> body.get(i).cell(at).matches("(?:" + i + "|" + (i + 1) + "|)(?:\\.0)?"));
    }

    /** Reads a column for each split that says whether a file is in it. */
    private SplitListing memberships(List<String> heads, List<Row> body, List<Integer> columnsOfSplits) throws Problem {
        int files = columns.file() == null ? knownFiles(heads) : fileColumn(heads);
        if (files < 0 && !columnsOfSplits.contains(0) && isIndex(heads.get(0))) {
            files = 0;
        }
        if (files < 0) {
            files = fileColumn(heads);
        }
        List<SplitEntry> listed = new ArrayList<>();
        boolean patient = arePatients(heads, files);
        boolean floats = areFloats(body, files);
        for (Row row : body) {
            String name = whole(name(row, files), floats);
            Beside beside = beside(heads, row, files);
            for (int at : columnsOfSplits) {
                String split = splitName(heads.get(at));
                if (TRUE.contains(row.cell(at).toLowerCase(Locale.ROOT))) {
                    listed.add(entry(split, name, row.line(), patient, beside));
                } else if (columnsOfSplits.size() == 1) {
                    listed.add(entry("not " + split, name, row.line(), patient, beside));
                }
            }
        }
        Set<Integer> used = new HashSet<>(columnsOfSplits);
        used.add(files);
        String names =
                String.join(", ", columnsOfSplits.stream().map(heads::get).toList());
        return SplitListing.of(listed)
                .withUnread(mayBeSplits(heads, body, used, true, "; is it a split?"))
                .noting(file.shown() + ": read "
                        + (heads.get(files).isEmpty() ? "the first column" : "the column '" + heads.get(files) + "'")
                        + ", and which file is in a split from " + names);
    }

    private static boolean arePatients(List<String> heads, int at) {
        return IdColumn.level(heads.get(at)).equals(Optional.of("patient"));
    }

    private static boolean areFloats(List<Row> body, int at) {
        return body.stream()
                .map(row -> row.cell(at))
                .allMatch(cell -> cell.isEmpty() || FLOAT.matcher(cell).matches());
    }

    private static String whole(String cell, boolean floats) {
        return floats ? cell.substring(0, cell.indexOf('.')) : cell;
    }

    /**
     * Whether these columns say yes or no in every row.
     *
     * @throws Problem {@code USAGE} if they do in some rows only
     */
    private boolean yesOrNo(List<Row> body, List<Integer> columnsOfSplits) throws Problem {
        boolean words = false;
        boolean yes = false;
        Row other = null;
        String cell = "";
        for (Row row : body) {
            for (int at : columnsOfSplits) {
                String lower = row.cell(at).toLowerCase(Locale.ROOT);
                words |= TRUE_OR_FALSE.contains(lower);
                yes |= TRUE.contains(lower);
                if (!TRUE.contains(lower) && !FALSE.contains(lower)) {
                    other = row;
                    cell = row.cell(at);
                }
            }
        }
        if (words && other != null) {
            throw file.problem(
                    "has '" + cell + "' in line " + other.line() + ", which is neither true nor false",
                    "write True or False for each split and file");
        }
        return yes && other == null;
    }

    private List<SplitEntry> listed(List<String> heads, List<Row> rows, int at, int split, String of, boolean patients)
            throws Problem {
        List<SplitEntry> listed = new ArrayList<>();
        boolean floats = areFloats(rows, at);
        int fold = split < 0 ? CsvTable.column(heads, FOLD) : -1;
        boolean folds =
                fold >= 0 && rows.stream().map(row -> row.cell(fold)).distinct().count() > 1;
        for (Row row : rows) {
            String name = whole(name(row, at), floats);
            String in = split >= 0 ? row.cell(split) : folds ? of + " fold " + row.cell(fold) : of;
            if (isNothing(in)) {
                throw file.problem(
                        "has no split in line " + row.line() + " for " + name,
                        "remove files that are in no split, or give them a split");
            }
            listed.add(entry(in, name, row.line(), patients, beside(heads, row, at)));
        }
        return listed;
    }

    private String name(Row row, int at) throws Problem {
        String name = row.cell(at);
        if (isNothing(name)) {
            throw file.problem("names no file in line " + row.line(), "remove the line, or name its file");
        }
        return name;
    }

    /** What the other columns say of the patient, case and slide of a file, and their cells. */
    private static Beside beside(List<String> heads, Row row, int file) {
        List<Stated> stated = new ArrayList<>();
        for (int at = 0; at < heads.size(); at++) {
            if ((at != file || arePatients(heads, at)) && !isNothing(row.cell(at))) {
                Stated of = new Stated(IdColumn.level(heads.get(at)).orElse(""), heads.get(at), row.cell(at));
                stated.addAll(of.level().isEmpty() ? List.of() : List.of(of));
            }
        }
        List<String> cells = IntStream.range(0, heads.size())
                .mapToObj(at -> at == file || isIndex(heads.get(at)) ? "" : row.cell(at))
                .toList();
        return new Beside(stated, cells);
    }

    /** Whether a cell stands for a missing value, or for a formula that failed. */
    static boolean isNothing(String cell) {
        return NOTHING.contains(cell.toLowerCase(Locale.ROOT)) || SplitEntry.isFormulaError(cell);
    }

    private static Set<String> joined(Set<String> one, Set<String> other) {
        Set<String> all = new HashSet<>(one);
        all.addAll(other);
        return Set.copyOf(all);
    }

    private SplitEntry entry(String split, String name, long line, boolean patient, Beside beside) {
        return new SplitEntry(
                isUsualName(split) ? split.toLowerCase(Locale.ROOT) : split,
                name,
                null,
                file.shown() + ":" + line,
                patient,
                false,
                beside);
    }

    /** The name of a split in one form: {@code Training} and {@code train} are one split, {@code fold-1} and {@code Fold 1} too. */
    static String meaning(String split) {
        String plain = Normalizer.normalize(split, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replaceFirst("^([0-9]+)\\.0*$", "$1")
                .replaceAll("[^\\p{L}\\p{M}\\p{N}]", "")
                .replaceAll("(?<![0-9])0+(?=[0-9])", "");
        return switch (plain) {
            case "training" -> "train";
            case "valid", "validation" -> "val";
            case "tuning" -> "tune";
            case "testing" -> "test";
            case "heldout" -> "holdout";
            default -> plain;
        };
    }

    /** Whether it is a common name of a split, such as {@code train}. */
    static boolean isUsualName(String split) {
        return NAMES.contains(split.toLowerCase(Locale.ROOT));
    }

    /** The splits whose usual names are words of a text, in one form. */
    static Set<String> splitsIn(String text) {
        return NO_LETTERS
                .splitAsStream(text)
                .filter(SplitTable::isUsualName)
                .map(SplitTable::meaning)
                .collect(Collectors.toSet());
    }

    /** Whether a word of a name is one of a split, such as {@code trainset} or {@code fold}. */
    static boolean isOfSplit(String word) {
        return OTHER_WORDS.contains(word.toLowerCase(Locale.ROOT)) || isUsualName(splitName(word));
    }

    private static List<String> heads(Row row) {
        return row.cells().stream().map(String::strip).toList();
    }

    /** The columns whose names are usual names of splits, such as {@code train} or {@code is_train}. */
    private static List<Integer> splitColumns(List<String> heads) {
        return IntStream.range(0, heads.size())
                .filter(at -> NAMES.contains(CsvTable.squeezed(splitName(heads.get(at)))))
                .boxed()
                .toList();
    }

    private static String splitName(String head) {
        return head.replaceFirst("(?i)^(?:is|in)[ _.-]", "")
                .replaceFirst("(?i)[ _.-]?(?:set|split|ids|files|slides)$", "");
    }

    private static int named(List<String> heads, String wanted) {
        return heads.contains(wanted)
                ? heads.indexOf(wanted)
                : CsvTable.column(heads, List.of(CsvTable.squeezed(wanted)));
    }

    private int fileColumn(List<String> heads) throws Problem {
        String wanted = columns.file();
        return required(heads, wanted == null ? files(heads) : named(heads, wanted), wanted, "file");
    }

    /** The column whose name says that it has files, or patients or cases, whose files are all taken; -1 if there is none. */
    private static int knownFiles(List<String> heads) {
        int known = CsvTable.column(heads, FILE);
        for (int at = 0; at < heads.size() && known < 0; at++) {
            known = OF_FILES.matcher(CsvTable.squeezed(heads.get(at))).matches() ? at : -1;
        }
        known = known < 0 ? IdColumn.first(heads, "case") : known;
        return known < 0 ? IdColumn.first(heads, "patient") : known;
    }

    /** The column of files; -1 if there is none. One that is only called {@code id} may be one of rows. */
    static int files(List<String> heads) {
        int known = knownFiles(heads);
        return known < 0 ? CsvTable.column(heads, List.of("id")) : known;
    }

    /** Whether the first cell of a table is a path, and no name of a column. */
    private static boolean isPath(String cell) {
        return cell.contains("/")
                || cell.contains("\\")
                || !FileFinder.stem(cell).equals(cell);
    }

    private int required(List<String> heads, int at, @Nullable String wanted, String what) throws Problem {
        String head = at < 0 ? String.valueOf(wanted) : heads.get(at);
        if (at >= 0
                && new LinkedHashSet<>(heads).size() < heads.size()
                && heads.indexOf(head) != heads.lastIndexOf(head)) {
            throw file.problem("has two columns '" + head + "'", "remove or rename one");
        }
        if (at < 0) {
            throw file.problem(
                    wanted == null ? "has no known column for the " + what : "has no column '" + wanted + "'",
                    "its columns are " + Count.shortened(heads, CsvTable.SHOWN_COLUMNS) + "; name it with --" + what
                            + "-column");
        }
        return at;
    }
}
