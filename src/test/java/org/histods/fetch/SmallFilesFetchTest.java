package org.histods.fetch;

import static org.histods.testing.ArchiveFixtures.hex;
import static org.histods.testing.ArchiveFixtures.noise;
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

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.testing.FetchFixture;
import org.histods.testing.ScriptedSource;
import org.histods.transport.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small file is taken from one response only if everything about it is right; else it is left to a transfer. */
final class SmallFilesFetchTest {

    private static final URI URL = URI.create("https://one.example/a.bin");
    private static final URI SECOND = URI.create("https://one.example/again/a.bin");
    private static final byte[] BYTES = noise(3000, 1);
    private static final String[] TAG = {"etag", "\"v1\""};
    private static final RemoteFile FILE = file(BYTES, URL);

    @TempDir
    Path root;

    private FetchFixture fixture;
    private ScriptedSource source;

    @BeforeEach
    void open() {
        fixture = new FetchFixture(root);
        source = fixture.source;
        source.always(serves(BYTES, TAG));
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private static RemoteFile file(byte[] bytes, URI... uris) {
        List<Stated> checksums = FetchFixture.stated(bytes);
        return new RemoteFile(new FilePath("a.bin"), List.of(uris), (long) bytes.length, checksums, false, null);
    }

    private SmallFiles files() throws Problem {
        return fixture.fetcher().smallFiles("toy", fixture);
    }

    private Optional<FetchedFile> fetch(RemoteFile file) throws Problem {
        try (SmallFiles files = files()) {
            Optional<FetchedFile> fetched = files.fetch(fixture.candidate(file));
            files.discard();
            return fetched;
        }
    }

    private void assertLeft(ScriptedSource.Script script) throws Exception {
        source.always(script);
        try (SmallFiles files = files()) {
            assertEquals(Optional.empty(), files.fetch(fixture.candidate(FILE)));
        }
        assertEquals(0, kept());
        assertEquals(0, fixture.network.get());
    }

    private long kept() throws IOException {
        try (Stream<Path> list = Files.list(fixture.partial("files").orElseThrow())) {
            return list.count();
        }
    }

    @Test
    void fileIsSmall_ifItsSizeAndAChecksumArePublished() {
        FetchCandidate candidate = fixture.candidate(FILE);
        assertTrue(SmallFiles.has(candidate));
        assertTrue(SmallFiles.has(fixture.candidate(FILE.withBytes(1L))));
        assertTrue(SmallFiles.has(fixture.candidate(FILE.withBytes(SmallFiles.MOST))));
        assertFalse(SmallFiles.has(fixture.candidate(FILE.withBytes(SmallFiles.MOST + 1))));
        assertFalse(SmallFiles.has(fixture.candidate(FILE.withBytes(0L))));
        assertFalse(SmallFiles.has(fixture.candidate(FILE.withBytes(null))));
        assertFalse(SmallFiles.has(fixture.candidate(FILE.withChecksums(List.of()))));
        assertFalse(SmallFiles.has(new FetchCandidate(source, "record", FILE, "a.bin")));
        RemoteFile.Slice slice = new RemoteFile.Slice("*", "", null);
        assertFalse(SmallFiles.has(fixture.candidate(
                new RemoteFile(FILE.path(), FILE.uris(), FILE.bytes(), FILE.checksums(), false, slice))));
    }

    @Test
    void rightFile_isFetchedWithOneRequest_andPut() throws Exception {
        Path target = root.resolve("target");
        try (SmallFiles files = files()) {
            FetchedFile fetched = files.fetch(fixture.candidate(FILE)).orElseThrow();
            assertTrue(fetched.check().verified());
            assertEquals(Hasher.sha256(BYTES), fetched.sha256());
            assertEquals(3000, fetched.bytes());
            assertEquals(3000, fetched.origin().transferred());
            assertEquals(0, fetched.origin().resumes());
            assertEquals(
                    Map.of("etag", "\"v1\""),
                    Objects.requireNonNull(fetched.origin().response()).headers());
            files.bytes(fixture.candidate(FILE)).put(target, true);
            assertEquals(Fetcher.smallFilesKey("toy"), files.key());
        }
        assertArrayEquals(BYTES, Files.readAllBytes(target));
        assertTrue(Files.isExecutable(target));
        assertEquals(List.of("0-"), source.ranges());
        assertEquals(3000, fixture.network.get());
        assertEquals(3000, fixture.spent.get());
    }

    @Test
    void fileOfAnEarlierRun_isTakenWithoutARequest_ifItIsRight() throws Exception {
        try (SmallFiles files = files()) {
            files.fetch(fixture.candidate(FILE));
        }
        source.forget();
        try (SmallFiles files = files()) {
            FetchedFile fetched = files.fetch(fixture.candidate(FILE)).orElseThrow();
            assertTrue(fetched.check().verified());
            assertEquals(0, fetched.origin().transferred());
            assertEquals(1, fetched.origin().resumes());
        }
        assertEquals(List.of(), source.calls());
        assertEquals(3000, fixture.local.get());
    }

    @Test
    void fileOfAnEarlierRun_isFetchedAgainIfItIsWrong() throws Exception {
        for (byte[] wrong : List.of(noise(3000, 2), new byte[0], Arrays.copyOf(BYTES, 3001))) {
            try (SmallFiles files = files()) {
                files.fetch(fixture.candidate(FILE));
            }
            try (Stream<Path> list = Files.list(fixture.partial("files").orElseThrow())) {
                Path left = list.findFirst().orElseThrow();
                Files.delete(left);
                Files.write(left, wrong);
            }
            source.forget();
            fixture.local.set(0);
            try (SmallFiles files = files()) {
                FetchedFile fetched = files.fetch(fixture.candidate(FILE)).orElseThrow();
                assertArrayEquals(BYTES, Files.readAllBytes(fetched.file()));
                files.discard();
            }
            assertEquals(1, source.calls().size());
            assertEquals(0, fixture.local.get());
            assertEquals(Optional.empty(), fixture.partial("files"));
        }
    }

    /** Nothing would show that it was damaged. */
    @Test
    void fileOfAnEarlierRunWithoutAChecksum_isFetchedAgain() throws Exception {
        RemoteFile bare = FILE.withChecksums(List.of());
        try (SmallFiles files = files()) {
            assertFalse(
                    files.fetch(fixture.candidate(bare)).orElseThrow().check().verified());
        }
        fetch(bare);
        assertEquals(2, source.calls().size());
    }

    @Test
    void responseThatIsNotTheWholeFile_isLeft() throws Exception {
        assertLeft(call -> response(206, URL, BYTES, 0, 3000, 3000, TAG));
        assertLeft(call -> response(203, URL, BYTES, 0, 3000, 3000, TAG));
        assertLeft(call -> response(200, URL, BYTES, 0, 3000, 3001, TAG));
        assertLeft(call -> response(200, URL, BYTES, 0, 3000, 0, TAG));
        assertLeft(call -> part(call, BYTES, "content-encoding", "gzip"));
        assertLeft(call -> response(200, URL, Arrays.copyOf(BYTES, 3001), 0, 3001, -1, TAG));
        assertLeft(call -> response(200, URL, BYTES, 0, 2999, -1, TAG));
        assertLeft(call -> new Response(200, URL, List.of(), Map.of(), 1, 3000, 3000, new ByteArrayInputStream(BYTES)));
        assertLeft(call -> breaksAfter(100, part(call, BYTES, TAG)));
    }

    @Test
    void responseOfUnknownLength_isEnoughIfItsBytesAreRight() throws Exception {
        source.always(call -> response(200, URL, BYTES, 0, 3000, -1, TAG));
        assertTrue(fetch(FILE).orElseThrow().check().verified());
    }

    @Test
    void wrongBytes_areLeft() throws Exception {
        assertLeft(serves(noise(3000, 2), TAG));
    }

    @Test
    void webPage_isLeft_alsoIfItsChecksumWasPublished() throws Exception {
        byte[] page = "<!doctype html><title>Log in</title>".getBytes(StandardCharsets.UTF_8);
        source.always(serves(page, TAG));
        assertEquals(Optional.empty(), fetch(file(page, URL)));
    }

    private static String md5(byte[] bytes) {
        return Base64.getEncoder().encodeToString(HexFormat.of().parseHex(hex("md5", bytes)));
    }

    @Test
    void headerThatConfirmsTheBytes_isRecorded_andOneThatContradictsThePublishedChecksumIsReported() throws Exception {
        source.always(serves(BYTES, "content-md5", md5(noise(3000, 2))));
        assertEquals(FILE.checksums(), fetch(FILE).orElseThrow().check().against());
        assertEquals(1, fixture.notes.size());
        source.always(serves(BYTES, "content-md5", md5(BYTES)));
        FetchedFile fetched = fetch(FILE).orElseThrow();
        assertEquals(
                List.of(Hasher.sha256(BYTES), Checksum.parse("md5:" + hex("md5", BYTES))),
                fetched.check().against().stream().map(Stated::checksum).toList());
    }

    @Test
    void problemOfTheOnlyUrl_isThrown_andThatOfOneOfTwoIsLeft() throws Exception {
        Problem gone = new Problem(Kind.NETWORK, "gone");
        source.always(call -> {
            throw gone;
        });
        assertSame(gone, assertThrows(Problem.class, () -> fetch(FILE)));
        assertEquals(Optional.empty(), fetch(file(BYTES, URL, SECOND)));
        Problem interrupted = Problem.interrupted();
        source.always(call -> {
            throw interrupted;
        });
        assertSame(interrupted, assertThrows(Problem.class, () -> fetch(file(BYTES, URL, SECOND))));
    }

    @Test
    void interruptedFetch_saysSo_andItsFilesAreKept() throws Exception {
        SmallFiles files = files();
        files.fetch(fixture.candidate(FILE));
        RemoteFile other =
                new RemoteFile(new FilePath("b.bin"), FILE.uris(), FILE.bytes(), FILE.checksums(), false, null);
        source.always(call -> watched(part(call, BYTES, TAG), 1000, position -> {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted");
        }));
        Problem p = assertThrows(Problem.class, () -> files.fetch(fixture.candidate(other)));
        assertEquals(Kind.INTERRUPTED, p.kind());
        files.close();
        assertTrue(Thread.interrupted());
        assertEquals(1, kept());
        source.forget();
        assertTrue(fetch(FILE).isPresent());
        assertEquals(List.of(), source.calls());
    }

    @Test
    void headersOfManyFiles_areRecordedWithEach() throws Exception {
        try (SmallFiles files = files()) {
            for (int i = 0; i < 1100; i++) {
                String type = i % 2 == 0 ? "image/png" : "image/" + i;
                byte[] bytes = {(byte) 0x89, (byte) i, (byte) (i >> 8)};
                source.always(serves(bytes, "content-type", type));
                RemoteFile file = file(bytes, URI.create("https://one.example/" + i));
                RemoteFile named = new RemoteFile(
                        new FilePath(i + ".png"), file.uris(), file.bytes(), file.checksums(), false, null);
                FetchedFile fetched = files.fetch(fixture.candidate(named)).orElseThrow();
                assertEquals(
                        Map.of("content-type", type),
                        Objects.requireNonNull(fetched.origin().response()).headers());
            }
        }
    }
}
