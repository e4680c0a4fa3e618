package org.histods.fetch;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem.Attempt;
import org.jspecify.annotations.Nullable;

/**
 * Where fetched bytes came from.
 *
 * @param source the kind of source, such as {@code zenodo}
 * @param record the URL of the record at that source, as in the manifest
 * @param requested the requested URL; null for a local file
 * @param answered the URL that responded, after redirects and without signatures; null for a local file
 * @param via the URLs between the two, in order
 * @param status of the last response; null for a local file
 * @param headers those of the last response that identify the bytes: {@code etag}, {@code last-modified},
 *     {@code content-type}, {@code content-length}, {@code content-encoding}, {@code date}
 * @param decoded the content coding that was undone, such as {@code gzip}; null if none was
 * @param localName the name of a local file that the user gave, without its folder; null for a download
 * @param started when this run requested the first byte
 * @param finished when the last byte had been hashed
 * @param transferred how many bytes arrived over the network in this run; less than the size after a resume
 * @param resumes how often the transfer was resumed, in this run and earlier ones
 * @param failed earlier attempts that failed
 */
public record FetchOrigin(
        String source,
        String record,
        @Nullable URI requested,
        @Nullable URI answered,
        List<URI> via,
        @Nullable Integer status,
        Map<String, String> headers,
        @Nullable String decoded,
        @Nullable String localName,
        Instant started,
        Instant finished,
        long transferred,
        int resumes,
        List<Attempt> failed) {

    /** The name of the host that a rewrite of the user sent the request to, among the headers. */
    public static final String ROUTE = ResponseSummary.ROUTE;

    /** Of a local file. Only its name is recorded: the user's folders are private. */
    public static FetchOrigin local(
            String source, String record, String name, Instant started, Instant finished, List<Attempt> failed) {
        return new FetchOrigin(
                source, record, null, null, List.of(), null, Map.of(), null, name, started, finished, 0, 0, failed);
    }

    /**
     * Whether every connection was encrypted, so that nobody in between could change the bytes; null for a local file.
     * Host rewrites do not count: they are the user's own.
     */
    public @Nullable Boolean encrypted() {
        if (localName != null) {
            return null;
        }
        return isEncrypted(requested) && isEncrypted(answered) && via.stream().allMatch(FetchOrigin::isEncrypted);
    }

    private static boolean isEncrypted(@Nullable URI uri) {
        return uri == null || "https".equalsIgnoreCase(uri.getScheme());
    }

    /** Where a host rewrite of the user sent the request instead of to the host; null without one. */
    public @Nullable String route() {
        return headers.get(ResponseSummary.ROUTE);
    }

    /** The same with earlier attempts that failed. */
    FetchOrigin after(List<Attempt> earlier) {
        List<Attempt> all = new ArrayList<>(earlier);
        all.addAll(failed);
        return new FetchOrigin(
                source,
                record,
                requested,
                answered,
                via,
                status,
                headers,
                decoded,
                localName,
                started,
                finished,
                transferred,
                resumes,
                all);
    }

    public FetchOrigin {
        via = List.copyOf(via);
        headers = Map.copyOf(headers);
        failed = List.copyOf(failed);
    }
}
