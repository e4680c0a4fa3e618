package org.histods.unpack;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one piece of a file that was cut at any byte, whose pieces are joined by concatenation: {@code x.zip.001},
 * {@code x.zip.aa} as {@code split} names them, {@code x.zip.part1}, {@code x.zip.part-aa}.
 *
 * @param whole the name of the file that was cut
 * @param separator what is between that name and the number
 * @param number as it is written, in digits or in small letters
 */
public record PieceName(String whole, String separator, String number) {

    /** The most characters behind the name of the file: {@code .part-1234}. */
    public static final int LONGEST_END = 10;

    private static final String DIGITS_OR_LETTERS = "(\\d{1,4}|a[a-z]|aa[a-z])";

    /** Behind the name of the file. One digit alone is not a piece: wget writes {@code x.zip.1} for a second download. */
    private static final Pattern END = Pattern.compile(
            "([._-]?(?i:part)[._-]?)" + DIGITS_OR_LETTERS + "|([._-]?)(a[a-z]|aa[a-z])|(\\.)(\\d{2,4})");

    /** A name whose file is not known. */
    private static final Pattern ANY = Pattern.compile("(.+)(\\.(?:(?i:part)[._-]?)?)" + DIGITS_OR_LETTERS);

    /** A name as that of a piece of a file of another name; empty if it is not. */
    public static Optional<PieceName> of(String name, String whole) {
        if (!name.startsWith(whole)) {
            return Optional.empty();
        }
        Matcher end = END.matcher(name.substring(whole.length()));
        if (!end.matches()) {
            return Optional.empty();
        }
        int group = end.group(1) != null ? 1 : end.group(3) != null ? 3 : 5;
        return Optional.of(new PieceName(whole, end.group(group), end.group(group + 1)));
    }

    /** A name as that of a piece of any file; empty if it is not. */
    static Optional<PieceName> of(String name) {
        int last = name.length() - 1;
        if (last < 1 || (!Character.isDigit(name.charAt(last)) && name.charAt(last - 1) != 'a')) {
            // Most names end otherwise, and there may be a million.
            return Optional.empty();
        }
        Matcher any = ANY.matcher(name);
        return any.matches() ? of(name, any.group(1)) : Optional.empty();
    }

    /** Its place among the pieces; the first is 0 or 1. */
    public int place() {
        if (inDigits()) {
            return Integer.parseInt(number);
        }
        int place = 0;
        for (int i = 0; i < number.length(); i++) {
            place = place * 26 + number.charAt(i) - 'a';
        }
        return place;
    }

    /** The name of the piece at another place. */
    public String at(int place) {
        if (inDigits()) {
            int width = number.startsWith("0") || !mayVary() ? number.length() : 1;
            return whole + separator + String.format(Locale.ROOT, "%0" + width + "d", place);
        }
        StringBuilder letters = new StringBuilder();
        for (int rest = place, i = 0; i < number.length(); i++, rest /= 26) {
            letters.insert(0, (char) ('a' + rest % 26));
        }
        return whole + separator + letters;
    }

    /** Whether that is the name of a piece of the same file, cut in the same way. */
    public boolean isLike(PieceName other) {
        return whole.equals(other.whole)
                && separator.equals(other.separator)
                && inDigits() == other.inDigits()
                && (mayVary() || number.length() == other.number.length());
    }

    /** Whether numbers are digits, and not letters. */
    public boolean inDigits() {
        return Character.isDigit(number.charAt(0));
    }

    /** Whether numbers may have more or fewer digits, as in {@code part9} and {@code part10}. */
    private boolean mayVary() {
        return inDigits() && !separator.equals(".");
    }

    /** Shell patterns of all pieces, in order. */
    String globs() {
        String all = whole + separator;
        return mayVary() && !number.startsWith("0") ? all + "? " + all + "??" : all + "*";
    }
}
