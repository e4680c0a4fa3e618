package org.histods.transport;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A request to a host. The transport adds credentials, the user agent and {@code Accept-Encoding: identity}; a caller
 * sets {@code Accept-Encoding} only where a host stores a file in one encoding.
 *
 * @param method {@code GET}, {@code HEAD}, {@code POST}, {@code PUT} or {@code DELETE}
 * @param uri the URL, with the scheme {@code https}, {@code http} or {@code ftp}; holds no secret
 * @param headers further headers
 * @param body of a POST or PUT, else null
 * @param from the offset of the first byte, 0 for the start
 * @param to the offset of the last byte, inclusive; -1 for the end
 * @param ifRange the entity tag or date of the response that the bytes before {@code from} came from; null if unknown
 * @param handling how the transport treats it
 */
public record Request(
        String method,
        URI uri,
        Map<String, String> headers,
        byte @Nullable [] body,
        long from,
        long to,
        @Nullable String ifRange,
        Handling handling) {

    /**
     * How the transport treats a request.
     *
     * @param unencrypted whether plain http and ftp are allowed: only for a URL in a manifest or on the command line,
     *     where the user can see it
     * @param redirects whether redirects are followed; if not, a redirect is returned as a response
     * @param signer signs the request, in place of the host's credentials; null for none
     */
    public record Handling(
            boolean unencrypted,
            boolean redirects,
            @Nullable RequestSigner signer) {

        private static final Handling USUAL = new Handling(false, true, null);
    }

    public Request {
        headers = headers.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        if (from < 0 || (to >= 0 && to < from)) {
            throw new IllegalArgumentException("invalid range: " + from + "-" + to);
        }
    }

    public static Request get(URI uri) {
        return new Request("GET", uri, Map.of(), null, 0, -1, null, Handling.USUAL);
    }

    public static Request head(URI uri) {
        return new Request("HEAD", uri, Map.of(), null, 0, -1, null, Handling.USUAL);
    }

    /** A request with another method than GET. */
    public static Request of(String method, URI uri, byte @Nullable [] body) {
        return new Request(method, uri, Map.of(), body, 0, -1, null, Handling.USUAL);
    }

    /** A POST of JSON text that accepts JSON. */
    public static Request postJson(URI uri, String json) {
        return new Request(
                "POST",
                uri,
                Map.of("Content-Type", "application/json", "Accept", "application/json"),
                json.getBytes(StandardCharsets.UTF_8),
                0,
                -1,
                null,
                Handling.USUAL);
    }

    /** This request with another header. */
    public Request with(String header, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(header, value);
        return new Request(method, uri, more, body, from, to, ifRange, handling);
    }

    /** This request for the bytes {@code from} to {@code to}, inclusive; -1 for {@code to} is the end. */
    public Request range(long from, long to) {
        return from == this.from && to == this.to
                ? this
                : new Request(method, uri, headers, body, from, to, ifRange, handling);
    }

    /** This request with {@code If-Range}: the host sends the range only if the file still has this validator. */
    public Request ifRange(@Nullable String validator) {
        return Objects.equals(validator, ifRange)
                ? this
                : new Request(method, uri, headers, body, from, to, validator, handling);
    }

    /** This request, which may use plain http or ftp because its URL is in a manifest or on the command line. */
    public Request allowUnencrypted() {
        return with(new Handling(true, handling.redirects(), handling.signer()));
    }

    /** This request, which returns a redirect instead of following it. */
    public Request withoutRedirects() {
        return with(new Handling(handling.unencrypted(), false, handling.signer()));
    }

    /** This request, which that signer signs; its redirects are not followed, since it is signed for one host. */
    public Request signedBy(RequestSigner signer) {
        return with(new Handling(handling.unencrypted(), false, signer));
    }

    private Request with(Handling other) {
        return new Request(method, uri, headers, body, from, to, ifRange, other);
    }

    /** Whether less than the whole file is requested. */
    public boolean ranged() {
        return from > 0 || to >= 0;
    }
}
