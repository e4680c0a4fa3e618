package org.histods.fetch;

import java.io.IOException;
import org.histods.problem.Problem;
import org.histods.transport.Response;

/**
 * Fetches pieces of the file's end that a reader waits for, as a zip's directory, before their turn, until no more
 * bytes come. For a thread of its own. Nothing is lost where this fails: the bytes come in their turn.
 */
final class TailPrefetcher implements Runnable {

    /** A zip's directory is at its end; up to this much of the end is fetched before its turn. */
    private static final long MOST = 64L << 20;

    /** A tail is fetched before its turn only from files that take a while. */
    private static final long AHEAD = 4L << 20;

    private static final long PIECE = 1L << 20;

    private final TransferState answers;
    private final BodyWriter intake;
    private final GrowingFile growing;

    TailPrefetcher(TransferState answers, BodyWriter intake, GrowingFile growing) {
        this.answers = answers;
        this.intake = intake;
        this.growing = growing;
    }

    @Override
    public void run() {
        try {
            answers.awaitFirst();
            long size = PIECE;
            long spent = 0;
            while (spent < MOST) {
                long wish = growing.awaitWish(MOST, AHEAD);
                if (wish < 0) {
                    return;
                }
                long to = Math.min(growing.total(), wish + size) - 1;
                if (!piece(wish, to)) {
                    return;
                }
                spent += to - wish + 1;
                size = Math.min(size * 2, 16 * PIECE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean piece(long from, long to) {
        if (answers.coding() != null) {
            return false;
        }
        try (Response answer = intake.ask(answers.last().requested(), from, to)) {
            if (!SegmentedDownload.part(answer) || answer.from() != from || !answers.same(answer)) {
                return false;
            }
            answers.another();
            intake.take(answer);
            return true;
        } catch (IOException | Problem e) {
            return false;
        }
    }
}
