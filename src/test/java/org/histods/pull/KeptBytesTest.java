package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullWorld.bare;
import static org.histods.testing.PullWorld.pin;
import static org.histods.testing.PullWorld.plain;
import static org.histods.testing.PullWorld.text;
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
import org.histods.testing.PullWorld;
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

    private PullWorld world;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        world = new PullWorld(temp);
        byte[] zip = ArchiveFixtures.zip(members("x/1.txt", "one", "x/2.txt", "two"));
        byte[] noise = noise(200_000, 3);
        world.origin.put("/one.example/a.zip", zip);
        world.origin.put("/one.example/b.bin", noise);
        world.origin.put("/one.example/run.sh", text("#!/bin/sh"));
        manifest =
                plain(pin("a.zip", zip, "md5"), pin("b.bin", noise, "sha256"), pin("run.sh", text("#!/bin/sh"), "md5"));
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    private List<String> journal() throws IOException {
        return Files.readAllLines(world.root.resolve("journal.jsonl"));
    }

    private void assertWholeAndNothingLeft(Puller.Result result) throws Exception {
        assertEquals(4, result.bag().fileCount());
        assertTrue(world.verify(result.bag(), BagVerifier.Level.FULL).ok());
        assertEquals(Map.of(), world.files("staging"));
        assertEquals(Map.of(), world.files("partial"));
        assertEquals(1, journal().size(), () -> "the journal's lines");
    }

    @Test
    void killedBetweenUnpackingAndPublishing_theNextPullMakesNoRequest() throws Exception {
        int exit = KilledPull.run(temp, world, manifest.text(), "before publishing");
        assertEquals(137, exit);
        assertEquals(Map.of(), world.files("datasets"));
        assertFalse(world.files("staging").isEmpty());
        world.origin.forget();
        Puller.Result result = world.pull(manifest);
        assertEquals(List.of(), world.origin.calls());
        assertEquals(0, result.transferred());
        assertWholeAndNothingLeft(result);
    }

    @Test
    void killedAfterPublishing_theNextPullWritesTheRecordAndDeletesTheTransfers() throws Exception {
        int exit = KilledPull.run(temp, world, manifest.text(), "after publishing");
        assertEquals(137, exit);
        assertEquals(1, world.mirror().bags().size());
        assertFalse(Files.exists(world.root.resolve("journal.jsonl")));
        world.origin.forget();
        Puller.Result result = world.pull(manifest);
        assertEquals(List.of(), world.origin.calls());
        assertFalse(result.changed());
        assertWholeAndNothingLeft(result);
        assertTrue(journal().get(0).contains("\"dataset\":\"toy\""), journal().get(0));
        assertTrue(
                world.heard.notes.stream().anyMatch(n -> n.startsWith("completed the record of toy 1")),
                world.heard.notes::toString);
        assertEquals(List.of(), world.mirror().journal().read().faults());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void diskFullBeforePublishing_losesNoFetchedFile(boolean hardLinks) throws Exception {
        world.faulty =
                hardLinks ? FaultyMirror::fullBeforePublishing : FaultyMirror::fullBeforePublishingAndWithoutHardLinks;
        Problem p = assertThrows(Problem.class, () -> world.pull(manifest));
        assertEquals(Problem.Kind.DISK, p.kind());
        assertEquals(Map.of(), world.files("datasets"));
        world.faulty = null;
        world.origin.forget();
        Puller.Result result = world.pull(manifest);
        assertEquals(List.of(), world.origin.calls());
        assertWholeAndNothingLeft(result);
    }

    @Test
    void fileSystemWithoutHardLinks_hasTheSameBag() throws Exception {
        world.faulty = FaultyMirror::withoutHardLinks;
        assertWholeAndNothingLeft(world.pull(manifest));
    }

    @Test
    void partialThatIsLinkedIntoABag_isNeverWrittenTo() throws Exception {
        byte[] old = noise(100_000, 1);
        byte[] longer = noise(150_000, 2);
        world.origin.put("/one.example/c.bin", old, "\"v1\"");
        world.origin.next("/one.example/c.bin", FakeOrigin.breaksAfter(60_000, old, "\"v1\""));
        for (int i = 0; i < 12; i++) {
            world.origin.next("/one.example/c.bin", FakeOrigin.status("404 Not Found", "away"));
        }
        assertThrows(Problem.class, () -> world.pull(plain(bare("c.bin"))));
        world.origin.quiet("/one.example/c.bin");
        Path part;
        try (Stream<Path> walk = Files.walk(world.root.resolve("partial"))) {
            part = walk.filter(p -> p.endsWith("part")).findFirst().orElseThrow();
        }
        Path published = temp.resolve("published");
        Files.createLink(published, part);
        byte[] before = Files.readAllBytes(published);
        world.origin.put("/one.example/c.bin", longer, "\"v1\"");
        Puller.Result result = world.pull(plain(bare("c.bin")));
        assertArrayEquals(before, Files.readAllBytes(published));
        assertArrayEquals(longer, Files.readAllBytes(result.bag().ref().data().resolve("c.bin")));
    }

    @Test
    void keptArchive_isStoredByItsHash() throws Exception {
        PullRequest keeping = new PullRequest(manifest, null, List.of(), null, List.of(), true, 1);
        world.faulty = FaultyMirror::fullBeforePublishing;
        assertThrows(Problem.class, () -> world.puller().pull(keeping, world.heard));
        world.faulty = null;
        world.origin.forget();
        assertWholeAndNothingLeft(world.pull(keeping));
        assertEquals(List.of(), world.origin.calls());
        assertEquals(1, world.files("archives").size());
    }

    @Test
    void stateOfALargeFile_isWrittenAtTheStart() throws Exception {
        byte[] large = noise(10_000_000, 4);
        CountDownLatch goOn = new CountDownLatch(1);
        world.origin.put("/one.example/large.bin", large, "\"v1\"");
        world.origin.next("/one.example/large.bin", (call, out) -> {
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
            Future<Puller.Result> pull = threads.submit(() -> world.pull(plain(bare("large.bin"))));
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
            return world.files("partial").entrySet().stream()
                    .anyMatch(file ->
                            file.getKey().endsWith("/state") && file.getValue().contains("\nrange 0 "));
        } catch (IOException | UncheckedIOException e) {
            // The pull adds and deletes files meanwhile.
            return false;
        }
    }

    @Test
    void stagingOfADeadProcess_isDeletedByTheNextPull_andNoOther() throws Exception {
        Path dead = FaultyMirror.deadStaging(world.root);
        Path elsewhere = FaultyMirror.stagingElsewhere(world.root);
        Path alive = world.mirror().stage().root().resolveSibling("");
        Files.writeString(dead.resolve("bag/data/x"), "x");
        world.pull(manifest);
        assertFalse(Files.exists(dead));
        assertTrue(Files.exists(elsewhere.resolve("bag/data")));
        assertTrue(Files.exists(alive.resolve("bag/data")));
        assertTrue(world.heard.notes.contains("deleted what 1 interrupted pull left"), world.heard.notes::toString);
    }

    @Test
    void transfersOfEarlierPulls_areDeletedByASuccessfulPull() throws Exception {
        world.origin.next("/one.example/b.bin", FakeOrigin.status("404 Not Found", "away"));
        assertThrows(Problem.class, () -> world.pull(manifest));
        // Two runs that are killed at once leave two transfers of one file.
        Path partials = world.root.resolve("partial");
        Path key;
        try (Stream<Path> list = Files.list(partials)) {
            key = list.findFirst().orElseThrow();
        }
        Path second = Files.createDirectories(key.resolve("11111111-1111-1111-1111-111111111111"));
        Files.copy(FaultyMirror.deadStaging(world.root).resolve("owner"), second.resolve("owner"));
        Files.writeString(second.resolve("part"), "x");
        Path other = Files.createDirectories(partials.resolve("md5-of-another/idle"));
        Files.writeString(other.resolve("part"), "x");
        world.pull(manifest);
        assertEquals(Map.of("md5-of-another/idle/part", "x"), world.files("partial"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void journalThatCannotBeWritten_isReported_andTheNextRunWritesItsLineOnce(boolean collected) throws Exception {
        Path journal = Files.createDirectories(world.root.resolve("journal.jsonl"));
        Problem p = assertThrows(Problem.class, () -> world.pull(manifest));
        assertEquals(Problem.Kind.DISK, p.kind());
        assertTrue(p.message().startsWith("toy 1 is in the mirror, complete and correct, but "), p.message());
        assertEquals(1, world.mirror().bags().size());
        // It is kept until it can be written.
        world.pull(manifest);
        Files.delete(journal);
        if (collected) {
            assertEquals(1, world.mirror().complete().size());
        }
        world.origin.forget();
        Puller.Result result = world.pull(manifest);
        assertEquals(List.of(), world.origin.calls());
        assertWholeAndNothingLeft(result);
        world.pull(manifest);
        assertEquals(1, journal().size());
    }
}
