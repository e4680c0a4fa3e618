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
 * Makes HTML pages that need no network and no other file, from the templates in the resource folder {@code page/}. The hashes in
 * a page's content security policy let a browser run the page's own script and nothing else.
 */
public final class HtmlPage {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)}}");

    private HtmlPage() {}

    /**
     * The page.
     *
     * @param template a file with placeholders such as <code>{{title}}</code>
     * @param styles files for the placeholder of that name
     * @param scripts files for the placeholder of that name, in one scope of their own
     * @param parts the content of all other placeholders
     */
    public static String of(String template, List<String> styles, List<String> scripts, Map<String, Html> parts) {
        String style = styles.stream().map(HtmlPage::file).collect(Collectors.joining());
        String script = "(() => {\n\"use strict\";\n"
                + scripts.stream().map(HtmlPage::file).collect(Collectors.joining("\n")) + "})();";
        Map<String, String> all = new HashMap<>();
        parts.forEach((name, part) -> all.put(name, part.toString()));
        all.put("style", style);
        all.put("style-hash", hash(style));
        all.put("script", script);
        all.put("script-hash", hash(script));
        return PLACEHOLDER
                .matcher(file(template))
                .replaceAll(match -> Matcher.quoteReplacement(all.getOrDefault(match.group(1), "")));
    }

    private static String hash(String text) {
        try {
            byte[] checksum = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "'sha256-" + Base64.getEncoder().encodeToString(checksum) + "'";
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String file(String name) {
        try (InputStream in = HtmlPage.class.getResourceAsStream("/page/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the program was built without page/" + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
