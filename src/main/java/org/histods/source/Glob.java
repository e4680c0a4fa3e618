package org.histods.source;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Matches whole paths against globs: {@code *} and {@code ?} stay within a segment, {@code **} crosses segments and
 * {@code **}{@code /} also stands for none, {@code [ab]} is one of them, {@code {x,y}} one of those; a glob that ends
 * with a slash takes everything below that folder. Case counts.
 */
final class Glob {

    private final Pattern pattern;

    private Glob(Pattern pattern) {
        this.pattern = pattern;
    }

    static Glob of(String glob) {
        return new Glob(Pattern.compile(regex(glob.endsWith("/") ? glob + "**" : glob), Pattern.DOTALL));
    }

    static List<Glob> all(List<String> globs) {
        return globs.stream().map(Glob::of).toList();
    }

    boolean matches(String path) {
        return pattern.matcher(path).matches();
    }

    static boolean any(List<Glob> globs, String path) {
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
