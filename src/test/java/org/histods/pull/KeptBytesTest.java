package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.FaultyMirror;
import org.histods.problem.Problem;
import org.histods.provenance.BagVerifier;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fetched files are deleted only after the bag is published; what a failed pull left is used or deleted. */
final class KeptBytesTest {

    @TempDir
    Path temp;

    private PullFixture fixture;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        byte[] zip = ArchiveFixtures.zip(members("x/1.txt", "one", "x/2.txt", "two"));
        byte[] noise = noise(200_000, 3);
        fixture.origin.put("/one.example/a.zip", zip);
        fixture.origin.put("/one.example/b.bin", noise);
        fixture.origin.put("/one.example/run.sh", text("#!/bin/sh"));
        manifest =
                plain(pin("a.zip", zip, "md5"), pin("b.bin", noise, "sha256"), pin("run.sh", text("#!/bin/sh"), "md5"));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private List<String> journal() throws IOException {
        return Files.readAllLines(fixture.root.resolve("journal.jsonl"));
    }

    private void assertWholeAndNothingLeft(Puller.Result result) throws Exception {
        assertEquals(4, result.bag().fileCount());
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
        assertEquals(Map.of(), fixture.files("staging"));
        assertEquals(Map.of(), fixture.files("partial"));
        assertEquals(1, journal().size(), () -> "the journal's lines");
    }

    @Test
    void killedBetweenUnpackingAndPublishing_theNextPullMakesNoRequest() throws Exception {
        int exit = KilledPull.run(temp, fixture, manifest.text(), "before publishing");
        assertEquals(137, exit);
        assertEquals(Map.of(), fixture.files("datasets"));
        assertFalse(fixture.files("staging").isEmpty());
        fixture.origin.forget();
        Puller.Result result = fixture.pull(manifest);
        assertEquals(List.of(), fixture.origin.calls());
        assertEquals(0, result.transferred());
        assertWholeAndNothingLeft(result);
    }

    @Test
    void killedAfterPublishing_theNextPullWritesTheRecordAndDeletesTheTransfers() throws Exception {
        int exit = KilledPull.run(temp, fixture, manifest.text(), "after publishing");
        assertEquals(137, exit);
        assertEquals(1, fixture.mirror().bags().size());
        assertFalse(Files.exists(fixture.root.resolve("journal.jsonl")));
        fixture.origin.forget();
        Puller.Result result = fixture.pull(manifest);
        assertEquals(List.of(), fixture.origin.calls());
        assertFalse(result.changed());
        assertWholeAndNothingLeft(result);
        assertTrue(journal().get(0).contains("\"dataset\":\"toy\""), journal().get(0));
        assertTrue(
                fixture.events.notes.stream().anyMatch(n -> n.startsWith("completed the record of toy 1")),
                fixture.events.notes::toString);
        assertEquals(List.of(), fixture.mirror().journal().read().faults());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void diskFullBeforePublishing_losesNoFetchedFile(boolean hardLinks) throws Exception {
        fixture.faulty =
                hardLinks ? FaultyMirror::fullBeforePublishing : FaultyMirror::fullBeforePublishingAndWithoutHardLinks;
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.DISK, p.kind());
        assertEquals(Map.of(), fixture.files("datasets"));
        fixture.faulty = null;
        fixture.origin.forget();
        Puller.Result result = fixture.pull(manifest);
        assertEquals(List.of(), fixture.origin.calls());
        assertWholeAndNothingLeft(result);
    }

    @Test
    void fileSystemWithoutHardLinks_hasTheSameBag() throws Exception {
        fixture.faulty = FaultyMirror::withoutHardLinks;
        assertWholeAndNothingLeft(fixture.pull(manifest));
    }

    @Test
    void partialThatIsLinkedIntoABag_isNeverWrittenTo() throws Exception {
        byte[] old = noise(100_000, 1);
        byte[] longer = noise(150_000, 2);
        fixture.origin.put("/one.example/c.bin", old, "\"v1\"");
        fixture.origin.next("/one.example/c.bin", FakeOrigin.breaksAfter(60_000, old, "\"v1\""));
        for (int i = 0; i < 12; i++) {
            fixture.origin.next("/one.example/c.bin", FakeOrigin.status("404 Not Found", "away"));
        }
        assertThrows(Problem.class, () -> fixture.pull(plain(bare("c.bin"))));
        fixture.origin.quiet("/one.example/c.bin");
        Path part;
        try (Stream<Path> walk = Files.walk(fixture.root.resolve("partial"))) {
            part = walk.filter(p -> p.endsWith("part")).findFirst().orElseThrow();
        }
        Path published = temp.resolve("published");
        Files.createLink(published, part);
        byte[] before = Files.readAllBytes(published);
        fixture.origin.put("/one.example/c.bin", longer, "\"v1\"");
        Puller.Result result = fixture.pull(plain(bare("c.bin")));
        assertArrayEquals(before, Files.readAllBytes(published));
        assertArrayEquals(longer, Files.readAllBytes(result.bag().ref().data().resolve("c.bin")));
    }

    @Test
    void keptArchive_isStoredByItsHash() throws Exception {
        PullRequest keeping = new PullRequest(manifest, null, List.of(), null, List.of(), true, 1);
        fixture.faulty = FaultyMirror::fullBeforePublishing;
        assertThrows(Problem.class, () -> fixture.puller().pull(keeping, fixture.events));
        fixture.faulty = null;
        fixture.origin.forget();
        assertWholeAndNothingLeft(fixture.pull(keeping));
        assertEquals(List.of(), fixture.origin.calls());
        assertEquals(1, fixture.files("archives").size());
    }

    @Test
    void stateOfALargeFile_isWrittenAtTheStart() throws Exception {
        byte[] large = noise(10_000_000, 4);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.origin.put("/one.example/large.bin", large, "\"v1\"");
        fixture.origin.next("/one.example/large.bin", (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Length: " + large.length, "ETag: \"v1\"");
            out.write(large, 0, 100_000);
            out.flush();
            try {
                goOn.await(120, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            out.write(large, 100_000, large.length - 100_000);
        });
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try {
            Future<Puller.Result> pull = threads.submit(() -> fixture.pull(plain(bare("large.bin"))));
            long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
            boolean there = false;
            while (!there && System.nanoTime() < until) {
                there = aStateNamesARange();
                LockSupport.parkNanos(2_000_000);
            }
            assertTrue(there, "no state was written");
            goOn.countDown();
            assertEquals(10_000_000, pull.get(60, TimeUnit.SECONDS).bag().bytes());
        } finally {
            goOn.countDown();
            threads.shutdownNow();
        }
    }

    private boolean aStateNamesARange() {
        try {
            return fixture.files("partial").entrySet().stream()
                    .anyMatch(file ->
                            file.getKey().endsWith("/state") && file.getValue().contains("\nrange 0 "));
        } catch (IOException | UncheckedIOException e) {
            // The pull adds and deletes files meanwhile.
            return false;
        }
    }

    @Test
    void stagingOfADeadProcess_isDeletedByTheNextPull_andNoOther() throws Exception {
        Path dead = FaultyMirror.deadStaging(fixture.root);
        Path elsewhere = FaultyMirror.stagingElsewhere(fixture.root);
        Path alive = fixture.mirror().stage().root().resolveSibling("");
        Files.writeString(dead.resolve("bag/data/x"), "x");
        fixture.pull(manifest);
        assertFalse(Files.exists(dead));
        assertTrue(Files.exists(elsewhere.resolve("bag/data")));
        assertTrue(Files.exists(alive.resolve("bag/data")));
        assertTrue(
                fixture.events.notes.contains("deleted what 1 interrupted pull left"), fixture.events.notes::toString);
    }

    @Test
    void transfersOfEarlierPulls_areDeletedByASuccessfulPull() throws Exception {
        fixture.origin.next("/one.example/b.bin", FakeOrigin.status("404 Not Found", "away"));
        assertThrows(Problem.class, () -> fixture.pull(manifest));
        // Two runs that are killed at once leave two transfers of one file.
        Path partials = fixture.root.resolve("partial");
        Path key;
        try (Stream<Path> list = Files.list(partials)) {
            key = list.findFirst().orElseThrow();
        }
        Path second = Files.createDirectories(key.resolve("11111111-1111-1111-1111-111111111111"));
        Files.copy(FaultyMirror.deadStaging(fixture.root).resolve("owner"), second.resolve("owner"));
        Files.writeString(second.resolve("part"), "x");
        Path other = Files.createDirectories(partials.resolve("md5-of-another/idle"));
        Files.writeString(other.resolve("part"), "x");
        fixture.pull(manifest);
        assertEquals(Map.of("md5-of-another/idle/part", "x"), fixture.files("partial"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void journalThatCannotBeWritten_isReported_andTheNextRunWritesItsLineOnce(boolean collected) throws Exception {
        Path journal = Files.createDirectories(fixture.root.resolve("journal.jsonl"));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.DISK, p.kind());
        assertTrue(p.message().startsWith("toy 1 is in the mirror, complete and correct, but "), p.message());
        assertEquals(1, fixture.mirror().bags().size());
        // It is kept until it can be written.
        fixture.pull(manifest);
        Files.delete(journal);
        if (collected) {
            assertEquals(1, fixture.mirror().garbage().complete().size());
        }
        fixture.origin.forget();
        Puller.Result result = fixture.pull(manifest);
        assertEquals(List.of(), fixture.origin.calls());
        assertWholeAndNothingLeft(result);
        fixture.pull(manifest);
        assertEquals(1, journal().size());
    }
}
