package org.histods.fetch;

import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.BagVerifier;
import org.histods.pull.PullListener;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Unpacking while downloading, and several pulls of one dataset at once. */
final class ParallelFetchTest {

    private static final byte[] BYTES = noise(200_000, 1);

    @TempDir
    Path temp;

    private PullFixture fixture;
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
    }

    @AfterEach
    void close() throws IOException {
        threads.shutdownNow();
        fixture.close();
    }

    @Test
    void zip_isUnpackedWhileItArrives() throws Exception {
        Map<String, byte[]> members = new LinkedHashMap<>();
        for (int i = 0; i < 8; i++) {
            members.put("m" + i + ".bin", noise(1 << 20, i));
        }
        byte[] zip = ArchiveFixtures.zip(members);
        fixture.origin.put("/one.example/a.zip", zip);
        CountDownLatch early = new CountDownLatch(1);
        fixture.origin.next("/one.example/a.zip", (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Length: " + zip.length, "Accept-Ranges: bytes", "ETag: \"z\"");
            out.write(zip, 0, 5 << 19);
            out.flush();
            // The rest is sent only when the first members are unpacked.
            for (long end = System.nanoTime() + 60_000_000_000L; System.nanoTime() < end; ) {
                if (staged("m0.bin") && staged("m1.bin")) {
                    early.countDown();
                    break;
                }
                LockSupport.parkNanos(2_000_000);
            }
            out.write(zip, 5 << 19, zip.length - (5 << 19));
        });
        fixture.origin.always("/one.example/a.zip", new FakeOrigin.ServedFile(zip, "\"z\""));
        Puller.Result result = fixture.pull(plain(pin("a.zip", zip, "sha256")));
        assertEquals(0, early.getCount(), "nothing was unpacked before the last byte arrived");
        assertEquals(8, result.bag().fileCount());
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
    }

    private boolean staged(String name) throws IOException {
        try (Stream<Path> walk = Files.walk(fixture.root.resolve("staging"))) {
            return walk.anyMatch(p -> p.endsWith(name) && p.toFile().length() == 1 << 20);
        } catch (java.io.UncheckedIOException e) {
            return false;
        }
    }

    private List<Puller.Result> together(int count, Callable<Puller.Result> pull) throws Exception {
        List<Future<Puller.Result>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(threads.submit(pull));
        }
        List<Puller.Result> results = new ArrayList<>();
        for (Future<Puller.Result> future : futures) {
            results.add(future.get(120, TimeUnit.SECONDS));
        }
        return results;
    }

    private void assertOneGoodBag(Puller.Result result) throws Exception {
        assertEquals(1, fixture.mirror().bags().size());
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
        assertEquals(Map.of(), fixture.files("staging"));
        assertEquals(Map.of(), fixture.files("partial"));
        try (Stream<Path> list = Files.list(fixture.root.resolve("datasets/toy"))) {
            assertEquals(1, list.count());
        }
    }

    @Test
    void pullsOfOneDataset_withLocks_transferItOnce() throws Exception {
        fixture.origin.put("/one.example/a.bin", BYTES);
        ManifestFile manifest = plain(pin("a.bin", BYTES, "sha256"));
        List<Puller.Result> results = together(4, () -> fixture.pull(manifest));
        assertEquals(1, results.stream().filter(Puller.Result::changed).count());
        assertEquals(1, fixture.origin.calls().size());
        assertEquals(List.of(), fixture.mirror().journal().read().faults());
        assertOneGoodBag(results.get(0));
    }

    @Test
    void pullsOfOneDataset_withoutLocks_bothSucceed() throws Exception {
        fixture.locks = false;
        CyclicBarrier both = new CyclicBarrier(2);
        for (int i = 0; i < 2; i++) {
            fixture.origin.next("/one.example/a.bin", (call, out) -> {
                meet(both);
                new FakeOrigin.ServedFile(BYTES, "\"v\"").respond(call, out);
            });
        }
        ManifestFile manifest = plain(pin("a.bin", BYTES, "sha256"));
        List<Puller.Result> results = together(2, () -> fixture.pull(manifest));
        assertEquals(2, fixture.origin.calls().size());
        assertEquals(results.get(0).bag().fingerprint(), results.get(1).bag().fingerprint());
        assertOneGoodBag(results.get(0));
    }

    private static void meet(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException | BrokenBarrierException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void pullThatWaitsTooLong_namesTheHolder() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        fixture.origin.always("/one.example/a.bin", (call, out) -> {
            asked.countDown();
            try {
                go.await(120, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            new FakeOrigin.ServedFile(BYTES, "\"v\"").respond(call, out);
        });
        ManifestFile manifest = plain(pin("a.bin", BYTES, "sha256"));
        Future<Puller.Result> first = threads.submit(() -> fixture.pull(manifest));
        assertTrue(asked.await(60, TimeUnit.SECONDS));
        fixture.wait = Duration.ofMillis(1);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.BUSY, p.kind());
        assertTrue(p.message().contains("process " + ProcessHandle.current().pid()), p.message());
        go.countDown();
        assertOneGoodBag(first.get(60, TimeUnit.SECONDS));
    }

    @Test
    void interrupt_endsThePullAndKeepsReceivedBytes() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        fixture.origin.next("/one.example/a.bin", (call, out) -> {
            FakeOrigin.head(out, "200 OK", "Content-Length: " + BYTES.length, "ETag: \"v\"");
            out.write(BYTES, 0, 100_000);
            out.flush();
            asked.countDown();
            try {
                never.await(120, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        });
        fixture.origin.put("/one.example/a.bin", BYTES, "\"v\"");
        ManifestFile manifest = plain(pin("a.bin", BYTES, "sha256"));
        List<Problem> ended = new ArrayList<>();
        Thread thread = new Thread(() -> {
            try {
                fixture.pull(manifest);
            } catch (Problem p) {
                ended.add(p);
            }
        });
        thread.start();
        assertTrue(asked.await(60, TimeUnit.SECONDS));
        while (fixture.events.network.get() < 100_000) {
            LockSupport.parkNanos(1_000_000);
        }
        thread.interrupt();
        thread.join(60_000);
        assertFalse(thread.isAlive());
        assertEquals(Problem.Kind.INTERRUPTED, ended.get(0).kind());
        assertEquals(Map.of(), fixture.files("staging"));
        assertEquals(100_000, fixture.pull(manifest).transferred());
    }

    @Test
    void exceptionInAListener_endsThePull() throws Exception {
        fixture.origin.put("/one.example/a.bin", BYTES);
        ManifestFile manifest = plain(bare("a.bin"));
        PullListener buggy = new PullFixture.PullEvents() {
            @Override
            public void bytes(long count, boolean overNetwork) {
                throw new IllegalStateException("a bug");
            }
        };
        Future<?> pull = threads.submit(() -> fixture.puller().pull(PullRequest.of(manifest), buggy));
        ExecutionException e = assertThrows(ExecutionException.class, () -> pull.get(60, TimeUnit.SECONDS));
        assertInstanceOf(IllegalStateException.class, e.getCause());
    }
}
