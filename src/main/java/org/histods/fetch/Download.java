package org.histods.fetch;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.source.RemoteFile;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;

/**
 * Downloads one file into a growing file, from the URLs of one candidate; runs as a task of its own. A broken
 * connection is resumed where it broke, as long as bytes keep arriving. If a URL fails permanently, the next one is
 * tried.
 */
final class Download implements Callable<Download.Result> {

    /**
     * Result of a download.
     *
     * @param problem why the file cannot be fetched; null if it is complete
     * @param failed the attempts at URLs that failed before the one that gave the file
     */
    record Result(@Nullable Problem problem, List<Attempt> failed) {}

    /** How many responses may end at different places before the end counts as unconfirmed. */
    private static final int END_TRIES = 4;

    private final RemoteFile file;
    private final TransferState state;
    private final BodyWriter writer;
    private final GrowingFile growing;
    private final SegmentedDownload segments;
    private final ReconnectPolicy reconnect;
    private final TransferErrors errors;

    Download(
            FetchCandidate candidate,
            TransferState state,
            BodyWriter writer,
            GrowingFile growing,
            SegmentedDownload segments,
            ReconnectPolicy reconnect) {
        this.file = candidate.file();
        this.state = state;
        this.writer = writer;
        this.growing = growing;
        this.segments = segments;
        this.reconnect = reconnect;
        this.errors = new TransferErrors(candidate);
    }

    /** Runs until the file is complete or cannot be fetched. */
    @Override
    public Result call() {
        List<Attempt> failed = new ArrayList<>();
        try {
            fetchFromFirst(failed);
            return new Result(null, List.copyOf(failed));
        } catch (Problem p) {
            growing.fail(new IOException(p.message(), p));
            return new Result(p, List.of());
        } catch (RuntimeException | Error e) {
            growing.fail(new IOException("internal error during the transfer", e));
            throw e;
        } finally {
            state.end();
        }
    }

    /** Fetches from the first URL that gives the file; attempts at the others are added to {@code failed}. */
    private void fetchFromFirst(List<Attempt> failed) throws Problem {
        Problem last = null;
        for (URI uri : file.uris()) {
            try {
                fetchFrom(uri);
                return;
            } catch (Problem p) {
                if (writer.stopped() || state.mixed() || !anotherUrlMayHelp(p)) {
                    throw p.after(failed);
                }
                failed.addAll(p.attempts());
                last = p;
            }
        }
        if (last != null) {
            throw new Problem(last.kind(), last.message(), last.hint(), failed, last.getCause());
        }
    }

    private static boolean anotherUrlMayHelp(Problem p) {
        return switch (p.kind()) {
            case NETWORK, WRONG_BYTES, UPSTREAM_CHANGED, PERSON -> true;
            default -> false;
        };
    }

    private void fetchFrom(URI uri) throws Problem {
        if (state.unconfirmed()) {
            confirm(uri);
        }
        int breaks = 0;
        boolean ranges = true;
        for (long from = growing.frontier(); !complete(from); from = growing.frontier()) {
            try {
                fetchRest(uri, from, ranges);
            } catch (IOException e) {
                if (e.getCause() instanceof Problem cause) {
                    // The source checked the bytes while they arrived and rejected them; retrying would not help.
                    if (cause.kind() == Problem.Kind.WRONG_BYTES) {
                        state.notTheFile();
                    }
                    throw cause;
                }
                ranges &= !(e instanceof SegmentedDownload.RangesRefusedException);
                breaks = growing.frontier() > from ? 1 : breaks + 1;
                reconnect.pauseAfter(e, uri, breaks);
            } catch (Problem p) {
                if (from == 0 || !rangeNotSatisfiable(p)) {
                    throw p;
                }
                state.nothingMore(p);
                growing.end();
            }
        }
    }

    /** Asks the host whether it still has the complete file that an earlier run left, by requesting its last bytes. */
    private void confirm(URI uri) throws Problem {
        long total = growing.total();
        long from = total - Math.max(1, state.overlap(total));
        for (int breaks = 1; state.unconfirmed(); breaks++) {
            try (Response response = writer.open(uri, from, total - 1)) {
                if (TransferState.isRange(response)) {
                    // All of these bytes have arrived, so they are only compared.
                    writer.write(response);
                }
                state.confirm(uri, response);
            } catch (IOException e) {
                reconnect.pauseAfter(e, uri, breaks);
            } catch (Problem p) {
                if (!rangeNotSatisfiable(p)) {
                    throw p;
                }
                throw state.shorter(p);
            }
        }
    }

    /** @param ranges whether several connections may be used */
    private void fetchRest(URI uri, long from, boolean ranges) throws Problem, IOException {
        int connections = fetchOverOne(uri, from, ranges);
        if (connections > 1) {
            segments.fetch(uri, connections);
            compareAgain(uri, from);
        }
        if (growing.frontier() == from && from < growing.total()) {
            throw new IOException("the response ended there without an error");
        }
    }

    /**
     * Requests bytes again that were among the first to arrive, so that a file is noticed that the host replaced while its
     * segments arrived, although it kept the entity tag and the size. Nothing if a checksum will decide. A host that refuses
     * this request has sent the whole file before.
     */
    private void compareAgain(URI uri, long from) throws Problem, IOException {
        long end = Math.min(growing.total(), from + SegmentedDownload.SEGMENT);
        long overlap = state.overlap(end);
        if (overlap == 0 || growing.frontier() < growing.total()) {
            return;
        }
        Response again;
        try {
            again = writer.open(uri, end - overlap, end - 1);
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            return;
        }
        try (Response response = again) {
            state.join(response);
            if (TransferState.isRange(response)) {
                // All of these bytes have arrived, so they are only compared.
                writer.write(response);
            }
        }
    }

    /**
     * Fetches the rest over one connection, up to the next bytes that have arrived, unless several are better.
     *
     * @return how many connections to use for the rest; 1 if it was fetched
     */
    private int fetchOverOne(URI uri, long from, boolean ranges) throws Problem, IOException {
        long next = growing.arrivedAfter(from);
        long overlap = state.overlap(from);
        try (Response response = writer.open(uri, from - overlap, next < 0 ? -1 : next - 1)) {
            state.accept(uri, response);
            int connections = ranges ? segments.connections(uri, response) : 1;
            if (connections > 1) {
                byte[] again = response.body().readNBytes((int) overlap);
                writer.write(response.withBody(new ByteArrayInputStream(again)));
                return connections;
            }
            writer.write(response);
            String end = state.endMustBeConfirmed(response) ? unconfirmedEnd(uri) : null;
            if (end != null) {
                state.endUnconfirmed(end);
            }
            if (growing.total() < 0) {
                growing.total(growing.frontier());
            }
            return 1;
        }
    }

    /**
     * Requests the rest of a file whose size nobody stated and whose connection ended, which may have been before the
     * end of the file. The host has no more, or sends the same again up to there.
     *
     * @return the {@link ResponseSummary#end} to record; null if the host says that it has no more
     * @throws IOException if the host has more
     */
    private @Nullable String unconfirmedEnd(URI uri) throws Problem, IOException {
        for (int tries = 0; tries < END_TRIES; tries++) {
            long end = growing.frontier();
            long before = writer.received();
            try (Response response = writer.open(uri, end, -1)) {
                if (response.from() > 0) {
                    throw new IOException("the connection ended before the file did");
                }
                // Compares the bytes, and adds those that the first response lacked.
                writer.write(response);
                if (writer.received() - before == end && growing.frontier() == end) {
                    // A limit or a fault that both responses met would look the same.
                    return ResponseSummary.END_REPEATED;
                }
            } catch (Problem p) {
                if (rangeNotSatisfiable(p)) {
                    return null;
                }
                if (p.kind() == Problem.Kind.DISK || p.kind() == Problem.Kind.INTERRUPTED) {
                    throw p;
                }
                return ResponseSummary.END_NOT_CONFIRMED;
            }
        }
        return ResponseSummary.END_NOT_CONFIRMED;
    }

    private boolean complete(long frontier) throws Problem {
        long total = growing.total();
        if (total < 0 || frontier < total) {
            return false;
        }
        if (total == 0 && file.bytes() == null) {
            state.notTheFile();
            throw errors.instead(file.uri(), "an empty response");
        }
        growing.end();
        return true;
    }

    private static boolean rangeNotSatisfiable(Problem p) {
        return p.attempts().stream().anyMatch(a -> a.status() != null && a.status() == 416);
    }
}
