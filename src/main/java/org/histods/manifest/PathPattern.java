package org.histods.manifest;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that is searched in paths. It is compiled when it is first used: few commands look at patients. Manifests
 * come from anybody, and an expression such as {@code (a+)+b} can take years: a search that takes too many steps ends, and the
 * pattern is not searched again.
 */
public final class PathPattern {

    /** Characters that one search may look at: more than an expression with three nested stars needs for a usual path. */
    private static final int MAX_STEPS = 10_000_000;

    /** What {@link #isSlow} repeats: characters that paths consist of. */
    private static final List<String> TEXTS = List.of(
            "a", "A", "0", "_", "-", ".", " ", "/", "a0", "A0", "a_", "a-", "0_", "0-", "a/", "0/", "a.", "A-0_");

    private static final int TEXT_LENGTH = 300;

    private final String regex;
    private @Nullable Pattern compiled;
    private volatile boolean slow;

    private PathPattern(String regex) {
        this.regex = regex;
    }

    /**
     * The pattern of that text.
     *
     * @param regex a Java regular expression
     * @throws IllegalArgumentException if it is not one; the message says where
     */
    public static PathPattern of(String regex) {
        PathPattern pattern = new PathPattern(regex);
        try {
            pattern.compiled();
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("this is not a regular expression: " + e.getDescription()
                    + " near character " + (e.getIndex() + 1));
        }
        return pattern;
    }

    /** The pattern of a text that passed {@link #of} before. */
    static PathPattern ofKnown(String regex) {
        return new PathPattern(regex);
    }

    private synchronized Pattern compiled() {
        if (compiled == null) {
            compiled = Pattern.compile(regex);
        }
        return compiled;
    }

    /** The text of the group {@code id} where the pattern matches first; empty if it does not match, or is {@link #isSlow}. */
    Optional<String> id(String path) {
        Matcher found = search(path);
        return found == null ? Optional.empty() : Optional.ofNullable(found.group("id"));
    }

    /** Whether the pattern matches somewhere in the path; false if it is {@link #isSlow}. */
    boolean isIn(String path) {
        return search(path) != null;
    }

    /** The first match; null if there is none. */
    private @Nullable Matcher search(String path) {
        if (slow) {
            return null;
        }
        try {
            Matcher matcher = compiled().matcher(new CountedText(path));
            return matcher.find() ? matcher : null;
        } catch (TooManyStepsException | StackOverflowError e) {
            slow = true;
            return null;
        }
    }

    /** Whether there is a group {@code id}, not only its letters in a class or after a backslash. */
    boolean hasId() {
        try {
            Pattern.compile(regex + "\\k<id>");
            return regex.contains("(?<id>");
        } catch (PatternSyntaxException e) {
            return false;
        }
    }

    /** Whether a search takes too many steps in one of these paths, or in a path of a few characters that repeat. */
    boolean isSlow(List<String> paths) {
        for (String text : TEXTS) {
            search(text.repeat(TEXT_LENGTH / text.length()) + "!");
        }
        for (String path : paths) {
            search(path.repeat(Math.max(1, TEXT_LENGTH / Math.max(1, path.length()))) + "!");
        }
        return slow;
    }

    private static final class TooManyStepsException extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    /** A text that may be looked at only so often. */
    private static final class CountedText implements CharSequence {
        private final String text;
        private int steps;

        CountedText(String text) {
            this.text = text;
        }

        @Override
        public char charAt(int index) {
            if (++steps > MAX_STEPS) {
                throw new TooManyStepsException();
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.substring(from, to);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** The regular expression. */
    public String regex() {
        return regex;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PathPattern pattern && regex.equals(pattern.regex);
    }

    @Override
    public int hashCode() {
        return regex.hashCode();
    }

    @Override
    public String toString() {
        return regex;
    }
}
