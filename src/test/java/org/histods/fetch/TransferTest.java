package org.histods.fetch;

import static org.histods.testing.ArchiveFixtures.hex;
import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.FetchFixture.await;
import static org.histods.testing.ScriptedSource.breaksAfter;
import static org.histods.testing.ScriptedSource.part;
import static org.histods.testing.ScriptedSource.response;
import static org.histods.testing.ScriptedSource.serves;
import static org.histods.testing.ScriptedSource.watched;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPOutputStream;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.testing.FetchFixture;
import org.histods.testing.ScriptedSource;
import org.histods.transport.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One file from one source, from the first request to the last file handle. */
@Timeout(30)
final class TransferTest {

    private static final URI URL = URI.create("https://one.example/a.bin");
    private static final int MIB = 1 << 20;
    private static final byte[] BYTES = noise(300_000, 1);
    private static final byte[] LARGE = noise(10 * MIB, 2);
    private static final RemoteFile BARE = RemoteFile.of(new FilePath("a.bin"), URL, null, List.of());
    private static final RemoteFile SUMMED =
            BARE.withBytes((long) BYTES.length).withChecksums(FetchFixture.stated(BYTES));
    private static final String[] TAG = {"etag", "\"v1\""};

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

    private long received(RemoteFile file) {
        return fixture.fetcher().received(List.of(fixture.candidate(file)));
    }

    // The result

    @Test
    void fileWithItsChecksum_isVerified_put_andKeptUntilItIsDiscarded() throws Exception {
        source.always(serves(BYTES, TAG));
        Path target = root.resolve("target");
        try (Transfer transfer = fixture.start(SUMMED)) {
            assertSame(SUMMED, transfer.remote());
            FetchedFile fetched = transfer.await();
            assertTrue(fetched.check().verified());
            assertTrue(transfer.verified());
            assertFalse(transfer.joined());
            assertEquals(Optional.empty(), transfer.rejected());
            assertEquals(300_000, fetched.origin().transferred());
            assertEquals(0, fetched.origin().resumes());
            assertEquals(FetchFixture.NOW, fetched.origin().started());
            transfer.put(target, true);
            assertTrue(Files.isExecutable(target));
            assertEquals("sha256-" + Hasher.sha256(BYTES).hex(), transfer.key());
            transfer.closeFile();
        }
        assertArrayEquals(BYTES, Files.readAllBytes(target));
        assertEquals(List.of("0-"), source.ranges());
        assertEquals(300_000, fixture.network.get());
        assertEquals(300_000, fixture.spent.get());
        assertEquals(0, fixture.local.get());
        assertEquals(300_000, received(SUMMED));
        source.forget();
        FetchedFile again = fixture.assertFetched(BYTES, SUMMED);
        assertTrue(again.check().verified());
        assertEquals(0, again.origin().transferred());
        assertEquals(List.of(), source.calls());
        assertEquals(300_000, fixture.local.get());
        assertEquals(List.of("a.bin: resuming at 300 kB of an earlier run"), fixture.notes);
        assertEquals(0, received(SUMMED));
    }

    @Test
    void fileWithoutPublishedChecksum_isNotVerified() throws Exception {
        source.always(serves(BYTES, TAG));
        try (Transfer transfer = fixture.start(BARE)) {
            assertThrows(IllegalStateException.class, () -> transfer.put(root.resolve("target"), false));
            FetchedFile fetched = transfer.await();
            assertFalse(fetched.check().verified());
            assertFalse(transfer.verified());
            transfer.put(root.resolve("target"), false);
            assertFalse(Files.isExecutable(root.resolve("target")));
        }
        assertEquals(300_000, received(BARE));
    }

    @Test
    void wrongBytes_areDeleted_andNamed() throws Exception {
        byte[] wrong = noise(300_000, 3);
        source.always(serves(wrong, TAG));
        try (Transfer transfer = fixture.start(SUMMED)) {
            Problem p = assertThrows(Problem.class, transfer::await);
            assertEquals(Kind.WRONG_BYTES, p.kind());
            assertFalse(p.message().contains("joined from more than one response"), p.message());
            assertTrue(p.message().contains("(300000 bytes from one.example, deleted)"), p.message());
            assertEquals(Optional.of(Hasher.sha256(wrong)), transfer.rejected());
            assertFalse(transfer.verified());
        }
        assertEquals(Optional.empty(), fixture.partial("part"));
        assertEquals(0, received(SUMMED));
    }

    @Test
    void interruptedRun_isContinuedByTheNext() throws Exception {
        source.next(call -> breaksAfter(100_000, part(call, BYTES, TAG)));
        Problem p = fixture.assertFails(SUMMED);
        assertEquals(Kind.NETWORK, p.kind());
        assertEquals(100_000, received(SUMMED));
        source.always(serves(BYTES, TAG));
        source.forget();
        fixture.network.set(0);
        fixture.notes.clear();
        try (Transfer transfer = fixture.start(SUMMED)) {
            FetchedFile fetched = transfer.await();
            assertTrue(transfer.joined());
            assertEquals(300_000 - 100_000, fetched.origin().transferred());
            assertEquals(1 + 1, fetched.origin().resumes());
        }
        assertEquals(List.of("100000-"), source.ranges());
        assertEquals("\"v1\"", source.calls().get(0).ifRange());
        assertEquals(100_000, fixture.local.get());
        assertEquals(300_000 - 100_000, fixture.network.get());
        assertEquals(List.of("a.bin: resuming at 100 kB of an earlier run"), fixture.notes);
    }

    @Test
    void wrongBytesOfTwoResponses_areSaidToBeJoined() throws Exception {
        source.next(call -> breaksAfter(100_000, part(call, noise(300_000, 3), TAG)));
        source.always(serves(BYTES, TAG));
        Problem p = fixture.assertFails(SUMMED);
        assertEquals(Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("joined from more than one response"), p.message());
        assertEquals(Optional.empty(), fixture.partial("part"));
    }

    /** The state says nothing of them. */
    @Test
    void bytesOfAnUnusablePartial_areNotPartOfTheNextFile() throws Exception {
        source.next(call -> breaksAfter(200_000, part(call, BYTES, TAG)));
        fixture.assertFails(BARE);
        Files.writeString(fixture.partial("state").orElseThrow(), "");
        source.always(serves(Arrays.copyOf(BYTES, 1000)));
        fixture.assertFetched(Arrays.copyOf(BYTES, 1000), BARE);
    }

    /** Nobody gets the same bytes again, so that a header of this response proves nothing to others. */
    @Test
    void archiveThatTheHostMakesForEachRequest_isNotVerifiedByAHeader() throws Exception {
        String md5 = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex("md5", BYTES)));
        source.always(serves(BYTES, "content-md5", md5));
        RemoteFile made =
                new RemoteFile(BARE.path(), BARE.uris(), null, List.of(), false, new RemoteFile.Slice("*", "", null));
        assertFalse(fixture.assertFetched(BYTES, made).check().verified());
        assertTrue(fixture.assertFetched(BYTES, BARE).check().verified());
    }

    @Test
    void fileThatNothingCanShowToBeTheSameLater_isNotKept() throws Exception {
        source.always(serves(BYTES));
        try (Transfer transfer = fixture.start(BARE)) {
            transfer.await();
        }
        assertEquals(Optional.empty(), fixture.partial("part"));
    }

    // Responses

    @Test
    void bytesOfAnyPieces_areWrittenOnce_inOneRequest() throws Exception {
        for (int most : new int[] {1, 511, 512, 513, 8191, 8192, 8193, 100_000, 1 << 20}) {
            source.forget();
            fixture.network.set(0);
            fixture.spent.set(0);
            source.always(call -> watched(part(call, BYTES, TAG), most, position -> {}));
            fixture.assertFetched(BYTES, SUMMED);
            assertEquals(List.of("0-"), source.ranges());
            assertEquals(300_000, fixture.network.get());
            assertEquals(300_000, fixture.spent.get());
            assertEquals(List.of(), fixture.notes);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 511, 512, 513, 8191, 8192, 8704, 262_144, 262_656, 262_657})
    void fileOfAnyLength_isWrittenInOneRequest(int length) throws Exception {
        byte[] bytes = Arrays.copyOf(BYTES, length);
        source.always(serves(bytes, TAG));
        fixture.assertFetched(bytes, BARE);
        assertEquals(List.of("0-"), source.ranges());
    }

    @Test
    void emptyFile_isTheFileIfItsSizeIsPublished_andNothingElse() throws Exception {
        source.always(serves(new byte[0], TAG));
        Problem p = fixture.assertFails(BARE);
        assertEquals(Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("an empty response"), p.message());
        fixture.assertFetched(new byte[0], BARE.withBytes(0L));
    }

    /** The stream fails once, and would go on with other bytes. */
    @Test
    void bytesBeforeABreak_areKept_andNoneAfterIt() throws Exception {
        AtomicBoolean broke = new AtomicBoolean();
        source.next(call -> watched(part(call, BYTES, TAG), 8192, position -> {
            if (position >= 100_000 && broke.compareAndSet(false, true)) {
                throw new IOException("reset");
            }
        }));
        source.always(serves(BYTES, TAG));
        FetchedFile fetched = fixture.assertFetched(BYTES, SUMMED);
        assertEquals(List.of("0-", "107008-"), source.ranges());
        assertEquals(1, fetched.origin().resumes());
        assertEquals(List.of("a.bin: the connection broke at 107 kB (reset), reconnecting"), fixture.notes);
        assertEquals(List.of(1), fixture.pauses);
    }

    @Test
    void responseLongerThanThePublishedSize_isRefused() throws Exception {
        byte[] longer = Arrays.copyOf(BYTES, 300_001);
        source.always(call -> response(200, URL, longer, 0, 300_001, -1, TAG));
        Problem p = fixture.assertFails(BARE.withBytes(300_000L));
        assertEquals(Kind.UPSTREAM_CHANGED, p.kind());
        assertTrue(p.message().contains("longer than the stated 300000 bytes"), p.message());
        assertTrue(Files.size(fixture.partial("part").orElseThrow()) <= 300_000);
    }

    @Test
    void webPage_isNotTheFile_andNotKept() throws Exception {
        byte[] page = Arrays.copyOf("<!doctype html><title>Log in</title>".getBytes(StandardCharsets.UTF_8), 3000);
        source.always(serves(page, TAG));
        assertEquals(Kind.WRONG_BYTES, fixture.assertFails(BARE).kind());
        assertEquals(Optional.empty(), fixture.partial("part"));
    }

    @Test
    void compressedBody_isUndoneIfThePublishedFileIsNotCompressed() throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(BYTES);
        }
        byte[] body = packed.toByteArray();
        source.always(
                call -> response(200, URL, body, 0, body.length, -1, "etag", "\"v1\"", "content-encoding", "gzip"));
        FetchedFile fetched = fixture.assertFetched(BYTES, SUMMED);
        assertEquals("gzip", fetched.origin().decoded());
        assertEquals(body.length, fetched.origin().transferred());
        assertEquals(body.length, fixture.spent.get());
        assertEquals(Optional.empty(), fixture.partial("aside"));
    }

    @Test
    void overlapThatDiffers_isNotJoined() throws Exception {
        source.next(call -> breaksAfter(100_000, part(call, BYTES, TAG)));
        source.always(serves(noise(300_000, 3), TAG));
        Problem p = fixture.assertFails(BARE);
        assertEquals(Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("changed at the host during the download"), p.message());
        assertEquals("34464-", source.ranges().get(1));
        assertEquals(Optional.empty(), fixture.partial("part"));
    }

    @Test
    void overlapThatIsTheSame_isNotCountedAgain() throws Exception {
        source.next(call -> breaksAfter(100_000, part(call, BYTES, TAG)));
        source.always(serves(BYTES, TAG));
        FetchedFile fetched = fixture.assertFetched(BYTES, BARE);
        assertEquals(300_000, fixture.network.get());
        assertEquals(300_000 + 65_536, fetched.origin().transferred());
    }

    // The state on the disk

    private static long recorded(String state) {
        return state.lines()
                .filter(line -> line.startsWith("range 0 "))
                .mapToLong(line -> Long.parseLong(line.split(" ")[2]))
                .max()
                .orElse(0);
    }

    /** So that a kill loses little. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void stateOnTheDisk_isThereFromTheStart_andLacksAMegabyteAtMost(boolean sized) throws Exception {
        byte[] bytes = Arrays.copyOf(LARGE, 5 * MIB);
        List<String> missing = new CopyOnWriteArrayList<>();
        AtomicInteger states = new AtomicInteger();
        AtomicLong last = new AtomicLong(-1);
        source.always(call -> {
            Response whole = response(200, URL, bytes, 0, bytes.length, sized ? bytes.length : -1, TAG);
            return watched(whole, 1000, position -> {
                if (position < 1000) {
                    return;
                }
                Optional<Path> state = fixture.partial("state");
                long saved = state.isPresent() ? recorded(Files.readString(state.get())) : -1;
                if (saved < 0 || position - saved > MIB + (1 << 18)) {
                    missing.add(position + " arrived, and " + saved + " are recorded");
                }
                if (last.getAndSet(saved) != saved) {
                    states.incrementAndGet();
                }
            });
        });
        try (Transfer transfer = fixture.start(BARE)) {
            transfer.await();
            assertTrue(Files.readString(fixture.partial("state").orElseThrow()).contains("range 0 " + 5 * MIB + " "));
        }
        assertEquals(List.of(), missing);
        assertTrue(states.get() < 5000, states + " states were written for " + 5 * MIB / 1000 + " pieces");
    }

    // The end

    @Test
    void useOfATransferThatIsAborted_isItsReason_andWhatArrivedIsKept() throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        source.always(call -> watched(part(call, BYTES, TAG), 1000, position -> {
            if (position > 150_000) {
                half.countDown();
                await(go);
            }
        }));
        Problem why = new Problem(Kind.USAGE, "the archive cannot be unpacked");
        try (Transfer transfer = fixture.start(SUMMED);
                SeekableByteChannel reader = transfer.reader()) {
            await(half);
            reader.position(299_999);
            transfer.abort(why);
            IOException e = assertThrows(IOException.class, () -> reader.read(ByteBuffer.allocate(1)));
            assertTrue(String.valueOf(e.getMessage()).contains("cannot be unpacked"), e.getMessage());
            go.countDown();
            assertSame(why, assertThrows(Problem.class, transfer::await));
        }
        assertTrue(received(SUMMED) > 140_000, received(SUMMED) + " bytes are kept");
        assertTrue(received(SUMMED) < 160_000, received(SUMMED) + " bytes are kept");
        assertEquals(1, source.calls().size());
    }

    @Test
    void abortedTransfer_makesNoFurtherRequest() throws Exception {
        Problem why = new Problem(Kind.USAGE, "the archive cannot be unpacked");
        AtomicReference<Transfer> running = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        source.always(call -> {
            await(started);
            return breaksAfter(1000, part(call, BYTES, TAG));
        });
        fixture.inPause = () -> Objects.requireNonNull(running.get()).abort(why);
        try (Transfer transfer = fixture.start(SUMMED)) {
            running.set(transfer);
            started.countDown();
            assertSame(why, assertThrows(Problem.class, transfer::await));
        }
        assertEquals(1, source.calls().size());
    }

    @Test
    void abortedTransfer_readsNoMoreOfACompressedBody() throws Exception {
        Problem why = new Problem(Kind.USAGE, "the archive cannot be unpacked");
        AtomicReference<Transfer> running = new AtomicReference<>();
        CountDownLatch started = new CountDownLatch(1);
        source.always(call -> watched(part(call, LARGE, "content-encoding", "gzip"), 1 << 13, position -> {
            await(started);
            if (position > MIB) {
                Objects.requireNonNull(running.get()).abort(why);
            }
        }));
        try (Transfer transfer = fixture.start(BARE)) {
            running.set(transfer);
            started.countDown();
            assertSame(why, assertThrows(Problem.class, transfer::await));
        }
        assertTrue(fixture.spent.get() < 2 * MIB, fixture.spent + " bytes were read");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void transferThatIsClosedBeforeItsEnd_keepsWhatArrived(boolean interrupted) throws Exception {
        CountDownLatch half = new CountDownLatch(1);
        source.next(call -> watched(part(call, BYTES, TAG), 1000, position -> {
            if (position > 150_000) {
                half.countDown();
                await(new CountDownLatch(1));
            }
        }));
        Transfer transfer = fixture.start(SUMMED);
        await(half);
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        transfer.close();
        assertEquals(interrupted, Thread.interrupted());
        assertTrue(received(SUMMED) > 100_000, received(SUMMED) + " bytes are kept");
        source.always(serves(BYTES, TAG));
        fixture.assertFetched(BYTES, SUMMED);
        assertTrue(source.calls().get(1).from() > 100_000, source.ranges().toString());
    }

    // The tail

    /** As the unpacker of a zip does, whose directory is at its end. */
    @Test
    void endOfAFileThatAReaderWaitsFor_isFetchedBeforeTheRest() throws Exception {
        byte[] bytes = LARGE;
        CountDownLatch tail = new CountDownLatch(1);
        source.next(call -> watched(part(call, bytes, TAG), 1 << 16, position -> {
            if (position >= MIB) {
                await(tail);
            }
        }));
        source.always(serves(bytes, TAG));
        RemoteFile file = BARE.withChecksums(FetchFixture.stated(bytes));
        try (Transfer transfer = fixture.start(file);
                SeekableByteChannel reader = transfer.reader()) {
            int from = 10 * MIB - 3 * MIB;
            ByteBuffer target = ByteBuffer.allocate(3 * MIB);
            reader.position(from);
            while (target.hasRemaining() && reader.read(target) >= 0) {}
            assertArrayEquals(Arrays.copyOfRange(bytes, from, 10 * MIB), target.array());
            tail.countDown();
            FetchedFile fetched = transfer.await();
            assertTrue(fetched.check().verified());
            assertEquals(13 * MIB, fetched.origin().transferred());
            assertTrue(transfer.joined());
        }
        assertEquals(List.of("0-", "7340032-8388607", "8388608-10485759"), source.ranges());
        assertEquals(10 * MIB, fixture.network.get());
    }

    /** As some hosts that make their tag of the name and the size; nothing else would show it. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fileThatIsReplacedUnderTheSameTag_beforeItsEndIsFetched_isNoticed(boolean secondUrl) throws Exception {
        byte[] other = noise(LARGE.length, 4);
        CountDownLatch tail = new CountDownLatch(1);
        source.next(call -> watched(part(call, LARGE, TAG), 1 << 16, position -> {
            if (position >= MIB) {
                await(tail);
            }
        }));
        source.next(serves(other, TAG));
        source.always(serves(LARGE, TAG));
        URI second = URI.create("https://one.example/again/a.bin");
        List<URI> uris = secondUrl ? List.of(URL, second) : List.of(URL);
        RemoteFile file = new RemoteFile(BARE.path(), uris, null, List.of(), false, null);
        try (Transfer transfer = fixture.start(file);
                SeekableByteChannel reader = transfer.reader()) {
            reader.position(10 * MIB - 1000);
            ByteBuffer target = ByteBuffer.allocate(1000);
            assertEquals(1000, reader.read(target));
            assertArrayEquals(Arrays.copyOfRange(other, 10 * MIB - 1000, 10 * MIB), target.array());
            tail.countDown();
            Problem p = assertThrows(Problem.class, transfer::await);
            assertEquals(Kind.WRONG_BYTES, p.kind());
            assertTrue(p.message().contains("changed at the host during the download"), p.message());
            assertTrue(transfer.joined(), "so that it is fetched from the start");
        }
        assertEquals(Optional.empty(), fixture.partial("part"));
    }
}
