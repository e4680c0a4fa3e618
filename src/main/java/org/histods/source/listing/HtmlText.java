package org.histods.source.listing;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Makes plain text of the markup in hosts' descriptions. Not a parser of web pages. */
public final class HtmlText {

    private static final Pattern HIDDEN = Pattern.compile("(?is)<(script|style)\\b.*?</\\1\\s*>|<!--.*?-->");
    private static final Pattern TAG = Pattern.compile("<[/!?]?[A-Za-z][^>]*>");
    private static final Pattern ENTITY = Pattern.compile("&(#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]+);");
    private static final Map<String, String> NAMED = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("nbsp", " "),
            Map.entry("ndash", "–"),
            Map.entry("mdash", "—"),
            Map.entry("hellip", "…"),
            Map.entry("micro", "µ"),
            Map.entry("times", "×"),
            Map.entry("rsquo", "’"),
            Map.entry("lsquo", "‘"),
            Map.entry("rdquo", "”"),
            Map.entry("ldquo", "“"));

    private HtmlText() {}

    /** The text without tags, with its entities resolved and runs of blanks made one. */
    public static String text(String html) {
        String bare = TAG.matcher(HIDDEN.matcher(html).replaceAll(" ")).replaceAll(" ");
        return unescaped(bare)
                .replaceAll("[\\s\\u00a0]+", " ")
                .replaceAll(" ([.,;:!?)])", "$1")
                .strip();
    }

    /** The text with its entities resolved and nothing else changed, as in the value of an attribute. */
    public static String unescaped(String html) {
        return ENTITY.matcher(html).replaceAll(m -> Matcher.quoteReplacement(entity(m.group(1), m.group())));
    }

    private static String entity(String name, String whole) {
        if (!name.startsWith("#")) {
            return NAMED.getOrDefault(name, whole);
        }
        boolean hex = name.charAt(1) == 'x' || name.charAt(1) == 'X';
        int code = Integer.parseInt(name.substring(hex ? 2 : 1), hex ? 16 : 10);
        boolean character = Character.isValidCodePoint(code) && !Character.isISOControl(code);
        return character ? Character.toString(code) : " ";
    }
}
