package org.histods.split;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.histods.csv.CsvTable;
import org.jspecify.annotations.Nullable;

/**
 * An entry of a split.
 *
 * @param split the name of the split
 * @param name the path, name or id in the list
 * @param file the file itself if the split is a folder; null for a list
 * @param where the position in the list, such as {@code splits.csv:12}
 * @param patient whether the list says that the name is one of a patient or case, which may be the name of a file too
 * @param mayBeComment whether the name is a line of a list, in which comments begin with {@code #}
 * @param beside what else is in its row; {@link Beside#NOTHING} for a line of a list
 */
public record SplitEntry(
        String split,
        String name,
        @Nullable Path file,
        String where,
        boolean patient,
        boolean mayBeComment,
        Beside beside) {

    /**
     * What is beside an entry in the row of a table.
     *
     * @param stated what the row says of the file's patient, case and slide; empty if it says nothing
     * @param cells the cells of its row, which may name files too; empty for its own
     */
    record Beside(List<Stated> stated, List<String> cells) {

        static final Beside NOTHING = new Beside(List.of(), List.of());

        Beside {
            stated = List.copyOf(stated);
            cells = List.copyOf(cells);
        }
    }

    /**
     * The patient, case or slide of a file according to a list.
     *
     * @param level one of {@link SplitCheck#LEVELS}
     * @param column its name
     */
    record Stated(String level, String column, String id) {

        /** The same for all forms of an id; a number is one only within columns of one name. */
        String key() {
            return level + " " + (SplitCheck.hasLetter(id) ? "" : CsvTable.squeezed(column)) + " "
                    + PatientTable.form(id);
        }
    }

    /** What spreadsheets write for a formula that failed, such as {@code #N/A}, {@code #NV} or {@code #REF!}. */
    private static final Pattern FORMULA_ERROR = Pattern.compile("#(?:N/?[ADV]|[\\p{Lu}/0]+[!?])");

    SplitEntry(String split, String name, @Nullable Path file, String where) {
        this(split, name, file, where, false, file == null, Beside.NOTHING);
    }

    /** This entry as a line of a list, or of a table with one column, which may be a comment. */
    SplitEntry asLine() {
        return new SplitEntry(split, name, file, where, patient, true, beside);
    }

    /** Whether a cell or line is what a spreadsheet writes for a formula that failed. */
    static boolean isFormulaError(String text) {
        return FORMULA_ERROR.matcher(text).matches();
    }

    /** Whether it is a line of a list that begins with {@code #}: a comment, unless a file or patient has that name. */
    boolean comment() {
        return mayBeComment && name.startsWith("#") && !isFormulaError(name);
    }
}
