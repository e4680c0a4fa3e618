package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.histods.concurrent.BackgroundTask;
import org.histods.concurrent.TaskExecutor;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.mirror.PartialTransfer;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.text.Bytes;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * The transfer of one file. While the file arrives, {@link #reader} reads it; {@link #await} returns it when it is
 * complete and correct. Nothing read before that may be trusted or published.
 */
public final class Transfer implements FetchedBytes {

    private final FetchCandidate candidate;
    private final PartialTransfer partial;
    private final Clock clock;
    private final FetchListener listener;
    private final TaskExecutor tasks;
    private final Instant started;
    private final boolean resumed;
    private final GrowingFile growing;
    private final TransferState state;
    private final BodyWriter writer;
    private final BackgroundTask<Download.Result> download;
    private final BackgroundTask<StreamingHasher.Result> hashes;
    private volatile Outcome outcome = Outcome.INCOMPLETE;
    private volatile @Nullable Problem useless;
    private volatile @Nullable Checksum rejected;
    /** Started when the first reader is opened; guarded by this object's lock. */
    private @Nullable BackgroundTask<Long> prefetcher;

    /** What is known about the bytes. */
    private enum Outcome {
        INCOMPLETE,
        /** Complete; nothing is published to compare with. */
        COMPUTED,
        /** Complete and equal to a published checksum. */
        VERIFIED,
        /** Wrong, or no longer needed. */
        DISCARDED
    }

    Transfer(
            FetchCandidate candidate,
            PartialTransfer partial,
            Transport transport,
            FetchSettings settings,
            Clock clock,
            FetchListener listener,
            TaskExecutor tasks)
            throws Problem {
        this.candidate = candidate;
        this.partial = partial;
        this.clock = clock;
        this.listener = listener;
        this.tasks = tasks;
        this.started = clock.instant();
        ResumeState left = ResumeState.leftIntact(candidate.file(), partial, listener);
        this.resumed = left.bytes() > 0;
        this.growing = growing(candidate.file(), partial, left);
        if (resumed) {
            listener.bytes(left.bytes(), false);
            listener.note(candidate.file().path() + ": resuming at " + Bytes.text(left.bytes()) + " of an earlier run");
        }
        this.state = new TransferState(candidate, transport, growing, left);
        this.writer = new BodyWriter(candidate, state, growing, partial, settings.rate(), listener);
        ReconnectPolicy reconnect = new ReconnectPolicy(candidate, state, writer, growing, settings.pause(), listener);
        SegmentedDownload segments =
                new SegmentedDownload(state, writer, growing, settings, tasks, reconnect, listener);
        this.download = tasks.start(new Download(candidate, state, writer, growing, segments, reconnect));
        this.hashes = tasks.start(this::hash);
    }

    private static GrowingFile growing(RemoteFile file, PartialTransfer partial, ResumeState left) throws Problem {
        Long bytes = file.bytes();
        try {
            if (left.bytes() == 0) {
                Files.deleteIfExists(partial.part());
            }
            GrowingFile growing = new GrowingFile(
                    partial.part(), left.ranges(), bytes != null ? bytes : left.total(), !file.checksumDecides());
            partial.share();
            return growing;
        } catch (IOException e) {
            throw TransferErrors.disk("cannot write " + partial.part(), e);
        }
    }

    private StreamingHasher.Result hash() throws Problem, InterruptedException {
        try {
            return new StreamingHasher(candidate.file(), state, growing).hash();
        } catch (IOException e) {
            throw TransferErrors.disk("cannot read " + partial.part(), e);
        }
    }

    /** A new channel over the file's bytes, which waits for those that have not arrived. */
    public synchronized SeekableByteChannel reader() {
        if (prefetcher == null) {
            prefetcher = tasks.start(new TailPrefetcher(state, writer, growing));
        }
        return growing.reader();
    }

    /** What is fetched. */
    public RemoteFile remote() {
        return candidate.file();
    }

    /** Where it is fetched from. */
    public FetchCandidate candidate() {
        return candidate;
    }

    /**
     * Waits for the complete file and compares it with what is stated of it.
     *
     * @throws Problem {@code WRONG_BYTES} if it differs from a stated checksum or size; {@code NETWORK}, {@code PERSON},
     *     {@code UPSTREAM_CHANGED} as the host responded; {@code DISK}; {@code INTERRUPTED}
     */
    public FetchedFile await() throws Problem {
        Download.Result result = download.get();
        if (result.problem() != null) {
            throw useless == null ? result.problem() : useless;
        }
        StreamingHasher.Result computed = hashes.get();
        String end = state.last().end();
        if (end != null) {
            listener.note(candidate.file().path() + ": " + ResponseSummary.endText(end));
        }
        long bytes = growing.total();
        ChecksumCheck check = new ChecksumVerifier(
                        candidate.file(), computed.checksums(), listener::note, (expected, got, by, hint) -> {
                            rejected = computed.checksums().get(Algorithm.SHA256);
                            return wrong(expected, got, by, bytes, hint);
                        })
                .withPublished(bytes)
                .withPieces(computed.pieces())
                .withHeaders(headerChecksums())
                .check();
        outcome = check.verified() ? Outcome.VERIFIED : Outcome.COMPUTED;
        // If the process is killed before the bag is published, the next one can use the bytes.
        partial.writeState(state.resumeState().text());
        FetchOrigin origin = state.origin(started, clock.instant(), writer.received(), result.failed());
        return new FetchedFile(
                candidate.file(), partial.part(), bytes, computed.checksums(), check, origin, null, computed.blocks());
    }

    /**
     * Ends the download because the file is of no use: {@link #await} throws that problem, unless the file is complete.
     */
    public void abort(Problem why) {
        useless = why;
        writer.stop();
        growing.fail(new IOException(why.message(), why));
    }

    /** Closes the file when nobody reads it any more, so that thousands of complete files hold no file handles. */
    public void closeFile() {
        try {
            growing.close();
        } catch (IOException e) {
            listener.note("cannot close " + partial.part() + ": " + e.getMessage());
        }
    }

    /** None for an archive that the host creates for each request, because nobody gets the same bytes again. */
    private List<Stated> headerChecksums() throws Problem {
        if (candidate.file().slice() != null) {
            return List.of();
        }
        try {
            return state.stated();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.interrupted();
        }
    }

    /** The problem of a mismatch. Discards the bytes, because wrong bytes are never resumed. */
    private Problem wrong(String expected, String got, String by, long bytes, String hint) {
        discard();
        URI from =
                Objects.requireNonNullElse(state.last().from(), candidate.file().uri());
        return new TransferErrors(candidate).mismatch(from, expected, got, by, bytes, joined(), hint);
    }

    /** Whether the bytes are from more than one response, so that a wrong checksum may be due to joining them. */
    public boolean joined() {
        return resumed || state.joined();
    }

    /** Whether the file is complete and equal to a published checksum. */
    public boolean verified() {
        return outcome == Outcome.VERIFIED;
    }

    /** The SHA-256 of complete bytes that differ from what is published; empty if none do. */
    public Optional<Checksum> rejected() {
        return Optional.ofNullable(rejected);
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException before {@link #await} has returned it
     */
    @Override
    public void put(Path target, boolean executable) throws Problem {
        if (outcome == Outcome.INCOMPLETE) {
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

    @Override
    public void discard() {
        outcome = Outcome.DISCARDED;
    }

    /** The name of the content in the mirror's folder for partial files. */
    public String key() {
        return partial.key();
    }

    /** Ends the transfer. Bytes that were not discarded are kept for the next run. */
    @Override
    public void close() {
        // An interrupted thread cannot write files, and just then the bytes that arrived are to be kept.
        boolean interrupted = Thread.interrupted();
        end();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void end() {
        writer.stop();
        closeFile();
        download.cancel();
        hashes.cancel();
        if (prefetcher != null) {
            prefetcher.cancel();
            prefetcher.awaitEnd();
        }
        if (!download.awaitEnd()) {
            listener.note(candidate.file().path() + ": the connection did not end in time");
        }
        if (outcome != Outcome.DISCARDED && state.worthKeeping()) {
            partial.writeState(state.resumeState().text());
            partial.release();
        } else {
            partial.discard();
        }
    }
}
