package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.only;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.source;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.FetchResult;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that work on one dataset at once where the file system has no locks. */
final class ConcurrentPullsTest {

    @TempDir
    Path temp;

    private PullFixture fixture;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        fixture.locks = false;
        byte[] train = ArchiveFixtures.zip(members("train/1.txt", "one", "train/2.txt", "two"));
        fixture.origin.put("/one.example/train.zip", train);
        fixture.origin.put("/one.example/labels.csv", text("x"));
        manifest = manifest("splits: { training: [train.zip], labels: [labels.csv] }\nsources:\n"
                + source("one.example", pin("train.zip", train, "md5"), pin("labels.csv", text("x"), "md5")));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private interface Act {
        void run() throws Problem;
    }

    /** A pull during which another process does that, once. */
    private Bag pullWhile(PullRequest request, Act other) throws Problem {
        AtomicBoolean done = new AtomicBoolean();
        List<Problem> failed = new ArrayList<>();
        Bag bag = fixture.puller()
                .pull(request, new PullFixture.PullEvents() {
                    @Override
                    public void fetched(FetchResult fetch) {
                        if (done.compareAndSet(false, true)) {
                            try {
                                other.run();
                            } catch (Problem p) {
                                failed.add(p);
                            }
                        }
                    }
                })
                .bag();
        assertTrue(done.get());
        assertEquals(List.of(), failed);
        return bag;
    }

    private void assertWhole(Bag bag) throws Exception {
        assertTrue(fixture.verify(bag, BagVerifier.Level.FULL).ok());
        assertEquals(List.of(), fixture.mirror().journal().read().faults());
    }

    @Test
    void twoPullsOfDifferentParts_loseNeither() throws Exception {
        Bag bag = pullWhile(only(manifest, "training"), () -> fixture.pull(only(manifest, "labels")));
        assertEquals(3, bag.fileCount());
        assertWhole(bag);
        assertEquals(1, fixture.mirror().bags().size());
    }

    @Test
    void twoPullsThatAddToABag_loseNeither() throws Exception {
        fixture.pull(only(manifest, "train/1.txt"));
        Bag bag = pullWhile(only(manifest, "train/2.txt"), () -> fixture.pull(only(manifest, "labels")));
        assertEquals(3, bag.fileCount());
        assertWhole(bag);
    }

    @Test
    void pullOfADatasetThatIsRemovedMeanwhile_endsWell() throws Exception {
        Bag first = fixture.pull(only(manifest, "training")).bag();
        Bag bag = pullWhile(
                only(manifest, "labels"),
                () -> fixture.mirror()
                        .remove(first.ref(), Map.of("event", "remove"))
                        .deleteFiles(() -> {}));
        assertEquals(1, bag.fileCount());
        assertWhole(bag);
    }

    @Test
    void pullOfACompleteDatasetThatIsRemovedMeanwhile_fetchesItAgain() throws Exception {
        Bag first = fixture.pull(manifest).bag();
        AtomicInteger reads = new AtomicInteger();
        fixture.clock = new Clock() {
            @Override
            public Instant instant() {
                // The second time is read when the bag was found complete.
                if (reads.incrementAndGet() == 2) {
                    try {
                        fixture.mirror()
                                .remove(first.ref(), Map.of("event", "remove"))
                                .deleteFiles(() -> {});
                    } catch (Problem p) {
                        throw new AssertionError(p);
                    }
                }
                return Instant.now();
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        };
        Bag bag = fixture.pull(manifest).bag();
        assertEquals(3, bag.fileCount());
        assertWhole(bag);
    }
}
