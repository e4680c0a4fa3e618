package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.PullWorld.manifest;
import static org.histods.testing.PullWorld.only;
import static org.histods.testing.PullWorld.pin;
import static org.histods.testing.PullWorld.source;
import static org.histods.testing.PullWorld.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.FetchResult;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.PullWorld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that work on one dataset at once where the file system has no locks. */
final class RivalsTest {

    @TempDir
    Path temp;

    private PullWorld world;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        world = new PullWorld(temp);
        world.locks = false;
        byte[] train = ArchiveFixtures.zip(members("train/1.txt", "one", "train/2.txt", "two"));
        world.origin.put("/one.example/train.zip", train);
        world.origin.put("/one.example/labels.csv", text("x"));
        manifest = manifest("splits: { training: [train.zip], labels: [labels.csv] }\nsources:\n"
                + source("one.example", pin("train.zip", train, "md5"), pin("labels.csv", text("x"), "md5")));
    }

    @AfterEach
    void close() throws IOException {
        world.close();
    }

    private interface Act {
        void run() throws Problem;
    }

    /** A pull in the middle of which somebody else does that, once. */
    private Bag pullWhile(PullRequest request, Act other) throws Problem {
        AtomicBoolean done = new AtomicBoolean();
        List<Problem> failed = new ArrayList<>();
        Bag bag = world.puller()
                .pull(request, new PullWorld.Heard() {
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
        assertTrue(world.verify(bag, BagVerifier.Level.FULL).ok());
        assertEquals(List.of(), world.mirror().journal().read().faults());
    }

    @Test
    void twoPullsOfDifferentParts_loseNeither() throws Exception {
        Bag bag = pullWhile(only(manifest, "training"), () -> world.pull(only(manifest, "labels")));
        assertEquals(3, bag.fileCount());
        assertWhole(bag);
        assertEquals(1, world.mirror().bags().size());
    }

    @Test
    void twoPullsThatAddToABag_loseNeither() throws Exception {
        world.pull(only(manifest, "train/1.txt"));
        Bag bag = pullWhile(only(manifest, "train/2.txt"), () -> world.pull(only(manifest, "labels")));
        assertEquals(3, bag.fileCount());
        assertWhole(bag);
    }

    @Test
    void pullOfADatasetThatIsRemovedMeanwhile_endsWell() throws Exception {
        Bag first = world.pull(only(manifest, "training")).bag();
        Bag bag = pullWhile(
                only(manifest, "labels"),
                () -> world.mirror()
                        .remove(first.ref(), Map.of("event", "remove"))
                        .deleteFiles(() -> {}));
        assertEquals(1, bag.fileCount());
        assertWhole(bag);
    }
}
