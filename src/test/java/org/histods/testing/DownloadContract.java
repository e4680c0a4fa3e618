package org.histods.testing;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.histods.concurrent.TaskExecutor;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.fetch.FetchCandidate;
import org.histods.fetch.FetchListener;
import org.histods.fetch.FetchSettings;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.Fetcher;
import org.histods.fetch.Transfer;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Contract of the downloads of every kind of source, through the kind's own {@code open} and the real fetcher: whatever
 * a host responds, the result is the whole file or a problem.
 */
abstract class DownloadContract {

    private static final String TAG = "\"one\"";
    private static final int HALF = 100_000;

    @TempDir
    Path mirror;

    private final byte[] body = new byte[2 * HALF];
    private @Nullable FakeOrigin origin;
    private @Nullable Transport wire;

    /** A remote file that the kind lists without a request; null for kinds that download nothing. */
    abstract @Nullable FetchCandidate aFile() throws Problem;

    /** What the kind's hosts send beside the bytes of a file. */
    public List<String> headersOfData() {
        return List.of();
    }

    @BeforeEach
    void openOrigin() throws IOException {
        new Random(7).nextBytes(body);
        origin = new FakeOrigin();
        wire = TestTransports.to(origin.port(), 3);
    }

    @AfterEach
    void closeOrigin() throws IOException {
        wire().close();
        origin().close();
    }

    private FakeOrigin origin() {
        return java.util.Objects.requireNonNull(origin);
    }

    private Transport wire() {
        return java.util.Objects.requireNonNull(wire);
    }

    /** The file with the size, or without, and the checksum of the bytes that it ought to have. */
    private FetchCandidate due(boolean sized) throws Problem {
        FetchCandidate listed = aFile();
        assumeTrue(listed != null);
        RemoteFile file = java.util.Objects.requireNonNull(listed).file();
        Hasher hasher = Hasher.of(Set.of(), body.length);
        hasher.update(body, 0, body.length);
        Checksum checksum = java.util.Objects.requireNonNull(hasher.finish().get(Algorithm.SHA256));
        return new FetchCandidate(
                listed.source(),
                listed.record(),
                new RemoteFile(
                        file.path(),
                        file.uris(),
                        sized ? (long) body.length : null,
                        List.of(new Stated(checksum, "P")),
                        false,
                        null));
    }

    private FetchedFile fetched(boolean sized) throws Problem {
        return fetched(due(sized));
    }

    private FetchedFile fetched(FetchCandidate candidate) throws Problem {
        Mirror place = new Mirror(mirror, OwnerProcess.self("test"), true, Clock.systemUTC());
        place.check();
        FetchSettings settings = new FetchSettings(uri -> 1, FetchSettings.Rate.unlimited(), tries -> {});
        try (TaskExecutor tasks = new TaskExecutor("test");
                Transfer transfer = new Fetcher(place, wire(), settings, Clock.systemUTC())
                        .start(
                                candidate,
                                new FetchListener() {
                                    @Override
                                    public void bytes(long count, boolean overNetwork) {}

                                    @Override
                                    public void note(String text) {}
                                },
                                tasks)) {
            FetchedFile file = transfer.await();
            assertArrayEquals(body, Files.readAllBytes(file.file()));
            return file;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private void nothingIsKept() throws IOException {
        try (Stream<Path> below = Files.walk(mirror)) {
            assertEquals(
                    List.of(),
                    below.filter(p -> String.valueOf(p.getFileName()).equals("part"))
                            .toList());
        }
    }

    private void send(OutputStream out, String status, int from, int to, String... headers) throws IOException {
        String[] own = headersOfData().toArray(String[]::new);
        String[] all = Arrays.copyOf(headers, headers.length + own.length + 1);
        System.arraycopy(own, 0, all, headers.length, own.length);
        all[all.length - 1] = "ETag: " + TAG;
        FakeOrigin.head(out, status, all);
        out.write(body, from, to - from);
        out.flush();
    }

    /** The start of a good response, up to that byte. */
    private FakeOrigin.Script until(int end) {
        return (call, out) -> {
            int from = (int) call.from();
            int to = (int) call.to(body.length);
            String length = "Content-Length: " + (to - from);
            if (call.range() == null) {
                send(out, "200 OK", 0, Math.min(end, body.length), length, "Accept-Ranges: bytes");
            } else {
                String range = "Content-Range: bytes " + from + "-" + (to - 1) + "/" + body.length;
                send(out, "206 Partial Content", from, Math.max(from, Math.min(end, to)), length, range);
            }
        };
    }

    private FakeOrigin.Script well() {
        return until(body.length);
    }

    /** One after the other; the last one stays. */
    private static FakeOrigin.Script inTurn(FakeOrigin.Script... scripts) {
        java.util.concurrent.atomic.AtomicInteger count = new java.util.concurrent.atomic.AtomicInteger();
        return (call, out) -> scripts[Math.min(scripts.length - 1, count.getAndIncrement())].respond(call, out);
    }

    private static FakeOrigin.Script redirectTo(String address) {
        return (call, out) -> FakeOrigin.head(out, "302 Found", "Location: " + address, "Content-Length: 0");
    }

    @Test
    void wholeFile_comesAndIsVerified() throws Exception {
        origin().everywhere(well());

        assertTrue(fetched(true).check().verified());
    }

    @Test
    void missingLength_isAccepted() throws Exception {
        origin().everywhere((call, out) -> send(out, "200 OK", 0, body.length));

        assertEquals(body.length, fetched(false).bytes());
    }

    @Test
    void connectionThatClosesEarly_isResumedWhereItBroke() throws Exception {
        origin().everywhere(inTurn(until(HALF), well()));

        assertEquals(1, fetched(true).origin().resumes());
        assertEquals(HALF, origin().calls().get(origin().calls().size() - 1).from());
    }

    @Test
    void endWithoutALengthBeforeTheEnd_isNotTakenForTheWhole() throws Exception {
        origin().everywhere((call, out) -> send(out, "200 OK", 0, HALF));
        FetchCandidate due = due(false);

        assertEquals(
                Kind.WRONG_BYTES,
                assertThrows(Problem.class, () -> fetched(due)).kind());
        nothingIsKept();
    }

    @Test
    void rangeThatIsIgnored_isReadFromTheStart() throws Exception {
        origin().everywhere(inTurn(
                until(HALF), (call, out) -> send(out, "200 OK", 0, body.length, "Content-Length: " + body.length)));

        assertTrue(fetched(true).check().verified());
    }

    @Test
    void signedUrlThatExpiresMeanwhile_isRenewed() throws Exception {
        String store = "https://store.example/object?X-Amz-Signature=";
        origin().everywhere(inTurn(redirectTo(store + "1"), redirectTo(store + "1"), redirectTo(store + "2")));
        origin().always(
                        "/store.example/object?X-Amz-Signature=1",
                        inTurn(
                                until(HALF),
                                FakeOrigin.status("403 Forbidden", "<Error><Code>ExpiredToken</Code></Error>")));
        origin().always("/store.example/object?X-Amz-Signature=2", well());

        FetchedFile file = fetched(true);

        assertTrue(file.check().verified());
        assertFalse(String.valueOf(file.origin().answered()).contains("Signature"));
        assertEquals(
                HALF,
                origin().calls("/store.example/object?X-Amz-Signature=2").get(0).from());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void pageInPlaceOfTheFile_isNeverKept(boolean sized) throws Exception {
        origin().everywhere(FakeOrigin.status("200 OK", "<!doctype html><html><title>Log in</title></html>"));
        FetchCandidate due = due(sized);

        Problem problem = assertThrows(Problem.class, () -> fetched(due));

        assertTrue(problem.message().contains("page"), problem.message());
        nothingIsKept();
    }

    @ParameterizedTest
    @ValueSource(strings = {"200 OK", "202 Accepted", "204 No Content"})
    void emptyResponse_isNoFile(String status) throws Exception {
        origin().everywhere((call, out) -> send(out, status, 0, 0, "Content-Length: 0"));
        FetchCandidate due = due(false);

        assertThrows(Problem.class, () -> fetched(due));
        nothingIsKept();
    }
}
