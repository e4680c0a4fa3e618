package org.histods.transport;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Hides every secret that was sent, wherever a host sends it back: in messages, URLs, headers and metadata. The bytes of
 * a dataset's files are not touched. Safe for several threads.
 */
final class Redactor {

    static final String MARK = "NOT-SHOWN";

    /** A shorter secret would match in ordinary text. */
    private static final int SHORTEST = 4;

    /** In metadata, a short secret could match a part of a number. */
    private static final int SHORTEST_IN_DATA = 8;

    /** So many characters of a secret are hidden at the end of a text that was cut off. */
    private static final int SHORTEST_PREFIX = 6;

    private final Set<String> forms = new HashSet<>();
    private volatile @Nullable Pattern textPattern;
    private volatile @Nullable Pattern dataPattern;

    /** Hides this secret from now on, also as encoded in URLs and JSON. */
    synchronized void add(String secret) {
        if (secret.length() < SHORTEST || !forms.add(secret)) {
            return;
        }
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        forms.add(encoded);
        forms.add(encoded.replace("+", "%20"));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
        forms.add(secret.replace("/", "\\/"));
        textPattern = pattern(SHORTEST);
        dataPattern = pattern(SHORTEST_IN_DATA);
    }

    private @Nullable Pattern pattern(int shortest) {
        String all = forms.stream()
                .filter(form -> form.length() >= shortest)
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        // Host names come back in lower case.
        return all.isEmpty() ? null : Pattern.compile(all, Pattern.CASE_INSENSITIVE);
    }

    /** A text for people. */
    String redact(String text) {
        Pattern pattern = textPattern;
        return pattern == null ? text : cut(pattern.matcher(text).replaceAll(MARK));
    }

    /** Hides the start of a secret at the end of a text that was cut off. */
    private synchronized String cut(String text) {
        for (String form : forms) {
            for (int length = Math.min(form.length() - 1, text.length()); length >= SHORTEST_PREFIX; length--) {
                if (text.regionMatches(true, text.length() - length, form, 0, length)) {
                    return text.substring(0, text.length() - length) + MARK;
                }
            }
        }
        return text;
    }

    private String redactData(String text) {
        Pattern pattern = dataPattern;
        return pattern == null ? text : pattern.matcher(text).replaceAll(MARK);
    }

    URI redact(URI uri) {
        String text = uri.toString();
        String safe = redactData(text);
        return safe.equals(text) ? uri : URI.create(safe);
    }

    Map<String, String> redact(Map<String, String> headers) {
        if (dataPattern == null) {
            return headers;
        }
        Map<String, String> safe = new HashMap<>();
        headers.forEach((name, value) -> safe.put(redactData(name), redactData(value)));
        return safe;
    }

    /** A host's metadata. */
    byte[] redact(byte[] metadata) {
        if (dataPattern == null) {
            return metadata;
        }
        String text = new String(metadata, StandardCharsets.ISO_8859_1);
        String safe = redactData(text);
        return safe.equals(text) ? metadata : safe.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The exception, or one with a redacted message if a message in its chain holds a secret. */
    @Nullable
    Throwable redact(@Nullable Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            String words = String.valueOf(at.getMessage());
            if (!redact(words).equals(words)) {
                return new IOException(redact(words));
            }
        }
        return thrown;
    }
}
