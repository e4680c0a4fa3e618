package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullFixture.only;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.FaultyMirror;
import org.histods.mirror.GarbageItem;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.mirror.PlaceKind;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.BagVerifier.Level;
import org.histods.provenance.FetchResult;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several nodes that fetch one dataset into one mirror, on a file system without working locks. */
final class ShardTest {

    private static final int SLIDES = 9;

    @TempDir
    Path temp;

    private PullFixture fixture;
    private final List<String> pins = new ArrayList<>();
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        fixture.locks = false;
        byte[] train = ArchiveFixtures.zip(members("train/1.txt", "one", "train/2.txt", "two"));
        serve("train.zip", train);
        for (int i = 0; i < SLIDES; i++) {
            serve("slides/" + i + ".bin", noise(10_000 + 1000 * i, i));
        }
        manifest = plain(pins.toArray(String[]::new));
    }

    private void serve(String path, byte[] bytes) {
        fixture.origin.put("/one.example/" + path, bytes);
        pins.add(pin(path, bytes, "md5"));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private Puller.ShardResult shard(String shard) throws Problem {
        return shard(PullRequest.of(manifest), shard);
    }

    private Puller.ShardResult shard(PullRequest request, String shard) throws Problem {
        return fixture.puller().pullShard(request, Shard.parse(shard), fixture.events);
    }

    /** Exactly one bag, of everything, with a record that is right, and nothing left besides. */
    private Bag assertPublished() throws Exception {
        Mirror mirror = fixture.mirror();
        assertEquals(1, mirror.bags().size());
        Bag bag = Bag.read(mirror.bags().get(0));
        assertEquals(SLIDES + 2, bag.fileCount());
        BagVerifier.Report quick = fixture.verify(bag, Level.QUICK);
        assertTrue(quick.ok(), quick.toString());
        assertTrue(fixture.verify(bag, Level.FULL).ok());
        assertEquals(List.of(), mirror.journal().read().faults());
        assertEquals(Map.of(), fixture.files("shards"));
        assertEquals(Map.of(), fixture.files("staging"));
        assertEquals(Map.of(), fixture.files("partial"));
        return bag;
    }

    private long published() throws Problem {
        return fixture.mirror().journal().read().events().stream()
                .filter(event -> event.path("event").asString("").equals("pull"))
                .count();
    }

    private Map<String, Integer> requests() {
        Map<String, Integer> requests = new TreeMap<>();
        fixture.origin.calls().forEach(call -> requests.merge(call.path(), 1, Integer::sum));
        return requests;
    }

    @Test
    void lastOfFourShards_publishesTheBagOfOnePull_andEachFileIsRequestedOnce() throws Exception {
        for (String one : List.of("3/4", "1/4", "4/4")) {
            Puller.ShardResult result = shard(one);
            assertNull(result.published());
            assertEquals(List.of(), fixture.mirror().bags());
        }
        Puller.ShardResult last = shard("2/4");
        assertNotNull(last.published());
        Bag bag = assertPublished();
        assertEquals(SLIDES + 1, requests().size());
        assertEquals(Set.of(1), Set.copyOf(requests().values()));
        assertEquals(5, bag.receiptFiles().size());
        assertEquals(SLIDES + 1, bag.fetches().size());
        assertTrue(bag.fetches().stream().allMatch(fetch -> fetch.verified() && fetch.local() == null));
        try (PullFixture other = new PullFixture(temp.resolve("other"))) {
            other.port = fixture.port;
            assertEquals(other.pull(manifest).bag().fingerprint(), bag.fingerprint());
        }
    }

    @Test
    void everyNode_computesTheSameBalancedShards_whateverTheOrderOfTheListing() throws Exception {
        List<PullPlan> plans = fixture.puller().planShards(PullRequest.of(manifest), 3);
        Collections.reverse(pins);
        List<PullPlan> others = fixture.puller().planShards(PullRequest.of(plain(pins.toArray(String[]::new))), 3);
        for (int i = 0; i < 3; i++) {
            assertEquals(paths(plans.get(i)), paths(others.get(i)));
        }
        List<Long> sizes = plans.stream().map(PullPlan::exactBytes).sorted().toList();
        assertEquals(
                SLIDES + 1, plans.stream().mapToInt(plan -> plan.items().size()).sum());
        assertTrue(sizes.get(2) - sizes.get(0) <= 10_000, sizes.toString());
    }

    private static Set<String> paths(PullPlan plan) {
        return Set.copyOf(
                plan.items().stream().map(item -> item.file().path().text()).toList());
    }

    @Test
    void nodeWithAnotherListing_neverMixesItsFilesWithThoseOfTheOthers() throws Exception {
        shard("1/2");
        pins.remove(pins.size() - 1);
        manifest = plain(pins.toArray(String[]::new));
        Puller.ShardResult other = shard("2/2");
        assertEquals(List.of(1), other.missing());
        assertEquals(1, other.others());
        assertNull(other.published());
        assertNotNull(shard("1/2").published());
        Bag bag = Bag.read(fixture.mirror().bags().get(0));
        assertEquals(SLIDES + 1, bag.fileCount());
        assertTrue(fixture.verify(bag, Level.FULL).ok());
    }

    @Test
    void finishedShard_isNotFetchedAgain_andSaysWhoIsMissing() throws Exception {
        shard("1/3");
        fixture.origin.forget();
        Puller.ShardResult again = shard("1/3");
        assertEquals(Map.of(), requests());
        assertEquals(List.of(2, 3), again.missing());
        assertEquals(0, again.transferred());
    }

    @Test
    void nodeThatStartsAfterPublication_findsTheBag() throws Exception {
        shard("1/2");
        shard("2/2");
        fixture.origin.forget();
        Puller.Result late = shard("1/2").published();
        assertNotNull(late);
        assertFalse(late.changed());
        assertEquals(Map.of(), requests());
        assertPublished();
        assertEquals(1, published());
    }

    /** A node during whose work another process does that, once. */
    private Puller.ShardResult shardWhile(String shard, Act other) throws Problem {
        AtomicBoolean done = new AtomicBoolean();
        List<Problem> failed = new ArrayList<>();
        Puller.ShardResult result = fixture.puller()
                .pullShard(PullRequest.of(manifest), Shard.parse(shard), new PullFixture.PullEvents() {
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
                });
        assertTrue(done.get());
        assertEquals(List.of(), failed);
        return result;
    }

    private interface Act {
        void run() throws Problem;
    }

    @Test
    void twoNodesWithTheSameShard_giveOneRightBag() throws Exception {
        shard("1/2");
        Puller.ShardResult slow =
                shardWhile("2/2", () -> assertNotNull(shard("2/2").published()));
        assertNotNull(slow.published());
        assertPublished();
        assertEquals(1, published());
    }

    @Test
    void twoNodesWithTheSameShard_beforeTheLast_giveOneShard() throws Exception {
        shardWhile("2/2", () -> shard("2/2"));
        assertEquals(1, fixture.mirror().shardSets().size());
        assertNotNull(shard("1/2").published());
        assertPublished();
    }

    @Test
    void nodeThatPublishesWhileAnotherDoes_findsTheBagOfTheOther() throws Exception {
        shard("1/2");
        assertEquals(137, KilledPull.run(temp, fixture, manifest.text(), "after publishing", "2/2"));
        AtomicBoolean first = new AtomicBoolean(true);
        List<Problem> failed = new ArrayList<>();
        fixture.faulty = root -> first.getAndSet(false)
                ? FaultyMirror.whilePublishing(root, () -> {
                    try {
                        shard("1/2");
                    } catch (Problem p) {
                        failed.add(p);
                    }
                })
                : new Mirror(root, OwnerProcess.self("other"), false, Clock.systemUTC());
        Puller.ShardResult last = shard("2/2");
        assertEquals(List.of(), failed);
        assertNotNull(last.published());
        assertFalse(last.published().changed());
        assertPublished();
        assertEquals(1, published());
    }

    @Test
    void nodesWithDifferentCounts_publishWhenOneCountIsComplete() throws Exception {
        shard("1/2");
        shard("1/3");
        shard("3/3");
        assertNotNull(shard("2/3").published());
        Bag bag = Bag.read(fixture.mirror().bags().get(0));
        assertEquals(SLIDES + 2, bag.fileCount());
        assertTrue(fixture.verify(bag, Level.FULL).ok());
        Puller.ShardResult late = shard("2/2");
        assertNotNull(late.published());
        assertEquals(1, published());
    }

    @Test
    void plainPull_fetchesOnlyWhatTheShardsLack() throws Exception {
        shard("2/3");
        fixture.origin.forget();
        int finished = SLIDES
                + 1
                - fixture.puller().planShards(PullRequest.of(manifest), 3).stream()
                        .mapToInt(plan -> plan.items().size())
                        .sum();
        assertTrue(fixture.pull(manifest).changed());
        assertEquals(SLIDES + 1 - finished, requests().size());
        assertPublished();
    }

    @Test
    void plainPullThatPublishesDuringAShard_winsAndTheNodeFindsIt() throws Exception {
        shard("1/2");
        Puller.ShardResult slow = shardWhile("2/2", () -> fixture.pull(manifest));
        assertNotNull(slow.published());
        assertPublished();
        assertEquals(1, published());
    }

    @Test
    void datasetOfOneArchive_isOneShard() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("a.txt", "a", "b.txt", "b"));
        fixture.origin.put("/one.example/all.zip", zip);
        manifest = plain(pin("all.zip", zip, "sha256"));
        Puller.ShardResult empty = shard("3/4");
        assertEquals(0, empty.plan().items().size());
        assertEquals(List.of(1), empty.missing());
        assertNotNull(shard("1/4").published());
        assertEquals(2, Bag.read(fixture.mirror().bags().get(0)).fileCount());
        assertNotNull(shard("2/4").published());
        assertEquals(List.of(), fixture.mirror().shardSets());
    }

    @Test
    void twoArchivesWithTheSameFile_areRefusedAsInOnePull() throws Exception {
        byte[] one = ArchiveFixtures.zip(members("same.txt", "a"));
        byte[] two = ArchiveFixtures.zip(members("same.txt", "b", "more.txt", "b"));
        fixture.origin.put("/one.example/one.zip", one);
        fixture.origin.put("/one.example/two.zip", two);
        manifest = plain(pin("one.zip", one, "md5"), pin("two.zip", two, "md5"));
        shard("1/2");
        Problem problem = assertThrows(Problem.class, () -> shard("2/2"));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("both contain same.txt"), problem.message());
        assertEquals(List.of(), fixture.mirror().bags());
    }

    @Test
    void selectionThatMatchesInOneArchiveOnly_isRightInAllShards_andAWordThatMatchesNothingIsRefused()
            throws Exception {
        PullRequest request = only(manifest, "train/1.txt", "slides/3.bin");
        shard(request, "1/2");
        assertNotNull(shard(request, "2/2").published());
        assertEquals(2, Bag.read(fixture.mirror().bags().get(0)).fileCount());
        PullRequest none = only(manifest, "train/9.txt", "slides/4.bin");
        shard(none, "1/2");
        assertEquals(
                Problem.Kind.USAGE,
                assertThrows(Problem.class, () -> shard(none, "2/2")).kind());
    }

    @Test
    void shardsOfMoreThanABagHas_addToIt() throws Exception {
        fixture.pull(only(manifest, "slides/0.bin", "train/2.txt"));
        shard("1/2");
        assertNotNull(shard("2/2").published());
        Bag bag = Bag.read(fixture.mirror().bags().get(0));
        assertEquals(SLIDES + 2, bag.fileCount());
        assertEquals(List.of(), bag.selection());
        assertEquals(4, bag.receiptFiles().size());
        assertTrue(fixture.verify(bag, Level.FULL).ok());
    }

    @Test
    void fileThatAnotherVersionHas_isLinkedByTheNodeThatPublishes_andStaysVerifiedThere() throws Exception {
        Bag old = fixture.pull(manifest).bag();
        manifest = new ManifestReader()
                .read(manifest.text().replace("version: \"1\"", "version: \"2\""), "toy.yaml", null);
        fixture.origin.forget();
        shard("1/2");
        assertNotNull(shard("2/2").published());
        assertEquals(Map.of(), requests());
        assertEquals(2, fixture.mirror().bags().size());
        for (Bag bag : List.of(old, Bag.read(fixture.mirror().bags().get(1)))) {
            BagVerifier.Report quick = fixture.verify(bag, Level.QUICK);
            assertTrue(quick.ok(), quick.toString());
        }
    }

    @Test
    void manySmallFiles_areDividedIntoShardsAsWell() throws Exception {
        pins.clear();
        for (int i = 0; i < 120; i++) {
            serve("tiles/" + i + ".png", text("tile " + i));
        }
        manifest = plain(pins.toArray(String[]::new));
        for (int i = 1; i <= 3; i++) {
            shard(i + "/3");
        }
        Bag bag = Bag.read(fixture.mirror().bags().get(0));
        assertEquals(120, bag.fileCount());
        assertEquals(120, requests().size());
        assertTrue(fixture.verify(bag, Level.FULL).ok());
        assertEquals(Map.of(), fixture.files("partial"));
    }

    @Test
    void diskThatIsFullOnOneNode_failsThere_andTheRestIsRight() throws Exception {
        shard("1/2");
        fixture.faulty = FaultyMirror::fullBeforePublishing;
        assertEquals(
                Problem.Kind.DISK,
                assertThrows(Problem.class, () -> shard("2/2")).kind());
        fixture.faulty = null;
        fixture.origin.forget();
        Puller.ShardResult again = shard("2/2");
        assertNotNull(again.published());
        assertEquals(0, again.transferred());
        assertPublished();
    }

    @Test
    void fileSystemWithoutHardLinks_givesTheSameBag() throws Exception {
        fixture.faulty = FaultyMirror::withoutHardLinks;
        shard("1/2");
        assertNotNull(shard("2/2").published());
        Bag bag = Bag.read(fixture.mirror().bags().get(0));
        assertEquals(SLIDES + 2, bag.fileCount());
        assertTrue(fixture.verify(bag, Level.FULL).ok());
    }

    @ParameterizedTest
    @ValueSource(strings = {"before publishing", "after publishing"})
    void nodeThatIsKilledAsItPublishesItsShard_isRunAgain(String moment) throws Exception {
        shard("1/3");
        assertEquals(137, KilledPull.run(temp, fixture, manifest.text(), moment, "3/3"));
        assertEquals(List.of(), fixture.mirror().bags());
        shard("3/3");
        assertNotNull(shard("2/3").published());
        assertPublished();
    }

    @Test
    void changedRecordOfAShard_isRefused() throws Exception {
        shard("1/2");
        Path origins = Objects.requireNonNull(fixture.mirror()
                        .finishedShards(fixture.mirror().shardSets().get(0))
                        .get(1))
                .path()
                .resolve("origins.jsonl");
        assertTrue(origins.toFile().setWritable(true));
        Files.writeString(origins, Files.readString(origins).replace("\"bytes\":1", "\"bytes\":2"));
        assertEquals(
                Problem.Kind.WRONG_BYTES,
                assertThrows(Problem.class, () -> shard("2/2")).kind());
    }

    @Test
    void unfinishedShards_areGarbageAfterAWeek() throws Exception {
        shard("1/3");
        Mirror mirror = fixture.mirror();
        assertEquals(
                List.of(),
                mirror.garbage().find().stream().filter(ShardTest::isShard).toList());
        List<GarbageItem> items = mirror.garbage().find(Duration.ZERO).items().stream()
                .filter(ShardTest::isShard)
                .toList();
        assertEquals(1, items.size());
        assertTrue(items.get(0).bytes() > 10_000);
        mirror.garbage().delete(items.get(0));
        assertFalse(Files.exists(fixture.root.resolve("shards")));
    }

    private static boolean isShard(GarbageItem item) {
        return item.kind() == PlaceKind.SHARD;
    }

    @Test
    void shardsThatTheKilledPublisherLeft_areDeletedLater_andTheBagStaysVerified() throws Exception {
        shard("1/2");
        assertEquals(137, KilledPull.run(temp, fixture, manifest.text(), "after publishing", "2/2"));
        assertEquals(137, KilledPull.run(temp, fixture, manifest.text(), "after publishing"));
        assertFalse(Objects.requireNonNull(shard("2/2").published()).changed());
        Mirror mirror = fixture.mirror();
        assertTrue(fixture.verify(Bag.read(mirror.bags().get(0)), Level.FULL).ok());
        for (GarbageItem item : mirror.garbage().find(Duration.ZERO).items()) {
            mirror.garbage().delete(item);
        }
        assertPublished();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/4", "5/4", "4", "", "1/0", "-1/4", "1/4/4", "a/b", "1/99999"})
    void whatIsNotIOfN_isRefused(String text) {
        Problem problem = assertThrows(Problem.class, () -> Shard.parse(text));
        assertEquals(Problem.Kind.USAGE, problem.kind());
    }
}
