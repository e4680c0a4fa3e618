package org.histods.digest;

import java.util.regex.Pattern;

/**
 * A pattern for paths with {@code /}, matched against the whole path.
 *
 * <p>{@code *} is any run of characters within a segment, {@code ?} one of them, <code>{a,b}</code> either of two, and
 * {@code **} any run of segments: <code>**&#47;x</code> is {@code x} at any depth, the top included, and
 * <code>x/**</code> everything below {@code x}. A pattern that ends with a slash matches everything below that folder.
 * Everything else is literal; case counts. There is no escape: match such a character in a name with {@code ?}.
 */
public final class Glob {

    private final String text;
    private final Pattern pattern;

    private Glob(String text, Pattern pattern) {
        this.text = text;
        this.pattern = pattern;
    }

    /**
     * Reads a pattern.
     *
     * @throws IllegalArgumentException if it is empty or its braces are unbalanced; the message quotes it
     */
    public static Glob of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("the pattern is empty");
        }
        return new Glob(text, Pattern.compile(regex(text.endsWith("/") ? text + "**" : text), Pattern.DOTALL));
    }

    public boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    public boolean matches(FilePath path) {
        return matches(path.text());
    }

    /** The pattern as it was written. */
    @Override
    public String toString() {
        return text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Glob glob && glob.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    private static String regex(String glob) {
        StringBuilder out = new StringBuilder();
        boolean inBraces = false;
        int i = 0;
        while (i < glob.length()) {
            char c = glob.charAt(i);
            if (c == '*' && glob.startsWith("**", i)) {
                i = acrossSegments(glob, i, out);
                continue;
            }
            switch (c) {
                case '*' -> out.append("[^/]*");
                case '?' -> out.append("[^/]");
                case '{' -> {
                    if (inBraces) {
                        throw unpaired(glob);
                    }
                    inBraces = true;
                    out.append("(?:");
                }
                case '}' -> {
                    if (!inBraces) {
                        throw unpaired(glob);
                    }
                    inBraces = false;
                    out.append(')');
                }
                case ',' -> out.append(inBraces ? "|" : ",");
                default -> out.append(Pattern.quote(String.valueOf(c)));
            }
            i++;
        }
        if (inBraces) {
            throw unpaired(glob);
        }
        return out.toString();
    }

    /** Translates the run of stars at {@code at} and returns the index after it. */
    private static int acrossSegments(String glob, int at, StringBuilder out) {
        int end = at;
        while (end < glob.length() && glob.charAt(end) == '*') {
            end++;
        }
        boolean startsSegment = at == 0 || glob.charAt(at - 1) == '/';
        if (startsSegment && end < glob.length() && glob.charAt(end) == '/') {
            end++;
            // Several in a row mean the same as one, and would be slow to match.
            while (glob.startsWith("**/", end)) {
                end += 3;
            }
            out.append("(?:.*/)?");
        } else {
            out.append(startsSegment ? ".+" : ".*");
        }
        return end;
    }

    private static IllegalArgumentException unpaired(String glob) {
        return new IllegalArgumentException("the pattern '" + glob + "' has unbalanced braces");
    }
}
