package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import org.histods.transport.MalformedResponseException;

/** Decides what to do after a broken connection: pause and request again, or give up. Thread-safe. */
final class ReconnectPolicy {

    /** How often in a row a connection may break without a new byte. */
    private static final int BREAKS = 5;

    private final FetchCandidate candidate;
    private final TransferState state;
    private final BodyWriter writer;
    private final GrowingFile growing;
    private final FetchSettings.Pause pause;
    private final FetchListener listener;

    ReconnectPolicy(
            FetchCandidate candidate,
            TransferState state,
            BodyWriter writer,
            GrowingFile growing,
            FetchSettings.Pause pause,
            FetchListener listener) {
        this.candidate = candidate;
        this.state = state;
        this.writer = writer;
        this.growing = growing;
        this.pause = pause;
        this.listener = listener;
    }

    /** Whether so many breaks in a row without a new byte are too many; a malformed response is requested once more. */
    static boolean exhausted(int breaks, IOException broken) {
        return breaks > (broken instanceof MalformedResponseException ? 1 : BREAKS);
    }

    /**
     * Pauses before the next request.
     *
     * @param breaks how many breaks there were in a row without a new byte, this one included
     * @throws Problem {@code NETWORK} if they are too many; {@code INTERRUPTED}
     */
    void pauseAfter(IOException broken, URI uri, int breaks) throws Problem {
        if (writer.stopped() || Thread.currentThread().isInterrupted()) {
            throw Problem.interrupted();
        }
        long at = growing.frontier();
        if (exhausted(breaks, broken)) {
            throw new TransferErrors(candidate).broken(uri, breaks, at, broken);
        }
        listener.note(candidate.file().path() + ": the connection broke at " + Bytes.text(at) + " ("
                + TransferErrors.reason(broken) + "), reconnecting");
        state.countResume();
        pause.before(breaks);
    }
}
