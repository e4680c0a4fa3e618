package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.histods.concurrent.BackgroundTask;
import org.histods.concurrent.TaskExecutor;
import org.histods.problem.Problem;
import org.histods.transport.Response;

/**
 * Fetches what is missing of one file over several connections, in segments of {@value #SEGMENT} bytes taken in order,
 * so that the frontier keeps moving and readers do not wait long.
 */
final class SegmentedDownload {

    private static final long SEGMENT = 16L << 20;

    private final TransferState state;
    private final BodyWriter writer;
    private final GrowingFile growing;
    private final FetchSettings settings;
    private final TaskExecutor tasks;
    private final ReconnectPolicy reconnect;

    SegmentedDownload(
            TransferState state,
            BodyWriter writer,
            GrowingFile growing,
            FetchSettings settings,
            TaskExecutor tasks,
            ReconnectPolicy reconnect) {
        this.state = state;
        this.writer = writer;
        this.growing = growing;
        this.settings = settings;
        this.tasks = tasks;
        this.reconnect = reconnect;
    }

    /** The host does not respond with ranges of the file, although it said so. */
    static final class RangesRefusedException extends IOException {

        private static final long serialVersionUID = 1;

        RangesRefusedException() {
            super("the host does not send ranges of the file");
        }
    }

    /** The start of the next segment that nobody fetches yet. */
    private final class Cursor {

        private long position = growing.frontier();

        /** The next missing byte, -1 if there is none. */
        synchronized long next() {
            long from = growing.missingFrom(position);
            if (from >= growing.total()) {
                return -1;
            }
            position = from + SEGMENT;
            return from;
        }

        synchronized void stop() {
            position = growing.total();
        }
    }

    /**
     * How many connections to use for the rest of the file, at least 1: more if the host and the one it redirects to allow it, responds with
     * ranges that cannot be confused with those of another file, and the rest is large.
     */
    int connections(URI uri, Response response) {
        boolean ranges = response.status() == 206
                || response.header("accept-ranges").map("bytes"::equals).orElse(false);
        boolean several = ranges
                && response.coding().isEmpty()
                && state.decidable()
                && growing.total() - growing.frontier() > 2 * SEGMENT;
        int allowed = Math.min(
                settings.segments().applyAsInt(uri), settings.segments().applyAsInt(response.uri()));
        return several ? Math.max(1, allowed) : 1;
    }

    /**
     * Fetches all that is missing.
     *
     * @throws IOException if the host stops sending ranges or connections keep breaking; what arrived stays
     */
    void fetch(URI uri, int connections) throws Problem, IOException {
        Cursor cursor = new Cursor();
        List<BackgroundTask<Optional<IOException>>> workers = new ArrayList<>();
        for (int i = 0; i < connections; i++) {
            workers.add(tasks.start(() -> fetchSegments(uri, cursor)));
        }
        try {
            IOException broken = null;
            Problem problem = null;
            for (BackgroundTask<Optional<IOException>> worker : workers) {
                try {
                    broken = worker.get().orElse(broken);
                } catch (Problem p) {
                    if (p.kind() == Problem.Kind.INTERRUPTED) {
                        throw p;
                    }
                    problem = p;
                    cursor.stop();
                }
            }
            if (problem != null) {
                throw problem;
            }
            if (broken != null) {
                throw broken;
            }
        } finally {
            workers.forEach(BackgroundTask::cancel);
            workers.forEach(BackgroundTask::awaitEnd);
        }
    }

    /** Fetches segments until none is left; how the connection broke if it did. */
    private Optional<IOException> fetchSegments(URI uri, Cursor cursor) throws Problem {
        try {
            for (long from = cursor.next(); from >= 0; from = cursor.next()) {
                fetchSegment(uri, from, Math.min(growing.total(), from + SEGMENT));
            }
            return Optional.empty();
        } catch (IOException e) {
            cursor.stop();
            return Optional.of(e);
        }
    }

    private void fetchSegment(URI uri, long start, long end) throws Problem, IOException {
        int breaks = 0;
        long from = start;
        while (from < end) {
            try (Response response = writer.open(uri, from, end - 1)) {
                state.join(response);
                if (!TransferState.isRange(response) || response.from() > from) {
                    throw new RangesRefusedException();
                }
                state.countResponse();
                writer.write(response);
            } catch (RangesRefusedException e) {
                throw e;
            } catch (IOException e) {
                long reached = growing.missingFrom(from);
                breaks = reached > from ? 1 : breaks + 1;
                if (ReconnectPolicy.exhausted(breaks, e)) {
                    throw e;
                }
                reconnect.pauseAfter(e, uri, breaks);
            }
            from = growing.missingFrom(from);
        }
    }
}
