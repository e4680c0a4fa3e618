package org.histods.transport;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A host's answer that is data: status 200, 201 where something was posted, or 206 to a request for a part; and the
 * redirect itself where it was not to be followed. The body is read once and the answer
 * closed by whoever asked. Reading throws {@link IOException} when the connection breaks or stalls; a body that ends
 * before its stated length is such a break too.
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

    /**
     * As it came.
     *
     * @param status 200, 201 or 206, or that of a redirect that was not to be followed
     * @param uri where the body came from in the end, after redirects and before routes
     * @param via the addresses asked before {@code uri}, first the one of the request; empty where nothing redirected
     * @param headers lower-case names; a repeated header's values are joined with {@code ", "}
     * @param from the offset of the body's first byte in the file
     * @param length how many bytes the body holds, -1 if the host does not say
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
        this.status = status;
        this.uri = uri;
        this.via = List.copyOf(via);
        this.headers = Map.copyOf(headers);
        this.from = from;
        this.length = length;
        this.total = total;
        this.body = body;
    }

    public int status() {
        return status;
    }

    /** Where the body came from after redirects, without query parameters that sign it. */
    public URI uri() {
        return uri;
    }

    /** The addresses that redirected here, first the one of the request; empty where nothing redirected. */
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

    /** The coding that the body came in although none was asked for, in lower case; empty for the bytes themselves. */
    public Optional<String> coding() {
        return coding(header("content-encoding").orElse(""));
    }

    /**
     * The codings in a header that change the bytes. {@code aws-chunked} is how a file once went into a bucket of S3, which
     * may say it of the plain file ever after.
     */
    static Optional<String> coding(String header) {
        String codings = Arrays.stream(header.toLowerCase(Locale.ROOT).split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty() && !word.equals("identity") && !word.equals("aws-chunked"))
                .collect(Collectors.joining(", "));
        return codings.isEmpty() ? Optional.empty() : Optional.of(codings);
    }

    /** The offset of the body's first byte in the file; may be less than what was asked for. */
    public long from() {
        return from;
    }

    /** How many bytes the body holds, -1 if unknown. */
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

    /** The same answer, whose body is read through that stream; closing it closes that stream only. */
    public Response through(InputStream reader) {
        return new Response(status, uri, via, headers, from, length, total, reader);
    }

    /** The same answer with that header in addition, for what a host says elsewhere. */
    public Response with(String header, String value) {
        Map<String, String> more = new java.util.HashMap<>(headers);
        more.put(header.toLowerCase(Locale.ROOT), value);
        return new Response(status, uri, via, more, from, length, total, body);
    }

    /**
     * What a later request can name to get only the rest of the same bytes: a strong entity tag, else the date of last
     * change; null where the host gives neither.
     */
    public @Nullable String validator() {
        String tag = headers.get("etag");
        if (tag != null && !tag.startsWith("W/")) {
            return tag;
        }
        return headers.get("last-modified");
    }

    /**
     * Another file, made of this one: its bytes from the first, of which nothing is known beforehand. Of the headers
     * only those stay that tell whether the answer is still the same one.
     */
    public Response remade(InputStream made) {
        Map<String, String> kept = new java.util.LinkedHashMap<>();
        for (String name : List.of("etag", "last-modified", "date")) {
            header(name).ifPresent(value -> kept.put(name, value));
        }
        return new Response(200, uri, via, kept, 0, -1, -1, made);
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
