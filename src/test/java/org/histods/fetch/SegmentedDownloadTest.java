package org.histods.fetch;

import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

/** One large file over several connections, also from hosts that do not handle ranges properly. */
final class SegmentedDownloadTest {

    private static final String AT = "/one.example/a.bin";
    private static final int MIB = 1 << 20;
    private static final byte[] BYTES = noise(33 * MIB, 1);
    private static final byte[] OTHER = noise(33 * MIB, 2);

    @TempDir
    Path temp;

    private PullFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
        fixture.segments = 3;
        fixture.origin.put(AT, BYTES, "\"v1\"");
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static ManifestFile summed(byte[] bytes) throws Problem {
        return plain(pin("a.bin", bytes, "sha256"));
    }

    private void assertPulled(byte[] expected, Puller.Result result) throws IOException {
        assertArrayEquals(expected, Files.readAllBytes(result.bag().ref().data().resolve("a.bin")));
        assertEquals(Map.of(), fixture.files("partial"));
    }

    private List<FakeOrigin.Call> parts() {
        return fixture.origin.calls(AT).stream()
                .filter(call -> call.to(BYTES.length) < BYTES.length)
                .toList();
    }

    /** The requested range of these bytes, whatever the validator in the request. */
    private static void part(FakeOrigin.Call call, OutputStream out, byte[] bytes, String... headers)
            throws IOException {
        int from = (int) call.from();
        int to = (int) call.to(bytes.length);
        String[] all = java.util.Arrays.copyOf(headers, headers.length + 3);
        all[headers.length] = "Content-Length: " + (to - from);
        all[headers.length + 1] = "Content-Range: bytes " + from + "-" + (to - 1) + "/" + bytes.length;
        all[headers.length + 2] = "Accept-Ranges: bytes";
        FakeOrigin.head(out, call.range() == null ? "200 OK" : "206 Partial Content", all);
        out.write(bytes, from, to - from);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void largeFile_isFetchedInRangesAndComplete(boolean stated) throws Exception {
        Puller.Result result = fixture.pull(stated ? summed(BYTES) : plain(bare("a.bin")));
        assertPulled(BYTES, result);
        // Without a checksum, some bytes are requested again and compared.
        int again = stated ? 0 : 1;
        assertEquals(BYTES.length + again * 65_536, result.transferred());
        assertEquals(2 + again, parts().size());
        assertTrue(parts().stream()
                .allMatch(call -> call.from() == 0 || call.headers().containsKey("if-range")));
    }

    /** As some hosts that make their tag of the name and the size. */
    @Test
    void fileThatIsReplacedUnderTheSameTagBetweenSegments_isNoticed_andFetchedFromTheStart() throws Exception {
        CountDownLatch before = new CountDownLatch(2);
        fixture.origin.always(AT, (call, out) -> {
            boolean first = before.getCount() > 0 && call.from() < 32 * MIB;
            part(call, out, first ? BYTES : OTHER, "ETag: \"v1\"");
            before.countDown();
        });
        Puller.Result result = fixture.pull(plain(bare("a.bin")));
        assertPulled(OTHER, result);
        assertEquals("computed", result.bag().fetches().get(0).check());
    }

    @Test
    void hostThatRefusesToSendBytesAgain_hasSentTheFile() throws Exception {
        fixture.origin.always(AT, (call, out) -> {
            if (call.to(BYTES.length) - call.from() < MIB) {
                FakeOrigin.status("403 Forbidden", "no").respond(call, out);
            } else {
                part(call, out, BYTES, "ETag: \"v1\"");
            }
        });
        assertPulled(BYTES, fixture.pull(plain(bare("a.bin"))));
    }

    @Test
    void brokenSegment_isResumedWhereItBroke() throws Exception {
        AtomicBoolean broke = new AtomicBoolean();
        FakeOrigin.ServedFile well = new FakeOrigin.ServedFile(BYTES, "\"v1\"");
        fixture.origin.always(AT, (call, out) -> {
            if (call.from() == 16 * MIB && broke.compareAndSet(false, true)) {
                FakeOrigin.head(
                        out,
                        "206 Partial Content",
                        "ETag: \"v1\"",
                        "Content-Length: " + 16 * MIB,
                        "Content-Range: bytes " + 16 * MIB + "-" + (32 * MIB - 1) + "/" + BYTES.length);
                out.write(BYTES, 16 * MIB, MIB);
                return;
            }
            well.respond(call, out);
        });
        Puller.Result result = fixture.pull(summed(BYTES));
        assertPulled(BYTES, result);
        assertEquals(BYTES.length, result.transferred());
        assertTrue(parts().stream().anyMatch(call -> call.from() == 17 * MIB), parts().toString());
    }

    /** The last segment is of another file, from a host that supports {@code If-Range} and from one that does not. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fileThatIsReplacedBetweenSegments_isFetchedFromTheStart(boolean heeds) throws Exception {
        CountDownLatch before = new CountDownLatch(2);
        fixture.origin.always(AT, (call, out) -> {
            if (before.getCount() > 0 && call.from() < 32 * MIB) {
                part(call, out, BYTES, "ETag: \"v1\"");
                before.countDown();
                return;
            }
            await(before);
            if (heeds) {
                new FakeOrigin.ServedFile(OTHER, "\"v2\"").respond(call, out);
            } else {
                part(call, out, OTHER, "ETag: \"v2\"");
            }
        });
        assertPulled(OTHER, fixture.pull(plain(bare("a.bin"))));
    }

    private static void await(CountDownLatch latch) throws IOException {
        try {
            if (!latch.await(60, TimeUnit.SECONDS)) {
                throw new IOException("the other parts were not asked for");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void laterSegmentsOfAnEarlierRun_ofAFileThatChangedSince_areDeleted() throws Exception {
        fixture.origin.always(AT, (call, out) -> {
            if (call.range() != null && call.from() == 0) {
                FakeOrigin.status("404 Not Found", "away").respond(call, out);
            } else {
                part(call, out, BYTES, "ETag: \"v1\"");
            }
        });
        assertThrows(Problem.class, () -> fixture.pull(plain(bare("a.bin"))));
        fixture.origin.put(AT, OTHER, "\"v2\"");
        assertPulled(OTHER, fixture.pull(plain(bare("a.bin"))));
    }

    @Test
    void rangesWithoutValidator_areNotJoinedWithoutAChecksum() throws Exception {
        fixture.origin.always(AT, (call, out) -> part(call, out, BYTES));
        assertPulled(BYTES, fixture.pull(plain(bare("a.bin"))));
        assertEquals(List.of(), parts());
    }

    @Test
    void hostThatSendsTheWholeFileForARange_isReadInOneResponse() throws Exception {
        fixture.origin.always(AT, (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Accept-Ranges: bytes", "ETag: \"v1\"", "Content-Length: " + BYTES.length);
            out.write(BYTES);
        });
        assertPulled(BYTES, fixture.pull(summed(BYTES)));
    }

    @Test
    void refusedSegment_failsThePullAndKeepsTheOthers() throws Exception {
        AtomicBoolean refuses = new AtomicBoolean(true);
        FakeOrigin.ServedFile well = new FakeOrigin.ServedFile(BYTES, "\"v1\"");
        fixture.origin.always(AT, (call, out) -> {
            if (call.from() == 32 * MIB && refuses.get()) {
                FakeOrigin.status("404 Not Found", "away").respond(call, out);
            } else {
                well.respond(call, out);
            }
        });
        Problem p = assertThrows(Problem.class, () -> fixture.pull(summed(BYTES)));
        assertEquals(Problem.Kind.NETWORK, p.kind());
        assertFalse(p.attempts().isEmpty());
        refuses.set(false);
        Puller.Result result = fixture.pull(summed(BYTES));
        assertPulled(BYTES, result);
        assertEquals(MIB, result.transferred());
    }

    @Test
    void urlThatIsSignedForEachRange_isRequestedFromItsFirstRedirect() throws Exception {
        AtomicBoolean expired = new AtomicBoolean();
        FakeOrigin.ServedFile well = new FakeOrigin.ServedFile(BYTES, "\"v1\"");
        String store = "/store.example/a?X-Amz-Signature=";
        fixture.origin.always(
                AT,
                (call, out) -> FakeOrigin.head(
                        out, "302 Found", "Location: https:/" + store + (expired.get() ? 2 : 1), "Content-Length: 0"));
        fixture.origin.always(store + 1, (call, out) -> {
            if (call.from() == 32 * MIB) {
                expired.set(true);
                FakeOrigin.status("403 Forbidden", "<Error><Code>ExpiredToken</Code></Error>")
                        .respond(call, out);
            } else {
                well.respond(call, out);
            }
        });
        fixture.origin.always(store + 2, well);
        Puller.Result result = fixture.pull(summed(BYTES));
        assertPulled(BYTES, result);
        assertEquals(BYTES.length, result.transferred());
    }
}
