package org.histods.fetch;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BinaryOperator;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;

/**
 * The recorded facts about a response.
 *
 * @param requested the requested URL
 * @param from the URL that responded, after redirects and without signatures; null before the first response
 * @param via the URLs between the two, in order
 * @param status null also for protocols without one
 * @param headers those that identify the bytes
 */
public record ResponseSummary(
        URI requested,
        @Nullable URI from,
        List<URI> via,
        @Nullable Integer status,
        Map<String, String> headers) {

    private static final List<String> IDENTIFYING = List.of(
            "etag", "last-modified", "content-type", "content-length", "content-encoding", "date", "content-range");

    /** The name under which {@link #route} is among the headers. */
    public static final String ROUTE = "histods-route";

    /** The name under which {@link #end} is among the headers. */
    public static final String END = "histods-end";

    /** The {@link #end} of a response whose bytes the host sent a second time, up to the same place. */
    static final String END_REPEATED = "repeated";

    /** The {@link #end} of any other response without length. */
    static final String END_NOT_CONFIRMED = "not-confirmed";

    /** The summary before the first response. */
    static ResponseSummary nothing(URI requested) {
        return new ResponseSummary(requested, null, List.of(), null, Map.of());
    }

    static ResponseSummary of(URI requested, Response response) {
        return of(requested, response, (name, value) -> value);
    }

    /** @param shared the value to keep for a header's name and value: an equal one that other summaries have too */
    static ResponseSummary of(URI requested, Response response, BinaryOperator<String> shared) {
        return new ResponseSummary(
                requested, response.uri(), response.via(), status(response), identifying(response, shared));
    }

    public ResponseSummary {
        via = List.copyOf(via);
        headers = Map.copyOf(headers);
    }

    /** The URL to which the user's host rewrite redirected the request; null without a rewrite. */
    public @Nullable String route() {
        return headers.get(ROUTE);
    }

    /**
     * What is known of the end of a file of which nothing showed that it was complete: no length, no chunks and no checksum.
     * {@code repeated} if the host sent the same bytes twice, else {@code not-confirmed}; null if the end is confirmed.
     */
    public @Nullable String end() {
        return headers.get(END);
    }

    /** {@link #end} in words. */
    public static String endText(String end) {
        return "length not confirmed: the host states none"
                + (end.equals(END_REPEATED)
                        ? ", but sent the same bytes twice"
                        : ", so that the file may be incomplete");
    }

    /** The same with an end that nothing confirmed. */
    ResponseSummary withEnd(String end) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(END, end);
        return new ResponseSummary(requested, from, via, status, more);
    }

    /** Whether every connection was encrypted. Host rewrites do not count: they are the user's own. */
    boolean encrypted() {
        return isEncrypted(requested) && isEncrypted(from) && via.stream().allMatch(ResponseSummary::isEncrypted);
    }

    private static boolean isEncrypted(@Nullable URI uri) {
        return uri == null || "https".equalsIgnoreCase(uri.getScheme());
    }

    /** As lines for the state of a transfer. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("requested " + requested);
        lines.add("answered " + (from == null ? "" : from));
        lines.add("status " + (status == null ? "" : status));
        via.forEach(uri -> lines.add("via " + uri));
        new TreeMap<>(headers)
                .forEach((name, value) -> lines.add("header " + name + " " + value.replaceAll("[\r\n]", " ")));
        return lines;
    }

    /**
     * Reads {@link #lines} back.
     *
     * @throws IllegalArgumentException if they are something else
     */
    static ResponseSummary parse(List<String> lines) {
        URI requested = null;
        URI from = null;
        Integer status = null;
        List<URI> via = new ArrayList<>();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ", 2);
            String value = words.length < 2 ? "" : words[1];
            switch (words[0]) {
                case "requested" -> requested = URI.create(value);
                case "answered" -> from = value.isEmpty() ? null : URI.create(value);
                case "status" -> status = value.isEmpty() ? null : Integer.valueOf(value);
                case "via" -> via.add(URI.create(value));
                case "header" -> {
                    int end = value.indexOf(' ');
                    headers.put(value.substring(0, Math.max(0, end)), value.substring(end + 1));
                }
                default -> throw new IllegalArgumentException("'" + line + "' is not of a response");
            }
        }
        if (requested == null) {
            throw new IllegalArgumentException("no URL was requested");
        }
        return new ResponseSummary(requested, from, via, status, headers);
    }

    /** FTP and FASP have no status; the one of such a response is made up by the transport. */
    private static @Nullable Integer status(Response response) {
        String scheme = response.uri().getScheme();
        return "fasp".equals(scheme) || "ftp".equals(scheme) ? null : response.status();
    }

    private static Map<String, String> identifying(Response response, BinaryOperator<String> shared) {
        Map<String, String> kept = new HashMap<>();
        for (String name : IDENTIFYING) {
            String value = response.headers().get(name);
            if (value != null) {
                kept.put(name, shared.apply(name, value));
            }
        }
        if (response.route() != null) {
            kept.put(ROUTE, shared.apply(ROUTE, response.route().toString()));
        }
        return kept;
    }
}
