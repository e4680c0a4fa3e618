package org.histods.project;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.dataset.DatasetId;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock.Artifact;
import org.histods.project.Lock.From;
import org.histods.project.Lock.Locked;
import org.histods.provenance.Bag;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LockBuilderTest {

    @TempDir
    Path folder;

    static Declared tiles(String... only) {
        return new Declared("tiles", new DatasetId("tiles"), null, null, List.of(only), List.of(), "data/tiles");
    }

    private Locked entry(Bag bag, String... only) throws Problem {
        return LockBuilder.entry(tiles(only), TestBags.manifest(), bag);
    }

    private Map<String, String> members(String path, String text) {
        Map<String, String> members = new TreeMap<>(TestBags.MEMBERS);
        members.put(path, text);
        return members;
    }

    @Test
    void wholeBag_isLockedWithItsOwnFingerprintAndEveryArtifact() throws Exception {
        Bag bag = TestBags.bag(folder);
        Locked locked = entry(bag);
        assertEquals(bag.fingerprint(), locked.fingerprint());
        assertEquals(4, locked.content().files());
        assertEquals(14, locked.content().bytes());
        assertEquals(List.of(new From("zenodo", "1214456")), locked.stated().sources());
        assertEquals(
                List.of(
                        new Artifact(new FilePath("labels.csv"), 3L, TestBags.sha256("a,b"), false, ""),
                        new Artifact(new FilePath("tiles.zip"), 7L, TestBags.sha256("archive"), true, "Zenodo")),
                locked.artifacts().named());
    }

    @Test
    void selection_isLockedByItsFilesWhateverElseWasPulled() throws Exception {
        Locked part = entry(TestBags.bag(folder.resolve("a")), "train");
        Locked other = entry(
                TestBags.bag(folder.resolve("b"), members("test/9.png", "nine"), TestBags.Host.ARCHIVE, "archive"),
                "train");
        assertEquals(part, other);
        assertEquals(2, part.content().files());
        assertEquals(
                List.of("tiles.zip"),
                part.artifacts().named().stream().map(a -> a.path().text()).toList());
    }

    @Test
    void selectionOfAFetchedArchive_takesAllThatIsInIt() throws Exception {
        assertEquals(3, entry(TestBags.bag(folder), "tiles.zip").content().files());
    }

    @Test
    void selectionOfNothing_isRefused() throws Exception {
        Bag bag = TestBags.bag(folder);
        assertEquals(
                Problem.Kind.USAGE,
                assertThrows(Problem.class, () -> entry(bag, "nothing/**")).kind());
    }

    @Test
    void archiveThatAGitHostPacksAgain_isNamedByItsTree() throws Exception {
        Bag one = TestBags.bag(folder.resolve("a"), TestBags.MEMBERS, TestBags.Host.GIT, "packed");
        Bag two = TestBags.bag(folder.resolve("b"), TestBags.MEMBERS, TestBags.Host.GIT, "packed again");
        assertEquals(entry(one), entry(two));
        assertEquals(
                new Artifact(new FilePath("tiles.zip"), null, TestBags.TREE, true, "GitHub"),
                entry(one).artifacts().named().get(1));
    }

    @Test
    void sameBytes_passTheCheck() throws Exception {
        Bag bag = TestBags.bag(folder);
        assertDoesNotThrow(() -> LockCheck.checkFiles(entry(bag), entry(bag), bag, TestBags.manifest()));
    }

    @Test
    void otherBytes_areRefusedWithArtifactFilesExpectedAndGot() throws Exception {
        Locked locked = entry(TestBags.bag(folder.resolve("a")));
        Bag bag = TestBags.bag(folder.resolve("b"), members("train/1.png", "ONE"), TestBags.Host.ARCHIVE, "other");
        Problem problem =
                assertThrows(Problem.class, () -> LockCheck.checkFiles(locked, entry(bag), bag, TestBags.manifest()));
        assertEquals(Problem.Kind.UPSTREAM_CHANGED, problem.kind());
        String message = problem.message();
        assertTrue(message.contains("expected  fingerprint " + locked.fingerprint()), message);
        assertTrue(message.contains("got       fingerprint " + bag.fingerprint()), message);
        assertTrue(
                message.contains("tiles.zip: expected " + TestBags.sha256("archive") + " (7 bytes), got "
                        + TestBags.sha256("other") + " (5 bytes)"),
                message);
        assertTrue(message.contains("with 3 files: test/3.png, train/1.png, train/2.png"), message);
    }

    @Test
    void otherFilesFromTheSameArchive_areReportedAsThat() throws Exception {
        Locked locked = entry(TestBags.bag(folder.resolve("a")));
        Bag bag = TestBags.bag(folder.resolve("b"), members("train/.DS_Store", "x"), TestBags.Host.ARCHIVE, "archive");
        Problem problem =
                assertThrows(Problem.class, () -> LockCheck.checkFiles(locked, entry(bag), bag, TestBags.manifest()));
        assertTrue(problem.message().contains("every downloaded file is the locked one"), problem.message());
    }

    @Test
    void bytesThatDifferFromADigest_areReportedAsFarAsKnown() throws Exception {
        Locked full = entry(TestBags.bag(folder.resolve("a")));
        Locked locked = new Locked(
                full.name(),
                full.id(),
                full.version(),
                null,
                full.only(),
                full.stated(),
                full.content(),
                new Lock.Artifacts(
                        List.of(), ArtifactSummary.of(full.artifacts().named())));
        Bag bag = TestBags.bag(folder.resolve("b"), members("train/1.png", "ONE"), TestBags.Host.ARCHIVE, "other");
        Problem problem =
                assertThrows(Problem.class, () -> LockCheck.checkFiles(locked, entry(bag), bag, TestBags.manifest()));
        String message = problem.message();
        assertTrue(
                message.contains("expected  2 artifacts, "
                        + ArtifactSummary.of(full.artifacts().named()).digest()),
                message);
        assertTrue(message.contains("no checksum is published for 1 of them, such as labels.csv"), message);
        Bag same = TestBags.bag(folder.resolve("c"), members("train/x", "x"), TestBags.Host.ARCHIVE, "archive");
        assertTrue(
                assertThrows(Problem.class, () -> LockCheck.checkFiles(locked, entry(same), same, TestBags.manifest()))
                        .message()
                        .contains("every downloaded file is the locked one"));
    }

    @Test
    void catalogueOfAnotherVersionOrPin_isRefusedBeforeAnyTransfer() throws Exception {
        Locked locked = entry(TestBags.bag(folder));
        assertDoesNotThrow(() -> LockCheck.checkPins(locked, TestBags.manifest()));
        ManifestFile newer =
                new ManifestReader().read(TestBags.manifestText("v2"), "tiles.yaml", new DatasetId("tiles"));
        Problem version = assertThrows(Problem.class, () -> LockCheck.checkPins(locked, newer));
        assertTrue(version.message().contains("expected  version v1\n  got       version v2"), version.message());
        ManifestFile other = new ManifestReader()
                .read(
                        TestBags.manifestText("v1")
                                .replace(
                                        TestBags.MD5.toString(),
                                        TestBags.sha256("x").toString()),
                        "tiles.yaml",
                        new DatasetId("tiles"));
        Problem pin = assertThrows(Problem.class, () -> LockCheck.checkPins(locked, other));
        assertEquals(Problem.Kind.UPSTREAM_CHANGED, pin.kind());
        assertTrue(pin.message().contains("tiles.zip\n  expected  " + TestBags.sha256("archive")), pin.message());
    }
}
