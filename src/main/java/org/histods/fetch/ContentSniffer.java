package org.histods.fetch;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Recognises by the first bytes of a response with status 200 that it is not the requested file. */
final class ContentSniffer {

    /** How many bytes it reads. */
    static final int LENGTH = 512;

    private ContentSniffer() {}

    /**
     * A description of what was sent instead of the file; null if it may be the file.
     *
     * @param name of the requested file
     * @param redact hides secrets, which some hosts send back
     */
    static @Nullable String instead(String name, byte[] head, int count, UnaryOperator<String> redact) {
        int first = 0;
        while (first < count && Character.isWhitespace(head[first] & 0xff)) {
            first++;
        }
        if (first == count || "<{v".indexOf(head[first] & 0xff) < 0) {
            return null;
        }
        String text = redact.apply(new String(head, 0, Math.min(count, LENGTH), StandardCharsets.ISO_8859_1));
        String lower = text.stripLeading().toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        boolean html = lower.startsWith("<!doctype html") || lower.startsWith("<html") || lower.startsWith("<head");
        if (html && !ending.equals("html") && !ending.equals("htm") && !ending.equals("xhtml")) {
            return "a web page" + title(text) + " (a login page, a quota notice or a portal?)";
        }
        if (text.startsWith("version https://git-lfs.github.com/spec/v1")) {
            return "a Git LFS pointer instead of the file it points to";
        }
        if (lower.startsWith("<?xml") && lower.contains("<error>") && !ending.equals("xml")) {
            return "an error of the storage service: " + excerpt(text);
        }
        boolean json = lower.startsWith("{\"") && (lower.contains("\"message\"") || lower.contains("\"error\""));
        if (json && !ending.endsWith("json") && !ending.equals("geojson")) {
            return "an error message: " + excerpt(text);
        }
        return null;
    }

    private static String title(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int from = lower.indexOf("<title>");
        int to = lower.indexOf("</title>");
        return from >= 0 && to > from ? " titled '" + excerpt(text.substring(from + 7, to)) + "'" : "";
    }

    private static String excerpt(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > 120 ? line.substring(0, 120) + "…" : line;
    }
}
