package org.histods.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.histods.mirror.Partial;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.quantity.Bytes;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.transport.Answer;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Fills a growing file from the addresses of one candidate. A connection that breaks is taken up where it broke, as
 * long as there is progress; an address that fails for good gives way to the next one.
 */
final class Download {

    /** How often in a row a connection may break without a new byte. */
    private static final int BREAKS = 5;

    private static final int BUFFER = 1 << 16;

    /** A zip's directory is at its end; up to this much of the end is fetched before its turn. */
    static final long TAIL = 64L << 20;

    /** A tail is fetched before its turn only from files that take a while. */
    static final long AHEAD = 4L << 20;

    private static final long WISH = 1L << 20;
    private static final long STATE_EVERY = 32L << 20;
    private static final List<String> IDENTIFYING = List.of(
            "etag", "last-modified", "content-type", "content-length", "content-encoding", "date", "content-range");

    private final Candidate candidate;
    private final RemoteFile file;
    private final Transport transport;
    private final GrowingFile growing;
    private final Partial partial;
    private final FetchSettings settings;
    private final FetchListener listener;
    private final CountDownLatch accepted = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final List<Attempt> failed = new ArrayList<>();
    private final Segments segments;

    private volatile @Nullable String validator;
    private volatile @Nullable String validatorHost;
    private volatile @Nullable Problem problem;
    private volatile @Nullable Answered answered;
    private volatile List<Stated> hostsSums = List.of();
    private volatile @Nullable String coding;
    private volatile @Nullable String decoded;
    private volatile boolean started;
    private volatile boolean cancelled;
    private volatile boolean untrusted;
    private volatile boolean unjoinable;
    private int resumes;
    private int answers;
    private long written;
    private long savedAt;

    /** What is kept of the last answer. */
    private record Answered(URI requested, URI from, List<URI> via, int status, Map<String, String> headers) {}

    Download(
            Candidate candidate,
            Transport transport,
            GrowingFile growing,
            Partial partial,
            ResumeState state,
            FetchSettings settings,
            FetchListener listener) {
        this.candidate = candidate;
        this.file = candidate.file();
        this.transport = transport;
        this.growing = growing;
        this.partial = partial;
        this.settings = settings;
        this.listener = listener;
        this.validator = state.validator();
        this.validatorHost = state.host();
        this.resumes = state.resumes() + (state.ranges().isEmpty() ? 0 : 1);
        this.segments = new Segments(this, growing, settings);
    }

    /** Runs until the file is whole or cannot be had; what went wrong is then in {@link #problem}. */
    void run() {
        started = true;
        try {
            fetch();
        } catch (Problem p) {
            problem = p;
            growing.fail(new IOException(p.message(), p));
        } catch (RuntimeException | Error e) {
            growing.fail(new IOException("the transfer ended by a bug", e));
            throw e;
        } finally {
            accepted.countDown();
            ended.countDown();
        }
    }

    private void fetch() throws Problem {
        Problem last = null;
        for (URI uri : file.uris()) {
            try {
                from(uri);
                return;
            } catch (Problem p) {
                if (cancelled || !anotherAddressMayHelp(p)) {
                    throw p.after(failed);
                }
                failed.addAll(p.attempts());
                last = p;
            }
        }
        if (last != null) {
            throw withAll(last);
        }
    }

    private Problem withAll(Problem last) {
        return new Problem(last.kind(), last.message(), last.hint(), failed, last.getCause());
    }

    private static boolean anotherAddressMayHelp(Problem p) {
        return switch (p.kind()) {
            case NETWORK, WRONG_BYTES, UPSTREAM_CHANGED, PERSON -> true;
            default -> false;
        };
    }

    private void from(URI uri) throws Problem {
        int breaks = 0;
        while (true) {
            long from = growing.frontier();
            if (complete(from)) {
                return;
            }
            try {
                if (first(uri, from)) {
                    segments.fetch(uri);
                }
                if (growing.total() < 0) {
                    growing.total(growing.frontier());
                }
                if (growing.frontier() == from && from < growing.total()) {
                    throw new IOException("the answer ended there without an error");
                }
            } catch (IOException e) {
                if (e.getCause() instanceof Problem told) {
                    // Whoever opened it looked at the bytes as they came, and more of them would not help.
                    untrusted |= told.kind() == Problem.Kind.WRONG_BYTES;
                    throw told;
                }
                breaks = growing.frontier() > from ? 1 : breaks + 1;
                afterBreak(uri, breaks, e);
            } catch (Problem p) {
                if (!beyondTheEnd(p) || Transfer.comparable(file.sums()).isEmpty()) {
                    throw p;
                }
                // Asked for what lies behind the last byte: the file may be whole, and its checksum will tell.
                growing.end();
            }
        }
    }

    /** Takes the rest in one answer, unless several are better: then it takes none of it and says so. */
    private boolean first(URI uri, long from) throws Problem, IOException {
        try (Answer answer = open(uri, from, -1)) {
            accept(uri, answer, from);
            if (coding != null) {
                sort(answer, coding);
                return false;
            }
            if (segments.worthwhile(answer)) {
                return true;
            }
            pump(answer);
            return false;
        }
    }

    /** Lays aside what came in a coding, and takes of it what is the file. */
    private void sort(Answer answer, String how) throws Problem, IOException {
        Coded coded = new Coded(file, how, partial.aside(), cause -> attempt(Problem.Kind.WRONG_BYTES, answer, cause));
        try {
            coded.take(answer.body(), this::received);
            boolean decode = coded.decode();
            decoded = decode ? how : null;
            try (InputStream in = coded.open(decode)) {
                pump(answer.through(in));
            }
        } finally {
            Files.deleteIfExists(partial.aside());
        }
    }

    private boolean complete(long frontier) throws Problem {
        long total = growing.total();
        if (total < 0 || frontier < total) {
            return growing.over();
        }
        if (total == 0 && file.bytes() == null) {
            throw instead(file.uri(), "nothing: the answer was empty");
        }
        growing.end();
        return true;
    }

    /** Opens a part, and asks for it only if it is still part of the same bytes. */
    Answer open(URI uri, long from, long to) throws Problem {
        if (cancelled) {
            throw new Problem(Problem.Kind.INTERRUPTED, "given up");
        }
        return candidate.source().open(file, uri, from, to, from > 0 ? known(uri) : null, transport);
    }

    /** Another host may have the same bytes under another tag; where a checksum will tell, its own rest is as good. */
    private @Nullable String known(URI uri) {
        boolean own = Objects.equals(uri.getHost(), validatorHost);
        return own || Transfer.comparable(file.sums()).isEmpty() ? validator : null;
    }

    private static boolean beyondTheEnd(Problem p) {
        return p.attempts().stream().anyMatch(a -> a.status() != null && a.status() == 416);
    }

    private void accept(URI uri, Answer answer, long asked) throws Problem {
        if (answer.from() > asked) {
            throw attempt(
                    Problem.Kind.NETWORK,
                    answer,
                    "asked for the bytes from " + asked + ", got those from " + answer.from());
        }
        String how = answer.coding().orElse(null);
        if ((how != null || coding != null) && !growing.ranges().isEmpty()) {
            unjoinable = true;
            throw attempt(
                    Problem.Kind.WRONG_BYTES,
                    answer,
                    "what came encoded as " + (how == null ? coding : how)
                            + " cannot be joined with bytes of another answer");
        }
        coding = how;
        decoded = null;
        Long stated = file.bytes();
        // A small answer of another size may be a web page; what it is shows when its first bytes are read.
        if (stated != null && answer.total() > Sniff.LENGTH * 200L && answer.total() != stated) {
            throw resized(answer, stated);
        }
        if (!growing.ranges().isEmpty()) {
            join(answer);
        }
        String now = answer.validator();
        if (now != null) {
            validator = now;
            validatorHost = uri.getHost();
        }
        growing.total(answer.total());
        countAnswer();
        List<Stated> sums = AnswerSums.of(answer);
        if (answer.from() == 0 || hostsSums.isEmpty()) {
            hostsSums = sums;
        }
        answered = new Answered(uri, answer.uri(), answer.via(), answer.status(), identifying(answer));
        accepted.countDown();
    }

    /** Refuses an answer that may be of another file than the ones before it, where no checksum would tell. */
    void join(Answer answer) throws Problem {
        if (!same(answer)) {
            unjoinable = true;
            throw attempt(Problem.Kind.WRONG_BYTES, answer, unlike(answer.validator()));
        }
    }

    private boolean same(Answer answer) {
        String now = answer.validator();
        return !Transfer.comparable(file.sums()).isEmpty() || (now != null && now.equals(validator));
    }

    /** Whether it will show if parts of different files are put together. */
    boolean decidable() {
        return validator != null || !Transfer.comparable(file.sums()).isEmpty();
    }

    /** Why bytes without a checksum must not be joined with those that came before. */
    private String unlike(@Nullable String now) {
        return validator == null || now == null
                ? "the host does not say whether the rest is of the same file, and there is no checksum that would tell"
                : "the file changed at the host while it was being fetched (it was " + validator + ", it is " + now
                        + ")";
    }

    private static Map<String, String> identifying(Answer answer) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (String name : IDENTIFYING) {
            answer.header(name).ifPresent(value -> kept.put(name, value));
        }
        return kept;
    }

    private Problem resized(Answer answer, long stated) {
        if (candidate.brought() != null) {
            return attempt(
                    Problem.Kind.WRONG_BYTES,
                    answer,
                    candidate.brought() + " has " + answer.total() + " bytes where " + stated + " are stated");
        }
        return attempt(
                Problem.Kind.UPSTREAM_CHANGED,
                answer,
                "the host now has " + answer.total() + " bytes where " + stated + " are stated");
    }

    /** Writes an answer's body where it belongs. */
    void pump(Answer answer) throws IOException, Problem {
        byte[] buffer = new byte[BUFFER];
        long position = answer.from();
        InputStream in = answer.body();
        boolean first = position == 0;
        while (!cancelled) {
            int count = first ? in.readNBytes(buffer, 0, Sniff.LENGTH) : in.read(buffer);
            if (count < 0 || (first && count == 0)) {
                return;
            }
            if (first) {
                first = false;
                checkHead(answer, buffer, count);
            }
            position = store(answer, position, buffer, count);
        }
        throw new IOException("given up");
    }

    /** Stores what was read; gives the position behind it. */
    long store(Answer answer, long position, byte[] buffer, int count) throws IOException, Problem {
        Long stated = file.bytes();
        if (stated != null && position + count > stated) {
            throw attempt(
                    Problem.Kind.UPSTREAM_CHANGED, answer, "more than the " + stated + " bytes that are stated came");
        }
        if (coding == null) {
            received(count);
        }
        int fresh = growing.write(position, buffer, count);
        synchronized (this) {
            if (written - savedAt >= STATE_EVERY) {
                savedAt = written;
                partial.writeState(state().text());
            }
        }
        if (fresh > 0) {
            listener.bytes(fresh, candidate.brought() == null);
        }
        return position + count;
    }

    /** Counts what comes from outside, no faster than is allowed. */
    private void received(int count) throws IOException {
        if (cancelled) {
            throw new IOException("given up");
        }
        settings.rate().spend(count);
        synchronized (this) {
            written += count;
        }
    }

    private void checkHead(Answer answer, byte[] head, int count) throws Problem {
        String instead = Sniff.instead(file.path().name(), head, count, transport::hush);
        if (instead != null) {
            throw instead(answer.uri(), instead);
        }
        Long stated = file.bytes();
        if (stated != null && answer.total() >= 0 && answer.total() != stated) {
            throw resized(answer, stated);
        }
    }

    private Problem instead(URI uri, String what) {
        untrusted = true;
        return new Problem(
                Problem.Kind.WRONG_BYTES,
                file.path() + ": " + candidate.giver(uri) + (candidate.brought() == null ? " sent " : " is ") + what,
                "open " + candidate.shown(uri) + " in a browser to see what it is",
                List.of(new Attempt(candidate.source().kind(), candidate.shown(uri), 200, null, "came: " + what)),
                null);
    }

    private Problem attempt(Problem.Kind kind, Answer answer, String cause) {
        return new Problem(
                kind,
                file.path() + ": " + cause,
                null,
                List.of(new Attempt(
                        candidate.source().kind(),
                        candidate.shown(answer.uri()),
                        answer.status(),
                        answer.total() < 0 ? null : answer.total(),
                        cause)),
                null);
    }

    /** Waits a little before the next try, or gives up after too many without progress. */
    void afterBreak(URI uri, int breaks, IOException e) throws Problem {
        if (cancelled || Thread.currentThread().isInterrupted()) {
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted");
        }
        String cause = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        long at = growing.frontier();
        if (breaks > BREAKS) {
            throw new Problem(
                    Problem.Kind.NETWORK,
                    file.path() + ": the connection to " + uri.getHost() + " broke " + breaks
                            + " times without a new byte, last at " + at + ": " + cause,
                    "what came is kept; run the same command again to go on from there",
                    List.of(new Attempt(candidate.source().kind(), uri.toString(), null, at, cause)),
                    e);
        }
        listener.note(file.path() + ": the connection broke at " + Bytes.text(at) + " (" + cause + "), going on");
        synchronized (this) {
            resumes++;
        }
        settings.pause().before(breaks);
    }

    /** Fetches pieces of the file's end that a reader waits for, as a zip's directory, until no more bytes come. */
    void serveWishes() {
        try {
            accepted.await();
            long size = WISH;
            long spent = 0;
            while (spent < TAIL) {
                long wish = growing.awaitWish(TAIL, AHEAD);
                if (wish < 0) {
                    return;
                }
                long to = Math.min(growing.total(), wish + size) - 1;
                if (!piece(wish, to)) {
                    return;
                }
                spent += to - wish + 1;
                size = Math.min(size * 2, 16 * WISH);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean piece(long from, long to) {
        Answered last = answered;
        if (last == null || coding != null) {
            return false;
        }
        try (Answer answer = open(last.requested(), from, to)) {
            if (!part(answer) || answer.from() != from || !same(answer)) {
                return false;
            }
            countAnswer();
            pump(answer);
            return true;
        } catch (IOException | Problem e) {
            // Nothing is lost: the bytes come in their turn.
            return false;
        }
    }

    /** Whether it is a part of the file; one in a coding is a part of something else. */
    static boolean part(Answer answer) {
        return answer.status() == 206 && answer.coding().isEmpty();
    }

    synchronized void countAnswer() {
        answers++;
    }

    /** What a later run needs; nothing where the bytes came in a coding, which the next answer may not. */
    ResumeState state() {
        if (coding != null) {
            return ResumeState.NONE;
        }
        return new ResumeState(validator, validatorHost, growing.total(), resumes, growing.ranges());
    }

    boolean worthKeeping() {
        return !untrusted
                && !unjoinable
                && coding == null
                && decidable()
                && !growing.ranges().isEmpty();
    }

    /** Whether the bytes came in more than one answer, or would have. */
    synchronized boolean pieced() {
        return unjoinable || answers > 1;
    }

    @Nullable
    Problem problem() {
        return problem;
    }

    /**
     * What the host stated of the whole file with its bytes. Waits until a host has answered or nothing will be asked.
     */
    List<Stated> stated() throws InterruptedException {
        accepted.await();
        return hostsSums;
    }

    @Nullable
    URI answeredFrom() {
        Answered last = answered;
        return last == null ? null : last.from();
    }

    Origin origin(Instant started, Instant finished) {
        if (candidate.brought() != null) {
            return brought(candidate.brought(), started, finished);
        }
        Answered last = answered;
        return new Origin(
                candidate.source().kind(),
                candidate.record(),
                last == null ? file.uri() : last.requested(),
                last == null ? null : last.from(),
                last == null ? List.of() : last.via(),
                last == null ? null : status(last),
                last == null ? Map.of() : last.headers(),
                decoded,
                null,
                started,
                finished,
                written,
                resumes,
                failed);
    }

    /** The protocols without one are told by the address; what stands for theirs inside is no answer of theirs. */
    private static @Nullable Integer status(Answered last) {
        String scheme = last.from().getScheme();
        return "fasp".equals(scheme) || "ftp".equals(scheme) ? null : last.status();
    }

    /** A person's folders are nobody's business: of the file's address only its name is kept. */
    private Origin brought(String name, Instant started, Instant finished) {
        String kind = candidate.source().kind();
        return new Origin(
                kind,
                candidate.record(),
                null,
                null,
                List.of(),
                null,
                Map.of(),
                null,
                name,
                started,
                finished,
                0,
                0,
                failed);
    }

    void cancel() {
        cancelled = true;
    }

    /** Waits until no thread of this writes any more. */
    void awaitEnd() {
        try {
            if (started && !ended.await(10, TimeUnit.SECONDS)) {
                listener.note(file.path() + ": the connection did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
