package org.histods.html;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An HTML page that needs nothing else: no network, no other file. It is put together from files of {@code page/}; the
 * hashes for its security policy let a browser run the page's own script and nothing more.
 */
public final class HtmlPage {

    private static final Pattern HOLE = Pattern.compile("\\{\\{([a-z-]+)}}");

    private HtmlPage() {}

    /**
     * The page.
     *
     * @param template the file with holes, words between two pairs of braces
     * @param styles files that go into the hole of that name
     * @param scripts files that go into the hole of that name; they see each other's names and nobody else does
     * @param parts what goes into the other holes, as it is
     */
    public static String of(String template, List<String> styles, List<String> scripts, Map<String, String> parts) {
        String style = styles.stream().map(HtmlPage::file).collect(Collectors.joining());
        String script = "(() => {\n\"use strict\";\n"
                + scripts.stream().map(HtmlPage::file).collect(Collectors.joining("\n")) + "})();";
        Map<String, String> all = new HashMap<>(parts);
        all.put("style", style);
        all.put("style-hash", hash(style));
        all.put("script", script);
        all.put("script-hash", hash(script));
        return HOLE.matcher(file(template))
                .replaceAll(hole -> Matcher.quoteReplacement(all.getOrDefault(hole.group(1), "")));
    }

    /** The text with nothing in it that HTML would read, neither in an element nor in a quoted attribute. */
    public static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    /** The text with characters spelt out that would act on a line, turn its direction, or are no characters. */
    public static String plain(String text) {
        StringBuilder out = new StringBuilder();
        text.codePoints().forEach(c -> {
            boolean turns = (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0x200e || c == 0x200f;
            boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
            if (turns || half || (Character.isISOControl(c) && c != '\n' && c != '\t')) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.appendCodePoint(c);
            }
        });
        return out.toString();
    }

    private static String hash(String text) {
        try {
            byte[] sum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(sum) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String file(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream("/page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the program lacks its file page/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
