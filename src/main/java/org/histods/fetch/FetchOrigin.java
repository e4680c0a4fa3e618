package org.histods.fetch;

import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.histods.problem.Problem.Attempt;
import org.jspecify.annotations.Nullable;

/**
 * The origin of fetched bytes.
 *
 * @param source the kind of source, such as {@code zenodo}
 * @param record the URL of the record at that source, as in the manifest
 * @param response the last response; null for a local file
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
        @Nullable ResponseSummary response,
        @Nullable String decoded,
        @Nullable String localName,
        Instant started,
        Instant finished,
        long transferred,
        int resumes,
        List<Attempt> failed) {

    /** The origin of a local file. Only its name is recorded, because the user's folders are private. */
    public static FetchOrigin local(
            String source, String record, String name, Instant started, Instant finished, List<Attempt> failed) {
        return new FetchOrigin(source, record, null, null, name, started, finished, 0, 0, failed);
    }

    /**
     * Whether every connection was encrypted, so that nobody on the network could change the bytes; null for a local
     * file.
     */
    public @Nullable Boolean encrypted() {
        return response == null ? null : response.encrypted();
    }

    /** The requested URL; null for a local file. */
    public @Nullable URI requested() {
        return response == null ? null : response.requested();
    }

    /** The URL that responded; null for a local file. */
    public @Nullable URI answered() {
        return response == null ? null : response.from();
    }

    /** The same with earlier attempts that failed. */
    FetchOrigin after(List<Attempt> earlier) {
        List<Attempt> all = new ArrayList<>(earlier);
        all.addAll(failed);
        return new FetchOrigin(
                source, record, response, decoded, localName, started, finished, transferred, resumes, all);
    }

    public FetchOrigin {
        failed = List.copyOf(failed);
    }
}
