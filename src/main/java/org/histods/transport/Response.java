package org.histods.transport;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A response with data: status 200, or 203 from a proxy that changes bodies, 206 to a range request, 201 to a POST, 204 to a
 * DELETE, or a redirect if the request does not follow redirects. The caller reads the body once and closes the response.
 * Reading throws {@link IOException} when the connection breaks or stalls, also when the body ends before its stated
 * length.
 */
public final class Response implements Closeable {

    private final int status;
    private final URI uri;
    private final List<URI> via;
    private final Map<String, String> headers;
    private final long from;
    private final long length;
    private final long total;
    private final InputStream body;
    private final @Nullable URI route;
    private final boolean openEnded;

    /**
     * A response as received.
     *
     * @param status 200, 201, 203 or 206, or that of a redirect that was not followed
     * @param uri the URL of the body, after redirects and before host rewrites
     * @param via the URLs that redirected to {@code uri}, that of the request first; empty without redirects
     * @param headers lower-case names; a repeated header's values are joined with {@code ", "}
     * @param from the offset of the body's first byte in the file
     * @param length the number of bytes in the body, -1 if the host does not say
     * @param total the size of the whole file, -1 if the host does not say
     * @param body the bytes
     */
    public Response(
            int status,
            URI uri,
            List<URI> via,
            Map<String, String> headers,
            long from,
            long length,
            long total,
            InputStream body) {
        this(status, uri, via, headers, from, length, total, body, null, false);
    }

    private Response(
            int status,
            URI uri,
            List<URI> via,
            Map<String, String> headers,
            long from,
            long length,
            long total,
            InputStream body,
            @Nullable URI route,
            boolean openEnded) {
        this.route = route;
        this.openEnded = openEnded;
        this.status = status;
        this.uri = uri;
        this.via = List.copyOf(via);
        this.headers = Map.copyOf(headers);
        this.from = from;
        this.length = length;
        this.total = total;
        this.body = body;
    }

    /** This response, which came by a host rewrite from there. */
    Response routed(URI place) {
        return new Response(status, uri, via, headers, from, length, total, body, place, openEnded);
    }

    /** This response, whose body has no length and no chunks: it ends where the connection does. */
    Response openEnd() {
        return new Response(status, uri, via, headers, from, length, total, body, route, true);
    }

    /** Whether the body ends where the connection does, so that a connection that breaks looks like its end. */
    public boolean isOpenEnded() {
        return openEnded;
    }

    /** Where it came from if a host rewrite sent the request elsewhere, without path and query; else null. */
    public @Nullable URI route() {
        return route;
    }

    public int status() {
        return status;
    }

    /** Whether a proxy says that it may have changed the body. */
    public boolean transformed() {
        return status == 203;
    }

    /** The URL of the body after redirects, without signing query parameters. */
    public URI uri() {
        return uri;
    }

    /** The URLs that redirected here, that of the request first; empty without redirects. */
    public List<URI> via() {
        return via;
    }

    /** All headers by lower-case name. */
    public Map<String, String> headers() {
        return headers;
    }

    public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }

    /** The content coding of the body, although none was requested, in lower case; empty for none. */
    public Optional<String> coding() {
        return coding(header("content-encoding").orElse(""));
    }

    /**
     * The codings in a header that change the bytes. {@code aws-chunked} describes how a file was uploaded to S3, which may
     * repeat it for the plain file.
     */
    static Optional<String> coding(String header) {
        if (header.isEmpty()) {
            return Optional.empty();
        }
        String codings = Arrays.stream(header.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty() && !word.equals("identity") && !word.equals("aws-chunked"))
                .collect(Collectors.joining(", "));
        return codings.isEmpty() ? Optional.empty() : Optional.of(codings);
    }

    /** The offset of the body's first byte in the file; may be less than requested. */
    public long from() {
        return from;
    }

    /** The number of bytes in the body, -1 if unknown. */
    public long length() {
        return length;
    }

    /** The size of the whole file, -1 if unknown. */
    public long total() {
        return total;
    }

    public InputStream body() {
        return body;
    }

    /** This response with the body read through that stream; closing it closes that stream only. */
    public Response withBody(InputStream reader) {
        return new Response(status, uri, via, headers, from, length, total, reader, route, openEnded);
    }

    /** This response with another header, for what the host says elsewhere. */
    public Response with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header.toLowerCase(Locale.ROOT), value);
        return new Response(status, uri, via, more, from, length, total, body, route, openEnded);
    }

    /**
     * The validator for {@code If-Range}, with which a later request gets only the rest of the same bytes: a strong entity
     * tag, else the date of last change; null if the host sends neither.
     */
    public @Nullable String validator() {
        return validator(headers);
    }

    /** The same for the headers of a response that was recorded. */
    public static @Nullable String validator(Map<String, String> headers) {
        String tag = headers.get("etag");
        if (tag != null && !tag.startsWith("W/")) {
            return tag;
        }
        return headers.get("last-modified");
    }

    /**
     * A response with another body made from this one, of unknown length. Keeps only the headers that identify the
     * version of the file.
     */
    public Response withDecodedBody(InputStream decoded) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (String name : List.of("etag", "last-modified", "date")) {
            header(name).ifPresent(value -> kept.put(name, value));
        }
        return new Response(200, uri, via, kept, 0, -1, -1, decoded, route, false);
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
