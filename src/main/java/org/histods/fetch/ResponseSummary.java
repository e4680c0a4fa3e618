package org.histods.fetch;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;

/**
 * What is recorded of a response.
 *
 * @param requested the requested URL
 * @param from the URL that responded after redirects; null before the first response
 * @param via the URLs between the two
 * @param status null also for protocols without one
 * @param headers those that identify the bytes
 */
record ResponseSummary(
        URI requested,
        @Nullable URI from,
        List<URI> via,
        @Nullable Integer status,
        Map<String, String> headers) {

    private static final List<String> IDENTIFYING = List.of(
            "etag", "last-modified", "content-type", "content-length", "content-encoding", "date", "content-range");

    /** Before the first response. */
    static ResponseSummary nothing(URI requested) {
        return new ResponseSummary(requested, null, List.of(), null, Map.of());
    }

    static ResponseSummary of(URI requested, Response response) {
        return new ResponseSummary(requested, response.uri(), response.via(), status(response), identifying(response));
    }

    /** FTP and FASP have no status; the one of such a response is made up by the transport. */
    private static @Nullable Integer status(Response response) {
        String scheme = response.uri().getScheme();
        return "fasp".equals(scheme) || "ftp".equals(scheme) ? null : response.status();
    }

    private static Map<String, String> identifying(Response response) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (String name : IDENTIFYING) {
            response.header(name).ifPresent(value -> kept.put(name, value));
        }
        return kept;
    }
}
