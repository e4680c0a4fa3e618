package org.histods.provenance.index;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.problem.Problem;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentIndexTest {

    @TempDir
    Path root;

    private Mirror mirror;
    private ContentIndex index;
    private final List<String> talk = new ArrayList<>();

    @BeforeEach
    void start() {
        mirror = new Mirror(root, OwnerProcess.self("test"), false, Clock.systemUTC());
        index = new ContentIndex(mirror, talk::add);
    }

    @AfterEach
    void stop() {
        index.close();
    }

    private BagRef bag(String id, Map<String, String> files) throws Exception {
        return TestBags.publish(mirror, id, new TreeMap<>(files));
    }

    private List<String> find(String content) throws Problem {
        return index.find(TestBags.sha256(content)).stream()
                .map(p -> p.bag().id() + "/" + p.path())
                .toList();
    }

    private Path file(String id) throws Problem {
        return mirror.index(new BagRef(new DatasetId(id), new DatasetVersion("1"), root));
    }

    @Test
    void content_isFoundWhereverTheMirrorHasIt() throws Exception {
        bag("b", Map.of("x/1.png", "one", "100%.png", "two"));
        bag("a", Map.of("é/z.png", "one", "é/a.png", "one"));
        assertEquals(List.of("a/é/a.png", "a/é/z.png", "b/x/1.png"), find("one"));
        assertEquals(List.of("b/100%.png"), find("two"));
        assertEquals(List.of(), find("three"));
        assertTrue(index.hasSize(3));
        assertFalse(index.hasSize(5));
    }

    @Test
    void emptyFiles_areNotContent() throws Exception {
        bag("a", Map.of("x", "", "y", "one"));
        assertEquals(List.of(), find(""));
        assertFalse(index.hasSize(0));
    }

    @Test
    void manyFiles_areAllFoundOverAllBlocks() throws Exception {
        Map<String, String> files = new TreeMap<>();
        for (int i = 0; i < 1200; i++) {
            files.put("t/" + i, "tile " + i / 2 + "x".repeat(i % 5 + i / 2 % 700));
        }
        for (int i = 0; i < 700; i++) {
            files.put("blank/" + i, "blank");
        }
        bag("a", files);
        for (Map.Entry<String, String> file : files.entrySet()) {
            assertTrue(find(file.getValue()).contains("a/" + file.getKey()), file.getKey());
            assertTrue(index.hasSize(file.getValue().length()));
        }
        assertEquals(700, find("blank").size());
        ContentIndex.Occurrence blank = index.find(TestBags.sha256("blank")).get(77);
        ContentIndex.Origin coming = index.origin(blank).orElseThrow();
        assertEquals("in/" + blank.path(), coming.entry());
        assertEquals(
                "https://host.example/all.zip", requireNonNull(coming.fetch()).url());
    }

    @Test
    void archiveThatWasUnpacked_isKnownThoughItIsGone() throws Exception {
        bag("a", Map.of("x", "one"));
        ContentIndex.Original original =
                index.originals(TestBags.sha256("archive of a")).get(0);
        assertEquals("all.zip", original.fetch().path());
        assertEquals(List.of(), find("archive of a"));
        assertTrue(index.hasSize("archive of a".length()));
    }

    @Test
    void archiveThatIsKept_countsAsASize() throws Exception {
        Path kept = mirror.archive(TestBags.sha256("kept archive"));
        Files.createDirectories(kept.getParent());
        Files.writeString(kept, "kept archive");
        assertTrue(index.hasSize("kept archive".length()));
    }

    @Test
    void unchangedBag_isNotIndexedAgain() throws Exception {
        bag("a", Map.of("x", "one"));
        index.refresh();
        Object before = Files.getAttribute(file("a"), "unix:ino");
        assertEquals(List.of("indexing a 1"), talk);
        index.refresh();
        assertEquals(List.of("a/x"), find("one"));
        assertEquals(before, Files.getAttribute(file("a"), "unix:ino"));
        assertEquals(1, talk.size());
    }

    @Test
    void bagThatWasReplaced_isIndexedAgain() throws Exception {
        bag("a", Map.of("x", "one"));
        index.refresh();
        bag("a", Map.of("x", "two"));
        index.refresh();
        assertEquals(List.of(), find("one"));
        assertEquals(List.of("a/x"), find("two"));
    }

    @Test
    void bagThatWasRemoved_isForgottenWithItsIndex() throws Exception {
        BagRef bag = bag("a", Map.of("x", "one"));
        assertEquals(List.of("a/x"), find("one"));
        mirror.remove(bag, Map.of("event", "remove")).deleteFiles(() -> {});
        assertFalse(Files.exists(file("a")));
        index.refresh();
        assertEquals(List.of(), find("one"));
    }

    @Test
    void indexWithAnyByteChanged_givesTheSameResult() throws Exception {
        bag("a", Map.of("x", "one", "y", "two"));
        index.refresh();
        byte[] whole = Files.readAllBytes(file("a"));
        for (int i = 0; i < whole.length; i++) {
            byte[] bad = whole.clone();
            bad[i] ^= 0x10;
            Files.write(file("a"), bad);
            try (ContentIndex other = new ContentIndex(mirror)) {
                assertEquals(1, other.find(TestBags.sha256("one")).size(), "byte " + i);
                assertTrue(other.hasSize(3), "byte " + i);
                assertEquals(1, other.originals(TestBags.sha256("archive of a")).size(), "byte " + i);
            }
        }
    }

    @Test
    void indexThatIsCutOff_isMadeAgain() throws Exception {
        bag("a", Map.of("x", "one"));
        index.refresh();
        byte[] whole = Files.readAllBytes(file("a"));
        for (int length = 0; length < whole.length; length += 7) {
            Files.write(file("a"), java.util.Arrays.copyOf(whole, length));
            try (ContentIndex other = new ContentIndex(mirror)) {
                assertEquals(1, other.find(TestBags.sha256("one")).size());
            }
        }
    }

    @Test
    void indexDamagedAfterItWasOpened_isMadeAgain() throws Exception {
        bag("a", Map.of("x", "one"));
        index.refresh();
        byte[] bad = Files.readAllBytes(file("a"));
        for (int i = IndexReader.HEADER; i < bad.length; i++) {
            bad[i] ^= 1;
        }
        Files.write(file("a"), bad);
        assertEquals(List.of("a/x"), find("one"));
        assertEquals(2, talk.size(), talk.toString());
    }

    @Test
    void bagWhoseRecordIsDamaged_isAProblemAndTheOthersAreSearched() throws Exception {
        bag("a", Map.of("x", "one"));
        BagRef bad = bag("b", Map.of("x", "one", "y", "two"));
        Path manifest = bad.path().resolve("manifest-sha256.txt");
        Files.setPosixFilePermissions(manifest, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(manifest, Files.readString(manifest).replace("data/y", "data/z"));
        Problem problem = assertThrows(Problem.class, index::refresh);
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertEquals(List.of("a/x"), find("one"));
    }

    @Test
    void mirrorThatCannotBeWritten_isSearchedAllTheSame() throws Exception {
        bag("a", Map.of("x", "one"));
        Files.writeString(root.resolve("index"), "no folder");
        assertEquals(List.of("a/x"), find("one"));
        assertTrue(talk.get(1).contains("for this run only"), talk.toString());
    }

    @Test
    void interruptedIndexing_leavesNothingInTheMirror() throws Exception {
        bag("a", Map.of("x", "one"));
        index.refresh();
        try (var list = Files.list(file("a").getParent())) {
            assertEquals(List.of(file("a")), list.toList());
        }
    }

    @Test
    void records_areSortedAndUnique() throws Exception {
        List<Long> got = new ArrayList<>();
        SortedRecords sorted = new SortedRecords(2);
        for (long n : new long[] {5, -1, 3, 5, 0, 7, 3, 2, 5, 1, 4}) {
            sorted.add(n, n);
        }
        sorted.forEach(record -> got.add(record[0]));
        assertEquals(List.of(0L, 1L, 2L, 3L, 4L, 5L, 7L, -1L), got);
    }

    @Test
    void onlySha256_namesContentHere() throws Exception {
        bag("a", Map.of("x", "one"));
        Checksum md5 = Checksum.parse("md5:6fd702d11df6292bc054397ae038a464");
        assertThrows(IllegalArgumentException.class, () -> index.find(md5));
    }
}
