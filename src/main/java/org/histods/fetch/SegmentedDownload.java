package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.histods.concurrent.BackgroundTask;
import org.histods.concurrent.TaskExecutor;
import org.histods.problem.Problem;
import org.histods.transport.Response;

/**
 * Fetches the missing part of one file over several connections, in segments of {@value #SEGMENT} bytes taken in order,
 * so that the frontier keeps moving and readers do not wait long. It starts with a few connections, and doubles them as
 * long as that makes the download faster and the host's policy allows it.
 */
final class SegmentedDownload {

    static final long SEGMENT = 16L << 20;

    private static final int FIRST_CONNECTIONS = 4;

    /** How long the rate is measured before connections are added. */
    private static final long TRIAL_NANOS = 500_000_000L;

    /** Required speed-up from doubling the connections; with less, no more are added. */
    private static final double WORTHWHILE = 1.25;

    private final TransferState state;
    private final BodyWriter writer;
    private final GrowingFile growing;
    private final FetchSettings settings;
    private final TaskExecutor tasks;
    private final ReconnectPolicy reconnect;
    private final FetchListener listener;

    SegmentedDownload(
            TransferState state,
            BodyWriter writer,
            GrowingFile growing,
            FetchSettings settings,
            TaskExecutor tasks,
            ReconnectPolicy reconnect,
            FetchListener listener) {
        this.state = state;
        this.writer = writer;
        this.growing = growing;
        this.settings = settings;
        this.tasks = tasks;
        this.reconnect = reconnect;
        this.listener = listener;
    }

    /** Thrown if the host does not send ranges of the file, although it announced support for them. */
    static final class RangesRefusedException extends IOException {

        private static final long serialVersionUID = 1;

        RangesRefusedException() {
            super("the host does not send ranges of the file");
        }
    }

    /** Hands out the segments, in order, that no connection fetches yet. */
    private final class Cursor {

        private long position = growing.frontier();
        private int ended;

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

        synchronized boolean isAtEnd() {
            return position >= growing.total();
        }

        /** Counts a connection that ended. */
        synchronized void end() {
            ended++;
            notifyAll();
        }

        /** Waits until so many connections ended; false if that takes longer than a trial. */
        synchronized boolean awaitEnds(int count) throws Problem {
            long until = System.nanoTime() + TRIAL_NANOS;
            try {
                for (long left = TRIAL_NANOS; ended < count && left > 0; left = until - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw Problem.interrupted();
            }
            return ended >= count;
        }
    }

    /** How many requests a file of that size takes over so many connections, if nothing fails. */
    static long requests(long bytes, int connections) {
        return connections > 1 && bytes > 2 * SEGMENT ? (bytes + SEGMENT - 1) / SEGMENT : 1;
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
     * @param most how many connections may be used
     * @throws IOException if the host stops sending ranges or connections keep breaking; what arrived stays
     */
    void fetch(URI uri, int most) throws Problem, IOException {
        Cursor cursor = new Cursor();
        List<BackgroundTask<Optional<IOException>>> workers = new ArrayList<>();
        try {
            add(Math.min(FIRST_CONNECTIONS, most), workers, uri, cursor);
            fetchWith(workers, most, uri, cursor);
            Optional<IOException> broken = Optional.empty();
            for (BackgroundTask<Optional<IOException>> worker : workers) {
                broken = worker.get().or(brokenBefore(broken));
            }
            if (broken.isPresent()) {
                throw broken.get();
            }
        } finally {
            workers.forEach(BackgroundTask::cancel);
            workers.forEach(BackgroundTask::awaitEnd);
        }
    }

    private static Supplier<Optional<IOException>> brokenBefore(Optional<IOException> broken) {
        return () -> broken;
    }

    /** Waits for the end of all connections, and adds some while that is worthwhile. */
    private void fetchWith(List<BackgroundTask<Optional<IOException>>> workers, int most, URI uri, Cursor cursor)
            throws Problem {
        double fastest = 0;
        boolean worthwhile = true;
        long since = System.nanoTime();
        long received = writer.received();
        while (!cursor.awaitEnds(workers.size())) {
            double rate = (writer.received() - received) / (double) (System.nanoTime() - since);
            if (worthwhile && rate > 0 && workers.size() < most && !cursor.isAtEnd()) {
                worthwhile = rate > fastest * WORTHWHILE;
                fastest = rate;
                if (worthwhile) {
                    add(Math.min(workers.size(), most - workers.size()), workers, uri, cursor);
                }
            }
            since = System.nanoTime();
            received = writer.received();
        }
    }

    private void add(int count, List<BackgroundTask<Optional<IOException>>> workers, URI uri, Cursor cursor) {
        for (int i = 0; i < count; i++) {
            workers.add(tasks.start(() -> fetchSegments(uri, cursor)));
        }
    }

    /** Fetches segments until none is left; how the connection broke if it did. */
    private Optional<IOException> fetchSegments(URI uri, Cursor cursor) throws Problem {
        boolean complete = false;
        listener.connections(1);
        try {
            for (long from = cursor.next(); from >= 0; from = cursor.next()) {
                fetchSegment(uri, from, Math.min(growing.total(), from + SEGMENT));
            }
            complete = true;
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(e);
        } finally {
            if (!complete) {
                cursor.stop();
            }
            listener.connections(-1);
            cursor.end();
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
