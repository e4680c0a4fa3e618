package org.histods.fetch;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Facts from the responses to one transfer, and whether their bytes belong together. Thread-safe: the facts are one
 * immutable record, which is replaced as a whole.
 */
final class TransferState {

    /** A changed file rarely has the same bytes over this length. */
    private static final long OVERLAP = 1 << 16;

    private final FetchCandidate candidate;
    private final RemoteFile file;
    private final Transport transport;
    private final GrowingFile growing;
    private final TransferErrors errors;
    private final CountDownLatch first = new CountDownLatch(1);
    private final AtomicReference<Known> reference;
    /** Whether the file is complete, and nobody has compared it with what the host has now. */
    private volatile boolean unconfirmed;

    /** Whether the bytes that have arrived can be used. */
    private enum Bytes {
        USABLE,
        /** A response was of another file, so its bytes cannot be joined with the earlier ones. */
        UNJOINABLE,
        /** They are something other than the file. */
        NOT_THE_FILE
    }

    /**
     * The facts at one time.
     *
     * @param validator entity tag or date of the bytes, null if no host gave one
     * @param validatorHost the host that gave it, null if none did
     * @param last the last accepted response
     * @param stated the checksums that response headers state of the whole file
     * @param coding the content coding of the last response, null if it has none
     * @param decoded the coding that was undone, null if none was
     * @param responses how many responses gave bytes in this run
     * @param resumes how often the transfer was resumed, in this run and earlier ones
     */
    private record Known(
            @Nullable String validator,
            @Nullable String validatorHost,
            ResponseSummary last,
            List<Stated> stated,
            @Nullable String coding,
            @Nullable String decoded,
            Bytes bytes,
            int responses,
            int resumes) {

        Known coded(@Nullable String how) {
            return new Known(validator, validatorHost, last, stated, how, null, bytes, responses, resumes);
        }

        Known decoded(@Nullable String how) {
            return new Known(validator, validatorHost, last, stated, coding, how, bytes, responses, resumes);
        }

        Known bytes(Bytes now) {
            return new Known(validator, validatorHost, last, stated, coding, decoded, now, responses, resumes);
        }

        Known withEnd(String end) {
            return new Known(
                    validator,
                    validatorHost,
                    last.withEnd(end),
                    stated,
                    coding,
                    decoded,
                    Bytes.USABLE,
                    responses,
                    resumes);
        }

        Known oneMoreResponse() {
            return new Known(validator, validatorHost, last, stated, coding, decoded, bytes, responses + 1, resumes);
        }

        Known oneMoreResume() {
            return new Known(validator, validatorHost, last, stated, coding, decoded, bytes, responses, resumes + 1);
        }

        Known accepted(URI uri, Response response) {
            String tag = response.validator();
            boolean whole = response.from() == 0 || stated.isEmpty();
            return new Known(
                    tag == null ? validator : tag,
                    tag == null ? validatorHost : uri.getHost(),
                    ResponseSummary.of(uri, response),
                    whole ? HeaderChecksums.of(response) : stated,
                    coding,
                    decoded,
                    bytes,
                    responses + 1,
                    resumes);
        }
    }

    /** @param before what an earlier run left */
    TransferState(FetchCandidate candidate, Transport transport, GrowingFile growing, ResumeState before) {
        this.candidate = candidate;
        this.file = candidate.file();
        this.transport = transport;
        this.growing = growing;
        this.errors = new TransferErrors(candidate);
        this.reference = new AtomicReference<>(new Known(
                before.validator(),
                before.host(),
                before.response() == null ? ResponseSummary.nothing(file.uri()) : before.response(),
                List.of(),
                null,
                null,
                Bytes.USABLE,
                0,
                before.resumes() + (before.ranges().isEmpty() ? 0 : 1)));
        this.unconfirmed = growing.complete() && (!file.checksumDecides() || before.response() == null);
    }

    private Known known() {
        return Objects.requireNonNull(reference.get());
    }

    /** Requests a range, on condition that it is still a range of the same bytes. */
    Response open(URI uri, long from, long to) throws Problem {
        return candidate.source().open(file, uri, from, to, from > 0 ? validatorFor(uri) : null, transport);
    }

    /**
     * The validator for a request; another host may have the same bytes under another tag, and if a checksum decides,
     * that is good enough.
     */
    private @Nullable String validatorFor(URI uri) {
        Known now = known();
        boolean own = Objects.equals(uri.getHost(), now.validatorHost());
        return own || !file.checksumDecides() ? now.validator() : null;
    }

    /**
     * Accepts a response whose bytes follow those that have arrived. For the thread of the download.
     *
     * @throws Problem if its bytes do not belong with them, or with what is stated of the file
     */
    void accept(URI uri, Response response) throws Problem {
        if (response.transformed() && !file.checksumDecides()) {
            throw errors.of(
                    Kind.NETWORK,
                    response,
                    "returned HTTP 203: a proxy on the way says that it changed the body, and no checksum is published"
                            + " that would show whether these are the host's bytes");
        }
        acceptCoding(response);
        Long bytes = file.bytes();
        // A small response of another size may be a web page; the first bytes tell.
        if (bytes != null && response.total() > ContentSniffer.LENGTH * 200L && response.total() != bytes) {
            throw errors.resized(response, bytes);
        }
        if (!growing.isEmpty()) {
            join(response);
        }
        growing.total(response.total());
        reference.updateAndGet(now -> now.accepted(uri, response));
        first.countDown();
    }

    private void acceptCoding(Response response) throws Problem {
        String coding = response.coding().orElse(null);
        String before = known().coding();
        if ((coding != null || before != null) && !growing.isEmpty()) {
            throw unjoinable(
                    response,
                    "bytes in the content coding " + (coding == null ? before : coding)
                            + " cannot be joined with bytes of another response");
        }
        reference.updateAndGet(now -> now.coded(coding));
    }

    /**
     * Whether the file is complete from an earlier run and the host must be asked whether it still has the same: no
     * checksum will show that, or nothing is known of the response for the record.
     */
    boolean unconfirmed() {
        return unconfirmed;
    }

    /**
     * Accepts a complete file of an earlier run, as the response to a request for its last byte says that it is the
     * same.
     *
     * @throws Problem if it may be another one
     */
    void confirm(URI uri, Response response) throws Problem {
        acceptCoding(response);
        join(response);
        reference.updateAndGet(now -> now.accepted(uri, response));
        unconfirmed = false;
        first.countDown();
    }

    /** Refuses bytes that differ from those that arrived before at the same place. */
    Problem overlapDiffers(Response response) {
        return unjoinable(response, "the file changed at the host during the download");
    }

    /**
     * Rejects a response that may be of another file than the earlier ones: because its size differs or, if no checksum
     * would reveal that, its entity tag or date.
     */
    void join(Response response) throws Problem {
        long total = growing.total();
        if (total >= 0 && response.total() >= 0 && total != response.total()) {
            throw unjoinable(
                    response,
                    "the file changed at the host during the download (it had " + total + " bytes, it has "
                            + response.total() + ")");
        }
        if (sameFile(response)) {
            return;
        }
        String before = known().validator();
        String now = response.validator();
        String why = before == null || now == null
                ? "the host does not say whether the rest is of the same file, and no published checksum shows it"
                : "the file changed at the host during the download (it was " + before + ", it is " + now + ")";
        throw unjoinable(response, why);
    }

    /** Whether a response is of the same file as the ones before it, or a checksum will decide. */
    boolean sameFile(Response response) {
        String tag = response.validator();
        return file.checksumDecides() || (tag != null && tag.equals(known().validator()));
    }

    /** Whether a response is a range of the file; a range in a content coding is one of something else. */
    static boolean isRange(Response response) {
        return response.status() == 206 && response.coding().isEmpty();
    }

    /** Whether nothing but another response can show that a body that ended where its connection did was complete. */
    boolean endMustBeConfirmed(Response response) {
        return response.isOpenEnded()
                && growing.total() < 0
                && !file.checksumDecides()
                && file.slice() == null
                && known().stated().isEmpty()
                && known().coding() == null;
    }

    /** Records that nothing showed that the file is complete, as {@link ResponseSummary#end}. */
    void endUnconfirmed(String end) {
        reference.updateAndGet(now -> now.withEnd(end));
    }

    /**
     * How many bytes before the first missing one to request again, so that they are compared with those that arrived:
     * some hosts keep the entity tag or date when they replace a file. None if a checksum will decide. Never from the
     * first byte, because that would be a request without a range.
     */
    long overlap(long from) {
        return from > 0 && !file.checksumDecides() ? Math.min(from - 1, OVERLAP) : 0;
    }

    /** Whether joining ranges of different files would be noticed. */
    boolean decidable() {
        return known().validator() != null || file.checksumDecides();
    }

    /**
     * The host has no byte after those that have arrived: they may be the whole file, which its checksum decides.
     *
     * @throws Problem if there is no checksum
     */
    void nothingMore(Problem refused) throws Problem {
        if (!file.checksumDecides()) {
            throw shorter(refused);
        }
        countResponse();
    }

    /** The host refused a range, since the file is shorter than what has arrived. */
    Problem shorter(Problem refused) {
        reference.updateAndGet(now -> now.bytes(Bytes.UNJOINABLE));
        return new Problem(Kind.WRONG_BYTES, refused.message(), refused.hint(), refused.attempts(), refused);
    }

    private Problem unjoinable(Response response, String why) {
        reference.updateAndGet(now -> now.bytes(Bytes.UNJOINABLE));
        return errors.of(Kind.WRONG_BYTES, response, why);
    }

    /**
     * Checks the first bytes of the file.
     *
     * @throws Problem if they are of something else
     */
    void checkHead(Response response, byte[] head, int length) throws Problem {
        String instead = ContentSniffer.instead(file.path().name(), head, length, transport::redact);
        if (instead != null) {
            notTheFile();
            throw errors.instead(response.uri(), instead);
        }
        Long bytes = file.bytes();
        if (bytes != null && response.total() >= 0 && response.total() != bytes) {
            throw errors.resized(response, bytes);
        }
    }

    /** Marks the received bytes as not being the file, so that no later run resumes from them. */
    void notTheFile() {
        reference.updateAndGet(now -> now.bytes() == Bytes.UNJOINABLE ? now : now.bytes(Bytes.NOT_THE_FILE));
    }

    /** Counts a response that delivers bytes. */
    void countResponse() {
        reference.updateAndGet(Known::oneMoreResponse);
    }

    /** Counts a broken connection that is resumed. */
    void countResume() {
        reference.updateAndGet(Known::oneMoreResume);
    }

    /** The content coding of the last response; null if it has none. */
    @Nullable
    String coding() {
        return known().coding();
    }

    /** Records that the coding was undone; null if it was not. */
    void decoded(@Nullable String coding) {
        reference.updateAndGet(now -> now.decoded(coding));
    }

    /** The last accepted response. */
    ResponseSummary last() {
        return known().last();
    }

    /** Declares that no more responses will arrive, and releases threads that wait for the first one. */
    void end() {
        first.countDown();
    }

    /** Waits for the first accepted response, or until none will be. */
    void awaitFirst() throws InterruptedException {
        first.await();
    }

    /** The checksums of the whole file in response headers; waits like {@link #awaitFirst}. */
    List<Stated> stated() throws InterruptedException {
        awaitFirst();
        return known().stated();
    }

    /** The state for a later run; empty if the bytes are in a content coding, which the next response may not have. */
    ResumeState resumeState() {
        Known now = known();
        return now.coding() != null
                ? ResumeState.NONE
                : new ResumeState(
                        now.validator(),
                        now.validatorHost(),
                        growing.total(),
                        now.resumes(),
                        growing.ranges(),
                        now.last().from() == null ? null : now.last());
    }

    /** Whether a later run could resume from what has arrived. */
    boolean worthKeeping() {
        Known now = known();
        return now.bytes() == Bytes.USABLE && now.coding() == null && decidable() && !growing.isEmpty();
    }

    /** Whether the bytes that have arrived may be of several files, and no checksum will show it. */
    boolean mixed() {
        return known().bytes() == Bytes.UNJOINABLE && !file.checksumDecides();
    }

    /** Whether the bytes are from more than one response, or would have been. */
    boolean joined() {
        Known now = known();
        return now.bytes() == Bytes.UNJOINABLE || now.responses() > 1;
    }

    /**
     * Where the bytes are from, for the record.
     *
     * @param transferred how many arrived over the network
     * @param failed earlier attempts
     */
    FetchOrigin origin(Instant started, Instant finished, long transferred, List<Attempt> failed) {
        String kind = candidate.source().kind();
        if (candidate.localName() != null) {
            return FetchOrigin.local(kind, candidate.record(), candidate.localName(), started, finished, failed);
        }
        Known now = known();
        return new FetchOrigin(
                kind,
                candidate.record(),
                now.last(),
                now.decoded(),
                null,
                started,
                finished,
                transferred,
                now.resumes(),
                failed);
    }
}
