package org.histods.source.listing;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Matches whole paths against globs: {@code *} and {@code ?} stay within a segment, {@code **} crosses segments and
 * {@code **}{@code /} also stands for none, {@code [ab]} is one of them, {@code {x,y}} one of those; a glob that ends
 * with a slash takes everything below that folder. Case counts.
 */
public final class ListingGlob {

    private final String text;
    private final Pattern pattern;

    private ListingGlob(String text) {
        this.text = text;
        this.pattern = Pattern.compile(regex(text), Pattern.DOTALL);
    }

    static ListingGlob of(String glob) {
        return new ListingGlob(glob.endsWith("/") ? glob + "**" : glob);
    }

    /** A glob that matches that path and no other. */
    public static String literal(String path) {
        return path.replaceAll("([*?\\[{])", "[$1]").replace("[[]", "?");
    }

    static List<ListingGlob> all(List<String> globs) {
        return globs.stream().map(ListingGlob::of).toList();
    }

    boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    /** False if no file below that folder, which ends with a slash, can match. */
    boolean mayMatchBelow(String folder) {
        String[] folders = folder.split("/");
        // A slash within braces does not end a segment.
        String[] segments = text.replaceFirst("\\{.*", "**").split("/");
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

    static boolean any(List<ListingGlob> globs, String path) {
        return globs.stream().anyMatch(g -> g.matches(path));
    }

    private static String regex(String glob) {
        StringBuilder out = new StringBuilder();
        int braces = 0;
        for (int i = 0; i < glob.length(); i++) {
            char c = glob.charAt(i);
            if (glob.startsWith("**/", i)) {
                out.append("(?:.*/)?");
                i += 2;
            } else if (glob.startsWith("**", i)) {
                out.append(".*");
                i++;
            } else if (c == '[' && glob.indexOf(']', i) > i + 1) {
                int end = glob.indexOf(']', i);
                out.append(set(glob.substring(i + 1, end)));
                i = end;
            } else if (c == '{' && glob.indexOf('}', i) > 0) {
                out.append("(?:");
                braces++;
            } else if (c == '}' && braces > 0) {
                out.append(')');
                braces--;
            } else if (c == ',' && braces > 0) {
                out.append('|');
            } else {
                out.append(one(c));
            }
        }
        return out.toString();
    }

    private static String one(char c) {
        return switch (c) {
            case '*' -> "[^/]*";
            case '?' -> "[^/]";
            default -> Pattern.quote(String.valueOf(c));
        };
    }

    private static String set(String inside) {
        boolean not = inside.startsWith("!") || inside.startsWith("^");
        String plain = (not ? inside.substring(1) : inside)
                .replace("\\", "\\\\")
                .replace("[", "\\[")
                .replace("&", "\\&")
                .replace("^", "\\^");
        return plain.isEmpty() ? Pattern.quote("[" + inside + "]") : "[" + (not ? "^/" : "") + plain + "]";
    }
}
