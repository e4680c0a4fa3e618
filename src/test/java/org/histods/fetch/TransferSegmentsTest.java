package org.histods.fetch;

import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.FetchFixture.await;
import static org.histods.testing.ScriptedSource.breaksAfter;
import static org.histods.testing.ScriptedSource.part;
import static org.histods.testing.ScriptedSource.response;
import static org.histods.testing.ScriptedSource.serves;
import static org.histods.testing.ScriptedSource.watched;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.testing.FetchFixture;
import org.histods.testing.ScriptedSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One large file over several connections: in which ranges, and what ends them. */
@Timeout(30)
final class TransferSegmentsTest {

    private static final URI URL = URI.create("https://one.example/a.bin");
    private static final int MIB = 1 << 20;
    private static final byte[] LARGE = noise(33 * MIB, 2);
    private static final RemoteFile BARE = RemoteFile.of(new FilePath("a.bin"), URL, null, List.of());
    private static final String[] TAG = {"etag", "\"v1\""};
    private static final RemoteFile LARGE_SUMMED =
            BARE.withBytes((long) LARGE.length).withChecksums(FetchFixture.stated(LARGE));
    private static final String[] RANGES = {"etag", "\"v1\"", "accept-ranges", "bytes"};
    private static final List<String> THREE =
            List.of("0-" + (16 * MIB - 1), 16 * MIB + "-" + (32 * MIB - 1), 32 * MIB + "-" + (33 * MIB - 1));

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

    private List<String> segments() {
        return source.ranges().stream()
                .filter(range -> !range.equals("0-"))
                .sorted()
                .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void largeFile_isFetchedInSegments_andNothingTwice(boolean summed) throws Exception {
        fixture.segments = uri -> 2;
        source.always(serves(LARGE, RANGES));
        FetchedFile fetched = fixture.assertFetched(LARGE, summed ? LARGE_SUMMED : BARE);
        List<String> expected = new ArrayList<>(THREE);
        if (!summed) {
            // Without a checksum, some bytes are requested again and compared.
            expected.add((16 * MIB - 65_536) + "-" + (16 * MIB - 1));
        }
        assertEquals(expected.stream().sorted().toList(), segments());
        assertEquals(0, fixture.connections.get());
        assertEquals(LARGE.length, fixture.network.get());
        assertEquals(LARGE.length + (summed ? 0 : 65_536), fetched.origin().transferred());
        assertEquals(0, fetched.origin().resumes());
    }

    @Test
    void requestsOfALargeFile_areOneForEachSegment() {
        assertEquals(3, Fetcher.requests(32L * MIB + 1, 2));
        assertEquals(3, Fetcher.requests(48L * MIB, 2));
        assertEquals(4, Fetcher.requests(48L * MIB + 1, 2));
        assertEquals(1, Fetcher.requests(32L * MIB, 2));
        assertEquals(1, Fetcher.requests(48L * MIB, 1));
    }

    private void assertOneRequest(byte[] bytes, RemoteFile file, ScriptedSource.Script script) throws Exception {
        source.forget();
        source.always(script);
        fixture.assertFetched(bytes, file);
        assertEquals(List.of("0-"), source.ranges());
    }

    @Test
    void file_isFetchedInOneResponse_unlessSeveralAreBetterAndSafe() throws Exception {
        fixture.segments = uri -> 2;
        byte[] small = Arrays.copyOf(LARGE, 32 * MIB);
        assertOneRequest(small, BARE, serves(small, RANGES));
        assertOneRequest(LARGE, BARE, serves(LARGE, TAG));
        assertOneRequest(LARGE, BARE, serves(LARGE, "accept-ranges", "bytes"));
        assertOneRequest(LARGE, BARE, serves(LARGE, "etag", "\"v1\"", "accept-ranges", "none"));
        fixture.segments = uri -> 0;
        assertOneRequest(LARGE, BARE, serves(LARGE, RANGES));
    }

    @Test
    void hostThatIsRedirectedTo_limitsTheConnectionsToo() throws Exception {
        fixture.segments = uri -> uri.equals(URL) ? 2 : 1;
        URI store = URI.create("https://store.example/a.bin");
        source.always(call -> response(200, store, LARGE, 0, LARGE.length, LARGE.length, RANGES));
        fixture.assertFetched(LARGE, BARE);
        assertEquals(List.of("0-"), source.ranges());
    }

    @Test
    void segmentThatBreaks_isResumedWhereItBroke() throws Exception {
        fixture.segments = uri -> 2;
        AtomicBoolean broke = new AtomicBoolean();
        source.always(call -> call.from() == 16 * MIB && broke.compareAndSet(false, true)
                ? breaksAfter(100_000, part(call, LARGE, RANGES))
                : part(call, LARGE, RANGES));
        FetchedFile fetched = fixture.assertFetched(LARGE, LARGE_SUMMED);
        assertTrue(
                source.ranges().contains((16 * MIB + 100_000) + "-" + (32 * MIB - 1)),
                source.ranges().toString());
        assertEquals(1, fetched.origin().resumes());
        assertEquals(LARGE.length, fetched.origin().transferred());
        assertEquals(List.of(1), fixture.pauses);
    }

    @Test
    void segmentThatAlwaysBreaks_fails_afterAsManyTriesAsOtherDownloads() throws Exception {
        fixture.segments = uri -> 2;
        source.always(call ->
                call.from() == 16 * MIB ? breaksAfter(0, part(call, LARGE, RANGES)) : part(call, LARGE, RANGES));
        Problem p = fixture.assertFails(LARGE_SUMMED);
        assertEquals(Kind.NETWORK, p.kind());
        assertTrue(p.message().contains("without a new byte"), p.message());
        assertEquals(0, fixture.connections.get());
        assertTrue(source.calls().size() < 60, source.ranges().toString());
    }

    @Test
    void hostThatSendsOtherRangesThanRequested_isReadInOneResponse() throws Exception {
        for (int shift : new int[] {-1, 1}) {
            source.forget();
            fixture.segments = uri -> 2;
            source.always(call -> {
                if (call.to() < 0) {
                    return part(call, LARGE, RANGES);
                }
                int from = (int) call.from() + shift;
                return from < 0
                        ? part(call, LARGE, RANGES)
                        : response(206, URL, LARGE, from, (int) call.to() + 1, LARGE.length, RANGES);
            });
            fixture.assertFetched(LARGE, LARGE_SUMMED);
        }
        source.forget();
        source.always(call -> response(200, URL, LARGE, 0, LARGE.length, LARGE.length, RANGES));
        fixture.assertFetched(LARGE, LARGE_SUMMED);
    }

    @Test
    void segmentOfAnotherVersion_isNotJoined() throws Exception {
        fixture.segments = uri -> 2;
        source.always(call ->
                part(call, LARGE, "accept-ranges", "bytes", "etag", call.from() < 32 * MIB ? "\"v1\"" : "\"v2\""));
        Problem p = fixture.assertFails(BARE);
        assertEquals(Kind.WRONG_BYTES, p.kind());
        assertEquals(Optional.empty(), fixture.partial("part"));
    }

    @Test
    void failureOfASegment_endsTheOthersBeforeTheirNext() throws Exception {
        fixture.segments = uri -> 2;
        source.always(call -> {
            if (call.from() == 0 && call.to() >= 0) {
                throw new Problem(Kind.NETWORK, "gone");
            }
            return call.from() == 16 * MIB
                    ? watched(part(call, LARGE, RANGES), MIB, position -> await(fixture.oneEnded))
                    : part(call, LARGE, RANGES);
        });
        Problem p = fixture.assertFails(LARGE_SUMMED);
        assertEquals("gone", p.message());
        assertEquals(0, fixture.connections.get());
        assertFalse(source.ranges().contains(THREE.get(2)), source.ranges().toString());
    }
}
