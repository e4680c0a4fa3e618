package org.histods.fetch;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;

/**
 * What the record keeps of an answer.
 *
 * @param requested the address that was asked
 * @param from what answered in the end; null where nothing has answered yet
 * @param via the addresses between the two
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

    /** Nothing has answered there yet. */
    static ResponseSummary nothing(URI requested) {
        return new ResponseSummary(requested, null, List.of(), null, Map.of());
    }

    static ResponseSummary of(URI requested, Response answer) {
        return new ResponseSummary(requested, answer.uri(), answer.via(), status(answer), identifying(answer));
    }

    /** The protocols without one are told by the address; what stands for theirs inside is no answer of theirs. */
    private static @Nullable Integer status(Response answer) {
        String scheme = answer.uri().getScheme();
        return "fasp".equals(scheme) || "ftp".equals(scheme) ? null : answer.status();
    }

    private static Map<String, String> identifying(Response answer) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (String name : IDENTIFYING) {
            answer.header(name).ifPresent(value -> kept.put(name, value));
        }
        return kept;
    }
}
