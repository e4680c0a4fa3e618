package org.histods.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import org.histods.mirror.PartialTransfer;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.transport.Response;

/**
 * Lets the bytes of answers into the growing file, no faster than is allowed, until it is told to stop. What a later
 * run needs to go on is written at the start and then every few megabytes and every second; small files are spared it.
 *
 * <p>Several threads bring answers at a time: those of the download, of its segments and of the tail. What they count
 * together is counted under this object's lock, which also keeps two of them from writing the state at once.
 */
final class BodyWriter {

    private static final int BUFFER = 1 << 16;
    /** The most that a kill may cost: the state is written after so many bytes, or after so long, whichever is first. */
    private static final long STATE_EVERY_BYTES = 4L << 20;

    private static final long STATE_EVERY_NANOS = 1_000_000_000L;

    private final FetchCandidate candidate;
    private final RemoteFile file;
    private final TransferState answers;
    private final GrowingFile growing;
    private final PartialTransfer partial;
    private final FetchSettings.Rate rate;
    private final FetchListener listener;
    private final TransferErrors faults;
    private volatile boolean stopped;
    private long received;
    private long savedAt;
    private long savedTime = System.nanoTime();
    private boolean saved;

    BodyWriter(
            FetchCandidate candidate,
            TransferState answers,
            GrowingFile growing,
            PartialTransfer partial,
            FetchSettings.Rate rate,
            FetchListener listener) {
        this.candidate = candidate;
        this.file = candidate.file();
        this.answers = answers;
        this.growing = growing;
        this.partial = partial;
        this.rate = rate;
        this.listener = listener;
        this.faults = new TransferErrors(candidate);
    }

    /** Takes no more bytes and asks for none. */
    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    /** Asks for the bytes from {@code from} to {@code to}, inclusive; -1 is the end. */
    Response ask(URI uri, long from, long to) throws Problem {
        if (stopped) {
            throw new Problem(Problem.Kind.INTERRUPTED, "given up");
        }
        return answers.ask(uri, from, to);
    }

    /** Writes an answer's body where it belongs; of one that came in a coding, what of it is the file. */
    void take(Response answer) throws IOException, Problem {
        String coding = answer.coding().orElse(null);
        if (coding == null) {
            write(answer);
        } else {
            sort(answer, coding);
        }
    }

    private void sort(Response answer, String coding) throws IOException, Problem {
        EncodedBody coded = new EncodedBody(
                file, coding, partial.aside(), cause -> faults.of(Problem.Kind.WRONG_BYTES, answer, cause));
        try {
            coded.take(answer.body(), this::count);
            boolean decode = coded.decode();
            answers.undone(decode ? coding : null);
            try (InputStream in = coded.open(decode)) {
                write(answer.withBody(in));
            }
        } finally {
            Files.deleteIfExists(partial.aside());
        }
    }

    private void write(Response answer) throws IOException, Problem {
        byte[] buffer = new byte[BUFFER];
        long position = answer.from();
        InputStream in = answer.body();
        boolean first = position == 0;
        while (!stopped) {
            int count = first ? in.readNBytes(buffer, 0, ContentSniffer.LENGTH) : in.read(buffer);
            if (count < 0 || (first && count == 0)) {
                return;
            }
            if (first) {
                first = false;
                answers.look(answer, buffer, count);
            }
            store(answer, position, buffer, count);
            position += count;
        }
        throw new IOException("given up");
    }

    private void store(Response answer, long position, byte[] buffer, int count) throws IOException, Problem {
        Long stated = file.bytes();
        if (stated != null && position + count > stated) {
            throw faults.of(
                    Problem.Kind.UPSTREAM_CHANGED, answer, "more than the " + stated + " bytes that are stated came");
        }
        if (answers.coding() == null) {
            count(count);
        }
        int fresh = keep(position, buffer, count);
        save();
        if (fresh > 0) {
            listener.bytes(fresh, candidate.brought() == null);
        }
    }

    /** A disk that takes no more is no fault of the connection, and no other connection is of help. */
    private int keep(long position, byte[] buffer, int count) throws IOException, Problem {
        try {
            return growing.write(position, buffer, count);
        } catch (ClosedChannelException e) {
            // Given up meanwhile, or interrupted.
            throw e;
        } catch (IOException e) {
            throw TransferErrors.disk("cannot write " + partial.part(), e);
        }
    }

    private synchronized void save() {
        long now = System.nanoTime();
        boolean atTheStart = !saved && (growing.total() < 0 || growing.total() > STATE_EVERY_BYTES);
        if (atTheStart || received - savedAt >= STATE_EVERY_BYTES || now - savedTime >= STATE_EVERY_NANOS) {
            saved = true;
            savedAt = received;
            savedTime = now;
            partial.writeState(answers.state().text());
        }
    }

    /** Counts what comes from outside, and holds it back as long as the rate wants. */
    private void count(int bytes) throws IOException {
        if (stopped) {
            throw new IOException("given up");
        }
        rate.spend(bytes);
        synchronized (this) {
            received += bytes;
        }
    }

    /** How many bytes came in this run, also those that were there already. */
    synchronized long received() {
        return received;
    }
}
