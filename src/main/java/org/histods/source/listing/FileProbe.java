package org.histods.source.listing;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;

/**
 * Facts that a host states about one file when its first byte is requested.
 *
 * @param name as in {@code Content-Disposition}; null if there is none, or it is unsafe
 * @param bytes null if the host does not state it
 * @param from the URL after all redirects
 * @param tag its {@link Response#validator}
 */
public record FileProbe(
        @Nullable String name,
        @Nullable Long bytes,
        URI from,
        @Nullable String tag) {

    private static final Pattern ENCODED =
            Pattern.compile("(?i).*\\bfilename\\*\\s*=\\s*(?:UTF-8)?'[^']*'([^;\\s]+).*");
    private static final Pattern PLAIN =
            Pattern.compile("(?i).*\\bfilename\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^;\\s]+)).*");

    /** Reads the headers and closes the response. */
    public static FileProbe of(Response response) throws Problem {
        try (response) {
            boolean whole = response.status() == 200 && response.length() >= 0;
            Long bytes = response.total() >= 0 ? Long.valueOf(response.total()) : whole ? response.length() : null;
            String name = named(response.header("content-disposition").orElse(""));
            return new FileProbe(name, bytes, response.uri(), response.validator());
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, response.uri() + " was interrupted", null, e);
        }
    }

    private static @Nullable String named(String disposition) {
        Matcher encoded = ENCODED.matcher(disposition);
        if (encoded.matches()) {
            return safe(UrlEncoding.decode(encoded.group(1)));
        }
        Matcher plain = PLAIN.matcher(disposition);
        if (!plain.matches()) {
            return null;
        }
        String quoted = plain.group(1);
        return safe(quoted == null ? plain.group(2) : utf8(quoted.replaceAll("\\\\(.)", "$1")));
    }

    /** Headers are read as Latin-1, and hosts write UTF-8 into them. */
    private static String utf8(String header) {
        byte[] bytes = header.getBytes(StandardCharsets.ISO_8859_1);
        String text = new String(bytes, StandardCharsets.UTF_8);
        boolean latin = header.chars().allMatch(c -> c < 256);
        return latin && text.indexOf('\uFFFD') < 0 ? text : header;
    }

    private static @Nullable String safe(@Nullable String name) {
        return name == null || name.contains("/") || FilePath.fault(name) != null ? null : name;
    }
}
