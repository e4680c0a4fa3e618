package org.histods.demo;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The response of a simulated host.
 *
 * @param headers besides the length and the range, which the server adds
 * @param etag with its quotes; null if the host sends none
 * @param ranged whether the host supports ranges; otherwise it streams the body without stating its length
 */
record DemoResponse(
        int status,
        Map<String, String> headers,
        byte[] body,
        @Nullable String etag,
        boolean ranged) {

    DemoResponse {
        headers = Map.copyOf(headers);
    }

    /** The bytes of a static file, as a range where one is requested. */
    static DemoResponse file(String type, byte[] bytes, String etag) {
        return new DemoResponse(200, Map.of("Content-Type", type), bytes, "\"" + etag + "\"", true);
    }

    /** Bytes that the host makes while it sends them. */
    static DemoResponse stream(String type, byte[] bytes) {
        return new DemoResponse(200, Map.of("Content-Type", type), bytes, null, false);
    }

    static DemoResponse text(int status, String type, String text) {
        return new DemoResponse(
                status, Map.of("Content-Type", type), text.getBytes(StandardCharsets.UTF_8), null, true);
    }

    static DemoResponse redirect(String to) {
        return new DemoResponse(302, Map.of("Location", to), new byte[0], null, true);
    }

    static DemoResponse notFound() {
        return text(404, "text/plain; charset=utf-8", "404: Not Found");
    }

    DemoResponse with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new DemoResponse(status, more, body, etag, ranged);
    }
}
