package org.histods.fetch;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * What the answers to one transfer said, and whether their bytes belong together.
 *
 * <p>Only the thread of the download accepts answers, so it alone writes what they said; all others read it: those of
 * the segments and of the tail, which ask for further parts, the hasher, and whoever waits for the whole. That an answer
 * does not belong is for any of them to say, once and for all. What several count is counted under this object's lock.
 */
final class TransferState {

    private final FetchCandidate candidate;
    private final RemoteFile file;
    private final Transport transport;
    private final GrowingFile growing;
    private final TransferErrors faults;
    private final CountDownLatch first = new CountDownLatch(1);

    private volatile @Nullable String validator;
    private volatile @Nullable String validatorHost;
    private volatile ResponseSummary last;
    private volatile List<Stated> stated = List.of();
    private volatile @Nullable String coding;
    private volatile @Nullable String decoded;
    private volatile boolean untrusted;
    private volatile boolean unjoinable;
    private int count;
    private int resumes;

    /** @param before what an earlier run knew of the bytes that are there */
    TransferState(FetchCandidate candidate, Transport transport, GrowingFile growing, ResumeState before) {
        this.candidate = candidate;
        this.file = candidate.file();
        this.transport = transport;
        this.growing = growing;
        this.faults = new TransferErrors(candidate);
        this.validator = before.validator();
        this.validatorHost = before.host();
        this.resumes = before.resumes() + (before.ranges().isEmpty() ? 0 : 1);
        this.last = ResponseSummary.nothing(file.uri());
    }

    /** Asks for a part, and for it only if it is still part of the same bytes. */
    Response ask(URI uri, long from, long to) throws Problem {
        return candidate.source().open(file, uri, from, to, from > 0 ? known(uri) : null, transport);
    }

    /** Another host may have the same bytes under another tag; where a checksum will tell, its own rest is as good. */
    private @Nullable String known(URI uri) {
        boolean own = Objects.equals(uri.getHost(), validatorHost);
        return own || file.comparable().isEmpty() ? validator : null;
    }

    /**
     * Takes note of an answer whose bytes go on from those that are there.
     *
     * @param asked the first byte that was asked for
     * @throws Problem if its bytes do not belong with them, or with what is stated of the file
     */
    void accept(URI uri, Response answer, long asked) throws Problem {
        if (answer.from() > asked) {
            throw faults.of(
                    Kind.NETWORK, answer, "asked for the bytes from " + asked + ", got those from " + answer.from());
        }
        acceptCoding(answer);
        Long bytes = file.bytes();
        // A small answer of another size may be a web page; what it is shows when its first bytes are read.
        if (bytes != null && answer.total() > ContentSniffer.LENGTH * 200L && answer.total() != bytes) {
            throw faults.resized(answer, bytes);
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
        another();
        List<Stated> sums = HeaderChecksums.of(answer);
        if (answer.from() == 0 || stated.isEmpty()) {
            stated = sums;
        }
        last = ResponseSummary.of(uri, answer);
        first.countDown();
    }

    private void acceptCoding(Response answer) throws Problem {
        String how = answer.coding().orElse(null);
        if ((how != null || coding != null) && !growing.ranges().isEmpty()) {
            throw unlike(
                    answer,
                    "what came encoded as " + (how == null ? coding : how)
                            + " cannot be joined with bytes of another answer");
        }
        coding = how;
        decoded = null;
    }

    /** Refuses an answer that may be of another file than the ones before it, where no checksum would tell. */
    void join(Response answer) throws Problem {
        if (same(answer)) {
            return;
        }
        String before = validator;
        String now = answer.validator();
        String why = before == null || now == null
                ? "the host does not say whether the rest is of the same file, and there is no checksum that would tell"
                : "the file changed at the host while it was being fetched (it was " + before + ", it is " + now + ")";
        throw unlike(answer, why);
    }

    /** Whether an answer is of the same file as the ones before it, or a checksum will tell. */
    boolean same(Response answer) {
        String now = answer.validator();
        return !file.comparable().isEmpty() || (now != null && now.equals(validator));
    }

    /** Whether it will show if parts of different files are put together. */
    boolean decidable() {
        return validator != null || !file.comparable().isEmpty();
    }

    /**
     * The host has nothing behind the bytes that came: they may be the whole file, and its checksum will tell.
     *
     * @throws Problem if it has none
     */
    void nothingBehind(Problem refused) throws Problem {
        if (file.comparable().isEmpty()) {
            unjoinable = true;
            throw new Problem(Kind.WRONG_BYTES, refused.message(), refused.hint(), refused.attempts(), refused);
        }
        another();
    }

    private Problem unlike(Response answer, String why) {
        unjoinable = true;
        return faults.of(Kind.WRONG_BYTES, answer, why);
    }

    /**
     * Looks at the first bytes of the file.
     *
     * @throws Problem if something else came
     */
    void look(Response answer, byte[] head, int length) throws Problem {
        String instead = ContentSniffer.instead(file.path().name(), head, length, transport::redact);
        if (instead != null) {
            distrust();
            throw faults.instead(answer.uri(), instead);
        }
        Long bytes = file.bytes();
        if (bytes != null && answer.total() >= 0 && answer.total() != bytes) {
            throw faults.resized(answer, bytes);
        }
    }

    /** What came is not the file: no later run goes on from it. */
    void distrust() {
        untrusted = true;
    }

    /** One more answer gives bytes. */
    synchronized void another() {
        count++;
    }

    /** One more connection that broke is taken up. */
    synchronized void resumed() {
        resumes++;
    }

    /** The coding that the bytes come in; null where they come as they are. */
    @Nullable
    String coding() {
        return coding;
    }

    /** The coding was undone. */
    void undone(@Nullable String how) {
        decoded = how;
    }

    /** The last answer that was accepted. */
    ResponseSummary last() {
        return last;
    }

    /** No more answers come: lets go whoever waits for the first one. */
    void end() {
        first.countDown();
    }

    /** Waits for the first answer that is accepted, or until none will be. */
    void awaitFirst() throws InterruptedException {
        first.await();
    }

    /** What the host stated of the whole file with its bytes; waits as {@link #awaitFirst}. */
    List<Stated> stated() throws InterruptedException {
        awaitFirst();
        return stated;
    }

    /** What a later run needs; nothing where the bytes came in a coding, which the next answer may not. */
    synchronized ResumeState state() {
        if (coding != null) {
            return ResumeState.NONE;
        }
        return new ResumeState(validator, validatorHost, growing.total(), resumes, growing.ranges());
    }

    /** Whether a later run could go on from what is there. */
    boolean worthKeeping() {
        return !untrusted
                && !unjoinable
                && coding == null
                && decidable()
                && !growing.ranges().isEmpty();
    }

    /** Whether the bytes came in more than one answer, or would have. */
    synchronized boolean pieced() {
        return unjoinable || count > 1;
    }

    /**
     * Where the bytes came from, for the record.
     *
     * @param transferred how many came over the network
     * @param failed what was tried before
     */
    synchronized FetchOrigin origin(Instant started, Instant finished, long transferred, List<Attempt> failed) {
        String kind = candidate.source().kind();
        if (candidate.brought() != null) {
            return FetchOrigin.brought(kind, candidate.record(), candidate.brought(), started, finished, failed);
        }
        return new FetchOrigin(
                kind,
                candidate.record(),
                last.requested(),
                last.from(),
                last.via(),
                last.status(),
                last.headers(),
                decoded,
                null,
                started,
                finished,
                transferred,
                resumes,
                failed);
    }
}
