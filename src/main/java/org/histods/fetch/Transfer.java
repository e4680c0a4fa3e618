package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.mirror.PartialTransfer;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.text.Bytes;
import org.histods.transport.Transport;

/**
 * A file on its way. While it arrives, {@link #reader} reads it; {@link #await} gives it when it is whole and right.
 * Nothing read before that may be trusted, let alone published.
 */
public final class Transfer implements AutoCloseable {

    private final FetchCandidate candidate;
    private final PartialTransfer partial;
    private final Clock clock;
    private final FetchListener listener;
    private final Instant started;
    private final boolean resumed;
    private final GrowingFile growing;
    private final TransferState answers;
    private final BodyWriter intake;
    private final Download download;
    private final StreamingHasher hashing;
    private final Future<?> network;
    private final Future<Map<Algorithm, Checksum>> sums;
    private final Future<?> tail;
    private boolean whole;
    private boolean verified;
    private boolean discarded;

    Transfer(
            FetchCandidate candidate,
            PartialTransfer partial,
            Transport transport,
            FetchSettings settings,
            Clock clock,
            FetchListener listener)
            throws Problem {
        this.candidate = candidate;
        this.partial = partial;
        this.clock = clock;
        this.listener = listener;
        this.started = clock.instant();
        ResumeState left = ResumeState.left(candidate.file(), partial);
        long there = left.bytes();
        this.resumed = there > 0;
        this.growing = growing(candidate.file(), partial, left);
        if (resumed) {
            listener.bytes(there, false);
            listener.note(candidate.file().path() + ": going on from " + Bytes.text(there) + " of an earlier run");
        }
        this.answers = new TransferState(candidate, transport, growing, left);
        this.intake = new BodyWriter(candidate, answers, growing, partial, settings.rate(), listener);
        this.download = new Download(candidate, answers, intake, growing, settings, listener);
        this.hashing = new StreamingHasher(candidate.file(), answers, growing);
        this.network = settings.threads().submit(download);
        this.sums = settings.threads().submit(hashing);
        this.tail = settings.threads().submit(new TailPrefetcher(answers, intake, growing));
    }

    private static GrowingFile growing(RemoteFile file, PartialTransfer partial, ResumeState left) throws Problem {
        ByteRanges there = new ByteRanges();
        left.ranges().forEach(range -> there.add(range[0], range[1]));
        Long bytes = file.bytes();
        try {
            if (left.bytes() == 0) {
                Files.deleteIfExists(partial.part());
            }
            return new GrowingFile(partial.part(), there, bytes != null ? bytes : left.total());
        } catch (IOException e) {
            throw TransferErrors.disk("cannot write " + partial.part(), e);
        }
    }

    /** A new channel over the file's bytes, which waits for those that have not arrived yet. */
    public SeekableByteChannel reader() {
        return growing.reader();
    }

    /** What is being fetched. */
    public RemoteFile remote() {
        return candidate.file();
    }

    /** Where it is fetched from. */
    public FetchCandidate candidate() {
        return candidate;
    }

    /**
     * Waits for the whole file and compares it with what is stated of it.
     *
     * @throws Problem {@code WRONG_BYTES} if a stated checksum or size is another; {@code NETWORK}, {@code PERSON},
     *     {@code UPSTREAM_CHANGED} as the host answered; {@code DISK}; {@code INTERRUPTED}
     */
    public FetchedFile await() throws Problem {
        get(network);
        Problem failed = download.problem();
        if (failed != null) {
            throw failed;
        }
        Map<Algorithm, Checksum> computed = get(sums);
        long bytes = growing.total();
        ChecksumCheck check = compare(computed, bytes);
        whole = true;
        verified = check.verified();
        // A process that is killed before the bag is published leaves the bytes for the next one.
        partial.writeState(answers.state().text());
        FetchOrigin origin = answers.origin(started, clock.instant(), intake.received(), download.failed());
        return new FetchedFile(candidate.file(), partial.part(), bytes, computed, check, origin);
    }

    /** Lets the file go when no reader reads it any more, so that thousands of whole files hold no handles. */
    public void closeFile() {
        try {
            growing.close();
        } catch (IOException e) {
            listener.note("cannot close " + partial.part() + ": " + e.getMessage());
        }
    }

    private ChecksumCheck compare(Map<Algorithm, Checksum> computed, long bytes) throws Problem {
        return new ChecksumVerifier(
                        candidate.file(),
                        computed,
                        listener::note,
                        (expected, got, by, hint) -> wrong(expected, got, by, bytes, hint))
                .withPublished(bytes)
                .withPieces(hashing.pieces())
                .withAnswer(answerSums())
                .check();
    }

    /** Of an archive that is packed anew for each request, it would name bytes that nobody gets again. */
    private List<Stated> answerSums() throws Problem {
        if (candidate.file().slice() != null) {
            return List.of();
        }
        try {
            return answers.stated();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TransferErrors.interrupted();
        }
    }

    /** Bytes that are wrong are never gone on from. */
    private Problem wrong(String expected, String got, String by, long bytes, String hint) {
        discarded = true;
        URI answered = answers.last().from();
        URI from = answered == null ? candidate.file().uri() : answered;
        return new TransferErrors(candidate).other(from, expected, got, by, bytes, pieced(), hint);
    }

    /** Whether the bytes came in more than one answer, so that a wrong checksum may mean a bad join. */
    public boolean pieced() {
        return resumed || answers.pieced();
    }

    /** Whether the whole is there and equal to a checksum that somebody published. */
    public boolean verified() {
        return verified;
    }

    private <T> T get(Future<T> future) throws Problem {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw TransferErrors.interrupted();
        } catch (ExecutionException e) {
            Problem known = download.problem();
            if (known != null) {
                throw known;
            }
            if (e.getCause() instanceof IOException io) {
                throw TransferErrors.disk("cannot go on with " + partial.part(), io);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Puts the whole file at {@code target} too, on the same file system. It stays with the transfer until it is
     * discarded: what is fetched is let go only when the bag that it is for is published.
     *
     * @param executable whether it gets the executable bit
     * @throws IllegalStateException before {@link #await} has given it
     */
    public void put(Path target, boolean executable) throws Problem {
        if (!whole) {
            throw new IllegalStateException("not fetched yet");
        }
        try {
            partial.put(target);
            if (executable && !target.toFile().setExecutable(true)) {
                throw new IOException("the executable bit cannot be set");
            }
        } catch (IOException e) {
            throw TransferErrors.disk("cannot put " + partial.part() + " at " + target, e);
        }
    }

    /** Throws the bytes away when the transfer is closed: they are wrong, or nobody needs them any more. */
    public void discard() {
        discarded = true;
    }

    /** The name of the content in the mirror's folder for partial files. */
    public String key() {
        return partial.key();
    }

    /** Ends it. Bytes that were not discarded are kept for the next run. */
    @Override
    public void close() {
        // An interrupted thread cannot write files, and what came is to be kept just then.
        boolean interrupted = Thread.interrupted();
        end();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void end() {
        intake.stop();
        closeFile();
        for (Future<?> future : List.of(network, sums, tail)) {
            future.cancel(true);
        }
        download.awaitEnd();
        if (!discarded && (whole || answers.worthKeeping())) {
            partial.writeState(answers.state().text());
            partial.release();
        } else {
            partial.discard();
        }
    }
}
