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
 * Writes response bodies into the growing file, at most at the allowed rate, until it is stopped. The state that a later
 * run resumes from is written at the start and then every megabyte and five times a second; small files go without it.
 *
 * <p>Several threads write at a time: those of the download, of its segments and of the tail. This object's lock guards
 * what they count together, and keeps two of them from writing the state at once.
 */
final class BodyWriter {

    private static final int BUFFER = 1 << 18;
    /** Bytes that arrive within this time are written in one piece, because each write has a cost and wakes readers. */
    private static final long TOGETHER_NANOS = 10_000_000L;

    /** OkHttp returns this many bytes at a time; if it returns fewer, no more have arrived. */
    private static final int SEGMENT = 8192;

    private final FetchCandidate candidate;
    private final RemoteFile file;
    private final TransferState state;
    private final GrowingFile growing;
    private final PartialTransfer partial;
    private final FetchSettings.Rate rate;
    private final FetchListener listener;
    private final TransferErrors errors;
    private volatile boolean stopped;
    private long received;
    private final StateInterval interval = new StateInterval();
    private boolean saved;

    BodyWriter(
            FetchCandidate candidate,
            TransferState state,
            GrowingFile growing,
            PartialTransfer partial,
            FetchSettings.Rate rate,
            FetchListener listener) {
        this.candidate = candidate;
        this.file = candidate.file();
        this.state = state;
        this.growing = growing;
        this.partial = partial;
        this.rate = rate;
        this.listener = listener;
        this.errors = new TransferErrors(candidate);
    }

    /** Ends all requests and writes. */
    void stop() {
        stopped = true;
    }

    boolean stopped() {
        return stopped;
    }

    /** Requests the bytes from {@code from} to {@code to}, inclusive; -1 is the end. */
    Response open(URI uri, long from, long to) throws Problem {
        if (stopped) {
            throw new Problem(Problem.Kind.INTERRUPTED, "cancelled");
        }
        return state.open(uri, from, to);
    }

    /** Writes a body at its position; decodes it first if it has a content coding that must be undone. */
    void write(Response response) throws IOException, Problem {
        String coding = response.coding().orElse(null);
        if (coding == null) {
            writeBody(response);
        } else {
            writeDecoded(response, coding);
        }
    }

    private void writeDecoded(Response response, String coding) throws IOException, Problem {
        EncodedBody encoded = new EncodedBody(
                file, coding, partial.aside(), cause -> errors.of(Problem.Kind.WRONG_BYTES, response, cause));
        try {
            encoded.store(response.body(), this::count);
            boolean decode = encoded.mustDecode();
            state.decoded(decode ? coding : null);
            try (InputStream in = encoded.open(decode)) {
                writeBody(response.withBody(in));
            }
        } finally {
            Files.deleteIfExists(partial.aside());
        }
    }

    private void writeBody(Response response) throws IOException, Problem {
        byte[] buffer = new byte[BUFFER];
        long position = response.from();
        InputStream in = response.body();
        boolean first = position == 0;
        boolean decoded = response.coding().isPresent();
        boolean ended = false;
        while (!ended) {
            failIfStopped();
            int count = first ? in.readNBytes(buffer, 0, ContentSniffer.LENGTH) : in.read(buffer);
            if (count <= 0) {
                return;
            }
            if (first) {
                first = false;
                state.checkHead(response, buffer, count);
            }
            IOException broken = null;
            try {
                long until = System.nanoTime() + TOGETHER_NANOS;
                for (int more = count; ; count += more) {
                    if (!decoded) {
                        count(more);
                    }
                    if (more < SEGMENT || count == BUFFER || System.nanoTime() > until) {
                        break;
                    }
                    more = in.read(buffer, count, BUFFER - count);
                    if (more < 0) {
                        ended = true;
                        break;
                    }
                }
            } catch (IOException e) {
                // Bytes that arrived before are kept.
                broken = e;
            }
            if (growing.differs(position, buffer, count)) {
                throw state.overlapDiffers(response);
            }
            writeBlock(response, position, buffer, count);
            position += count;
            if (broken != null) {
                throw broken;
            }
        }
    }

    private void writeBlock(Response response, long position, byte[] buffer, int count) throws IOException, Problem {
        Long stated = file.bytes();
        if (stated != null && position + count > stated) {
            throw errors.of(
                    Problem.Kind.UPSTREAM_CHANGED,
                    response,
                    "the response is longer than the stated " + stated + " bytes");
        }
        int fresh = writeToDisk(position, buffer, count);
        saveState();
        if (fresh > 0) {
            listener.bytes(fresh, candidate.localName() == null);
        }
    }

    /** A full disk is not a failure of the connection, and another connection would not help. */
    private int writeToDisk(long position, byte[] buffer, int count) throws IOException, Problem {
        try {
            return growing.write(position, buffer, count);
        } catch (ClosedChannelException e) {
            // Cancelled or interrupted in the meantime.
            throw e;
        } catch (IOException e) {
            throw TransferErrors.disk("cannot write " + partial.part(), e);
        }
    }

    private synchronized void saveState() {
        boolean atTheStart = !saved && (growing.total() < 0 || growing.total() > StateInterval.BYTES);
        if (atTheStart || interval.isOver(received, growing.total())) {
            saved = true;
            interval.restart(received);
            partial.writeState(state.resumeState().text());
        }
    }

    /** Counts received bytes and waits as long as the rate limit requires. */
    private void count(int bytes) throws IOException {
        failIfStopped();
        rate.spend(bytes);
        synchronized (this) {
            received += bytes;
        }
    }

    private void failIfStopped() throws IOException {
        if (stopped) {
            throw new IOException("cancelled");
        }
    }

    /** Number of bytes received in this run, including bytes that were received twice. */
    synchronized long received() {
        return received;
    }
}
