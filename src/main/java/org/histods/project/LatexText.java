package org.histods.project;

/** Escapes text for LaTeX. */
public final class LatexText {

    private LatexText() {}

    /** The text with all special characters escaped. Braces are written by name, because BibTeX counts escaped ones too. */
    public static String text(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\\' -> out.append("\\textbackslash{}");
                case '{' -> out.append("\\textbraceleft{}");
                case '}' -> out.append("\\textbraceright{}");
                case '~' -> out.append("\\textasciitilde{}");
                case '^' -> out.append("\\textasciicircum{}");
                case '&', '%', '$', '#', '_' -> out.append('\\').append((char) c);
                default -> out.appendCodePoint(c);
            }
        });
        return out.toString();
    }
}
