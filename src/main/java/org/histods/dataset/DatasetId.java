package org.histods.dataset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The id of a dataset, such as {@code kather-2018}: lower-case letters, digits and single dashes. One in hand is never a
 * path: it can name a folder and lead nowhere else.
 *
 * @param text the id as it is written everywhere; in JSON a plain string
 */
public record DatasetId(@JsonValue String text) implements Comparable<DatasetId> {

    /** The form as a regular expression of the whole text; {@code manifests/schema.json} states the same. */
    public static final String FORM = "[a-z0-9]+(-[a-z0-9]+)*";

    /** The most characters, so that names made of it fit into the 255 bytes of common file systems. */
    public static final int LONGEST = 100;

    private static final Pattern PATTERN = Pattern.compile(FORM);

    /** @throws IllegalArgumentException if the text is no id; the message says why */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DatasetId {
        String fault = fault(text);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** Why that text is no id, for a person; null if it is one. */
    public static @Nullable String fault(String text) {
        if (text.isEmpty()) {
            return "an empty dataset id";
        }
        if (text.length() > LONGEST) {
            return "'" + FilePath.printable(text, 40) + "…' is too long for a dataset id: " + LONGEST
                    + " characters at most";
        }
        return PATTERN.matcher(text).matches()
                ? null
                : "'" + FilePath.printable(text)
                        + "' is not a dataset id: those have lower-case letters, digits and single dashes";
    }

    /** The id that this text is, empty if it is none; for names that may be something else. */
    public static Optional<DatasetId> of(String text) {
        return fault(text) == null ? Optional.of(new DatasetId(text)) : Optional.empty();
    }

    /**
     * The id that a person typed.
     *
     * @throws Problem {@code USAGE} if it is none
     */
    public static DatasetId parse(String typed) throws Problem {
        String fault = fault(typed);
        if (fault != null) {
            throw new Problem(Problem.Kind.USAGE, fault, "`histods list` shows the ids of all datasets");
        }
        return new DatasetId(typed);
    }

    @Override
    public int compareTo(DatasetId other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
