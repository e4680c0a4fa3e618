package org.histods.demo;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a host answers.
 *
 * @param headers beside the length and the range, which the origin adds
 * @param etag with its quotes; null where the host gives none
 * @param ranged whether the host gives parts of it; without this it streams, and says no length either
 */
record Reply(
        int status,
        Map<String, String> headers,
        byte[] body,
        @Nullable String etag,
        boolean ranged) {

    Reply {
        headers = Map.copyOf(headers);
    }

    /** The bytes of a file that lies still, in parts where parts are asked for. */
    static Reply file(String type, byte[] bytes, String etag) {
        return new Reply(200, Map.of("Content-Type", type), bytes, "\"" + etag + "\"", true);
    }

    /** Bytes that are made while they are sent. */
    static Reply stream(String type, byte[] bytes) {
        return new Reply(200, Map.of("Content-Type", type), bytes, null, false);
    }

    static Reply text(int status, String type, String text) {
        return new Reply(status, Map.of("Content-Type", type), text.getBytes(StandardCharsets.UTF_8), null, true);
    }

    static Reply redirect(String to) {
        return new Reply(302, Map.of("Location", to), new byte[0], null, true);
    }

    static Reply notFound() {
        return text(404, "text/plain; charset=utf-8", "404: Not Found");
    }

    Reply with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, body, etag, ranged);
    }

    Reply withBody(byte[] other) {
        return new Reply(status, headers, other, etag, ranged);
    }
}
