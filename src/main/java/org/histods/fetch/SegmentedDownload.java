package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.histods.problem.Problem;
import org.histods.transport.Response;

/**
 * Fetches one file over several connections, in pieces of {@value #PIECE} bytes taken in order, so that the frontier
 * keeps moving and readers never wait long.
 */
final class SegmentedDownload {

    private static final long PIECE = 16L << 20;
    private static final int BREAKS = 5;

    private final Download download;
    private final TransferState answers;
    private final BodyWriter intake;
    private final GrowingFile growing;
    private final FetchSettings settings;
    private long cursor;
    private volatile boolean partless;

    /** @param download told of connections that break */
    SegmentedDownload(
            Download download, TransferState answers, BodyWriter intake, GrowingFile growing, FetchSettings settings) {
        this.download = download;
        this.answers = answers;
        this.intake = intake;
        this.growing = growing;
        this.settings = settings;
    }

    /** Whether the host allows it, answers parts that can be told from others, and the rest is large enough to gain. */
    boolean worthwhile(Response answer) {
        boolean parts = answer.status() == 206
                || answer.header("accept-ranges").map("bytes"::equals).orElse(false);
        long left = growing.total() - growing.frontier();
        return parts
                && !partless
                && answers.decidable()
                && growing.total() >= 0
                && left > 2 * PIECE
                && settings.segments().applyAsInt(answer.uri()) > 1;
    }

    /**
     * Fetches all that is missing.
     *
     * @throws IOException if the host stops answering parts; what came stays
     */
    void fetch(URI uri) throws Problem, IOException {
        cursor = growing.frontier();
        int count = settings.segments().applyAsInt(uri);
        List<Future<Void>> workers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            workers.add(settings.threads().submit(() -> {
                for (long from = next(); from >= 0; from = next()) {
                    piece(uri, from, Math.min(growing.total(), from + PIECE));
                }
                return null;
            }));
        }
        Throwable failure = null;
        for (Future<Void> worker : workers) {
            try {
                worker.get();
            } catch (ExecutionException e) {
                failure = e.getCause();
                stop();
            } catch (InterruptedException e) {
                workers.forEach(w -> w.cancel(true));
                Thread.currentThread().interrupt();
                throw TransferErrors.interrupted();
            }
        }
        if (failure instanceof Problem p) {
            throw p;
        }
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
    }

    private synchronized long next() {
        long from = growing.missingFrom(cursor);
        if (from >= growing.total()) {
            return -1;
        }
        cursor = from + PIECE;
        return from;
    }

    private synchronized void stop() {
        cursor = growing.total();
    }

    private void piece(URI uri, long start, long end) throws Problem, IOException {
        int breaks = 0;
        long from = start;
        while (from < end) {
            try (Response answer = intake.ask(uri, from, end - 1)) {
                answers.join(answer);
                if (!part(answer) || answer.from() > from) {
                    partless = true;
                    throw new IOException("the host does not answer parts of the file");
                }
                answers.another();
                intake.take(answer);
            } catch (IOException e) {
                long reached = growing.missingFrom(from);
                breaks = reached > from ? 1 : breaks + 1;
                if (partless || breaks > BREAKS) {
                    throw e;
                }
                download.afterBreak(uri, breaks, e);
            }
            from = growing.missingFrom(from);
        }
    }

    /** Whether it is a part of the file; one in a coding is a part of something else. */
    static boolean part(Response answer) {
        return answer.status() == 206 && answer.coding().isEmpty();
    }
}
