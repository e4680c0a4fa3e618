package org.histods.transport;

import java.net.URI;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a host. Credentials, the user agent and {@code Accept-Encoding: identity} are added on the way out
 * and never stand here, but for another {@code Accept-Encoding} where a host has a file only so.
 *
 * @param method {@code GET}, {@code HEAD} or {@code POST}
 * @param uri where, with the scheme {@code https}, {@code http} or {@code ftp}; never holds a secret
 * @param headers further headers
 * @param body of a POST, null otherwise
 * @param from the first byte wanted; 0 for the start
 * @param to the last byte wanted, inclusive; -1 for the end
 * @param ifRange the entity tag or date that the bytes before {@code from} came with; null if unknown
 * @param plain whether an address without encryption may be asked: only where it stands in a manifest itself or was typed
 *     by a person, so that somebody can know
 * @param follow whether a redirect is followed; one that is not comes back as an answer with its status
 */
public record Request(
        String method,
        URI uri,
        Map<String, String> headers,
        byte @Nullable [] body,
        long from,
        long to,
        @Nullable String ifRange,
        boolean plain,
        boolean follow) {

    public Request {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        if (from < 0 || (to >= 0 && to < from)) {
            throw new IllegalArgumentException("no range: " + from + "-" + to);
        }
    }

    public static Request get(URI uri) {
        return new Request("GET", uri, Map.of(), null, 0, -1, null, false, true);
    }

    public static Request head(URI uri) {
        return new Request("HEAD", uri, Map.of(), null, 0, -1, null, false, true);
    }

    /** A POST of JSON text; the answer is asked for as JSON unless a header says otherwise. */
    public static Request postJson(URI uri, String json) {
        return new Request(
                "POST",
                uri,
                Map.of("Content-Type", "application/json", "Accept", "application/json"),
                json.getBytes(java.nio.charset.StandardCharsets.UTF_8),
                0,
                -1,
                null,
                false,
                true);
    }

    public Request with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Request(method, uri, more, body, from, to, ifRange, plain, follow);
    }

    /** The same for the bytes from {@code from} to {@code to}, inclusive; {@code to} -1 is the end. */
    public Request range(long from, long to) {
        return new Request(method, uri, headers, body, from, to, ifRange, plain, follow);
    }

    /** The same, to be answered with a part only if the file still has this validator. */
    public Request ifRange(@Nullable String validator) {
        return new Request(method, uri, headers, body, from, to, validator, plain, follow);
    }

    /** The same for an address that stands in a manifest or was typed, which may be one without encryption. */
    public Request asWritten() {
        return new Request(method, uri, headers, body, from, to, ifRange, true, follow);
    }

    /** The same, of which a redirect is not followed: where it leads is all that is wanted. */
    public Request unfollowed() {
        return new Request(method, uri, headers, body, from, to, ifRange, plain, false);
    }

    public boolean ranged() {
        return from > 0 || to >= 0;
    }
}
