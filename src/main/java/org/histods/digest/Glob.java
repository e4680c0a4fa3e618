package org.histods.digest;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A pattern for paths with {@code /}, matched against the whole path. The one dialect of histods: include, exclude,
 * {@code --only}, splits and skip use it.
 *
 * <table>
 * <caption>Case counts; every other character stands for itself</caption>
 * <tr><td>{@code *}</td><td>any characters within a segment</td></tr>
 * <tr><td>{@code ?}</td><td>one character within a segment</td></tr>
 * <tr><td>{@code **}</td><td>any number of segments: <code>**&#47;x</code> is {@code x} at any depth, also at the top;
 *     <code>x/**</code> is everything below {@code x}</td></tr>
 * <tr><td>{@code [a-cx]}</td><td>one of these characters; {@code [!a-cx]} one of the others. A special character in
 *     brackets stands for itself</td></tr>
 * <tr><td><code>{a,b}</code></td><td>either pattern; braces cannot be nested</td></tr>
 * <tr><td>{@code x/}</td><td>everything below {@code x}</td></tr>
 * </table>
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
     * @throws IllegalArgumentException if it is empty or its brackets or braces are unbalanced; the message quotes it
     */
    public static Glob of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("a pattern is empty");
        }
        String glob = Normalizer.normalize(text, Normalizer.Form.NFC);
        // An object of a bucket may itself have a name that ends with a slash.
        return new Glob(text, Pattern.compile(regex(glob) + (glob.endsWith("/") ? ".*" : ""), Pattern.DOTALL));
    }

    /** The pattern that matches this path and no other. */
    public static String literal(String path) {
        return path.replaceAll("[*?\\[\\]{}]", "[$0]");
    }

    /** The only path that this pattern matches, if it is like those of {@link #literal}; else empty. */
    public static Optional<String> pathOf(String pattern) {
        String path = pattern.replaceAll("\\[([*?\\[\\]{}])\\]", "$1");
        return !path.isEmpty() && !path.endsWith("/") && literal(path).equals(pattern)
                ? Optional.of(path)
                : Optional.empty();
    }

    /** Splits a list at the commas that are not in brackets or braces; an empty text is a list of one empty pattern. */
    public static List<String> splitList(String text) {
        List<String> globs = new ArrayList<>();
        boolean inBraces = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '[') {
                i = Math.max(i, endOfSet(text, i));
            } else if (c == '{' || c == '}') {
                inBraces = c == '{';
            } else if (c == ',' && !inBraces) {
                globs.add(text.substring(start, i));
                start = i + 1;
            }
        }
        globs.add(text.substring(start));
        return globs;
    }

    /** Whether it matches the path. The Unicode forms NFC and NFD of a character are the same. */
    public boolean matches(String path) {
        return pattern.matcher(Normalizer.normalize(path, Normalizer.Form.NFC)).matches();
    }

    public boolean matches(FilePath path) {
        return matches(path.text());
    }

    /**
     * Whether a file below that folder can match. True if in doubt.
     *
     * @param folder ends with a slash
     */
    public boolean mayMatchBelow(String folder) {
        String[] folders = folder.split("/");
        // A slash within braces does not end a segment.
        String[] segments =
                text.replaceFirst("\\{.*", "**").replaceFirst("/$", "/**").split("/");
        for (int i = 0; i < folders.length; i++) {
            if (i < segments.length && segments[i].contains("**")) {
                return true;
            }
            if (i >= segments.length - 1 || !of(segments[i]).matches(folders[i])) {
                return false;
            }
        }
        return true;
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
                case '[' -> {
                    int end = endOfSet(glob, i);
                    if (end < 0) {
                        throw malformed(glob, "has a [ without its ]");
                    }
                    out.append(set(glob, glob.substring(i + 1, end)));
                    i = end;
                }
                case ']' -> throw malformed(glob, "has a ] without its [");
                case '{' -> {
                    if (inBraces) {
                        throw malformed(glob, "has braces within braces");
                    }
                    inBraces = true;
                    out.append("(?:");
                }
                case '}' -> {
                    if (!inBraces) {
                        throw malformed(glob, "has a } without its {");
                    }
                    inBraces = false;
                    out.append(')');
                }
                case ',' -> out.append(inBraces ? "|" : ",");
                default -> out.append(Pattern.quote(Character.toString(glob.codePointAt(i))));
            }
            i += Character.charCount(glob.codePointAt(i));
        }
        if (inBraces) {
            throw malformed(glob, "has a { without its }");
        }
        return out.toString();
    }

    /** Translates the run of stars at {@code at} and returns the position after it. */
    private static int acrossSegments(String glob, int at, StringBuilder out) {
        int end = at;
        while (end < glob.length() && glob.charAt(end) == '*') {
            end++;
        }
        boolean startsSegment = at == 0 || glob.charAt(at - 1) == '/';
        if (startsSegment && end < glob.length() && glob.charAt(end) == '/') {
            end++;
            // Several in a row mean the same as one, and would make matching slow.
            while (glob.startsWith("**/", end)) {
                end += 3;
            }
            out.append("(?:.*/)?");
        } else {
            out.append(startsSegment ? ".+" : ".*");
        }
        return end;
    }

    /** The position of the {@code ]} that ends the set at {@code at}; a {@code ]} in first place is a member. */
    private static int endOfSet(String glob, int at) {
        int first = glob.startsWith("!", at + 1) ? at + 2 : at + 1;
        return glob.indexOf(']', first + 1);
    }

    private static String set(String glob, String inside) {
        boolean negated = inside.startsWith("!");
        String members = negated ? inside.substring(1) : inside;
        StringBuilder out = new StringBuilder(negated ? "[^/" : "[");
        for (int i = 0; i < members.length(); i++) {
            char c = members.charAt(i);
            boolean range = c == '-' && i > 0 && i < members.length() - 1;
            if (c == '/') {
                throw malformed(glob, "has a / in brackets");
            }
            if (range && members.charAt(i - 1) > members.charAt(i + 1)) {
                throw malformed(glob, "has a range that ends before it starts");
            }
            out.append(range || Character.isLetterOrDigit(c) || c > 127 ? String.valueOf(c) : "\\" + c);
        }
        return out.append(']').toString();
    }

    private static IllegalArgumentException malformed(String glob, String what) {
        return new IllegalArgumentException("the pattern '" + glob + "' " + what);
    }
}
