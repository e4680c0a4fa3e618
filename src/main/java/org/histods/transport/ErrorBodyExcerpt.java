package org.histods.transport;

import java.io.IOException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Response;
import org.histods.text.TerminalText;

/** The reason in the body or the headers of an error response, in one short line. */
final class ErrorBodyExcerpt {

    private static final int MAX_BYTES = 2048;
    private static final int MAX_CHARS = 200;
    private static final Pattern TITLE =
            Pattern.compile("<title[^>]*>(.*?)</title>", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern MESSAGE =
            Pattern.compile("(?:\"(?:message|error|detail)\"\\s*:\\s*\"|<Message>)([^\"<]+)", Pattern.CASE_INSENSITIVE);

    /** The error code of an object store, which says more than its message. */
    private static final Pattern CODE = Pattern.compile("<Code>([A-Za-z]+)</Code>");

    private ErrorBodyExcerpt() {}

    /** From the headers of Hugging Face, else from the body, of an HTML page its title; empty if there is none. */
    static String of(Response response, Redactor redactor) {
        String code = response.header("X-Error-Code");
        String message = response.header("X-Error-Message");
        if (code != null || message != null) {
            return tidy((code == null ? "" : code + " ") + (message == null ? "" : message), redactor);
        }
        String type = response.header("Content-Type");
        String kind = type == null ? "" : type.toLowerCase(Locale.ROOT);
        if (!kind.contains("json") && !kind.contains("xml") && !kind.contains("text")) {
            return "";
        }
        try {
            return tidy(excerpt(redactor.redact(response.peekBody(MAX_BYTES).string()), kind), redactor);
        } catch (IOException ignored) {
            // The status says enough.
            return "";
        }
    }

    private static String excerpt(String body, String kind) {
        Matcher title = TITLE.matcher(body);
        if (title.find()) {
            return title.group(1);
        }
        Matcher message = MESSAGE.matcher(body);
        if (message.find()) {
            Matcher stated = CODE.matcher(body);
            return (stated.find() ? stated.group(1) + ": " : "") + message.group(1);
        }
        return kind.contains("html") || kind.contains("xml") || kind.contains("json") ? "" : body;
    }

    private static String tidy(String text, Redactor redactor) {
        // Some hosts echo what they received.
        String line = TerminalText.oneLine(SecretPatterns.redact(redactor.redact(text)));
        return line.length() <= MAX_CHARS ? line : line.substring(0, MAX_CHARS - 1) + "…";
    }
}
