package org.histods.fetch;

import static org.histods.testing.ArchiveFixtures.hex;
import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.source;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.pull.Puller;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transfers that break, in this process or an earlier one, and how they are resumed. */
final class ResumeTest {

    private static final String AT = "/one.example/a.bin";
    private static final byte[] BYTES = noise(300_000, 1);
    private static final byte[] OTHER = noise(300_000, 2);

    @TempDir
    Path temp;

    private PullFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
        fixture.origin.put(AT, BYTES, "\"v1\"");
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static ManifestFile summed() throws Problem {
        return plain(pin("a.bin", BYTES, "sha256"));
    }

    private void assertPulled(byte[] expected, Puller.Result result) throws IOException {
        assertArrayEquals(expected, Files.readAllBytes(result.bag().ref().data().resolve("a.bin")));
        assertEquals(Map.of(), fixture.files("partial"));
    }

    /** A pull that receives only the first bytes, as if the process was stopped. */
    private void leavePartial(ManifestFile manifest, int bytes) {
        fixture.origin.next(AT, FakeOrigin.breaksAfter(bytes, BYTES, "\"v1\""));
        for (int i = 0; i < 12; i++) {
            fixture.origin.next(AT, FakeOrigin.status("404 Not Found", "away"));
        }
        assertThrows(Problem.class, () -> fixture.pull(manifest));
        fixture.origin.always(AT, new FakeOrigin.ServedFile(BYTES, "\"v1\""));
        fixture.origin.quiet(AT);
        fixture.origin.forget();
    }

    /** A partial file of which all bytes are there, with these lines of the response in its state. */
    private void leaveCompletePartial(String response) throws Exception {
        leavePartial(summed(), 120_000);
        Files.write(find("part"), BYTES);
        Files.writeString(find("state"), """
                histods-partial 1
                validator "v1"
                host one.example
                total 300000
                resumes 0
                range 0 300000
                """ + response + "end\n");
    }

    @Test
    void brokenConnection_isResumedIfTheFileIsTheSame() throws Exception {
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        Puller.Result result = fixture.pull(summed());
        assertPulled(BYTES, result);
        List<FakeOrigin.Call> calls = fixture.origin.calls();
        assertEquals(2, calls.size());
        assertEquals("bytes=100000-", calls.get(1).range());
        assertEquals("\"v1\"", calls.get(1).headers().get("if-range"));
        assertEquals(300_000, result.transferred());
        assertTrue(Files.readString(result.bag().receiptFiles().get(0)).contains("\"resumes\" : 1"));
    }

    @Test
    void connectionThatBreaksOften_isResumedUntilTheFileIsComplete() throws Exception {
        for (int i = 0; i < 20; i++) {
            fixture.origin.next(AT, FakeOrigin.breaksAfter(9_000, BYTES, "\"v1\""));
        }
        assertPulled(BYTES, fixture.pull(summed()));
    }

    @Test
    void connectionThatBreaksWithoutANewByte_failsAndKeepsReceivedBytes() throws Exception {
        fixture.origin.always(AT, FakeOrigin.breaksAfter(0, BYTES, "\"v1\""));
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(summed()));
        assertEquals(Problem.Kind.NETWORK, p.kind());
        assertTrue(p.message().contains("100000") || p.message().contains("100 kB"), p.message());
        fixture.origin.put(AT, BYTES, "\"v1\"");
        assertEquals(200_000, fixture.pull(summed()).transferred());
    }

    @Test
    void hostThatIgnoresRanges_isReadFromTheStart() throws Exception {
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        fixture.origin.next(AT, (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Length: 300000", "ETag: \"v1\"");
            out.write(BYTES);
        });
        assertPulled(BYTES, fixture.pull(summed()));
        assertEquals(2, fixture.origin.calls().size());
        // Bytes that arrive twice are counted once.
        assertEquals(300_000, fixture.events.network.get());
    }

    @Test
    void rangeThatStartsEarlierThanRequested_isWrittenAtItsPosition() throws Exception {
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        fixture.origin.next(AT, (call, out) -> {
            FakeOrigin.head(
                    out,
                    "206 Partial Content",
                    "Content-Length: 201000",
                    "ETag: \"v1\"",
                    "Content-Range: bytes 99000-299999/300000");
            out.write(BYTES, 99_000, 201_000);
        });
        assertPulled(BYTES, fixture.pull(summed()));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fileThatChangesInBetween_isFetchedFromTheStart(boolean summed) throws Exception {
        fixture.origin.put(AT, OTHER, "\"v2\"");
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        ManifestFile manifest = summed ? plain(pin("a.bin", OTHER, "sha256")) : plain(bare("a.bin"));
        assertPulled(OTHER, fixture.pull(manifest));
    }

    @Test
    void hostThatIgnoresIfRange_isNoticedByTheChecksumAndFetchedFromTheStart() throws Exception {
        fixture.origin.put(AT, OTHER, "\"v2\"");
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        fixture.origin.next(AT, FakeOrigin.breaksAfter(200_000, OTHER, "\"v1\""));
        assertPulled(OTHER, fixture.pull(plain(pin("a.bin", OTHER, "sha256"))));
    }

    /** The part size of an upload to S3 is not published: with an unusual one, its tag says nothing of any bytes. */
    private static String withMultipartTag(String path) {
        return bare(path) + "        bytes: 300000\n        sums: [{ sum: \"s3-etag:" + "0".repeat(32)
                + "-3\", by: Amazon S3 }]\n";
    }

    @Test
    void fileWithAMultipartTagOnly_thatChangesAtAHostThatIgnoresIfRange_isFetchedFromTheStart() throws Exception {
        fixture.origin.put(AT, OTHER, "\"v2\"");
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        fixture.origin.next(AT, FakeOrigin.breaksAfter(200_000, OTHER, "\"v2\""));
        assertPulled(OTHER, fixture.pull(plain(withMultipartTag("a.bin"))));
    }

    @Test
    void fileWithAMultipartTagOnly_thatIsReplacedUnderTheSameTag_isNoticedByTheBytesBeforeTheBreak() throws Exception {
        fixture.origin.put(AT, OTHER, "\"v1\"");
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        assertPulled(OTHER, fixture.pull(plain(withMultipartTag("a.bin"))));
    }

    @Test
    void withoutChecksumAndValidator_nothingIsJoined() throws Exception {
        fixture.origin.put(AT, OTHER, null);
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, null));
        assertPulled(OTHER, fixture.pull(plain(bare("a.bin"))));
    }

    @Test
    void fileReplacedUnderTheSameTag_isNoticedByTheBytesBeforeTheBreak_andFetchedFromTheStart() throws Exception {
        fixture.origin.put(AT, OTHER, "\"v1\"");
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        assertPulled(OTHER, fixture.pull(plain(bare("a.bin"))));
        assertEquals("bytes=34464-", fixture.origin.calls(AT).get(1).range());
    }

    @Test
    void fileReplacedUnderTheSameTag_isNoticedByALaterPull_andFetchedFromTheStart() throws Exception {
        leavePartial(plain(bare("a.bin")), 120_000);
        fixture.origin.put(AT, OTHER, "\"v1\"");
        assertPulled(OTHER, fixture.pull(plain(bare("a.bin"))));
    }

    /** The first bytes without a length and without chunks, as old servers do. */
    private static FakeOrigin.Script withoutLength(byte[] bytes, int count) {
        return (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Type: application/octet-stream");
            out.write(bytes, 0, count);
        };
    }

    @Test
    void responseWithoutLengthThatBreaksOff_isNotTakenForTheFile_ifTheHostHasMore() throws Exception {
        fixture.origin.next(AT, withoutLength(BYTES, 100_000));
        assertPulled(BYTES, fixture.pull(plain(bare("a.bin"))));
    }

    @Test
    void shortResponseWithoutLength_isCompletedByARangeOfTheSameVersion_andNeverByAnother() throws Exception {
        fixture.origin.always(AT, (call, out) -> {
            if (call.range() == null) {
                withoutLength(BYTES, 10_000).respond(call, out);
            } else {
                new FakeOrigin.ServedFile(BYTES, null).respond(call, out);
            }
        });
        Problem p = assertThrows(Problem.class, () -> fixture.pull(plain(bare("a.bin"))));
        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        fixture.origin.always(AT, (call, out) -> {
            if (call.range() == null) {
                FakeOrigin.head(out, "200 OK", "ETag: \"v1\"");
                out.write(BYTES, 0, 10_000);
            } else {
                new FakeOrigin.ServedFile(BYTES, "\"v1\"").respond(call, out);
            }
        });
        assertPulled(BYTES, fixture.pull(plain(bare("a.bin"))));
    }

    @Test
    void responseWithoutLengthThatBreaksOff_isNotTakenForTheFile_ifItIsLongerTheNextTime() throws Exception {
        fixture.origin.always(AT, withoutLength(BYTES, BYTES.length));
        fixture.origin.next(AT, withoutLength(BYTES, 100_000));
        fixture.origin.next(AT, withoutLength(BYTES, 60_000));
        Puller.Result result = fixture.pull(plain(bare("a.bin")));
        assertPulled(BYTES, result);
        assertTrue(receipt(result).contains("\"end\" : \"repeated\""));
    }

    @Test
    void responseWithoutLengthThatTheHostSendsTwice_isNotCalledConfirmed() throws Exception {
        fixture.origin.always(AT, withoutLength(BYTES, BYTES.length));
        Puller.Result again = fixture.pull(plain(bare("a.bin")));
        assertPulled(BYTES, again);
        assertTrue(receipt(again).contains("\"end\" : \"repeated\""));
        assertTrue(fixture.events.notes.stream().anyMatch(note -> note.contains("a.bin: length not confirmed")));
        assertEquals(
                "No checksum of these bytes is published; this one was computed; length not confirmed: the host states none,"
                        + " but sent the same bytes twice.",
                again.bag().fetches().get(0).checkText());
        assertEquals(2, fixture.origin.calls(AT).size());
    }

    @Test
    void responseWithoutLength_isTheFileIfTheHostHasNoByteAfterIt() throws Exception {
        fixture.origin.put(AT, BYTES, null);
        fixture.origin.next(AT, withoutLength(BYTES, BYTES.length));
        Puller.Result result = fixture.pull(plain(bare("a.bin")));
        assertPulled(BYTES, result);
        assertFalse(receipt(result).contains("\"end\""));
        assertEquals(300_000, result.transferred());
    }

    @Test
    void responseWithoutLengthThatNothingConfirms_isRecordedAsUnconfirmed_andReported() throws Exception {
        fixture.origin.always(AT, withoutLength(OTHER, OTHER.length));
        fixture.origin.next(AT, withoutLength(BYTES, BYTES.length));
        Puller.Result result = fixture.pull(plain(bare("a.bin")));
        assertPulled(BYTES, result);
        assertTrue(receipt(result).contains("\"end\" : \"not-confirmed\""));
        assertTrue(fixture.events.notes.stream().anyMatch(note -> note.contains("the file may be incomplete")));
    }

    @Test
    void responseWithoutLength_isNotRequestedAgainIfAChecksumDecides() throws Exception {
        fixture.origin.always(AT, withoutLength(BYTES, BYTES.length));
        assertPulled(BYTES, fixture.pull(ofUnknownSize(BYTES)));
        assertEquals(1, fixture.origin.calls(AT).size());
    }

    @Test
    void responseWithoutLength_isNotRequestedAgainIfItsSizeIsPublished() throws Exception {
        fixture.origin.always(AT, withoutLength(BYTES, BYTES.length));
        assertPulled(BYTES, fixture.pull(plain(bare("a.bin") + "        bytes: 300000\n")));
        assertEquals(1, fixture.origin.calls(AT).size());
    }

    @Test
    void responseWithoutLength_isNotRequestedAgainIfAHeaderHasItsChecksum() throws Exception {
        String md5 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex("md5", BYTES)));
        fixture.origin.always(AT, (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-MD5: " + md5);
            out.write(BYTES);
        });
        Puller.Result result = fixture.pull(plain(bare("a.bin")));
        assertPulled(BYTES, result);
        assertRecorded(result, "\"check\" : \"verified\"");
        assertEquals(1, fixture.origin.calls(AT).size());
    }

    private static String receipt(Puller.Result result) throws Exception {
        return Files.readString(result.bag().receiptFiles().get(0));
    }

    @Test
    void partialOfAnEarlierProcess_onlyTheRestIsTransferred() throws Exception {
        leavePartial(summed(), 120_000);
        Puller.Result result = fixture.pull(summed());
        assertPulled(BYTES, result);
        assertEquals(180_000, result.transferred());
        assertEquals("bytes=120000-", fixture.origin.calls().get(0).range());
        assertRecorded(result, "\"resumes\" : 2");
    }

    @Test
    void partialOfAnEarlierProcess_ofAFileThatChangedSince_isDeleted() throws Exception {
        leavePartial(plain(bare("a.bin")), 120_000);
        fixture.origin.put(AT, OTHER, "\"v2\"");
        assertPulled(OTHER, fixture.pull(plain(bare("a.bin"))));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "\0\0\0",
                "\u00ff",
                "histods-partial 1\nvalidator x\nhost\ntotal 300000\nresumes 0\nrange 0 30",
                "histods-partial 1\nvalidator \"v1\"\nhost one.example\ntotal 300000\nresumes 0\nrange 0 300000\nend\n",
                "histods-partial 1\nvalidator \"v1\"\nhost one.example\ntotal 300000\nresumes 0\nrange -5 10\nend\n",
                "histods-partial 1\nvalidator \"v1\"\nhost one.example\ntotal 300000\nresumes 0\nrange 7 3\nend\n"
            })
    void damagedState_startsAgain(String state) throws Exception {
        leavePartial(summed(), 120_000);
        Path file = find("state");
        Files.write(file, state.getBytes(StandardCharsets.ISO_8859_1));
        assertPulled(BYTES, fixture.pull(summed()));
    }

    private Path find(String name) throws IOException {
        try (Stream<Path> walk = Files.walk(fixture.root.resolve("partial"))) {
            return walk.filter(p -> p.endsWith(name)).findFirst().orElseThrow();
        }
    }

    @Test
    void damagedPartial_isFetchedFromTheStart() throws Exception {
        leavePartial(summed(), 120_000);
        byte[] part = Files.readAllBytes(find("part"));
        part[77] ^= 1;
        Files.write(find("part"), part);
        assertPulled(BYTES, fixture.pull(summed()));
    }

    @ParameterizedTest
    @ValueSource(ints = {40_000, 120_000, 299_000})
    void bytesThatAPowerCutTook_areFetchedAgain_alsoIfNoChecksumIsPublished(int arrived) throws Exception {
        leavePartial(plain(bare("a.bin")), arrived);
        byte[] part = Files.readAllBytes(find("part"));
        Arrays.fill(part, 8192, 16_384, (byte) 0);
        Files.write(find("part"), part);
        assertPulled(BYTES, fixture.pull(plain(bare("a.bin"))));
    }

    @Test
    void bytesOfAnotherConnection_areKeptIfAPowerCutTookSomeOfTheFirst() throws Exception {
        leavePartial(plain(bare("a.bin")), 120_000);
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        for (int i = 0; i < 12; i++) {
            fixture.origin.next(AT, FakeOrigin.status("404 Not Found", "away"));
        }
        assertThrows(Problem.class, () -> fixture.pull(plain(bare("a.bin"))));
        byte[] part = Files.readAllBytes(find("part"));
        part[50_000] ^= 1;
        Files.write(find("part"), part);
        fixture.origin.quiet(AT);
        fixture.origin.forget();
        assertPulled(BYTES, fixture.pull(plain(bare("a.bin"))));
        assertEquals("bytes=0-119999", fixture.origin.calls(AT).get(0).range());
    }

    @Test
    void hostWithoutEntityTags_isResumedIfAChecksumIsPublished() throws Exception {
        fixture.origin.put(AT, BYTES, null);
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, null));
        Puller.Result result = fixture.pull(summed());
        assertPulled(BYTES, result);
        assertEquals(300_000, result.transferred());
        assertEquals("bytes=100000-", fixture.origin.calls().get(1).range());
    }

    /** All bytes of a body of unknown length, and then a break instead of its end. */
    private static FakeOrigin.Script withoutItsEnd(byte[] bytes, String etag) {
        return (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Transfer-Encoding: chunked", "ETag: " + etag);
            out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(bytes);
            out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
        };
    }

    private static FakeOrigin.Script nothingBehind(String... headers) {
        return (call, out) -> FakeOrigin.head(
                out,
                "416 Range Not Satisfiable",
                Stream.concat(Stream.of("Content-Length: 0"), Stream.of(headers))
                        .toArray(String[]::new));
    }

    private static ManifestFile ofUnknownSize(byte[] bytes) throws Problem {
        return plain(pin("a.bin", bytes, "sha256").replaceAll("        bytes: .*\n", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Content-Range: bytes */300000", "X-Nothing: 1"})
    void rangeNotSatisfiable_receivedBytesAreTheFileIfTheChecksumMatches(String header) throws Exception {
        fixture.origin.next(AT, withoutItsEnd(BYTES, "\"v1\""));
        fixture.origin.next(AT, nothingBehind(header));
        Puller.Result result = fixture.pull(ofUnknownSize(BYTES));
        assertPulled(BYTES, result);
        assertEquals(300_000, result.transferred());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void rangeNotSatisfiable_fetchesFromTheStartIfTheChecksumDiffers(boolean summed) throws Exception {
        byte[] head = Arrays.copyOf(BYTES, 100_000);
        fixture.origin.next(AT, withoutItsEnd(head, "\"v1\""));
        fixture.origin.next(AT, nothingBehind("Content-Range: bytes */100000"));
        assertPulled(BYTES, fixture.pull(summed ? ofUnknownSize(BYTES) : plain(bare("a.bin"))));
    }

    @Test
    void partialLongerThanTheFile_isFetchedFromTheStart() throws Exception {
        byte[] shorter = Arrays.copyOf(OTHER, 50_000);
        leavePartial(ofUnknownSize(shorter), 120_000);
        fixture.origin.put(AT, shorter, null);
        assertPulled(shorter, fixture.pull(ofUnknownSize(shorter)));
    }

    @Test
    void completePartial_isVerifiedWithoutARequest() throws Exception {
        leaveCompletePartial("""
                requested https://one.example/a.bin
                answered https://one.example/a.bin
                status 200
                header etag "v1"
                """);
        Puller.Result result = fixture.pull(summed());
        assertPulled(BYTES, result);
        assertEquals(0, result.transferred());
        assertEquals(List.of(), fixture.origin.calls());
        assertRecorded(result, "\"status\" : 200", "\"answered\" : \"https://one.example/a.bin\"");
    }

    /** As `verify --repair` leaves it, which takes the correct blocks from the disk. */
    @Test
    void completePartialWithoutAResponse_isConfirmedByTheHost_soThatTheReceiptSaysWhereItIsFrom() throws Exception {
        leaveCompletePartial("");
        Puller.Result result = fixture.pull(summed());
        assertPulled(BYTES, result);
        assertEquals(1, fixture.origin.calls().size());
        assertTrue(result.transferred() < 100_000, () -> result.transferred() + " bytes transferred");
        assertRecorded(result, "\"status\" : 206", "\"answered\" : \"https://one.example/a.bin\"");
    }

    private static void assertRecorded(Puller.Result result, String... parts) throws Exception {
        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        for (String part : parts) {
            assertTrue(receipt.contains(part), () -> part + " is not in " + receipt);
        }
    }

    private static FakeOrigin.Script dated(byte[] bytes, String date) {
        return (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Length: " + bytes.length, "Last-Modified: " + date);
            out.write(bytes);
        };
    }

    /** A pull of two files without checksums that received all of the first and nothing of the second. */
    private ManifestFile leaveWhole(FakeOrigin.Script script) throws Problem {
        ManifestFile two = plain(bare("a.bin"), bare("b.bin"));
        fixture.origin.always(AT, script);
        assertThrows(Problem.class, () -> fixture.pull(two));
        fixture.origin.put("/one.example/b.bin", PullFixture.text("b"));
        fixture.origin.forget();
        return two;
    }

    @Test
    void fileKeptFromAFailedPull_thatTheHostReplacedMeanwhile_isFetchedAgain() throws Exception {
        ManifestFile two = leaveWhole(new FakeOrigin.ServedFile(BYTES, "\"v1\""));
        fixture.origin.put(AT, OTHER, "\"v2\"");
        Puller.Result result = fixture.pull(two);
        assertPulled(OTHER, result);
        assertRecorded(result, "\"etag\" : \"\\\"v2\\\"\"");
    }

    @Test
    void fileKeptFromAFailedPull_thatTheHostReplacedOnAnotherDay_isFetchedAgain() throws Exception {
        ManifestFile two = leaveWhole(dated(BYTES, "Mon, 02 Nov 2026 10:00:00 GMT"));
        fixture.origin.always(AT, dated(OTHER, "Tue, 03 Nov 2026 10:00:00 GMT"));
        assertPulled(OTHER, fixture.pull(two));
    }

    @Test
    void fileKeptFromAFailedPull_thatTheHostReplacedUnderTheSameTag_isFetchedAgain() throws Exception {
        ManifestFile two = leaveWhole(new FakeOrigin.ServedFile(BYTES, "\"v1\""));
        fixture.origin.put(AT, OTHER, "\"v1\"");
        assertPulled(OTHER, fixture.pull(two));
    }

    @Test
    void fileKeptFromAFailedPull_thatIsStillTheSame_isConfirmedByTheHostAndNotFetchedAgain() throws Exception {
        ManifestFile two = leaveWhole(new FakeOrigin.ServedFile(BYTES, "\"v1\""));
        Puller.Result result = fixture.pull(two);
        assertPulled(BYTES, result);
        assertEquals("bytes=234464-299999", fixture.origin.calls(AT).get(0).range());
        assertTrue(result.transferred() < 100_000, () -> result.transferred() + " bytes transferred");
        assertRecorded(result, "\"etag\" : \"\\\"v1\\\"\"", "\"status\" : 206");
    }

    @Test
    void fileKeptFromAFailedPull_ofAHostWithoutRanges_isConfirmedByTheHost() throws Exception {
        FakeOrigin.Script script = dated(BYTES, "Mon, 02 Nov 2026 10:00:00 GMT");
        assertPulled(BYTES, fixture.pull(leaveWhole(script)));
        assertEquals(1, fixture.origin.calls(AT).size());
    }

    @Test
    void fileKeptFromAFailedPull_thatTheHostHasDeleted_isNotTaken() throws Exception {
        ManifestFile two = leaveWhole(new FakeOrigin.ServedFile(BYTES, "\"v1\""));
        fixture.origin.always(AT, FakeOrigin.status("404 Not Found", "gone"));
        assertThrows(Problem.class, () -> fixture.pull(two));
        assertEquals(List.of(), fixture.mirror().bags());
    }

    @Test
    void fileKeptFromAFailedPull_thatIsShorterNow_isFetchedAgain() throws Exception {
        ManifestFile two = leaveWhole(new FakeOrigin.ServedFile(BYTES, "\"v1\""));
        byte[] shorter = Arrays.copyOf(OTHER, 1000);
        fixture.origin.put(AT, shorter, "\"v1\"");
        assertPulled(shorter, fixture.pull(two));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fileThatGrowsUnderTheSameTag_isNeverAMixture(boolean earlierRun) throws Exception {
        byte[] longer = noise(360_000, 5);
        if (earlierRun) {
            leavePartial(plain(bare("a.bin")), 120_000);
        } else {
            fixture.origin.next(AT, FakeOrigin.breaksAfter(120_000, BYTES, "\"v1\""));
        }
        fixture.origin.put(AT, longer, "\"v1\"");
        assertPulled(longer, fixture.pull(plain(bare("a.bin"))));
    }

    @Test
    void hostThatSendsAllAgainUnderTheSameTag_givesTheNewBytesAlone() throws Exception {
        leavePartial(plain(bare("a.bin")), 120_000);
        fixture.origin.always(AT, (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Length: 300000", "ETag: \"v1\"");
            out.write(OTHER);
        });
        assertPulled(OTHER, fixture.pull(plain(bare("a.bin"))));
    }

    @Test
    void rangeThatOverlapsOtherBytes_isNotJoined() throws Exception {
        fixture.origin.put(AT, OTHER, "\"v1\"");
        fixture.origin.next(AT, FakeOrigin.breaksAfter(100_000, BYTES, "\"v1\""));
        fixture.origin.next(AT, (call, out) -> {
            FakeOrigin.head(
                    out,
                    "206 Partial Content",
                    "Content-Length: 290000",
                    "ETag: \"v1\"",
                    "Content-Range: bytes 10000-299999/300000");
            out.write(OTHER, 10_000, 290_000);
        });
        assertPulled(OTHER, fixture.pull(plain(bare("a.bin"))));
    }

    @Test
    void partialOfFullLengthWithoutState_isNotComplete() throws Exception {
        leavePartial(summed(), 120_000);
        Files.write(find("part"), new byte[300_000]);
        Files.delete(find("state"));
        Puller.Result result = fixture.pull(summed());
        assertPulled(BYTES, result);
        assertEquals(300_000, result.transferred());
    }

    @Test
    void hostThatAlwaysStopsHalfWay_fails() throws Exception {
        fixture.origin.always(AT, (call, out) -> {
            FakeOrigin.head(out, "200 OK", "ETag: \"v1\"");
            out.write(BYTES, 0, 150_000);
        });
        Problem p = assertTimeoutPreemptively(
                Duration.ofSeconds(60), () -> assertThrows(Problem.class, () -> fixture.pull(summed())));
        assertEquals(Problem.Kind.NETWORK, p.kind());
        assertTrue(fixture.origin.calls().size() < 20, fixture.origin.calls().size() + " requests");
    }

    @Test
    void secondSource_resumesTheTransferOfTheFirst() throws Exception {
        fixture.origin.put("/two.example/a.bin", BYTES, "\"another host's\"");
        fixture.origin.always(AT, FakeOrigin.status("404 Not Found", "away"));
        fixture.origin.next(AT, FakeOrigin.breaksAfter(120_000, BYTES, "\"v1\""));
        ManifestFile manifest = manifest("sources:\n"
                + source("one.example", pin("a.bin", BYTES, "sha256"))
                + source("two.example", pin("a.bin", BYTES, "sha256")));
        Puller.Result result = fixture.pull(manifest);
        assertPulled(BYTES, result);
        assertEquals(180_000, result.transferred());
    }
}
