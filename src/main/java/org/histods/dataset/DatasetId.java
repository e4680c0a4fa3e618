package org.histods.dataset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Optional;
import java.util.regex.Pattern;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The id of a dataset, such as {@code kather-2018}: lower-case letters, digits and single dashes. It is safe as
 * the name of a folder.
 *
 * @param text the id; in JSON a string
 */
public record DatasetId(@JsonValue String text) implements Comparable<DatasetId> {

    /** The form as a regular expression of the whole text; {@code manifests/schema.json} states the same. */
    public static final String FORM = "[a-z0-9]+(-[a-z0-9]+)*";

    /** The most characters, so that file names made from it fit into the 255 bytes of common file systems. */
    public static final int LONGEST = 100;

    private static final Pattern PATTERN = Pattern.compile(FORM);

    /** @throws IllegalArgumentException if the text is not an id; the message says why */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DatasetId {
        String fault = fault(text);
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** Why that text is not an id, as a message; null if it is one. */
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
                        + "' is not a dataset id: use lower-case letters, digits and single dashes";
    }

    /** The text as an id; empty if it is not one. */
    public static Optional<DatasetId> of(String text) {
        return fault(text) == null ? Optional.of(new DatasetId(text)) : Optional.empty();
    }

    /**
     * Parses the id that a user typed.
     *
     * @throws Problem {@code USAGE} if it is not an id
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
