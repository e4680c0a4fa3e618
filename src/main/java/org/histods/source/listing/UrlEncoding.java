package org.histods.source.listing;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Percent-encoding of RFC 3986. Encodes everything but the unreserved characters, so that a name with {@code +},
 * {@code #}, {@code ?} or a space works at any host.
 */
public final class UrlEncoding {

    private static final String UNRESERVED = "-._~";

    private UrlEncoding() {}

    /** A path with each segment encoded; slashes stay. */
    public static String path(String path) {
        return encode(path, "/");
    }

    /** One segment of a path, or the value of a query parameter. */
    public static String segment(String text) {
        return encode(text, "");
    }

    /** The URL of a path at an https host; the path is not encoded and has no leading slash. */
    public static URI https(String host, String path) {
        return URI.create("https://" + host + "/" + path(path));
    }

    /** The decoded text; a {@code +} stays a {@code +}. Null if a {@code %} is not followed by two hex digits. */
    public static @Nullable String decode(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                out.write(bytes[i]);
                continue;
            }
            int high = i + 2 < bytes.length ? Character.digit(bytes[i + 1], 16) : -1;
            int low = i + 2 < bytes.length ? Character.digit(bytes[i + 2], 16) : -1;
            if (high < 0 || low < 0) {
                return null;
            }
            out.write(high * 16 + low);
            i += 2;
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String encode(String text, String kept) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (plain || UNRESERVED.indexOf(c) >= 0 || kept.indexOf(c) >= 0) {
                out.append(c);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return out.toString();
    }
}
