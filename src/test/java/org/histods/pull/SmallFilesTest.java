package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.source;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.histods.fetch.FetchOrigin;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.FaultyMirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FetchResult;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Datasets of many small files, which are fetched in one piece each. */
final class SmallFilesTest {

    private static final int COUNT = 40;
    private static final String WRONG = "/one.example/tiles/t07.png";

    @TempDir
    Path temp;

    private PullFixture fixture;
    private String pins;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < COUNT; i++) {
            fixture.origin.put("/one.example/" + path(i), content(i));
            all.append(pin(path(i), content(i), "md5"));
        }
        pins = all.toString();
        manifest = PullFixture.plain(pins);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static String path(int i) {
        return String.format("tiles/t%02d.png", i);
    }

    /** Two of them have the same content. */
    private static byte[] content(int i) {
        return noise(1000 + i / 2, i / 2);
    }

    private void assertWholeAndNothingLeft(Puller.Result result) throws Exception {
        assertEquals(COUNT, result.bag().fileCount());
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
        assertEquals(Map.of(), fixture.files("staging"));
        assertEquals(Map.of(), fixture.files("partial"));
    }

    private FetchResult fetched(int i) {
        return fixture.events.fetched.stream()
                .filter(f -> f.file().remote().path().text().equals(path(i)))
                .findFirst()
                .orElseThrow();
    }

    /** The small files that a failed pull left. */
    private List<Path> left() throws IOException {
        try (Stream<Path> walk = Files.walk(fixture.root.resolve("partial"))) {
            return walk.filter(p -> Files.isRegularFile(p) && p.toString().contains("/files/"))
                    .toList();
        }
    }

    @Test
    void eachIsFetchedByOneRequest_comparedAndRecorded() throws Exception {
        Puller.Result result = fixture.pull(manifest);
        assertWholeAndNothingLeft(result);
        assertEquals(COUNT, fixture.origin.calls().size());
        FetchOrigin origin = fetched(3).file().origin();
        assertEquals("https://one.example/tiles/t03.png", String.valueOf(origin.answered()));
        assertEquals(200, Objects.requireNonNull(origin.response()).status());
        assertEquals(1001, origin.transferred());
        assertEquals("Publisher", fetched(3).by());
        assertEquals(
                fixture.events.fetched.stream()
                        .mapToLong(f -> f.file().origin().transferred())
                        .sum(),
                result.transferred());
    }

    /** Their entries are more than what is written to the disk at once. */
    @Test
    void manyThatArriveInAnyOrder_areInTheReceiptInTheOrderOfTheManifest() throws Exception {
        int many = 150;
        StringBuilder all = new StringBuilder();
        for (int i = 0; i < many; i++) {
            String path = "more/t" + i + ".png";
            fixture.origin.put("/one.example/" + path, noise(100 + i, i));
            all.append(pin(path, noise(100 + i, i), "md5"));
        }
        Bag bag = fixture.pull(PullFixture.plain(all.toString().replace("Publisher", "Universität Zürich")))
                .bag();
        List<FetchRecord> fetches = bag.fetches();
        assertEquals(many, fetches.size());
        for (int i = 0; i < many; i++) {
            FetchRecord fetch = fetches.get(i);
            assertEquals("0001/" + (i + 1), fetch.id());
            assertEquals("more/t" + i + ".png", fetch.path());
            assertEquals(100 + i, fetch.bytes());
            assertEquals("Universität Zürich", fetch.verifiedBy().orElseThrow());
        }
        assertTrue(fixture.verify(bag, BagVerifier.Level.FULL).ok());
        assertEquals(Map.of(), fixture.files("staging"));
    }

    @Test
    void killedBeforePublishing_theNextPullMakesNoRequest() throws Exception {
        assertEquals(137, KilledPull.run(temp, fixture, manifest.text(), "before publishing"));
        fixture.origin.forget();
        Puller.Result result = fixture.pull(manifest);
        assertEquals(List.of(), fixture.origin.calls());
        assertEquals(0, result.transferred());
        assertWholeAndNothingLeft(result);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void diskFullBeforePublishing_losesNoFetchedFile(boolean hardLinks) throws Exception {
        fixture.faulty =
                hardLinks ? FaultyMirror::fullBeforePublishing : FaultyMirror::fullBeforePublishingAndWithoutHardLinks;
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.DISK, p.kind());
        assertEquals(COUNT, left().size());
        fixture.faulty = null;
        fixture.origin.forget();
        Puller.Result result = fixture.pull(manifest);
        assertEquals(List.of(), fixture.origin.calls());
        assertWholeAndNothingLeft(result);
    }

    @Test
    void damagedFileOfAnEarlierRun_isFetchedAgain_andNoOther() throws Exception {
        fixture.faulty = FaultyMirror::fullBeforePublishing;
        assertThrows(Problem.class, () -> fixture.pull(manifest));
        Path damaged = left().get(5);
        byte[] bytes = Files.readAllBytes(damaged);
        bytes[10] ^= 1;
        Files.delete(damaged);
        Files.write(damaged, bytes);
        Path cutOff = left().get(6);
        byte[] start = java.util.Arrays.copyOf(Files.readAllBytes(cutOff), 100);
        Files.delete(cutOff);
        Files.write(cutOff, start);
        fixture.faulty = null;
        fixture.origin.forget();
        assertWholeAndNothingLeft(fixture.pull(manifest));
        assertEquals(2, fixture.origin.calls().size());
    }

    @Test
    void wrongChecksum_isReported_andTheOthersAreKept() throws Exception {
        byte[] wrong = noise(content(7).length, 1234);
        fixture.origin.put(WRONG, wrong);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("t07.png does not match what Publisher published"), p.message());
        assertEquals(Map.of(), fixture.files("datasets"));
        fixture.origin.put(WRONG, content(7));
        fixture.origin.forget();
        assertWholeAndNothingLeft(fixture.pull(manifest));
        assertEquals(1, fixture.origin.calls().size());
    }

    @Test
    void brokenConnection_isTriedAgain() throws Exception {
        fixture.origin.next(WRONG, FakeOrigin.breaksAfter(300, content(7), "\"v1\""));
        Puller.Result result = fixture.pull(manifest);
        assertWholeAndNothingLeft(result);
        assertArrayEquals(
                content(7), Files.readAllBytes(result.bag().ref().data().resolve(path(7))));
    }

    @Test
    void webPageInPlaceOfAFile_isNamed() throws Exception {
        String page = "<!doctype html><title>Quota</title>" + "x".repeat(2000);
        fixture.origin.put(WRONG, PullFixture.text(page.substring(0, content(7).length)));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertTrue(p.message().contains("a web page titled 'Quota'"), p.message());
    }

    @Test
    void fileThatOneSourceLacks_isFromTheNext() throws Exception {
        for (int i = 0; i < COUNT; i++) {
            fixture.origin.put("/two.example/" + path(i), content(i));
        }
        fixture.origin.quiet(WRONG);
        for (int i = 0; i < 12; i++) {
            fixture.origin.next(WRONG, FakeOrigin.status("404 Not Found", "away"));
        }
        ManifestFile both =
                PullFixture.manifest("sources:\n" + source("one.example", pins) + source("two.example", pins));
        assertWholeAndNothingLeft(fixture.pull(both));
        FetchOrigin origin = fetched(7).file().origin();
        assertEquals("https://two.example/tiles/t07.png", String.valueOf(origin.answered()));
        assertEquals(1, origin.failed().size());
        assertEquals(404, origin.failed().get(0).status());
    }
}
