package org.histods.split;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.histods.digest.FilePath;

/** Recognises names that a spreadsheet took for numbers or dates, and changed. Such a name cannot be read back. */
final class SpreadsheetNames {

    private static final Pattern NUMBER = Pattern.compile("[0-9]+(?:[.,]0*)?");

    private static final Pattern SHORTENED = Pattern.compile("[0-9](?:[.,][0-9]+)?[eE]\\+?[0-9]{1,3}");

    /** Months as spreadsheets write them in English, German, French, Spanish, Italian and Dutch. */
    private static final String MONTH =
            "(?:jan|janv|feb|févr|mar|mrt|mrz|mär|mars|apr|avr|abr|may|mai|mei|mag|jun|juin|giu|jul|juil|lug"
                    + "|aug|août|ago|sep|sept|set|oct|okt|ott|nov|dec|déc|dez|dic|ene|gen)\\.?";

    /** {@code Mar-12}, {@code 12-Mar}, {@code 12-Mar-24}, {@code 3/12/2024} and {@code 12.03.2024}. */
    private static final Pattern DATE = Pattern.compile(
            MONTH + "[- ][0-9]{1,4}|[0-9]{1,2}[-. ] ?" + MONTH + "(?:[- ][0-9]{2,4})?"
                    + "|[0-9]{1,2}[/.][0-9]{1,2}[/.][0-9]{2,4}",
            Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE);

    /** The names of files and patients that begin with zeros, by what is left without these. */
    private final Map<String, String> byNumber = new HashMap<>();

    SpreadsheetNames(Collection<FilePath> files, Collection<String> patients) {
        patients.forEach(this::add);
        files.forEach(path -> add(path.name().replaceFirst("\\..*", "")));
    }

    private void add(String name) {
        if (name.startsWith("0") && NUMBER.matcher(name).matches()) {
            byNumber.putIfAbsent(withoutZeros(name), name);
        }
    }

    private static String withoutZeros(String number) {
        return number.replaceFirst("[.,]0*$", "").replaceFirst("^0+(?=.)", "");
    }

    /** What may have happened to a name that the dataset does not have; empty if it does not look like that. */
    Optional<String> explain(String name) {
        if (NUMBER.matcher(name).matches()) {
            return Optional.ofNullable(byNumber.get(withoutZeros(name)))
                    .map(original -> "'" + name + "' may be '" + original + "' without its zeros");
        }
        if (SHORTENED.matcher(name).matches()) {
            return Optional.of("'" + name + "' is a shortened number");
        }
        return DATE.matcher(name).matches() ? Optional.of("'" + name + "' looks like a date") : Optional.empty();
    }
}
