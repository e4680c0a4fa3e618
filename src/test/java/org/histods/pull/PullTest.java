package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.FetchResult;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pulls from hosts that work as they should. */
final class PullTest {

    @TempDir
    Path temp;

    private PullFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    @Test
    void plainFile_isVerifiedInTheBag() throws Exception {
        byte[] bytes = noise(200_000, 1);
        fixture.origin.put("/one.example/a/b.bin", bytes);
        Puller.Result result = fixture.pull(plain(pin("a/b.bin", bytes, "md5")));
        assertTrue(result.changed());
        assertEquals(200_000, result.transferred());
        assertEquals(
                Set.of("a/b.bin"),
                PullFixture.filesBelow(result.bag().ref().data()).keySet());
        assertEquals(ArchiveFixtures.hex("sha256", bytes), sha256(result, "a/b.bin"));
        FetchResult fetch = fixture.events.fetched.get(0);
        assertEquals("verified by Publisher", fetch.check() + " by " + fetch.by());
        assertEquals(Map.of(), fixture.files("staging"));
        assertEquals(Map.of(), fixture.files("partial"));
        Path file = result.bag().ref().data().resolve("a/b.bin");
        assertEquals("r--r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    private static String sha256(Puller.Result result, String path) throws IOException {
        return ArchiveFixtures.hex(
                "sha256", Files.readAllBytes(result.bag().ref().data().resolve(path)));
    }

    @Test
    void withoutPublishedChecksum_isComputedAndNeverCalledVerified() throws Exception {
        fixture.origin.put("/one.example/a.txt", text("hello"));
        fixture.pull(plain(bare("a.txt")));
        assertEquals("computed", fixture.events.fetched.get(0).check());
    }

    @Test
    void gitBlobOfUnstatedSize_isVerified() throws Exception {
        fixture.origin.put("/one.example/a.txt", text("hello"));
        fixture.pull(plain(pin("a.txt", text("hello"), "git-blob").replaceAll("        bytes: .*\n", "")));
        assertEquals("verified", fixture.events.fetched.get(0).check());
    }

    @Test
    void emptyFileWithStatedSize_isPulled() throws Exception {
        fixture.origin.put("/one.example/none.txt", new byte[0]);
        Puller.Result result = fixture.pull(plain(pin("none.txt", new byte[0], "sha256")));
        assertEquals(
                Map.of("none.txt", ""),
                PullFixture.filesBelow(result.bag().ref().data()));
    }

    @Test
    void zipAndTarGz_areUnpackedIntoTheirFolder() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("x/1.txt", "one", "x/2.txt", "two"));
        byte[] tar = ArchiveFixtures.tarGz(members("y/3.txt", "three"));
        fixture.origin.put("/one.example/a.zip", zip);
        fixture.origin.put("/one.example/in/b.tar.gz", tar);
        Puller.Result result = fixture.pull(plain(pin("a.zip", zip, "md5"), pin("in/b.tar.gz", tar, "md5")));
        assertEquals(
                Map.of("x/1.txt", "one", "x/2.txt", "two", "in/y/3.txt", "three"),
                PullFixture.filesBelow(result.bag().ref().data()));
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
    }

    @Test
    void archivesThatShareFolders_areMergedWhateverTheOrder() throws Exception {
        String[] pins = new String[12];
        for (int i = 0; i < pins.length; i++) {
            byte[] zip = ArchiveFixtures.zip(members("images/deep/" + i + ".txt", "n" + i));
            fixture.origin.put("/one.example/" + i + ".zip", zip);
            pins[i] = pin(i + ".zip", zip, "md5");
        }
        Puller.Result result = fixture.pull(new PullRequest(plain(pins), null, List.of(), null, List.of(), false, 12));
        assertEquals(12, PullFixture.filesBelow(result.bag().ref().data()).size());
    }

    @Test
    void twoArchivesWithTheSameFile_areRefusedWithBothNames() throws Exception {
        byte[] a = ArchiveFixtures.zip(members("x.txt", "one"));
        byte[] b = ArchiveFixtures.zip(members("x.txt", "two"));
        fixture.origin.put("/one.example/a.zip", a);
        fixture.origin.put("/one.example/b.zip", b);
        ManifestFile manifest = plain(pin("a.zip", a, "md5"), pin("b.zip", b, "md5"));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("a.zip") && p.message().contains("b.zip"), p.message());
        assertEquals(Map.of(), fixture.files("datasets"));
    }

    @Test
    void keepArchives_keepsTheOriginalByItsHash() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("x.txt", "one"));
        fixture.origin.put("/one.example/a.zip", zip);
        fixture.pull(new PullRequest(plain(pin("a.zip", zip, "md5")), null, List.of(), null, List.of(), true, 1));
        String sha = ArchiveFixtures.hex("sha256", zip);
        assertEquals(
                Set.of(sha.substring(0, 2) + "/" + sha),
                fixture.files("archives/sha256").keySet());
    }

    @Test
    void secondPull_makesNoRequestAndChangesNothing() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("x.txt", "one"));
        fixture.origin.put("/one.example/a.zip", zip);
        ManifestFile manifest = plain(pin("a.zip", zip, "md5"));
        Puller.Result first = fixture.pull(manifest);
        Map<String, String> before = fixture.files("");
        fixture.origin.forget();
        fixture.offline = true;
        Puller.Result second = fixture.pull(manifest);
        assertFalse(second.changed());
        assertEquals(0, second.transferred());
        assertEquals(List.of(), fixture.origin.calls());
        assertEquals(first.bag().fingerprint(), second.bag().fingerprint());
        assertEquals(before.keySet(), fixture.files("").keySet());
    }

    @Test
    void secondPull_namesFilesThatWereTouchedOrDeleted() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("a.txt", "one", "b.txt", "two", "c.txt", "three"));
        fixture.origin.put("/one.example/a.zip", zip);
        ManifestFile manifest = plain(pin("a.zip", zip, "md5"));
        Path data = fixture.pull(manifest).bag().ref().data();
        Files.delete(data.resolve("a.txt"));
        Files.delete(data.resolve("b.txt"));
        Files.writeString(data.resolve("b.txt"), "TWO");
        fixture.offline = true;
        Puller.Result second = fixture.pull(manifest);
        assertEquals("[a.txt, b.txt]", second.touched().toString());
    }

    @Test
    void secondPull_withAManifestThatNowStatesAnotherChecksum_isNotThatTheDatasetIsThere() throws Exception {
        byte[] one = PullFixture.text("one");
        byte[] two = PullFixture.text("two");
        fixture.origin.put("/one.example/a.txt", one);
        fixture.origin.put("/one.example/b.txt", two);
        fixture.pull(plain(pin("a.txt", one, "md5"), pin("b.txt", two, "sha256")));
        fixture.offline = true;
        fixture.pull(plain("# a comment\n" + pin("a.txt", one, "md5"), pin("b.txt", two, "sha256")));
        Problem p = assertThrows(
                Problem.class, () -> fixture.pull(plain(pin("a.txt", two, "md5"), pin("b.txt", two, "sha256"))));
        assertEquals(Problem.Kind.UPSTREAM_CHANGED, p.kind());
        assertTrue(
                p.message()
                        .contains("a.txt\n    manifest  md5:" + ArchiveFixtures.hex("md5", two) + "\n    mirror    md5:"
                                + ArchiveFixtures.hex("md5", one)),
                p::message);
        assertFalse(p.message().contains("b.txt"), p::message);
    }

    @Test
    void readOnlyMirror_stillReturnsItsBags() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("x.txt", "one"));
        fixture.origin.put("/one.example/a.zip", zip);
        ManifestFile manifest = plain(pin("a.zip", zip, "md5"));
        Puller.Result first = fixture.pull(manifest);
        // Even root cannot write into a folder that is a file.
        for (String name : List.of("locks", "partial", "staging")) {
            Path folder = fixture.root.resolve(name);
            for (String file : PullFixture.filesBelow(folder).keySet()) {
                Files.delete(folder.resolve(file));
            }
            Files.deleteIfExists(folder);
            Files.writeString(folder, "");
        }
        fixture.origin.forget();
        Puller.Result second = fixture.pull(manifest);
        assertFalse(second.changed());
        assertEquals(first.bag().fingerprint(), second.bag().fingerprint());
        assertEquals(List.of(), fixture.origin.calls());
        assertTrue(fixture.verify(second.bag(), BagVerifier.Level.FULL).ok());
    }

    @Test
    void manyFiles_needNoMoreLocksThanOne() throws Exception {
        String[] pins = new String[40];
        for (int i = 0; i < pins.length; i++) {
            fixture.origin.put("/one.example/" + i + ".txt", text("n" + i));
            pins[i] = pin(i + ".txt", text("n" + i), "md5");
        }
        fixture.pull(plain(pins));
        List<String> locks = fixture.files("locks").keySet().stream()
                .filter(name -> name.endsWith(".lock"))
                .toList();
        assertEquals(List.of("toy@1.lock"), locks);
    }

    @Test
    void offline_isReportedIfAFileIsMissing() throws Exception {
        fixture.offline = true;
        Problem p = assertThrows(Problem.class, () -> fixture.pull(plain(bare("a.txt"))));
        assertEquals(Problem.Kind.NETWORK, p.kind());
        assertTrue(p.message().contains("offline"), p.message());
    }

    @Test
    void diskTooSmall_isReportedBeforeAnyRequest() throws Exception {
        ManifestFile manifest =
                plain(pin("a.bin", text("x"), "md5").replace("bytes: 1\n", "bytes: 900000000000000000\n"));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.DISK, p.kind());
        assertEquals(List.of(), fixture.origin.calls());
        assertEquals(Map.of(), fixture.files("partial"));
    }
}
