package org.histods.fetch;

import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.ScriptedSource.breaksAfter;
import static org.histods.testing.ScriptedSource.part;
import static org.histods.testing.ScriptedSource.response;
import static org.histods.testing.ScriptedSource.serves;
import static org.histods.testing.ScriptedSource.watched;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.digest.PieceHashes;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.testing.FetchFixture;
import org.histods.testing.ScriptedSource;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges of a remote file, read into memory or stored in a file with holes: always of one version. */
@Timeout(30)
final class RangesTest {

    private static final URI URL = URI.create("https://one.example/a.zip");
    private static final URI SECOND = URI.create("https://one.example/again/a.zip");
    private static final int LENGTH = 200_000;
    private static final int MIB = 1 << 20;
    private static final byte[] BYTES = noise(LENGTH, 1);
    private static final byte[] LARGE = noise(20 * MIB, 2);
    private static final RemoteFile PINNED = RemoteFile.of(new FilePath("a.zip"), URL, (long) LENGTH, List.of());

    @TempDir
    Path root;

    private FetchFixture fixture;
    private ScriptedSource source;

    @BeforeEach
    void open() {
        fixture = new FetchFixture(root);
        source = fixture.source;
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private MemoryRanges read(RemoteFile file) throws Exception {
        return fixture.fetcher().readRanges(fixture.candidate(file), fixture);
    }

    private String refusal(RemoteFile file) {
        return String.valueOf(
                assertThrows(RangesUnsupportedException.class, () -> read(file)).getMessage());
    }

    private String refusal(ScriptedSource.Script script) {
        source.always(script);
        return refusal(PINNED);
    }

    private static String text(List<long[]> ranges) {
        return ranges.stream().map(range -> range[0] + "-" + range[1]).collect(Collectors.joining(" "));
    }

    private static FetchedRanges fetched(MemoryRanges ranges) {
        return Objects.requireNonNull(ranges.fetched(FetchFixture.NOW).ranges());
    }

    private static String read(MemoryRanges ranges) {
        return text(fetched(ranges).ranges());
    }

    private static String validator(MemoryRanges ranges) {
        return fetched(ranges).validator();
    }

    private static byte[] bytes(SeekableByteChannel channel, long from, int count) throws IOException {
        ByteBuffer target = ByteBuffer.allocate(count);
        channel.position(from);
        while (target.hasRemaining() && channel.read(target) >= 0) {}
        return Arrays.copyOf(target.array(), target.position());
    }

    private static void assertBytes(byte[] all, SeekableByteChannel channel, long from, int count) throws IOException {
        assertArrayEquals(
                Arrays.copyOfRange(all, (int) from, (int) Math.min(all.length, from + count)),
                bytes(channel, from, count));
    }

    // The first requests

    @Test
    void fileOfAKnownSize_isReadFromItsLastBytes() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        MemoryRanges ranges = read(PINNED);
        assertEquals(List.of("197952-199999"), source.ranges());
        assertEquals("197952-200000", read(ranges));
        assertEquals(2048, ranges.bytes());
        assertEquals(LENGTH, ranges.reader().size());
        assertBytes(BYTES, ranges.channel(), 197_952, 9999);
        assertEquals(1, source.calls().size(), "the bytes are in memory");
        assertNull(ranges.failure());
    }

    @Test
    void fileOfUnknownSize_isAskedForOneByteFirst() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        MemoryRanges ranges = read(PINNED.withBytes(null));
        assertEquals(List.of("0-0", "197952-199999"), source.ranges());
        assertEquals("\"v1\"", source.calls().get(1).ifRange());
        assertBytes(BYTES, ranges.channel(), 197_952, 9999);
    }

    @Test
    void smallFile_isReadAsAWhole() throws Exception {
        byte[] small = Arrays.copyOf(BYTES, 100);
        source.always(serves(small, "etag", "\"v1\""));
        MemoryRanges ranges = read(PINNED.withBytes(100L));
        assertEquals(List.of("0-99"), source.ranges());
        assertEquals(100, ranges.reader().origin(FetchFixture.NOW).transferred());
    }

    @Test
    void hostThatSendsLessThanRequested_isAskedForTheRest() throws Exception {
        source.next(call -> response(206, URL, BYTES, 197_952, 198_000, LENGTH, "etag", "\"v1\""));
        source.always(serves(BYTES, "etag", "\"v1\""));
        MemoryRanges ranges = read(PINNED);
        assertEquals(List.of("197952-199999", "197952-199999"), source.ranges());
        assertBytes(BYTES, ranges.channel(), 197_952, 9999);
    }

    @Test
    void fileThatNoHostStoresLikeThat_isNotAskedFor() {
        assertEquals("it is empty", refusal(PINNED.withBytes(0L)));
        FetchCandidate here = new FetchCandidate(source, "https://one.example/", PINNED, "a.zip");
        assertThrows(RangesUnsupportedException.class, () -> fixture.fetcher().readRanges(here, fixture));
        RemoteFile folder = new RemoteFile(
                PINNED.path(), PINNED.uris(), (long) LENGTH, List.of(), false, new RemoteFile.Slice("*", "", null));
        assertEquals("it is not a file that a host stores", refusal(folder));
        PieceHashes pieces = new PieceHashes(Hasher.sha256("x"), 1 << 18, LENGTH, new byte[20], List.of());
        assertEquals(
                "it is not a file that a host stores",
                refusal(PINNED.withSpan(new RemoteFile.Span(pieces, 0, LENGTH, "Academic Torrents"))));
        assertEquals(List.of(), source.calls());
    }

    @Test
    void responseThatIsNotTheRequestedRange_isRefused() {
        String none = "the host does not support byte ranges";
        String[] tag = {"etag", "\"v1\""};
        assertEquals(none, refusal(call -> response(200, URL, BYTES, 197_952, LENGTH, LENGTH, tag)));
        assertEquals(none, refusal(call -> response(206, URL, BYTES, 197_951, LENGTH, LENGTH, tag)));
        assertEquals(none, refusal(call -> response(206, URL, BYTES, 197_952, LENGTH, LENGTH - 1, tag)));
        assertEquals(
                "the file at the host now has 200001 bytes, expected 200000",
                refusal(call -> response(206, URL, BYTES, 197_952, LENGTH, LENGTH + 1, tag)));
        assertEquals(
                "the host sends it in an encoding",
                refusal(call -> part(call, BYTES, "etag", "\"v1\"", "content-encoding", "gzip")));
        assertEquals(
                "the connection broke: the connection was reset",
                refusal(call -> breaksAfter(100, part(call, BYTES, tag))));
    }

    @Test
    void secondUrl_isAskedIfTheFirstGivesNoRange() throws Exception {
        RemoteFile twice = new RemoteFile(PINNED.path(), List.of(URL, SECOND), (long) LENGTH, List.of(), false, null);
        source.next(call -> breaksAfter(100, part(call, BYTES, "etag", "\"v1\"")));
        source.always(serves(BYTES, "etag", "\"v2\""));
        MemoryRanges ranges = read(twice);
        assertEquals(SECOND, ranges.fetched(FetchFixture.NOW).origin().requested());
        assertEquals("\"v2\"", validator(ranges));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Mon, 30 Nov 2026 10:00:00 GMT; Mon, 30 Nov 2026 10:00:01 GMT; true",
                "Mon, 30 Nov 2026 10:00:00 GMT; Mon, 30 Nov 2026 10:00:00 GMT; false",
                "Mon, 30 Nov 2026 10:00:00 GMT; Mon, 30 Nov 2026 09:00:00 GMT; false",
                "Mon, 30 Nov 2026 10:00:00 GMT; now; false",
                "yesterday; Mon, 30 Nov 2026 10:00:00 GMT; false"
            })
    void dateOfLastChange_isAValidatorOnlyIfItIsASecondOld(String dates) throws Exception {
        String[] words = dates.split("; ", 3);
        source.always(serves(BYTES, "last-modified", words[0], "date", words[1]));
        if (words[2].equals("true")) {
            assertEquals(words[0], validator(read(PINNED)));
        } else {
            assertEquals("the host gives no date that tells versions of the file apart", refusal(PINNED));
        }
    }

    @Test
    void tagIsEnough_whateverTheDate_andNothingIsNot() throws Exception {
        assertEquals("the host gives no entity tag or date to tell versions of the file apart", refusal(serves(BYTES)));
        source.always(serves(BYTES, "etag", "\"v1\"", "last-modified", "yesterday"));
        assertEquals("\"v1\"", validator(read(PINNED)));
    }

    // Reading in memory

    @Test
    void directory_isReadInPiecesThatGrow_andEachByteOnce() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        MemoryRanges ranges = read(PINNED);
        SeekableByteChannel channel = ranges.channel();
        source.forget();
        assertBytes(BYTES, channel, 1000, 1024);
        assertBytes(BYTES, channel, 1500, 1000);
        assertBytes(BYTES, channel, 500, 600);
        assertEquals(List.of("1000-2023", "2024-4071", "500-999"), source.ranges());
        // What is near to fetched bytes is fetched up to there.
        assertBytes(BYTES, channel, 140_000, LENGTH);
        assertEquals("140000-197951", source.ranges().get(3));
        assertBytes(BYTES, channel, 100_000, 1);
        assertEquals("100000-139999", source.ranges().get(4));
        assertEquals("500-4072 100000-200000", read(ranges));
        assertEquals(3572 + 100_000, ranges.bytes());
        assertEquals(3572 + 100_000, ranges.reader().origin(FetchFixture.NOW).transferred());
        assertEquals(-1, channel.position(LENGTH).read(ByteBuffer.allocate(1)));
        assertEquals(-1, channel.position(LENGTH + 1).read(ByteBuffer.allocate(1)));
        assertEquals(LENGTH, channel.size());
    }

    @Test
    void readsAtRandom_giveTheBytesOfTheFile() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        Random random = new Random(5);
        for (int round = 0; round < 20; round++) {
            MemoryRanges ranges = read(PINNED);
            SeekableByteChannel channel = ranges.channel();
            for (int i = 0; i < 30; i++) {
                assertBytes(BYTES, channel, random.nextInt(LENGTH), random.nextInt(3000));
            }
        }
    }

    @Test
    void fetchedRange_isOnlyWhatIsMissing() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        MemoryRanges ranges = read(PINNED);
        source.forget();
        ranges.fetch(1000, 2000);
        ranges.fetch(1500, 3000);
        ranges.fetch(500, 4000);
        ranges.fetch(600, 1200);
        ranges.fetch(199_000, 300_000);
        assertEquals(List.of("1000-1999", "2000-2999", "500-999"), source.ranges());
        assertBytes(BYTES, ranges.channel(), 500, 2500);
    }

    @Test
    void directoryThatTakesTooManyRequests_isRefused() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        MemoryRanges ranges = read(PINNED);
        // Nothing was missing of the tail.
        for (int i = 0; i < 40; i++) {
            ranges.fetch(i * 100L, i * 100L + 1);
        }
        RangesUnsupportedException refused =
                assertThrows(RangesUnsupportedException.class, () -> ranges.fetch(5000, 5001));
        assertSame(refused, ranges.failure());
        assertEquals(41, source.calls().size());
    }

    @Test
    void directoryThatIsTooLarge_isRefusedBeforeItIsFetched() throws Exception {
        long size = 100L * MIB;
        source.always(call -> new Response(
                206,
                URL,
                List.of(),
                Map.of("etag", "\"v1\""),
                call.from(),
                -1,
                size,
                new ByteArrayInputStream(new byte[(int) (call.to() + 1 - call.from())])));
        MemoryRanges ranges = read(PINNED.withBytes(size));
        source.forget();
        assertThrows(RangesUnsupportedException.class, () -> ranges.fetch(0, 64L * MIB - 2047));
        assertEquals(List.of(), source.calls());
        ranges.fetch(0, 64L * MIB - 2048);
        assertEquals(64L * MIB, ranges.bytes());
    }

    // One version

    private MemoryRanges opened(String... headers) throws Exception {
        source.always(serves(BYTES, headers));
        return read(PINNED);
    }

    private Problem failure(MemoryRanges ranges, ScriptedSource.Script script) {
        source.always(script);
        IOException e = assertThrows(IOException.class, () -> ranges.fetch(0, 1000));
        assertSame(e.getCause(), ranges.failure());
        assertEquals("197952-200000", read(ranges), "nothing of it is kept");
        return assertInstanceOf(Problem.class, ranges.failure());
    }

    @Test
    void rangeOfAnotherVersion_isNotJoined() throws Exception {
        MemoryRanges ranges = opened("etag", "\"v1\"");
        Problem changed = failure(ranges, serves(BYTES, "etag", "\"v2\""));
        assertEquals(Kind.UPSTREAM_CHANGED, changed.kind());
        assertTrue(changed.message().contains("it was \"v1\", it is \"v2\""), changed.message());
        assertEquals(Kind.UPSTREAM_CHANGED, failure(ranges, serves(BYTES)).kind());
        Problem longer = failure(ranges, serves(Arrays.copyOf(BYTES, LENGTH + 1), "etag", "\"v1\""));
        assertTrue(longer.message().contains("states 200001 bytes for the file now, and stated 200000"));
        assertEquals(Kind.NETWORK, longer.kind());
        Problem whole = failure(ranges, call -> response(200, URL, BYTES, 0, LENGTH, LENGTH, "etag", "\"v1\""));
        assertTrue(whole.message().contains("the host stopped sending byte ranges"), whole.message());
        Problem elsewhere = failure(ranges, call -> response(206, URL, BYTES, 1, LENGTH, LENGTH, "etag", "\"v1\""));
        assertTrue(elsewhere.message().contains("the host stopped sending byte ranges"), elsewhere.message());
        assertEquals("\"v1\"", source.calls().get(source.calls().size() - 1).ifRange());
    }

    @Test
    void rangeByDate_needNotRepeatTheDate_butMustNotHaveAnother() throws Exception {
        String date = "Mon, 30 Nov 2026 10:00:00 GMT";
        MemoryRanges ranges = opened("last-modified", date, "date", "Mon, 30 Nov 2026 11:00:00 GMT");
        Problem whole = failure(ranges, call -> response(200, URL, BYTES, 0, LENGTH, LENGTH));
        assertEquals(Kind.UPSTREAM_CHANGED, whole.kind());
        assertTrue(whole.message().contains("it is unknown"), whole.message());
        assertEquals(
                Kind.UPSTREAM_CHANGED,
                failure(ranges, serves(BYTES, "last-modified", "Mon, 30 Nov 2026 10:00:01 GMT"))
                        .kind());
        source.always(serves(BYTES));
        ranges.fetch(0, 1000);
        assertBytes(BYTES, ranges.channel(), 0, 1000);
    }

    // Breaks

    @Test
    void brokenRange_isResumedWhereItBroke() throws Exception {
        MemoryRanges ranges = opened("etag", "\"v1\"");
        source.forget();
        source.next(call -> breaksAfter(20_000, part(call, BYTES, "etag", "\"v1\"")));
        source.next(call -> response(206, URL, BYTES, (int) call.from(), 50_000, LENGTH, "etag", "\"v1\""));
        ranges.fetch(0, 100_000);
        assertEquals(List.of("0-99999", "20000-99999", "50000-99999"), source.ranges());
        assertBytes(BYTES, ranges.channel(), 0, 100_000);
        assertEquals(
                List.of(
                        "a.zip: the connection broke at 20.0 kB (the connection was reset), reconnecting",
                        "a.zip: the connection broke at 50.0 kB (the response ended there without an error), reconnecting"),
                fixture.notes);
        assertEquals(2, ranges.reader().origin(FetchFixture.NOW).resumes());
        assertEquals(100_000 + 2048, ranges.reader().origin(FetchFixture.NOW).transferred());
        assertEquals(100_000, fixture.spent.get());
        assertEquals(List.of(1, 1), fixture.pauses);
    }

    @Test
    void rangeThatBreaksAgainAndAgainWithoutAByte_fails() throws Exception {
        MemoryRanges ranges = opened("etag", "\"v1\"");
        source.forget();
        Problem broken = failure(ranges, call -> breaksAfter(0, part(call, BYTES, "etag", "\"v1\"")));
        assertEquals(Kind.NETWORK, broken.kind());
        assertTrue(broken.message().contains("broke 6 times without a new byte, last at 0"), broken.message());
        assertEquals(List.of(1, 2, 3, 4, 5), fixture.pauses);
        assertEquals(6, source.calls().size());
    }

    @Test
    void problemOfTheSource_endsTheRange() throws Exception {
        MemoryRanges ranges = opened("etag", "\"v1\"");
        Problem wrong = new Problem(Kind.WRONG_BYTES, "a block is damaged");
        assertSame(
                wrong,
                failure(
                        ranges,
                        call -> watched(part(call, BYTES, "etag", "\"v1\""), 100, position -> {
                            throw new IOException(wrong);
                        })));
        assertEquals(List.of(), fixture.pauses);
    }

    @Test
    void interruptedThread_readsNothing() throws Exception {
        MemoryRanges ranges = opened("etag", "\"v1\"");
        source.forget();
        Thread.currentThread().interrupt();
        assertThrows(IOException.class, () -> ranges.fetch(0, 1000));
        assertTrue(Thread.interrupted());
        assertEquals(
                Kind.INTERRUPTED,
                assertInstanceOf(Problem.class, ranges.failure()).kind());
        assertEquals(List.of(), source.calls());
    }

    // Stored ranges

    private RangedFile stored() throws Exception {
        return stored(PINNED);
    }

    private RangedFile stored(RemoteFile file) throws Exception {
        MemoryRanges directory = read(file);
        source.forget();
        return fixture.fetcher().storeRanges(directory, fixture, fixture.tasks);
    }

    private Path partial() throws IOException {
        return fixture.partial("part").orElseThrow();
    }

    private boolean kept() throws IOException {
        return fixture.partial("part").isPresent();
    }

    private static List<long[]> ranges(long... borders) {
        List<long[]> ranges = new ArrayList<>();
        for (int i = 0; i < borders.length; i += 2) {
            ranges.add(new long[] {borders[i], borders[i + 1]});
        }
        return ranges;
    }

    @Test
    void wantedRanges_areFetchedOnce_andWhatElseIsRead_inPieces() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        RangedFile file = stored();
        try (file) {
            file.fetch(ranges(1000, 2000, 90_000, 95_000));
            file.fetch(ranges(500, 3000, 94_000, 95_000));
            SeekableByteChannel channel = file.reader();
            assertBytes(BYTES, channel, 500, 2500);
            assertBytes(BYTES, channel, 90_000, 5000);
            assertEquals(
                    List.of("1000-1999", "2000-2999", "500-999", "90000-94999"),
                    source.ranges().stream().sorted().toList());
            source.forget();
            assertBytes(BYTES, channel, 40_000, 50_000);
            assertBytes(BYTES, channel, 150_000, 60_000);
            assertEquals(List.of("40000-89999", "150000-199999"), source.ranges());
            assertEquals(LENGTH, channel.size());
            assertEquals(-1, channel.position(LENGTH).read(ByteBuffer.allocate(1)));
            FetchedFile fetched = file.fetched();
            assertEquals(
                    "500-3000 40000-95000 150000-200000",
                    text(Objects.requireNonNull(fetched.ranges()).ranges()));
            assertEquals("\"v1\"", fetched.ranges().validator());
            assertEquals(LENGTH, fetched.bytes());
            assertFalse(fetched.check().verified());
            assertEquals(107_500 + 2048, fetched.origin().transferred());
            assertThrows(IllegalStateException.class, () -> file.put(root.resolve("x"), false));
            file.discard();
        }
        assertFalse(kept());
        assertEquals(2500 + 5000 + 50_000 + 50_000, fixture.network.get());
    }

    @Test
    void readThatWasNotAnnounced_takes64KilobytesOrWhatIsMissing() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        try (RangedFile file = stored()) {
            assertBytes(BYTES, file.reader(), 10, 1);
            assertBytes(BYTES, file.reader(), 65_545, 2);
            assertEquals(List.of("10-65545", "65546-131081"), source.ranges());
        }
    }

    @Test
    void rangesOfAnEarlierRun_areNotFetchedAgain() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        RangedFile first = stored();
        first.fetch(ranges(1000, 2000, 50_000, 60_000));
        assertBytes(BYTES, first.reader(), 1000, 1000);
        assertBytes(BYTES, first.reader(), 50_000, 10_000);
        first.close();
        assertTrue(kept());
        fixture.network.set(0);
        RangedFile second = stored();
        try (second) {
            second.fetch(ranges(500, 2500, 55_000, 65_000));
            assertBytes(BYTES, second.reader(), 500, 2000);
            assertBytes(BYTES, second.reader(), 55_000, 10_000);
            assertEquals(
                    List.of("2000-2499", "500-999", "60000-64999"),
                    source.ranges().stream().sorted().toList());
            second.discard();
        }
        assertFalse(kept());
        assertEquals(6000, fixture.local.get());
        assertEquals(6000, fixture.network.get());
    }

    @ParameterizedTest
    @CsvSource({"v2,one.example,200000", "v1,two.example,200000", "v1,one.example,200001", "v1,one.example,200000"})
    void rangesOfAnotherVersionHostOrSize_areFetchedAgain(String tag, String host, int size) throws Exception {
        String old = "histods-partial 1\nvalidator \"" + tag + "\"\nhost " + host + "\ntotal " + size
                + "\nresumes 0\nrange 1000 2000\nend\n";
        source.always(serves(BYTES, "etag", "\"v1\""));
        RangedFile first = stored();
        first.fetch(ranges(1000, 2000));
        assertBytes(BYTES, first.reader(), 1000, 1000);
        first.close();
        Files.write(partial(), noise(3000, 9));
        Files.writeString(partial().resolveSibling("state"), old);
        boolean same = tag.equals("v1") && host.equals("one.example") && size == LENGTH;
        try (RangedFile second = stored()) {
            second.fetch(ranges(1000, 2000));
            byte[] read = bytes(second.reader(), 1000, 1000);
            assertEquals(same, !Arrays.equals(read, Arrays.copyOfRange(BYTES, 1000, 2000)));
            assertEquals(same ? List.of() : List.of("1000-1999"), source.ranges());
            if (!same) {
                assertTrue(Files.size(second.fetched().file()) == 2000, "nothing of the old file is left");
            }
        }
    }

    @Test
    void fileOfWhichNothingArrived_isNotKept() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        stored().close();
        assertFalse(kept());
        RangedFile file = stored();
        source.always(serves(BYTES, "etag", "\"v2\""));
        file.fetch(ranges(0, 10));
        IOException e = assertThrows(IOException.class, () -> bytes(file.reader(), 0, 10));
        assertEquals(Kind.UPSTREAM_CHANGED, problem(e).kind());
        file.close();
        assertFalse(kept());
    }

    private static Problem problem(Throwable e) {
        for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problem;
            }
        }
        throw new AssertionError(e);
    }

    @Test
    void failureOfAReadThatWasNotAnnounced_endsTheFile() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        try (RangedFile file = stored()) {
            source.always(call -> {
                throw new Problem(Kind.NETWORK, "gone");
            });
            IOException e = assertThrows(IOException.class, () -> bytes(file.reader(), 0, 10));
            assertEquals("gone", problem(e).message());
            source.always(serves(BYTES, "etag", "\"v1\""));
            assertThrows(IOException.class, () -> bytes(file.reader(), 100_000, 10));
        }
    }

    @Test
    void internalErrorInATask_endsTheReading() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        try (RangedFile file = stored()) {
            source.always(call -> {
                throw new IllegalStateException("a bug");
            });
            file.fetch(ranges(0, 10));
            IOException e = assertThrows(IOException.class, () -> bytes(file.reader(), 0, 10));
            assertEquals("internal error during the transfer", e.getMessage());
        }
    }

    @Test
    void largeRange_isCutForSeveralConnections_andNotForOne() throws Exception {
        source.always(serves(LARGE, "etag", "\"v1\""));
        for (int connections : new int[] {1, 3}) {
            fixture.segments = uri -> connections;
            RangedFile file = stored(PINNED.withBytes((long) LARGE.length));
            file.fetch(ranges(100, 17 * MIB));
            assertBytes(LARGE, file.reader(), 100, 17 * MIB - 100);
            assertEquals(
                    connections == 1
                            ? List.of("100-" + (17 * MIB - 1))
                            : List.of("100-" + (16 * MIB + 99), (16 * MIB + 100) + "-" + (17 * MIB - 1)),
                    source.ranges().stream().sorted().toList());
            file.discard();
            file.close();
        }
    }

    /** So that a kill loses little. */
    @Test
    void stateOnTheDisk_lacksAMegabyteAtMost() throws Exception {
        source.always(serves(LARGE, "etag", "\"v1\""));
        RangedFile file = stored(PINNED.withBytes((long) LARGE.length));
        Path part = partial();
        Path state = part.resolveSibling("state");
        List<String> missing = new CopyOnWriteArrayList<>();
        source.always(call -> watched(part(call, LARGE, "etag", "\"v1\""), 1 << 16, position -> {
            long saved = Files.exists(state)
                    ? Files.readString(state)
                            .lines()
                            .filter(line -> line.startsWith("range "))
                            .mapToLong(line -> Long.parseLong(line.split(" ")[2]))
                            .max()
                            .orElse(0)
                    : 0;
            if (position - saved > MIB) {
                missing.add(position + " arrived, and " + saved + " are recorded");
            }
        }));
        try (file) {
            file.fetch(ranges(0, 5 * MIB));
            assertBytes(LARGE, file.reader(), 0, 5 * MIB);
        }
        assertEquals(List.of(), missing);
        assertTrue(Files.readString(partial().resolveSibling("state")).contains("range 0 " + 5 * MIB + "\n"));
    }

    @Test
    void fileThatIsClosedByAnInterruptedThread_isKept() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        RangedFile file = stored();
        file.fetch(ranges(0, 1000));
        assertBytes(BYTES, file.reader(), 0, 1000);
        Thread.currentThread().interrupt();
        file.close();
        assertTrue(Thread.interrupted());
        assertTrue(Files.readString(partial().resolveSibling("state")).contains("range 0 1000\n"));
        assertEquals(
                file.key(), "ranges-at-" + Hasher.sha256(URL.toString()).hex().substring(0, 40));
    }

    @Test
    void rangesThatWereRead_areRecordedBeforeTheBagIsPublished() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        try (RangedFile file = stored()) {
            file.fetch(ranges(0, 1000));
            assertBytes(BYTES, file.reader(), 0, 1000);
            file.fetched();
            assertTrue(Files.readString(partial().resolveSibling("state")).contains("range 0 1000\n"));
        }
    }

    @Test
    void closedFile_hasNoRequestsThatStillRun() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        CountDownLatch running = new CountDownLatch(1);
        AtomicBoolean ended = new AtomicBoolean();
        RangedFile file = stored();
        source.always(call -> watched(part(call, BYTES, "etag", "\"v1\""), 100, position -> {
            running.countDown();
            try {
                FetchFixture.await(new CountDownLatch(1));
            } finally {
                ended.set(Thread.currentThread().isInterrupted());
            }
        }));
        file.fetch(ranges(0, 1000));
        FetchFixture.await(running);
        file.close();
        assertTrue(ended.get());
    }

    @Test
    void hostThatSendsMoreThanRequested_isReadToTheEndOfTheRange() throws Exception {
        source.always(call -> response(206, URL, BYTES, (int) call.from(), LENGTH, LENGTH, "etag", "\"v1\""));
        MemoryRanges ranges = read(PINNED.withBytes(null));
        assertEquals("197952-200000", read(ranges));
        ranges.fetch(1000, 2000);
        assertBytes(BYTES, ranges.channel(), 1000, 1000);
        assertEquals(1 + 2048 + 1000, ranges.reader().origin(FetchFixture.NOW).transferred());
        try (RangedFile file = fixture.fetcher().storeRanges(ranges, fixture, fixture.tasks)) {
            file.fetch(ranges(5000, 6000));
            assertBytes(BYTES, file.reader(), 5000, 1000);
            assertEquals(
                    "1000-2000 5000-6000 197952-200000",
                    text(Objects.requireNonNull(file.fetched().ranges()).ranges()));
        }
    }

    @Test
    void failureOfARange_endsTheOthers() throws Exception {
        fixture.segments = uri -> 2;
        source.always(serves(BYTES, "etag", "\"v1\""));
        RangedFile file = stored();
        fixture.spent.set(0);
        CountDownLatch running = new CountDownLatch(1);
        CountDownLatch failed = new CountDownLatch(1);
        source.always(call -> {
            if (call.from() == 0) {
                FetchFixture.await(running);
                throw new Problem(Kind.NETWORK, "gone");
            }
            return watched(part(call, BYTES, "etag", "\"v1\""), 1000, position -> {
                running.countDown();
                FetchFixture.await(failed);
            });
        });
        file.fetch(ranges(0, 10, 100_000, 150_000));
        assertThrows(IOException.class, () -> bytes(file.reader(), 0, 10));
        failed.countDown();
        file.close();
        assertTrue(fixture.spent.get() <= 1000, fixture.spent + " bytes were read after the failure");
    }

    @Test
    void channel_isReadOnly_andRefusesEverythingOnceItIsClosed() throws Exception {
        source.always(serves(BYTES, "etag", "\"v1\""));
        SeekableByteChannel channel = read(PINNED).channel();
        assertTrue(channel.isOpen());
        assertEquals(0, channel.position(LENGTH).read(ByteBuffer.allocate(0)));
        assertEquals(LENGTH, channel.position());
        assertThrows(NonWritableChannelException.class, () -> channel.write(ByteBuffer.allocate(1)));
        assertThrows(NonWritableChannelException.class, () -> channel.truncate(1));
        channel.close();
        assertFalse(channel.isOpen());
        assertThrows(ClosedChannelException.class, () -> channel.read(ByteBuffer.allocate(1)));
        assertThrows(ClosedChannelException.class, () -> channel.position(1));
        assertThrows(ClosedChannelException.class, channel::position);
        assertThrows(ClosedChannelException.class, channel::size);
    }
}
