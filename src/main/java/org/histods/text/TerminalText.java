package org.histods.text;

/**
 * Makes foreign text safe to show to people: control characters (C0, DEL, C1), changes of the writing direction and
 * lone surrogates become {@code \}{@code uXXXX}. On a terminal, an escape sequence in a file name or response could otherwise
 * move the cursor, hide text or type on the user's keyboard.
 */
public final class TerminalText {

    private TerminalText() {}

    /** The text with its line breaks and tabs. */
    public static String safe(String text) {
        return escape(text, true);
    }

    /** The text in one line: line breaks and tabs are escaped, too. */
    public static String safeLine(String text) {
        return escape(text, false);
    }

    /** The text as one line: each run of white space and control characters becomes one blank. */
    public static String oneLine(String text) {
        return text.replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
    }

    private static String escape(String text, boolean lines) {
        StringBuilder out = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= ' ' && c <= '~') {
                if (out != null) {
                    out.append(c);
                }
                continue;
            }
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            boolean layout = lines && (c == '\n' || c == '\t' || (c == '\r' && text.startsWith("\n", i + 1)));
            if (pair || layout || !isUnsafe(c)) {
                if (out != null) {
                    out.append(c);
                }
            } else {
                out = out == null ? new StringBuilder(text.length() + 16).append(text, 0, i) : out;
                out.append(String.format("\\u%04x", (int) c));
            }
            if (pair) {
                i++;
                if (out != null) {
                    out.append(text.charAt(i));
                }
            }
        }
        return out == null ? text : out.toString();
    }

    private static boolean isUnsafe(char c) {
        return Character.isISOControl(c)
                || Character.isSurrogate(c)
                || c == '\u200e'
                || c == '\u200f'
                || (c >= '\u202a' && c <= '\u202e')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
