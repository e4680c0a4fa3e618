package org.histods.fetch;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.histods.text.TerminalText;
import org.jspecify.annotations.Nullable;

/** Recognises by the first bytes of a response with status 200 that it is not the requested file. */
final class ContentSniffer {

    /** How many bytes it reads. */
    static final int LENGTH = 512;

    private static final String UTF8_MARK = "\u00ef\u00bb\u00bf";

    /** What may be in front of a web page: as XHTML, a declaration; comments of portals. */
    private static final Pattern PROLOGUE =
            Pattern.compile("^(?:\\s++|<\\?xml[^>]{0,200}>|<!--(?:(?!-->)[\\s\\S]){0,400}-->){1,20}");

    /** Pages that only lead elsewhere, or that run a script, often have nothing else. */
    private static final Pattern FRAGMENT =
            Pattern.compile("^<(?:meta|script|title|body|form|iframe|frameset|noscript|wispaccessgatewayparam)[\\s>]");

    private static final Set<String> WEB = Set.of("html", "htm", "xhtml", "xht", "mhtml", "shtml", "php");
    private static final Set<String> TEXT = Set.of("xml", "svg", "md", "rst", "txt", "vue", "xsl", "xslt", "js");
    private static final Set<String> JSON =
            Set.of("json", "geojson", "topojson", "jsonl", "ndjson", "jsonld", "json5", "ipynb", "txt", "log");

    /** An object, or a list of objects, whose first field is one of an error, or which has an error beside its first field. */
    private static final Pattern JSON_ERROR = Pattern.compile(
            "^(?:\\[\\s*)?\\{\\s*\"(?:(?:errors?|message|detail|error_?description|errormessage|fault|exception)\""
                    + "|[a-z_]{1,40}\"\\s*:\\s*[^{\\[,]{0,100},\\s*\"(?:errors?|message|detail|errormessage|reason)\")\\s*:");

    private ContentSniffer() {}

    /**
     * A description of what was sent instead of the file; null if it may be the file.
     *
     * @param name of the requested file
     * @param redact hides secrets, which some hosts send back
     */
    static @Nullable String instead(String name, byte[] head, int count, UnaryOperator<String> redact) {
        String raw = decoded(head, Math.min(count, LENGTH)).stripLeading();
        if (raw.isEmpty() || "<{[v".indexOf(raw.charAt(0)) < 0) {
            return null;
        }
        String text = redact.apply(raw);
        String lower = text.toLowerCase(Locale.ROOT);
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (isWebPage(PROLOGUE.matcher(lower).replaceFirst(""), ending)) {
            return "a web page" + title(text) + " (a login page, a quota notice or a portal?)";
        }
        if (text.startsWith("version https://git-lfs.github.com/spec/v1")) {
            return "a Git LFS pointer instead of the file it points to";
        }
        boolean error = lower.startsWith("<error>") || (lower.startsWith("<?xml") && lower.contains("<error>"));
        if (error && !ending.equals("xml")) {
            return "an error of the storage service: " + excerpt(text);
        }
        if (!JSON.contains(ending) && JSON_ERROR.matcher(lower).find()) {
            return "an error message: " + excerpt(text);
        }
        return null;
    }

    private static String decoded(byte[] head, int count) {
        int first = count == 0 ? 0 : head[0] & 0xff;
        int second = count < 2 ? 0 : head[1] & 0xff;
        if ((first == 0xff && second == 0xfe) || (first == 0xfe && second == 0xff)) {
            return new String(head, 0, count, StandardCharsets.UTF_16);
        }
        String text = new String(head, 0, count, StandardCharsets.ISO_8859_1);
        return text.startsWith(UTF8_MARK) ? text.substring(UTF8_MARK.length()) : text;
    }

    /** Endings of texts that may begin with an element of HTML are trusted, unless it is a whole page. */
    private static boolean isWebPage(String lower, String ending) {
        if (WEB.contains(ending)) {
            return false;
        }
        boolean page = Stream.of("<!doctype html", "<html", "<head").anyMatch(lower::startsWith);
        return page || (!TEXT.contains(ending) && FRAGMENT.matcher(lower).find());
    }

    private static String title(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        int from = lower.indexOf("<title>");
        int to = lower.indexOf("</title>");
        return from >= 0 && to > from ? " titled '" + excerpt(text.substring(from + 7, to)) + "'" : "";
    }

    private static String excerpt(String text) {
        String line = TerminalText.oneLine(text);
        return line.length() > 120 ? line.substring(0, 120) + "…" : line;
    }
}
