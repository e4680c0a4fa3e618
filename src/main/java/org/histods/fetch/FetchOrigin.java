package org.histods.fetch;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.histods.problem.Problem.Attempt;
import org.jspecify.annotations.Nullable;

/**
 * Where fetched bytes came from.
 *
 * @param source the kind of source, such as {@code zenodo}
 * @param record the address of the record at that source, as the manifest has it
 * @param requested what was asked; null for a file that a person brought
 * @param answered what answered in the end, after redirects and without signatures; null for a file that a person
 *     brought
 * @param via the addresses between the two, in order
 * @param status of the last answer; null for a file that a person brought
 * @param headers those of the last answer that identify the bytes: {@code etag}, {@code last-modified},
 *     {@code content-type}, {@code content-length}, {@code content-encoding}, {@code date}
 * @param decoded the coding that the bytes came in and that was undone, such as {@code gzip}; null where they are as
 *     they came
 * @param brought the name of the file that a person brought, without its folder; null for a download
 * @param started when the first byte was asked for in this run
 * @param finished when the last byte had been hashed
 * @param transferred how many bytes came over the network in this run; less than the size after a resume
 * @param resumes how often the transfer went on after it had stopped, in this run and earlier ones
 * @param failed what was tried before and did not give these bytes
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
        @Nullable String brought,
        Instant started,
        Instant finished,
        long transferred,
        int resumes,
        List<Attempt> failed) {

    /** Of a file that a person brought. The person's folders are nobody's business: only its name is kept. */
    static FetchOrigin brought(
            String source, String record, String name, Instant started, Instant finished, List<Attempt> failed) {
        return new FetchOrigin(
                source, record, null, null, List.of(), null, Map.of(), null, name, started, finished, 0, 0, failed);
    }

    /**
     * Whether all of the way was encrypted, so that nobody on it could change the bytes; null for a file that a person
     * brought. A route is not looked at: it is the user's own.
     */
    public @Nullable Boolean encrypted() {
        if (brought != null) {
            return null;
        }
        return Stream.concat(Stream.of(requested, answered), via.stream())
                .allMatch(uri -> uri == null || "https".equalsIgnoreCase(uri.getScheme()));
    }

    /** The same after further tries that did not give these bytes, which came before. */
    FetchOrigin after(List<Attempt> earlier) {
        List<Attempt> all = new java.util.ArrayList<>(earlier);
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
                brought,
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
