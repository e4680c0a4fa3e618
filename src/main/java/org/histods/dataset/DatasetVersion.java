package org.histods.dataset;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.LocalDate;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The version of a dataset, such as {@code v0.1} or {@code 1214456}, with {@code +variant} if the bag has another
 * variant than the preferred one. It is safe as the name of a folder.
 *
 * @param word the version as upstream names it: letters, digits, dots, dashes and underscores
 * @param variant the variant; null for the preferred one, and for a dataset without variants
 */
public record DatasetVersion(String word, @Nullable String variant) implements Comparable<DatasetVersion> {

    /** The form of a version without a variant; {@code manifests/schema.json} states the same. */
    public static final String FORM = "[A-Za-z0-9][A-Za-z0-9._-]*";

    /** The form of a variant; {@code manifests/schema.json} states the same. */
    public static final String VARIANT = "[a-z0-9]+([._-][a-z0-9]+)*";

    /** The most characters of either, so that names made of both fit into the 255 bytes of common file systems. */
    public static final int LONGEST = 60;

    private static final Pattern WORDS = Pattern.compile(FORM);
    private static final Pattern VARIANTS = Pattern.compile(VARIANT);

    /** The form of {@link #refreshed}. */
    private static final Pattern REFRESHED = Pattern.compile("(.*?)-?at-\\d{4}-\\d{2}-\\d{2}");

    /** The version of a dataset without versions. */
    public static final DatasetVersion UNVERSIONED = new DatasetVersion("unversioned", null);

    /** @throws IllegalArgumentException if either is malformed; the message says why */
    public DatasetVersion {
        String fault = fault(word);
        if (fault == null && variant != null) {
            fault = variantFault(variant);
        }
        if (fault != null) {
            throw new IllegalArgumentException(fault);
        }
    }

    /** The text as a version, such as {@code v1+raw}; empty if it is not one. */
    public static Optional<DatasetVersion> of(String text) {
        try {
            return Optional.of(new DatasetVersion(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * The text as a version, such as {@code v1+raw}.
     *
     * @throws IllegalArgumentException if it is not one; the message says why
     */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public DatasetVersion(String text) {
        this(beforePlus(text), afterPlus(text));
    }

    /**
     * The version of the files that a host has on a day under this version, such as {@code v1-at-2026-11-30}: hosts may change
     * files without a version of their own.
     */
    public DatasetVersion refreshed(LocalDate day) {
        String date = "at-" + day;
        String base = base();
        boolean fits = base.length() + 1 + date.length() <= LONGEST;
        return new DatasetVersion(base.isEmpty() || !fits ? date : base + "-" + date, variant);
    }

    /** Whether this is a version of files that a host has under another version. */
    public boolean refreshes(DatasetVersion other) {
        return REFRESHED.matcher(word).matches() && base().equals(other.base());
    }

    /** The version as its publisher names it; empty if it has none. */
    private String base() {
        Matcher refreshed = REFRESHED.matcher(word);
        return refreshed.matches() ? refreshed.group(1) : word.equals(UNVERSIONED.word) ? "" : word;
    }

    /**
     * Parses the version that a user typed, such as {@code v1+raw}.
     *
     * @throws Problem {@code USAGE} if it is not a version
     */
    public static DatasetVersion parse(String typed) throws Problem {
        try {
            return new DatasetVersion(typed);
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static String beforePlus(String text) {
        int plus = text.indexOf('+');
        return plus < 0 ? text : text.substring(0, plus);
    }

    private static @Nullable String afterPlus(String text) {
        int plus = text.indexOf('+');
        return plus < 0 ? null : text.substring(plus + 1);
    }

    private static @Nullable String fault(String word) {
        if (word.isEmpty()) {
            return "an empty version";
        }
        return fault(word, "version", WORDS, "letters, digits, dots, dashes and underscores");
    }

    /** Why that text is not the name of a variant, as a message; null if it is one. */
    public static @Nullable String variantFault(String text) {
        return fault(
                text, "variant", VARIANTS, "lower-case letters and digits, with single dots, dashes or underscores");
    }

    private static @Nullable String fault(String text, String what, Pattern pattern, String form) {
        if (text.length() > LONGEST) {
            return "'" + FilePath.printable(text, 40) + "…' is too long for a " + what + ": " + LONGEST
                    + " characters at most";
        }
        return pattern.matcher(text).matches()
                ? null
                : "'" + FilePath.printable(text) + "' is not a " + what + ": use " + form;
    }

    /**
     * This version of that variant.
     *
     * @param name null for the preferred one
     * @throws IllegalArgumentException if it is not the name of a variant
     */
    public DatasetVersion with(@Nullable String name) {
        return new DatasetVersion(word, name);
    }

    /** The version with its variant; in JSON a string. */
    @JsonValue
    public String text() {
        return variant == null ? word : word + "+" + variant;
    }

    @Override
    public int compareTo(DatasetVersion other) {
        return text().compareTo(other.text());
    }

    /** Written out, like {@link #hashCode}: the JVM would make that of a record when it is first called, which takes milliseconds. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DatasetVersion that && word.equals(that.word) && Objects.equals(variant, that.variant);
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    @Override
    public String toString() {
        return text();
    }
}
