package org.histods.transport;

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
 * Hides every secret that went out, wherever a host sends it back: in words, addresses, headers and descriptions. The
 * bytes of a dataset's files are not touched. For any thread.
 */
final class Redactor {

    static final String MARK = "NOT-SHOWN";

    /** A shorter one would be found in many words. */
    private static final int SHORTEST = 4;

    /** In what programs read, a short one could be a part of a number. */
    private static final int SHORTEST_IN_DATA = 8;

    /** So much of a secret at the end of a text that was cut off is hidden too. */
    private static final int TELLING = 6;

    private final Set<String> forms = new HashSet<>();
    private volatile @Nullable Pattern inWords;
    private volatile @Nullable Pattern inData;

    /** From now on this is hidden, also as addresses and JSON write it. */
    synchronized void add(String secret) {
        if (secret.length() < SHORTEST || !forms.add(secret)) {
            return;
        }
        String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        forms.add(encoded);
        forms.add(encoded.replace("+", "%20"));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
        forms.add(secret.replace("/", "\\/"));
        inWords = pattern(SHORTEST);
        inData = pattern(SHORTEST_IN_DATA);
    }

    private @Nullable Pattern pattern(int shortest) {
        String all = forms.stream()
                .filter(form -> form.length() >= shortest)
                .sorted(Comparator.comparing(String::length).reversed())
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        // A host's name comes back in lower case.
        return all.isEmpty() ? null : Pattern.compile(all, Pattern.CASE_INSENSITIVE);
    }

    /** For people. */
    String over(String words) {
        Pattern pattern = inWords;
        return pattern == null ? words : cut(pattern.matcher(words).replaceAll(MARK));
    }

    /** The text without the beginning of a secret at its end, where it was cut off. */
    private synchronized String cut(String text) {
        for (String form : forms) {
            for (int length = Math.min(form.length() - 1, text.length()); length >= TELLING; length--) {
                if (text.regionMatches(true, text.length() - length, form, 0, length)) {
                    return text.substring(0, text.length() - length) + MARK;
                }
            }
        }
        return text;
    }

    private String overData(String text) {
        Pattern pattern = inData;
        return pattern == null ? text : pattern.matcher(text).replaceAll(MARK);
    }

    URI over(URI uri) {
        String text = uri.toString();
        String safe = overData(text);
        return safe.equals(text) ? uri : URI.create(safe);
    }

    Map<String, String> over(Map<String, String> headers) {
        if (inData == null) {
            return headers;
        }
        Map<String, String> safe = new HashMap<>();
        headers.forEach((name, value) -> safe.put(overData(name), overData(value)));
        return safe;
    }

    /** A host's description of files. */
    byte[] over(byte[] description) {
        if (inData == null) {
            return description;
        }
        String text = new String(description, StandardCharsets.ISO_8859_1);
        String safe = overData(text);
        return safe.equals(text) ? description : safe.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** What was thrown, without the words if they hold a secret. */
    @Nullable
    Throwable over(@Nullable Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            String words = String.valueOf(at.getMessage());
            if (!over(words).equals(words)) {
                return new java.io.IOException(over(words));
            }
        }
        return thrown;
    }
}
