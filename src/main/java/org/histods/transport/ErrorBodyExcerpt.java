package org.histods.transport;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Response;

/** What a host itself says about its refusal, short enough to pass on. */
final class ErrorBodyExcerpt {

    private static final int MOST_BYTES = 2048;
    private static final int MOST_CHARS = 200;
    private static final Pattern TITLE =
            Pattern.compile("<title[^>]*>(.*?)</title>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern MESSAGE =
            Pattern.compile("(?:\"(?:message|error|detail)\"\\s*:\\s*\"|<Message>)([^\"<]+)", Pattern.CASE_INSENSITIVE);

    private ErrorBodyExcerpt() {}

    /** From the headers of Hugging Face, else from the body, of a page its title; empty where nothing was said. */
    static String in(Response response, Redactor veil) {
        String code = response.header("X-Error-Code");
        String message = response.header("X-Error-Message");
        if (code != null || message != null) {
            return tidy((code == null ? "" : code + " ") + (message == null ? "" : message), veil);
        }
        String type = response.header("Content-Type");
        String kind = type == null ? "" : type.toLowerCase(Locale.ROOT);
        if (!kind.contains("json") && !kind.contains("xml") && !kind.contains("text")) {
            return "";
        }
        try {
            return tidy(telling(veil.over(response.peekBody(MOST_BYTES).string()), kind), veil);
        } catch (IOException ignored) {
            // The status is known and says enough.
            return "";
        }
    }

    private static String telling(String body, String kind) {
        Matcher title = TITLE.matcher(body);
        if (title.find()) {
            return title.group(1);
        }
        Matcher message = MESSAGE.matcher(body);
        if (message.find()) {
            return message.group(1);
        }
        return kind.contains("html") || kind.contains("xml") || kind.contains("json") ? "" : body;
    }

    private static String tidy(String text, Redactor veil) {
        // Some hosts quote what they were sent.
        String safe = veil.over(text);
        String line =
                SecretPatterns.scrub(safe).replaceAll("[\\s\\p{Cntrl}]+", " ").strip();
        return line.length() <= MOST_CHARS ? line : line.substring(0, MOST_CHARS - 1) + "…";
    }
}
