package org.histods.demo;

import java.util.Collection;
import java.util.stream.Collectors;

/** Writes the little JSON that the demo hosts return. */
final class DemoJson {

    private DemoJson() {}

    /** A text as a JSON string, in quotes. */
    static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        text.chars().forEach(c -> {
            if (c == '"' || c == '\\') {
                out.append('\\').append((char) c);
            } else if (c < 0x20) {
                out.append(String.format("\\u%04x", c));
            } else {
                out.append((char) c);
            }
        });
        return out.append('"').toString();
    }

    static String list(Collection<String> values) {
        return values.stream().collect(Collectors.joining(",", "[", "]"));
    }
}
