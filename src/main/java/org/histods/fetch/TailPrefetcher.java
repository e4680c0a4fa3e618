package org.histods.fetch;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.histods.problem.Problem;
import org.histods.transport.Response;

/**
 * Fetches parts of the end of a file, such as the directory of a zip, as soon as a reader waits for them. Runs as a
 * task of its own until no more bytes arrive; the result is the number of bytes that it requested. If it fails, nothing
 * is lost, because the bytes arrive later anyway.
 */
final class TailPrefetcher implements Callable<Long> {

    /** Maximum part of the end that is fetched early. */
    private static final long MOST = 64L << 20;

    /** Bytes closer to the frontier than this arrive soon enough anyway. */
    private static final long AHEAD = 4L << 20;

    private static final long FIRST_REQUEST = 1L << 20;
    private static final long LARGEST_REQUEST = 16L << 20;

    private final TransferState state;
    private final BodyWriter writer;
    private final GrowingFile growing;

    TailPrefetcher(TransferState state, BodyWriter writer, GrowingFile growing) {
        this.state = state;
        this.writer = writer;
        this.growing = growing;
    }

    @Override
    public Long call() throws InterruptedException {
        state.awaitFirst();
        long size = FIRST_REQUEST;
        long requested = 0;
        while (requested < MOST) {
            long from = growing.awaitTailReader(MOST, AHEAD);
            long to = Math.min(growing.total(), from + size);
            if (from < 0 || !fetch(from, to)) {
                break;
            }
            requested += to - from;
            size = Math.min(size * 2, LARGEST_REQUEST);
        }
        return requested;
    }

    private boolean fetch(long from, long to) {
        if (state.coding() != null) {
            return false;
        }
        try (Response response = writer.open(state.last().requested(), from, to - 1)) {
            if (!TransferState.isRange(response) || response.from() != from || !state.sameFile(response)) {
                return false;
            }
            state.countResponse();
            writer.write(response);
            return true;
        } catch (IOException | Problem e) {
            return false;
        }
    }
}
