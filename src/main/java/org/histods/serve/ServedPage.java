package org.histods.serve;

import java.nio.charset.StandardCharsets;

/**
 * A text that is made for a request.
 *
 * @param type its media type
 */
public record ServedPage(String type, String text) {

    /** An HTML page. */
    public static ServedPage html(String text) {
        return new ServedPage("text/html;charset=utf-8", text);
    }

    byte[] bytes() {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
