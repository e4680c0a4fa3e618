package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.digest.PieceHasher;
import org.histods.mirror.Partial;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A file on its way. While it arrives, {@link #reader} reads it; {@link #await} gives it when it is whole and right.
 * Nothing read before that may be trusted, let alone published.
 */
public final class Transfer implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Candidate candidate;
    private final Partial partial;
    private final Clock clock;
    private final FetchListener listener;
    private final GrowingFile growing;
    private final Download download;
    private final Instant started;
    private final boolean resumed;
    private final Future<?> network;
    private final Future<Map<Algorithm, Checksum>> hashing;
    private final @Nullable PieceHasher pieces;
    private final Future<?> wishes;
    private boolean taken;
    private boolean whole;
    private boolean verified;
    private boolean discarded;

    Transfer(
            Candidate candidate,
            Partial partial,
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
        ResumeState state = resumable(candidate.file(), partial);
        Ranges there = new Ranges();
        state.ranges().forEach(r -> there.add(r[0], r[1]));
        this.resumed = there.bytes() > 0;
        try {
            if (!resumed) {
                Files.deleteIfExists(partial.part());
            }
            Long bytes = candidate.file().bytes();
            long total = bytes != null ? bytes : state.total();
            growing = new GrowingFile(partial.part(), there, total);
        } catch (IOException e) {
            throw disk("cannot write " + partial.part(), e);
        }
        if (resumed) {
            listener.bytes(there.bytes(), false);
            listener.note(candidate.file().path() + ": going on from " + org.histods.quantity.Bytes.text(there.bytes())
                    + " of an earlier run");
        }
        RemoteFile.Span span = candidate.file().span();
        pieces = span == null ? null : new PieceHasher(span.pieces(), span.start());
        download = new Download(candidate, transport, growing, partial, state, settings, listener);
        network = settings.threads().submit(download::run);
        hashing = settings.threads().submit(this::hash);
        wishes = settings.threads().submit(download::serveWishes);
    }

    /** What of an earlier run may be used: see the table in {@code docs/design.md}, "Going on". */
    private static ResumeState resumable(RemoteFile file, Partial partial) throws Problem {
        try {
            ResumeState state = partial.readState().flatMap(ResumeState::parse).orElse(ResumeState.NONE);
            long length = Files.exists(partial.part()) ? Files.size(partial.part()) : 0;
            boolean there = state.ranges().stream().allMatch(r -> r[1] <= length);
            boolean decidable = !comparable(file.sums()).isEmpty() || state.validator() != null;
            Long bytes = file.bytes();
            boolean fits = bytes == null || state.ranges().stream().allMatch(r -> r[1] <= bytes);
            return there && decidable && fits ? state : ResumeState.NONE;
        } catch (IOException e) {
            throw disk("cannot read " + partial.part(), e);
        }
    }

    static List<Checksum> comparable(List<Stated> sums) {
        return sums.stream()
                .map(Stated::sum)
                .filter(s -> !s.algorithm().ofFolder())
                .toList();
    }

    static Problem disk(String what, IOException e) {
        return new Problem(
                Problem.Kind.DISK,
                what + ": " + e.getMessage(),
                "check the free space and the permissions of the mirror (`histods doctor`)",
                List.of(),
                e);
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
    public Candidate candidate() {
        return candidate;
    }

    private static long length(@Nullable Long bytes) {
        return bytes == null ? -1 : bytes;
    }

    /** Hashes the bytes in their order as the frontier moves on, from the page cache. */
    private Map<Algorithm, Checksum> hash() throws IOException, InterruptedException {
        List<Checksum> expected = new ArrayList<>(comparable(candidate.file().sums()));
        // The first bytes come with an answer that says what all of them are.
        comparable(download.stated()).stream()
                .filter(sum -> expected.stream().noneMatch(e -> e.algorithm() == sum.algorithm()))
                .forEach(expected::add);
        byte[] buffer = new byte[BUFFER];
        java.nio.ByteBuffer target = java.nio.ByteBuffer.wrap(buffer);
        try (SeekableByteChannel channel = growing.reader()) {
            // Some checksums begin with the length: where nobody stated it, it is known with the first answer.
            Long bytes = candidate.file().bytes();
            Hasher hasher =
                    Hasher.toCompare(expected, bytes != null || expected.isEmpty() ? length(bytes) : channel.size());
            while (true) {
                target.clear();
                int count = channel.read(target);
                if (count < 0) {
                    return hasher.finish();
                }
                hasher.update(buffer, 0, count);
                if (pieces != null) {
                    pieces.update(buffer, 0, count);
                }
            }
        }
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
        Map<Algorithm, Checksum> sums = get(hashing);
        long bytes = growing.total();
        Check check = compare(sums, bytes);
        whole = true;
        verified = check.verified();
        // A process that is killed before the bytes are taken leaves them for the next one.
        partial.writeState(download.state().text());
        return new FetchedFile(
                candidate.file(), partial.part(), bytes, sums, check, download.origin(started, clock.instant()));
    }

    /** Lets the file go when no reader reads it any more, so that thousands of whole files hold no handles. */
    public void closeFile() {
        try {
            growing.close();
        } catch (IOException e) {
            listener.note("cannot close " + partial.part() + ": " + e.getMessage());
        }
    }

    private Check compare(Map<Algorithm, Checksum> sums, long bytes) throws Problem {
        return new Comparison(
                        candidate.file(),
                        sums,
                        listener::note,
                        (expected, got, by, hint) -> wrong(expected, got, by, bytes, hint))
                .withPublished(bytes)
                .withPieces(pieces)
                .withAnswer(answerSums())
                .check();
    }

    /** Of an archive that is packed anew for each request, it would name bytes that nobody gets again. */
    private List<Stated> answerSums() throws Problem {
        if (candidate.file().slice() != null) {
            return List.of();
        }
        try {
            return download.stated();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted");
        }
    }

    /** Bytes that are wrong are never gone on from. */
    private Problem wrong(String expected, String got, String by, long bytes, String hint) {
        discarded = true;
        URI answered = download.answeredFrom();
        URI from = answered == null ? candidate.file().uri() : answered;
        String kept = resumed || download.pieced()
                ? "thrown away; it was put together from more than one answer, so a clean start may be right"
                : "thrown away";
        String message = candidate.file().path() + " does not match what " + by + " published" + "\n  expected  "
                + expected + "\n  got       " + got + "  (" + bytes + " bytes from "
                + candidate.giver(from) + ", " + kept + ")";
        Attempt attempt = new Attempt(
                candidate.source().kind(),
                candidate.shown(from),
                200,
                bytes,
                "expected " + expected + " (" + by + "), got " + got);
        return new Problem(Problem.Kind.WRONG_BYTES, message, hint, List.of(attempt), null);
    }

    /** Whether the bytes came in more than one answer, so that a wrong checksum may mean a bad join. */
    public boolean pieced() {
        return resumed || download.pieced();
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
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted");
        } catch (ExecutionException e) {
            Problem known = download.problem();
            if (known != null) {
                throw known;
            }
            if (e.getCause() instanceof IOException io) {
                throw disk("cannot go on with " + partial.part(), io);
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /**
     * Moves the whole file to {@code target}, on the same file system.
     *
     * @param executable whether it gets the executable bit
     * @throws IllegalStateException before {@link #await} has given it
     */
    public void take(Path target, boolean executable) throws Problem {
        if (!whole) {
            throw new IllegalStateException("not fetched yet");
        }
        try {
            Files.createDirectories(target.toAbsolutePath().getParent());
            Files.move(partial.part(), target, StandardCopyOption.ATOMIC_MOVE);
            taken = true;
            if (executable && !target.toFile().setExecutable(true)) {
                throw new IOException("the executable bit cannot be set");
            }
        } catch (IOException e) {
            throw disk("cannot move " + partial.part() + " to " + target, e);
        }
    }

    /** Throws the bytes away when the transfer is closed: they are wrong, or nobody needs them any more. */
    public void discard() {
        discarded = true;
    }

    /** Ends it. Bytes that were neither taken nor discarded are kept for the next run. */
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
        download.cancel();
        closeFile();
        for (Future<?> future : List.of(network, hashing, wishes)) {
            future.cancel(true);
        }
        download.awaitEnd();
        if (!taken && !discarded && (whole || download.worthKeeping())) {
            partial.writeState(download.state().text());
            partial.release();
        } else {
            partial.discard();
        }
    }
}
