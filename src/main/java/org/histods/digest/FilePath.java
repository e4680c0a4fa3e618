package org.histods.digest;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import org.histods.text.TerminalText;
import org.jspecify.annotations.Nullable;

/**
 * The path of a file inside a dataset: relative, with {@code /}, safe to join to a folder on every supported system. It
 * cannot lead out of that folder.
 *
 * <p>Refused: empty paths and empty, {@code .} and {@code ..} segments; absolute paths and drive letters;
 * backslashes; control characters (a line break would break {@code sha256sum -c}); paths over {@value #MAX_BYTES} UTF-8
 * bytes; segments over 255, the limit of common file systems; and names that Windows reserves for devices. Ordered by
 * unsigned UTF-8 bytes, as the fingerprint needs.
 *
 * @param text the path, such as {@code images/tumor_001.tif}
 */
public record FilePath(String text) implements Comparable<FilePath> {

    /**
     * The longest path in UTF-8 bytes. Linux opens paths of 4096 bytes and macOS of 1024, the mirror's own folders
     * included; paths in datasets have less than 300.
     */
    public static final int MAX_BYTES = 1000;

    /** Why a longer path is refused. */
    public static final String TOO_LONG = "it is longer than " + MAX_BYTES + " bytes";

    private static final int SEGMENT_BYTES = 255;
    private static final Set<String> DEVICES = Set.of(
            "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1",
            "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9");

    /** @throws IllegalArgumentException if the path is refused; the message says why */
    public FilePath {
        String fault = fault(text);
        if (fault != null) {
            throw new IllegalArgumentException("unsafe path '" + printable(text) + "': " + fault);
        }
    }

    /** Why that text is refused as a path; null if it is accepted. */
    public static @Nullable String fault(String text) {
        if (text.isEmpty()) {
            return "it is empty";
        }
        if (longer(text, MAX_BYTES)) {
            return TOO_LONG;
        }
        if (text.startsWith("/")) {
            return "it is absolute";
        }
        if (text.length() > 1 && text.charAt(1) == ':' && asciiLetter(text.charAt(0))) {
            return "it starts with a drive letter";
        }
        if (text.indexOf('\\') >= 0) {
            return "it contains a backslash";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || (c >= 0x7f && c < 0xa0)) {
                return "it contains a control character";
            }
            if (Character.isSurrogate(c)) {
                boolean pair = Character.isHighSurrogate(c)
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return "it is not valid Unicode";
                }
                i++;
            }
        }
        for (int start = 0; start <= text.length(); ) {
            int slash = text.indexOf('/', start);
            int end = slash < 0 ? text.length() : slash;
            String fault = segmentFault(text.substring(start, end));
            if (fault != null) {
                return fault;
            }
            start = end + 1;
        }
        return null;
    }

    private static @Nullable String segmentFault(String segment) {
        if (segment.isEmpty()) {
            return "it has an empty segment";
        }
        if (segment.equals(".") || segment.equals("..")) {
            return "it has the segment '" + segment + "'";
        }
        if (longer(segment, SEGMENT_BYTES)) {
            return "a segment is longer than " + SEGMENT_BYTES + " bytes";
        }
        int dot = segment.indexOf('.');
        int stem = dot < 0 ? segment.length() : dot;
        boolean device = (stem == 3 || stem == 4)
                && DEVICES.contains(segment.substring(0, stem).toLowerCase(Locale.ROOT));
        return device ? "'" + segment + "' is reserved for a device on Windows" : null;
    }

    /** Whether the text has more bytes in UTF-8; a character has three at most. */
    private static boolean longer(String text, int bytes) {
        return text.length() > bytes
                || (text.length() > bytes / 3 && text.getBytes(StandardCharsets.UTF_8).length > bytes);
    }

    private static boolean asciiLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }

    /** The last segment. */
    public String name() {
        return text.substring(text.lastIndexOf('/') + 1);
    }

    /** The folder's path, or an empty string for a file at the top. */
    public String parent() {
        int slash = text.lastIndexOf('/');
        return slash < 0 ? "" : text.substring(0, slash);
    }

    /** The order of UTF-8 bytes is that of code points: that of {@code char}, but for surrogates, which come last. */
    @Override
    public int compareTo(FilePath other) {
        int shorter = Math.min(text.length(), other.text.length());
        for (int i = 0; i < shorter; i++) {
            char a = text.charAt(i);
            char b = other.text.charAt(i);
            if (a != b) {
                boolean beyond = Character.isSurrogate(a);
                return beyond == Character.isSurrogate(b) ? a - b : beyond ? 1 : -1;
            }
        }
        return text.length() - other.text.length();
    }

    @Override
    public String toString() {
        return text;
    }

    /** That text for a message: at most 200 characters, safe on a terminal. */
    public static String printable(String text) {
        return printable(text, 200);
    }

    /** That text for a message: at most {@code limit} characters, safe on a terminal. */
    public static String printable(String text, int limit) {
        int end = text.codePointCount(0, text.length()) <= limit ? text.length() : text.offsetByCodePoints(0, limit);
        return TerminalText.safeLine(text.substring(0, end));
    }
}
