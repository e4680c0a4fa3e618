package org.histods.fetch;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.Source;
import org.histods.testing.FakeOrigin;
import org.histods.testing.TestTransports;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bytes of different responses are joined only if something says, or will show, that they are of one file. */
@Timeout(30)
final class TransferStateTest {

    private static final URI URL = URI.create("https://one.example/a.bin");
    private static final URI MIRROR = URI.create("https://two.example/a.bin");
    private static final Checksum MD5 = Checksum.parse("md5:6fd702d11df6292bc054397ae038a464");
    private static final RemoteFile BARE = RemoteFile.of(new FilePath("a.bin"), URL, null, List.of());
    private static final RemoteFile PUBLISHED = BARE.withChecksums(List.of(new Stated(MD5, "Zenodo")));
    private static final Instant NOW = Instant.parse("2026-11-30T12:00:00Z");

    @TempDir
    Path folder;

    private final List<GrowingFile> files = new ArrayList<>();
    private final List<String> conditions = new ArrayList<>();

    @AfterEach
    void close() throws IOException {
        for (GrowingFile file : files) {
            file.close();
        }
    }

    /** A source whose requests are noted by their condition. */
    private final Source source = new Source() {
        @Override
        public String kind() {
            return "test";
        }

        @Override
        public List<RemoteFile> resolve(SourceSpec spec, Transport transport) {
            return List.of();
        }

        @Override
        public Response open(
                RemoteFile file, URI uri, long from, long to, @Nullable String ifRange, Transport transport) {
            conditions.add(String.valueOf(ifRange));
            return response(206, from, -1);
        }
    };

    private TransferState state(RemoteFile file, ResumeState before) throws IOException {
        return state(new FetchCandidate(source, "record", file), before);
    }

    private TransferState state(FetchCandidate candidate, ResumeState before) throws IOException {
        GrowingFile growing =
                new GrowingFile(folder.resolve("part" + files.size()), before.ranges(), before.total(), false);
        files.add(growing);
        return new TransferState(candidate, Transport.refusing(), growing, before);
    }

    /** The file of the last state that was made. */
    private GrowingFile growing() {
        return files.get(files.size() - 1);
    }

    private TransferState fresh(RemoteFile file) throws IOException {
        return state(file, ResumeState.NONE);
    }

    /** What a run left that received the first hundred bytes under the tag {@code "v1"}. */
    private static ResumeState left(long total) {
        return new ResumeState(
                "\"v1\"", "one.example", total, 2, List.of(new WrittenRange(0, 100, WrittenRange.UNCHECKED)), null);
    }

    private static ResumeState leftWithoutTag(long total) {
        return new ResumeState(null, null, total, 0, List.of(new WrittenRange(0, 100, WrittenRange.UNCHECKED)), null);
    }

    private static Response response(int status, long from, long total, String... headers) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < headers.length; i += 2) {
            all.put(headers[i], headers[i + 1]);
        }
        return new Response(status, URL, List.of(), all, from, -1, total, new ByteArrayInputStream(new byte[0]));
    }

    private static Response tagged(String tag, long from, long total) {
        return response(206, from, total, "etag", "\"" + tag + "\"");
    }

    private interface Step {
        void run() throws Problem;
    }

    private static Problem refused(Kind kind, Step step) {
        Problem problem = assertThrows(Problem.class, step::run);
        assertEquals(kind, problem.kind(), problem.message());
        return problem;
    }

    private static void assertUnjoinable(TransferState state, String why, Step step) {
        String message = refused(Kind.WRONG_BYTES, step).message();
        assertTrue(message.contains(why), message);
        assertTrue(state.joined());
        assertFalse(state.worthKeeping());
    }

    // Requests

    @Test
    void request_hasTheValidatorOfItsHost_exceptFromTheFirstByte() throws Exception {
        TransferState state = state(BARE, left(-1));
        assertEquals(1, state.open(URL, 1, -1).from());
        state.open(URL, 0, -1);
        assertEquals(List.of("\"v1\"", "null"), conditions);
    }

    @Test
    void requestToAnotherHost_hasTheValidatorOnlyIfNoChecksumDecides() throws Exception {
        state(BARE, left(-1)).open(MIRROR, 1, -1);
        state(PUBLISHED, left(-1)).open(MIRROR, 1, -1);
        state(PUBLISHED, left(-1)).open(URL, 1, -1);
        assertEquals(List.of("\"v1\"", "null", "\"v1\""), conditions);
    }

    @Test
    void validatorOfTheLastResponseThatHasOne_isUsed() throws Exception {
        TransferState state = fresh(PUBLISHED);
        state.accept(URL, tagged("v1", 0, 1000));
        state.accept(MIRROR, response(206, 100, 1000));
        state.open(URL, 1, -1);
        state.accept(MIRROR, tagged("v2", 100, 1000));
        state.open(MIRROR, 1, -1);
        state.open(URL, 1, -1);
        assertEquals(List.of("\"v1\"", "\"v2\"", "null"), conditions);
    }

    // Accepting

    @Test
    void firstResponse_isAccepted_andSaysWhatIsKnown() throws Exception {
        TransferState state = fresh(BARE);
        Response response =
                response(200, 0, 1000, "etag", "\"v1\"", "content-md5", "b9cC0R32KSvAVDl64DikZA==", "date", "today");
        state.accept(URL, response);
        assertEquals(1000, growing().total());
        assertEquals(ResponseSummary.of(URL, response), state.last());
        assertEquals(MD5, state.stated().get(0).checksum());
        assertFalse(state.joined());
        assertTrue(state.decidable());
        assertNull(state.coding());
    }

    @Test
    void changedByAProxy_isRefusedUnlessAChecksumShowsWhetherItIs() throws Exception {
        TransferState bare = fresh(BARE);
        refused(Kind.NETWORK, () -> bare.accept(URL, response(203, 0, 1000)));
        TransferState published = fresh(PUBLISHED);
        assertDoesNotThrow(() -> published.accept(URL, response(203, 0, 1000)));
    }

    @Test
    void otherSizeThanStated_isRefused_unlessItMayBeAWebPage() throws Exception {
        long page = ContentSniffer.LENGTH * 200L;
        TransferState large = fresh(PUBLISHED.withBytes(page));
        refused(Kind.UPSTREAM_CHANGED, () -> large.accept(URL, response(200, 0, page + 1)));
        TransferState small = fresh(PUBLISHED.withBytes(page + 1));
        assertDoesNotThrow(() -> small.accept(URL, response(200, 0, page)));
        TransferState equal = fresh(PUBLISHED.withBytes(page + 1));
        assertDoesNotThrow(() -> equal.accept(URL, response(200, 0, page + 1)));
    }

    @Test
    void responseAfterBytesHaveArrived_isAcceptedIfItIsOfTheSameFile() throws Exception {
        TransferState same = state(BARE, left(1000));
        assertDoesNotThrow(() -> same.accept(URL, tagged("v1", 100, 1000)));
        TransferState other = state(BARE, left(1000));
        assertUnjoinable(other, "it was \"v1\", it is \"v2\"", () -> other.accept(URL, tagged("v2", 100, 1000)));
    }

    @Test
    void responseBeforeAnyByteHasArrived_mayHaveAnotherTag() throws Exception {
        TransferState state = state(BARE, new ResumeState("\"v1\"", "one.example", -1, 0, List.of(), null));
        assertDoesNotThrow(() -> state.accept(URL, tagged("v2", 0, 1000)));
    }

    @Test
    void encodedBody_isJoinedWithNothing() throws Exception {
        TransferState first = fresh(PUBLISHED);
        first.accept(URL, response(200, 0, -1, "content-encoding", "gzip"));
        assertEquals("gzip", first.coding());

        TransferState rest = state(PUBLISHED, left(1000));
        assertUnjoinable(
                rest,
                "bytes in the content coding gzip cannot be joined",
                () -> rest.accept(URL, response(206, 100, 1000, "content-encoding", "gzip")));

        TransferState plainRest = fresh(PUBLISHED);
        plainRest.accept(URL, response(200, 0, -1, "content-encoding", "br"));
        growing().write(0, new byte[10], 10);
        assertUnjoinable(
                plainRest,
                "bytes in the content coding br cannot be joined",
                () -> plainRest.accept(URL, response(206, 10, -1)));
    }

    // Joining

    @Test
    void otherSizeThanBefore_isNotJoined_evenIfAChecksumDecides() throws Exception {
        TransferState state = state(PUBLISHED, left(1000));
        assertUnjoinable(state, "it had 1000 bytes, it has 1001", () -> state.join(tagged("v1", 100, 1001)));
        TransferState empty = state(PUBLISHED, new ResumeState(null, null, 0, 0, List.of(), null));
        assertUnjoinable(empty, "it had 0 bytes, it has 5", () -> empty.join(tagged("v1", 0, 5)));
        TransferState emptied = state(PUBLISHED, left(1000));
        assertUnjoinable(emptied, "it had 1000 bytes, it has 0", () -> emptied.join(tagged("v1", 0, 0)));
    }

    @Test
    void unknownSize_isNoOtherSize() throws Exception {
        TransferState known = state(BARE, left(1000));
        assertDoesNotThrow(() -> known.join(tagged("v1", 100, -1)));
        TransferState unknown = state(BARE, left(-1));
        assertDoesNotThrow(() -> unknown.join(tagged("v1", 100, 1000)));
    }

    @Test
    void responseWithoutATag_isJoinedOnlyIfAChecksumDecides() throws Exception {
        TransferState published = state(PUBLISHED, left(1000));
        assertTrue(published.sameFile(response(206, 100, 1000)));
        assertDoesNotThrow(() -> published.join(response(206, 100, 1000)));
        String why = "the host does not say whether the rest is of the same file";
        TransferState bare = state(BARE, left(1000));
        assertFalse(bare.sameFile(response(206, 100, 1000)));
        assertUnjoinable(bare, why, () -> bare.join(response(206, 100, 1000)));
        TransferState untagged = state(BARE, leftWithoutTag(1000));
        assertUnjoinable(untagged, why, () -> untagged.join(tagged("v1", 100, 1000)));
    }

    @Test
    void range_isAPartialResponseThatIsNotEncoded() {
        assertTrue(TransferState.isRange(response(206, 0, 10)));
        assertFalse(TransferState.isRange(response(200, 0, 10)));
        assertFalse(TransferState.isRange(response(206, 0, 10, "content-encoding", "gzip")));
    }

    // Confirming a complete file

    private static ResumeState whole(@Nullable ResponseSummary response) {
        return new ResumeState(
                "\"v1\"", "one.example", 100, 0, List.of(new WrittenRange(0, 100, WrittenRange.UNCHECKED)), response);
    }

    private void touchPart(int number) throws IOException {
        Files.write(folder.resolve("part" + number), new byte[100]);
    }

    @Test
    void completeFile_mustBeConfirmed_unlessAChecksumDecidesAndItsResponseIsKnown() throws Exception {
        for (int i = 0; i < 5; i++) {
            touchPart(i);
        }
        ResponseSummary known = ResponseSummary.of(URL, tagged("v1", 0, 100));
        assertTrue(state(BARE, whole(known)).unconfirmed());
        assertTrue(state(PUBLISHED, whole(null)).unconfirmed());
        assertFalse(state(PUBLISHED, whole(known)).unconfirmed());
        assertFalse(state(BARE, left(1000)).unconfirmed());
    }

    @Test
    void completeFile_isConfirmedByAResponseOfTheSameFile_andByNoOther() throws Exception {
        touchPart(0);
        touchPart(1);
        TransferState same = state(BARE, whole(null));
        same.confirm(URL, tagged("v1", 99, 100));
        assertFalse(same.unconfirmed());
        assertEquals(URL, same.last().from());
        same.awaitFirst();

        TransferState other = state(BARE, whole(null));
        assertUnjoinable(other, "it is \"v2\"", () -> other.confirm(URL, tagged("v2", 99, 100)));
        assertTrue(other.unconfirmed());
    }

    @Test
    void completeFile_isNotConfirmedByAnEncodedBody() throws Exception {
        touchPart(0);
        TransferState state = state(PUBLISHED, whole(null));
        assertUnjoinable(
                state, "content coding", () -> state.confirm(URL, response(206, 99, 100, "content-encoding", "gzip")));
    }

    // The end

    private static Response openEnded(FakeOrigin origin) throws Problem {
        origin.always("/one.example/a.bin", (call, out) -> {
            FakeOrigin.head(out, "200 OK");
            out.write("bytes".getBytes(StandardCharsets.US_ASCII));
        });
        return TestTransports.to(origin.port()).open(Request.get(URL));
    }

    @Test
    void endOfAConnection_mustBeConfirmed_unlessSomethingElseShowsTheEnd() throws Exception {
        try (FakeOrigin origin = new FakeOrigin();
                Response open = openEnded(origin)) {
            assertTrue(open.isOpenEnded());
            assertTrue(fresh(BARE).endMustBeConfirmed(open));
            assertFalse(fresh(BARE).endMustBeConfirmed(response(200, 0, -1)), "it has chunks");
            assertFalse(fresh(PUBLISHED).endMustBeConfirmed(open));
            RemoteFile made = new RemoteFile(
                    BARE.path(), BARE.uris(), null, List.of(), false, new RemoteFile.Slice("*", "", null));
            assertFalse(fresh(made).endMustBeConfirmed(open), "an archive has an end of its own");
            assertFalse(state(BARE, new ResumeState(null, null, 5, 0, List.of(), null))
                    .endMustBeConfirmed(open));
            assertFalse(state(BARE, new ResumeState(null, null, 0, 0, List.of(), null))
                    .endMustBeConfirmed(open));
            TransferState stated = fresh(BARE);
            stated.accept(URL, response(200, 0, -1, "content-md5", "b9cC0R32KSvAVDl64DikZA=="));
            assertFalse(stated.endMustBeConfirmed(open));
            TransferState encoded = fresh(BARE);
            encoded.accept(URL, response(200, 0, -1, "content-encoding", "gzip"));
            assertFalse(encoded.endMustBeConfirmed(open), "the encoded bytes have an end of their own");
        }
    }

    @Test
    void endThatNothingConfirms_isRecorded_andTheBytesAreKept() throws Exception {
        TransferState state = fresh(BARE);
        state.accept(URL, tagged("v1", 0, -1));
        growing().write(0, new byte[10], 10);
        assertUnjoinable(state, "changed", () -> {
            throw state.overlapDiffers(response(206, 5, -1));
        });
        state.endUnconfirmed(ResponseSummary.END_NOT_CONFIRMED);
        assertEquals(ResponseSummary.END_NOT_CONFIRMED, state.last().end());
        assertTrue(state.worthKeeping());
        assertFalse(state.joined());
    }

    @ParameterizedTest
    @CsvSource({"0,0", "1,0", "2,1", "65537,65536", "65538,65536"})
    void overlap_isRequestedAgainIfNoChecksumDecides_butNeverTheFirstByte(long from, long overlap) throws Exception {
        assertEquals(overlap, fresh(BARE).overlap(from));
        assertEquals(0, fresh(PUBLISHED).overlap(from));
    }

    @Test
    void hostThatHasNothingMore_isBelievedOnlyIfAChecksumDecides() throws Exception {
        Problem refusal = new Problem(Kind.NETWORK, "HTTP 416", "try again");
        TransferState published = state(PUBLISHED, left(1000));
        published.nothingMore(refusal);
        assertFalse(published.joined());
        published.nothingMore(refusal);
        assertTrue(published.joined(), "two responses");

        TransferState bare = state(BARE, left(1000));
        assertUnjoinable(bare, "HTTP 416", () -> bare.nothingMore(refusal));
    }

    // The first bytes

    @Test
    void webPageInPlaceOfTheFile_isRefused_andNotKept() throws Exception {
        TransferState state = fresh(BARE);
        state.accept(URL, tagged("v1", 0, 1000));
        growing().write(0, new byte[10], 10);
        assertTrue(state.worthKeeping());
        byte[] page = "<!doctype html><html><title>Log in</title></html>".getBytes(StandardCharsets.US_ASCII);
        refused(Kind.WRONG_BYTES, () -> state.checkHead(response(200, 0, 1000), page, page.length));
        assertFalse(state.worthKeeping());
        assertFalse(state.joined());
    }

    @Test
    void otherSizeThanStated_isRefusedOnceTheFirstBytesAreNoWebPage() throws Exception {
        byte[] bytes = {1, 2, 3};
        TransferState sized = fresh(BARE.withBytes(1000L));
        refused(Kind.UPSTREAM_CHANGED, () -> sized.checkHead(response(200, 0, 999), bytes, 3));
        refused(Kind.UPSTREAM_CHANGED, () -> sized.checkHead(response(200, 0, 0), bytes, 3));
        assertDoesNotThrow(() -> sized.checkHead(response(200, 0, 1000), bytes, 3));
        assertDoesNotThrow(() -> sized.checkHead(response(200, 0, -1), bytes, 3));
        TransferState unsized = fresh(BARE);
        assertDoesNotThrow(() -> unsized.checkHead(response(200, 0, 999), bytes, 3));
    }

    @Test
    void bytesOfTwoFiles_stayThat_alsoIfTheyAreNotTheFileEither() throws Exception {
        TransferState state = state(BARE, left(1000));
        assertUnjoinable(state, "changed", () -> state.join(tagged("v2", 100, 1000)));
        state.notTheFile();
        assertTrue(state.joined());
    }

    // What a later run can use

    @Test
    void bytes_areKeptOnlyIfThereAreSome_thatALaterRunCanContinue() throws Exception {
        assertFalse(fresh(PUBLISHED).worthKeeping());
        assertTrue(state(PUBLISHED, leftWithoutTag(1000)).worthKeeping());
        assertTrue(state(BARE, left(1000)).worthKeeping());
        TransferState undecidable = state(BARE, leftWithoutTag(1000));
        assertFalse(undecidable.decidable());
        assertFalse(undecidable.worthKeeping());
        TransferState encoded = fresh(PUBLISHED);
        encoded.accept(URL, response(200, 0, -1, "content-encoding", "gzip"));
        growing().write(0, new byte[10], 10);
        assertFalse(encoded.worthKeeping());
        assertEquals(ResumeState.NONE, encoded.resumeState());
    }

    @Test
    void stateForALaterRun_isWhatIsKnown() throws Exception {
        TransferState before = state(PUBLISHED, left(1000));
        ResumeState unchanged = before.resumeState();
        assertNull(unchanged.response());
        assertEquals(1000, unchanged.total());
        assertEquals("\"v1\"", unchanged.validator());
        assertEquals("one.example", unchanged.host());
        assertEquals(3, unchanged.resumes());
        assertEquals(
                new WrittenRange(0, 100, WrittenRange.UNCHECKED),
                unchanged.ranges().get(0));

        Response response = tagged("v2", 100, 1000);
        before.accept(MIRROR, response);
        before.countResume();
        ResumeState after = before.resumeState();
        assertEquals(ResponseSummary.of(MIRROR, response), after.response());
        assertEquals("\"v2\"", after.validator());
        assertEquals("two.example", after.host());
        assertEquals(4, after.resumes());
    }

    @Test
    void responseOfAnEarlierRun_isTheLastOneUntilThereIsAnother() throws Exception {
        ResponseSummary known = ResponseSummary.of(URL, tagged("v1", 0, 1000));
        TransferState state = state(
                PUBLISHED,
                new ResumeState(
                        "\"v1\"",
                        "one.example",
                        1000,
                        0,
                        List.of(new WrittenRange(0, 100, WrittenRange.UNCHECKED)),
                        known));
        assertEquals(known, state.last());
        assertEquals(ResponseSummary.nothing(URL), fresh(BARE).last());
        assertEquals(0, fresh(BARE).resumeState().resumes());
    }

    @Test
    void bytesOfTwoResponses_areJoined() throws Exception {
        TransferState state = fresh(PUBLISHED);
        state.accept(URL, tagged("v1", 0, 1000));
        assertFalse(state.joined());
        state.countResponse();
        assertTrue(state.joined());
    }

    @Test
    void checksumsInHeadersOfTheWholeFile_areNotReplacedByThoseOfARange() throws Exception {
        TransferState state = fresh(PUBLISHED);
        state.accept(URL, response(200, 0, 1000, "x-goog-hash", "md5=b9cC0R32KSvAVDl64DikZA=="));
        state.accept(URL, response(206, 100, 1000, "x-goog-hash", "md5=AAAAAAAAAAAAAAAAAAAAAA=="));
        assertEquals(MD5, state.stated().get(0).checksum());
        state.accept(URL, response(200, 0, 1000));
        assertEquals(List.of(), state.stated());
        state.accept(URL, response(206, 100, 1000, "x-goog-hash", "md5=b9cC0R32KSvAVDl64DikZA=="));
        assertEquals(MD5, state.stated().get(0).checksum());
    }

    @Test
    void waitForTheChecksumsInHeaders_endsWithTheTransfer() throws Exception {
        TransferState state = fresh(BARE);
        state.end();
        assertEquals(List.of(), state.stated());
    }

    @Test
    void waitForTheChecksumsInHeaders_endsWithTheFirstResponse_andNotBefore() throws Exception {
        TransferState state = fresh(BARE);
        FutureTask<List<Stated>> stated = new FutureTask<>(state::stated);
        Thread waits = new Thread(stated);
        waits.start();
        while (waits.getState() != Thread.State.WAITING) {
            assertTrue(waits.isAlive(), "it did not wait");
            Thread.onSpinWait();
        }
        state.accept(URL, response(200, 0, 1000, "content-md5", "b9cC0R32KSvAVDl64DikZA=="));
        assertEquals(MD5, stated.get().get(0).checksum());
    }

    // The record

    @Test
    void origin_hasTheLastResponse_theCodingThatWasUndone_andTheResumes() throws Exception {
        TransferState state = state(PUBLISHED, left(1000));
        Response response = tagged("v1", 100, 1000);
        state.accept(URL, response);
        state.decoded("gzip");
        assertEquals(
                new FetchOrigin(
                        "test", "record", ResponseSummary.of(URL, response), "gzip", null, NOW, NOW, 900, 3, List.of()),
                state.origin(NOW, NOW, 900, List.of()));
        state.decoded(null);
        assertNull(state.origin(NOW, NOW, 900, List.of()).decoded());
    }

    @Test
    void originOfALocalFile_isItsName() throws Exception {
        TransferState state = state(new FetchCandidate(source, "record", BARE, "mine.bin"), ResumeState.NONE);
        assertEquals(
                FetchOrigin.local("test", "record", "mine.bin", NOW, NOW, List.of()),
                state.origin(NOW, NOW, 900, List.of()));
    }
}
