package org.histods.manifest;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/** A regular expression that is searched in paths. It is compiled when it is first used: few commands look at patients. */
public final class PathPattern {

    private final String regex;
    private @Nullable Pattern compiled;

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

    Matcher matcher(String path) {
        return compiled().matcher(path);
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
