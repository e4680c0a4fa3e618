package org.histods.split;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.histods.csv.CsvTable;

/** Recognises columns that say of which patient, case or slide a file is; not those of ages, or of kinds of cases. */
final class IdColumn {

    private static final Map<String, Pattern> NAMES = Map.of(
            "patient",
            Pattern.compile(
                    "(?:(?:bcr|anon|deid|dcm|dicom|study|id)?(?:patient(?:en|in|e)?|pat|subject|donor|participant"
                            + "|person|individual|animal|pac?iente|paziente)(?:submitter)?"
                            + "(?:u?u?id|no|nr|num|number|nummer|barcode|code|name|key|identifier|hash)?(?:(?:anon|deid)\\p{L}*|[xy0-9])?)"
                            + "|mrn|p(?:t)?id"),
            "case",
            Pattern.compile("cases?[0-9]?(?:submitter)?(?:u?u?id|barcode|identifier)"),
            "slide",
            Pattern.compile("(?:slide|wsi)(?:submitter)?(?:u?u?id|barcode|name|identifier)"));

    private IdColumn() {}

    /** What the ids of a column identify, one of {@link SplitCheck#LEVELS}; empty if its name is none of an id. */
    static Optional<String> level(String head) {
        String plain = CsvTable.squeezed(head);
        return NAMES.entrySet().stream()
                .filter(names -> names.getValue().matcher(plain).matches())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /** The first column whose ids identify that, of cases also one that is only called {@code case}; -1 if there is none. */
    static int first(List<String> heads, String level) {
        int first = heads.stream().map(IdColumn::level).toList().indexOf(Optional.of(level));
        return first < 0 && level.equals("case") ? CsvTable.column(heads, List.of("case")) : first;
    }
}
