package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.text.Bytes;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Reads ranges of one version of a remote file: every request contains the validator of the first response, and a
 * response with another validator or size ends the reading. Thread-safe.
 */
public final class RangeReader {

    /** Bytes at the end of a zip that are read first: enough for its end records and a small directory. */
    private static final int TAIL = 2048;

    private static final int BUFFER = 1 << 16;

    /** How often in a row a connection may break without a new byte. */
    private static final int BREAKS = 5;

    private final FetchCandidate candidate;
    private final Transport transport;
    private final FetchSettings settings;
    private final FetchListener listener;
    private final TransferErrors errors;
    private final Instant started;
    private final ResponseSummary first;
    private final String validator;
    private final boolean tagged;
    private final long size;
    private final AtomicLong transferred = new AtomicLong();
    private final AtomicInteger resumes = new AtomicInteger();
    private volatile boolean stopped;

    /** Receives the bytes of a range in their order. */
    interface Sink {
        void accept(long position, byte[] buffer, int count) throws Problem;
    }

    private RangeReader(
            FetchCandidate candidate,
            Transport transport,
            FetchSettings settings,
            FetchListener listener,
            Instant started,
            URI uri,
            Response response)
            throws RangesUnsupportedException {
        this.candidate = candidate;
        this.transport = transport;
        this.settings = settings;
        this.listener = listener;
        this.errors = new TransferErrors(candidate);
        this.started = started;
        this.first = ResponseSummary.of(uri, response);
        this.validator = validator(response);
        this.tagged = validator.equals(response.header("etag").orElse(null));
        this.size = response.total();
    }

    /**
     * Requests the last bytes of a file, to find out whether ranges of it can be read.
     *
     * @return a reader, and what it read first
     * @throws RangesUnsupportedException if not; nothing is wrong with the file then
     * @throws IOException if the second request failed
     * @throws Problem as {@link Transport#open}
     */
    static MemoryRanges open(
            FetchCandidate candidate, Transport transport, FetchSettings settings, Clock clock, FetchListener listener)
            throws Problem, IOException {
        RemoteFile file = candidate.file();
        if (candidate.localName() != null || file.slice() != null || file.span() != null) {
            throw new RangesUnsupportedException("it is not a file that a host stores");
        }
        Long bytes = file.bytes();
        if (bytes != null && bytes == 0) {
            throw new RangesUnsupportedException("it is empty");
        }
        long from = bytes == null ? 0 : Math.max(0, bytes - TAIL);
        long to = bytes == null ? 0 : bytes - 1;
        Instant started = clock.instant();
        RangesUnsupportedException refused = new RangesUnsupportedException("it has no URL");
        for (URI uri : file.uris()) {
            MemoryRanges ranges;
            try (Response response = candidate.source().open(file, uri, from, to, null, transport)) {
                refuseUnlessRange(response, from, to, bytes);
                RangeReader reader = new RangeReader(candidate, transport, settings, listener, started, uri, response);
                ranges = read(reader, response, from, to + 1);
            } catch (RangesUnsupportedException e) {
                refused = e;
                continue;
            } catch (IOException e) {
                refused = new RangesUnsupportedException("the connection broke: " + TransferErrors.reason(e));
                continue;
            }
            ranges.fetch(
                    Math.max(0, ranges.reader().size() - TAIL), ranges.reader().size());
            return ranges;
        }
        throw refused;
    }

    private static void refuseUnlessRange(Response response, long from, long to, @Nullable Long bytes)
            throws RangesUnsupportedException {
        if (response.coding().isPresent()) {
            throw new RangesUnsupportedException("the host sends it in an encoding");
        }
        if (!TransferState.isRange(response) || response.from() != from || response.total() <= to) {
            throw new RangesUnsupportedException("the host does not support byte ranges");
        }
        if (bytes != null && response.total() != bytes) {
            throw new RangesUnsupportedException(
                    "the file at the host now has " + response.total() + " bytes, expected " + bytes);
        }
    }

    private static MemoryRanges read(RangeReader reader, Response response, long from, long end) throws IOException {
        byte[] head = response.body().readNBytes((int) (end - from));
        reader.transferred.addAndGet(head.length);
        MemoryRanges ranges = new MemoryRanges(reader);
        if (head.length == end - from && end == reader.size) {
            ranges.add(from, head);
        }
        return ranges;
    }

    /** The strong validator of a response. A date of the last second may be that of two versions (RFC 9110, 8.8.2.2). */
    private static String validator(Response response) throws RangesUnsupportedException {
        String validator = response.validator();
        if (validator == null) {
            throw new RangesUnsupportedException(
                    "the host gives no entity tag or date to tell versions of the file apart");
        }
        if (response.header("last-modified").filter(validator::equals).isPresent()) {
            Instant changed = date(validator);
            Instant now = date(response.header("date").orElse(""));
            if (changed == null || now == null || Duration.between(changed, now).toSeconds() < 1) {
                throw new RangesUnsupportedException("the host gives no date that tells versions of the file apart");
            }
        }
        return validator;
    }

    private static @Nullable Instant date(String text) {
        try {
            return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    /** The size of the file. */
    public long size() {
        return size;
    }

    /** The entity tag or date that all responses have. */
    String validator() {
        return validator;
    }

    FetchCandidate candidate() {
        return candidate;
    }

    /** How many connections the file may use at a time. */
    int connections() {
        URI from = Objects.requireNonNull(first.from());
        return Math.max(
                1,
                Math.min(
                        settings.segments().applyAsInt(first.requested()),
                        settings.segments().applyAsInt(from)));
    }

    /** Ends all requests. */
    void stop() {
        stopped = true;
    }

    /**
     * Reads a range. A broken connection is resumed where it broke.
     *
     * @param end the byte after the last one
     * @throws Problem {@code UPSTREAM_CHANGED} if the file changed; {@code NETWORK}; {@code INTERRUPTED}; or that of the
     *     sink
     */
    void read(long from, long end, Sink sink) throws Problem {
        byte[] buffer = new byte[(int) Math.min(BUFFER, end - from)];
        int breaks = 0;
        long at = from;
        while (at < end) {
            long reached = at;
            IOException broken = new IOException("the response ended there without an error");
            try (Response response = open(at, end - 1)) {
                for (int count = 0; count >= 0 && reached < end; ) {
                    refuseIfStopped();
                    count = response.body().read(buffer, 0, (int) Math.min(buffer.length, end - reached));
                    if (count > 0) {
                        settings.rate().spend(count);
                        transferred.addAndGet(count);
                        sink.accept(reached, buffer, count);
                        reached += count;
                    }
                }
            } catch (IOException e) {
                if (e.getCause() instanceof Problem problem) {
                    throw problem;
                }
                broken = e;
            }
            breaks = reached > at ? 1 : breaks + 1;
            at = reached;
            if (at < end) {
                resume(broken, breaks, at);
            }
        }
    }

    private void refuseIfStopped() throws Problem {
        if (stopped || Thread.currentThread().isInterrupted()) {
            throw Problem.interrupted();
        }
    }

    private void resume(IOException broken, int breaks, long at) throws Problem {
        refuseIfStopped();
        if (breaks > BREAKS) {
            throw errors.broken(first.requested(), breaks, at, broken);
        }
        listener.note(candidate.file().path() + ": the connection broke at " + Bytes.text(at) + " ("
                + TransferErrors.reason(broken) + "), reconnecting");
        resumes.incrementAndGet();
        settings.pause().before(breaks);
    }

    private Response open(long from, long to) throws Problem, IOException {
        refuseIfStopped();
        Response response =
                candidate.source().open(candidate.file(), first.requested(), from, to, validator, transport);
        String fault = fault(response, from);
        if (fault == null) {
            return response;
        }
        try (response) {
            boolean changed = !validator.equals(response.validator());
            throw errors.of(changed ? Kind.UPSTREAM_CHANGED : Kind.NETWORK, response, fault);
        }
    }

    /** Why a response is not that range of the same file; null if it is. */
    private @Nullable String fault(Response response, long from) {
        String now = response.validator();
        // A range that was requested by date need not repeat the date (RFC 9110, 15.3.7).
        boolean same = validator.equals(now) || (now == null && !tagged && response.status() == 206);
        if (!same) {
            return "the file changed at the host during the download (it was " + validator + ", it is "
                    + (now == null ? "unknown" : now) + ")";
        }
        if (!TransferState.isRange(response) || response.from() != from) {
            return "the host stopped sending byte ranges";
        }
        return response.total() == size
                ? null
                : "the host states " + response.total() + " bytes for the file now, and stated " + size + " before";
    }

    /** Where the bytes are from, for the record. The headers are those that are the same in all responses. */
    FetchOrigin origin(Instant finished) {
        Map<String, String> headers = new HashMap<>(first.headers());
        headers.remove("content-length");
        headers.remove("content-range");
        return new FetchOrigin(
                candidate.source().kind(),
                candidate.record(),
                new ResponseSummary(first.requested(), first.from(), first.via(), first.status(), headers),
                null,
                null,
                started,
                finished,
                transferred.get(),
                resumes.get(),
                List.of());
    }
}
