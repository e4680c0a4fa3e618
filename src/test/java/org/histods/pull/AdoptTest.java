package org.histods.pull;

import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.text;
import static org.histods.testing.SparseZip.noise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FetchResult;
import org.histods.provenance.LocalContent;
import org.histods.pull.local.Offer;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.PullFixture;
import org.histods.testing.SparseZip;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The user's own files become a bag without a download, and the record says what each was compared with. */
final class AdoptTest {

    private static final String ZIP = "/one.example/tiles.zip";
    private static final String TAG = "\"v1\"";

    @TempDir
    Path temp;

    private PullFixture fixture;
    private SparseZip zip;
    private Path mine;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        zip = new SparseZip(temp.resolve("tiles.zip"));
        mine = Files.createDirectories(temp.resolve("mine"));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
        zip.close();
    }

    private PullRequest adopt(ManifestFile manifest, Offer.How how, boolean fetch, Map<FilePath, Checksum> against) {
        return new PullRequest(
                manifest,
                null,
                List.of(),
                null,
                List.of(),
                false,
                4,
                false,
                new Offer(mine, how, fetch, against),
                null);
    }

    private Puller.Result adopt(ManifestFile manifest) throws Problem {
        return fixture.pull(adopt(manifest, Offer.How.COPY, true, Map.of()));
    }

    private Path write(String path, byte[] content) throws IOException {
        Path file = mine.resolve(path);
        Files.createDirectories(file.getParent());
        return Files.write(file, content);
    }

    private static FetchRecord only(Bag bag) throws Problem {
        assertEquals(1, bag.fetches().size());
        return bag.fetches().get(0);
    }

    private static List<LocalContent.Group> groups(FetchRecord fetch) {
        return Objects.requireNonNull(fetch.local(), "nothing local").groups();
    }

    private AdoptionReport report() {
        return Objects.requireNonNull(
                fixture.events.plans.get(fixture.events.plans.size() - 1).adoption());
    }

    /** As many tiles of one size at the host, and unpacked in the folder. */
    private ManifestFile tiles(int count) throws Exception {
        for (int i = 0; i < count; i++) {
            byte[] tile = noise(20_000, i);
            zip.add("NCT/" + (i % 3 == 0 ? "ADI" : "TUM") + "/t" + i + ".tif", tile);
            write((i % 3 == 0 ? "ADI" : "TUM") + "/t" + i + ".tif", tile);
        }
        zip.finish();
        fixture.origin.always(ZIP, zip.host(TAG));
        return plain(bare("tiles.zip"));
    }

    private static byte[] bytes(Bag bag, String path) throws IOException {
        return Files.readAllBytes(bag.ref().data().resolve(path));
    }

    @Test
    void unpackedTiles_areAdoptedByTheDirectoryOfTheRemoteZip_withUnderOnePercentTransferred() throws Exception {
        ManifestFile manifest = tiles(300);
        Puller.Result result = adopt(manifest);
        assertEquals(300, result.bag().fileCount());
        assertTrue(zip.sent() < zip.size() / 100, zip.sent() + " of " + zip.size());
        assertEquals(zip.sent(), result.transferred());
        FetchRecord fetch = only(result.bag());
        assertEquals(List.of(new LocalContent.Group("crc32", 300, 6_000_000)), groups(fetch));
        assertEquals("not-compared", fetch.check());
        assertEquals(
                "adopt",
                result.bag().receipts().get(0).path("predicate").path("action").asString(""));
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
        assertEquals("NCT/ADI/t0.tif", result.bag().files().get(0).entry());
        assertFalse(fixture.pull(manifest).changed());
    }

    @Test
    void whatIsMissingOrOther_isFetchedAndNothingElse_andExtraFilesAreNamed() throws Exception {
        ManifestFile manifest = tiles(60);
        Files.delete(mine.resolve("TUM/t1.tif"));
        write("TUM/t2.tif", noise(20_000, 999));
        write("notes.txt", text("mine"));
        Files.move(mine.resolve("TUM/t4.tif"), mine.resolve("TUM/renamed.tif"));
        Puller.Result result = adopt(manifest);
        assertEquals(60, result.bag().fileCount());
        assertArrayEquals(noise(20_000, 2), bytes(result.bag(), "NCT/TUM/t2.tif"));
        assertArrayEquals(noise(20_000, 4), bytes(result.bag(), "NCT/TUM/t4.tif"));
        assertTrue(zip.sent() < 2 * 20_000 + 20_000, zip.sent() + "");
        assertEquals(List.of("NCT/TUM/t1.tif", "NCT/TUM/t2.tif"), report().missing());
        assertEquals(List.of("TUM/t2.tif"), report().differing());
        assertEquals(List.of("notes.txt"), report().unused());
        assertTrue(Files.exists(mine.resolve("notes.txt")));
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
    }

    @Test
    void withoutFetching_theBagSaysWhatItHas_andALaterPullFetchesTheRest() throws Exception {
        ManifestFile manifest = tiles(30);
        Files.delete(mine.resolve("TUM/t1.tif"));
        Puller.Result result = fixture.pull(adopt(manifest, Offer.How.COPY, false, Map.of()));
        assertEquals(29, result.bag().fileCount());
        assertFalse(result.bag().selection().isEmpty());
        assertTrue(result.bag().selection().contains("NCT/ADI/**"), result.bag().selection() + "");
        zip.forget();
        Puller.Result later = fixture.pull(manifest);
        assertEquals(30, later.bag().fileCount());
        assertEquals(List.of(), later.bag().selection());
    }

    /** An archive whose files were all found is not fetched for the sake of another file. */
    @Test
    void aLaterPull_doesNotFetchAnAdoptedArchive() throws Exception {
        tiles(30);
        byte[] labels = text("a,b");
        ManifestFile manifest = plain(bare("tiles.zip"), pin("labels.csv", labels, "md5"));
        fixture.pull(adopt(manifest, Offer.How.COPY, false, Map.of()));
        zip.forget();
        fixture.origin.put("/one.example/labels.csv", labels);
        Puller.Result later = fixture.pull(manifest);
        assertEquals(31, later.bag().fileCount());
        assertEquals(List.of(), later.bag().selection());
        assertEquals(3, later.transferred());
    }

    @Test
    void plainFiles_areVerifiedAgainstThePublishedChecksum_alsoUnderAnotherName() throws Exception {
        byte[] slide = noise(5000, 1);
        byte[] mask = noise(6000, 2);
        byte[] other = noise(7000, 3);
        write("a/slide.svs", slide);
        write("my-mask.tif", mask);
        write("other.svs", noise(7000, 4));
        fixture.origin.put("/one.example/other.svs", other);
        Puller.Result result = adopt(
                plain(pin("slide.svs", slide, "md5"), pin("mask.tif", mask, "sha1"), pin("other.svs", other, "md5")));
        assertEquals(7000, result.transferred());
        assertEquals(
                List.of("verified", "verified", "verified"),
                result.bag().fetches().stream().map(FetchRecord::check).toList());
        assertEquals(List.of("other.svs"), report().missing());
        assertEquals(
                List.of(new LocalContent.Group("md5", 1, 5000), new LocalContent.Group("sha1", 1, 6000)),
                report().groups());
    }

    @Test
    void filesWithNothingToCompareWith_areRecordedAsUnchecked() throws Exception {
        write("slide.svs", noise(5000, 1));
        Puller.Result result = adopt(plain(bare("slide.svs")));
        assertEquals(0, result.transferred());
        FetchRecord fetch = only(result.bag());
        assertEquals(List.of(new LocalContent.Group(LocalContent.UNCHECKED, 1, 5000)), groups(fetch));
        assertEquals("computed", fetch.check());
        assertTrue(fetch.checkText().contains("unchecked"), fetch.checkText());
    }

    /** Nothing lists what is in a tar without reading all of it. */
    @Test
    void filesOfATar_areUnchecked_orComparedWithTheManifestOfABag() throws Exception {
        byte[] tile = noise(5000, 1);
        write("tiles/x/1.png", tile);
        ManifestFile manifest = plain(bare("tiles.tar.gz"));
        FetchRecord fetch = only(adopt(manifest).bag());
        assertEquals(List.of(new LocalContent.Group(LocalContent.UNCHECKED, 1, 5000)), groups(fetch));
        assertEquals("not-compared", fetch.check());

        try (PullFixture second = new PullFixture(temp.resolve("second"))) {
            Checksum checksum = new Checksum(Algorithm.SHA256, ArchiveFixtures.hex("sha256", tile));
            Bag bag = second.pull(adopt(manifest, Offer.How.COPY, true, Map.of(new FilePath("deep/1.png"), checksum)))
                    .bag();
            assertEquals(List.of(new LocalContent.Group(LocalContent.MANIFEST, 1, 5000)), groups(only(bag)));
            assertArrayEquals(tile, bytes(bag, "deep/1.png"));
        }
    }

    /** A user may name their whole home folder. */
    @Test
    void hiddenFiles_areNotTakenForFilesOfATar() throws Exception {
        write("x/1.png", noise(5000, 1));
        write(".cache/program/big.bin", noise(6000, 1));
        write("x/.git/config", text("mine"));
        Bag bag = adopt(plain(bare("tiles.tar.gz"))).bag();
        assertEquals(Set.of("x/1.png"), PullFixture.filesBelow(bag.ref().data()).keySet());
        assertEquals(2, report().unused().size());
    }

    /** Files of a tar cannot be distinguished from notes that the user put beside them. */
    @Test
    void moveOfFilesThatNothingIsComparedWith_leavesThemAndTheUsersNotesWhereTheyAre() throws Exception {
        write("tiles/x/1.png", noise(5000, 1));
        write("tiles/x/my-annotation.xml", text("mine"));
        write("slide.svs", noise(6000, 2));
        Map<String, String> before = PullFixture.filesBelow(mine);
        fixture.pull(adopt(plain(bare("tiles.tar.gz"), bare("slide.svs")), Offer.How.MOVE, true, Map.of()));
        assertEquals(before.keySet(), PullFixture.filesBelow(mine).keySet());
        assertTrue(
                fixture.events.notes.stream()
                        .anyMatch(note -> note.contains("that nothing was compared with stay there")),
                () -> fixture.events.notes.toString());
    }

    @ParameterizedTest
    @EnumSource(Offer.How.class)
    void theFolderIsOnlyReadUnlessAPersonSaysOtherwise(Offer.How how) throws Exception {
        ManifestFile manifest = tiles(3);
        Path file = mine.resolve("ADI/t0.tif");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        write("notes.txt", text("mine"));
        Bag bag = fixture.pull(adopt(manifest, how, true, Map.of())).bag();
        Path inBag = bag.ref().data().resolve("NCT/ADI/t0.tif");
        assertArrayEquals(noise(20_000, 0), Files.readAllBytes(inBag));
        assertTrue(Files.exists(mine.resolve("notes.txt")));
        switch (how) {
            case COPY -> {
                assertFalse(Files.isSameFile(file, inBag));
                assertEquals("rw-r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
            case LINK -> {
                assertTrue(Files.isSameFile(file, inBag));
                assertEquals("r--r--r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
            }
            case MOVE -> {
                assertFalse(Files.exists(file));
                assertEquals(Set.of("notes.txt"), PullFixture.filesBelow(mine).keySet());
            }
        }
        assertTrue(fixture.verify(bag, BagVerifier.Level.USUAL).ok());
    }

    /** As by a program that still writes its results there. */
    @ParameterizedTest
    @EnumSource(Offer.How.class)
    void aFileThatChangesAfterItWasCompared_isNamed_andNothingIsTakenOrLost(Offer.How how) throws Exception {
        ManifestFile manifest = tiles(30);
        Path file = mine.resolve("TUM/t1.tif");
        byte[] other = noise(20_000, 99);
        PullFixture.PullEvents writer = new PullFixture.PullEvents() {
            @Override
            public void planned(PullPlan plan) {
                rewrite(file, other);
            }
        };
        Problem problem =
                assertThrows(Problem.class, () -> fixture.puller().pull(adopt(manifest, how, true, Map.of()), writer));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains(file + " changed"), problem.message());
        assertEquals(30, PullFixture.filesBelow(mine).size());
        assertArrayEquals(other, Files.readAllBytes(file));
        assertTrue(Files.getPosixFilePermissions(mine.resolve("ADI/t0.tif")).contains(PosixFilePermission.OWNER_WRITE));
        assertTrue(fixture.mirror().bags().isEmpty());

        Bag bag = fixture.pull(adopt(manifest, how, true, Map.of())).bag();
        assertArrayEquals(noise(20_000, 1), bytes(bag, "NCT/TUM/t1.tif"), "it is not the published one any more");
        assertArrayEquals(other, Files.readAllBytes(file));
    }

    /** As {@code rsync} and {@code cp -p} replace a file, with the time of another. */
    @ParameterizedTest
    @EnumSource(Offer.How.class)
    void aFileThatIsReplacedByOneOfTheSameSizeAndTime_isNamed_andNothingIsTakenOrLost(Offer.How how) throws Exception {
        ManifestFile manifest = tiles(30);
        Path file = mine.resolve("TUM/t1.tif");
        byte[] other = noise(20_000, 99);
        PullFixture.PullEvents writer = new PullFixture.PullEvents() {
            @Override
            public void planned(PullPlan plan) {
                try {
                    FileTime time = Files.getLastModifiedTime(file);
                    Path copy = Files.write(file.resolveSibling("t1.new"), other);
                    Files.setLastModifiedTime(copy, time);
                    Files.move(copy, file, StandardCopyOption.ATOMIC_MOVE);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        Problem problem =
                assertThrows(Problem.class, () -> fixture.puller().pull(adopt(manifest, how, true, Map.of()), writer));
        assertTrue(problem.message().contains(file + " changed"), problem.message());
        assertArrayEquals(other, Files.readAllBytes(file));
        assertEquals(30, PullFixture.filesBelow(mine).size());
        assertTrue(fixture.mirror().bags().isEmpty());
    }

    /** Its attributes change, and its content does not. */
    @Test
    void aFileThatIsMadeWritableMeanwhile_isTaken() throws Exception {
        ManifestFile manifest = tiles(3);
        Path file = mine.resolve("TUM/t1.tif");
        PullFixture.PullEvents writer = new PullFixture.PullEvents() {
            @Override
            public void planned(PullPlan plan) {
                try {
                    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        Bag bag = fixture.puller()
                .pull(adopt(manifest, Offer.How.COPY, true, Map.of()), writer)
                .bag();
        assertArrayEquals(noise(20_000, 1), bytes(bag, "NCT/TUM/t1.tif"));
    }

    /** A program that has the file open writes to it although it is read-only by then. */
    @ParameterizedTest
    @EnumSource(
            value = Offer.How.class,
            names = {"LINK", "MOVE"})
    void aLinkedFileThatChangesBeforeTheBagIsThere_isNamed_andNothingIsTakenOrLost(Offer.How how) throws Exception {
        ManifestFile manifest = tiles(30);
        Path file = mine.resolve("TUM/t1.tif");
        try (FileChannel open = FileChannel.open(file, StandardOpenOption.WRITE)) {
            PullFixture.PullEvents writer = new PullFixture.PullEvents() {
                @Override
                public void fetched(FetchResult fetch) {
                    try {
                        open.write(ByteBuffer.wrap(text("late")), 100);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                }
            };
            Problem problem = assertThrows(
                    Problem.class, () -> fixture.puller().pull(adopt(manifest, how, true, Map.of()), writer));
            assertTrue(problem.message().contains(file + " changed"), problem.message());
        }
        assertEquals(30, PullFixture.filesBelow(mine).size());
        assertTrue(fixture.mirror().bags().isEmpty());
        assertTrue(Files.getPosixFilePermissions(mine.resolve("ADI/t0.tif")).contains(PosixFilePermission.OWNER_WRITE));
    }

    private static void rewrite(Path file, byte[] content) {
        try {
            Files.write(file, content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As after a kill between the bag's rename and the deletion of the names. */
    @Test
    void moveThatWasInterruptedAfterTheFilesWereLinked_isFinishedByTheNextRun() throws Exception {
        ManifestFile manifest = tiles(3);
        write("notes.txt", text("mine"));
        Bag bag = fixture.pull(adopt(manifest, Offer.How.LINK, true, Map.of())).bag();
        Path other = Files.write(mine.resolve("copy.tif"), noise(20_000, 0));
        Path inBag = bag.ref().data().resolve("NCT/ADI/t0.tif");
        Files.createSymbolicLink(mine.resolve("link.tif"), inBag);
        fixture.pull(adopt(manifest, Offer.How.MOVE, true, Map.of()));
        assertEquals(
                Set.of("notes.txt", "copy.tif", "link.tif"),
                PullFixture.filesBelow(mine).keySet());
        assertArrayEquals(noise(20_000, 0), Files.readAllBytes(inBag));
        assertTrue(Files.exists(other));
        assertTrue(fixture.verify(bag, BagVerifier.Level.FULL).ok());
        fixture.pull(adopt(manifest, Offer.How.MOVE, true, Map.of()));
        assertTrue(fixture.events.notes.get(fixture.events.notes.size() - 1).contains("is left as it is"));
    }

    @Test
    void theArchiveItself_isUnpackedFromTheFolder() throws Exception {
        tiles(3);
        Files.createDirectories(temp.resolve("archives"));
        mine = temp.resolve("archives");
        write("tiles.zip", zip.bytes());
        zip.forget();
        Puller.Result result = adopt(plain(pin("tiles.zip", zip.bytes(), "md5")));
        assertEquals(0, result.transferred());
        assertEquals(3, result.bag().fileCount());
        assertTrue(only(result.bag()).verified());
        assertEquals(0, zip.sent());
    }

    @Test
    void aFolderWithNothingOfTheDataset_isRefused_andNothingIsFetched() throws Exception {
        ManifestFile manifest = tiles(3);
        mine = Files.createDirectories(temp.resolve("holiday"));
        write("1.jpg", text("sun"));
        Problem problem = assertThrows(Problem.class, () -> adopt(manifest));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains("contains no file of toy"), problem.message());
        assertEquals(Map.of(), fixture.files("datasets"));
    }

    /** The files of a dataset behind a form are recognised in the same way. */
    @Test
    void aDatasetThatMustBeDownloadedByHand_isAdopted_andOtherBytesAreRefused() throws Exception {
        byte[] slide = noise(5000, 1);
        ManifestFile manifest = manifest("sources:\n  - kind: manual\n    record: https://one.example/form\n"
                + "    official: true\n    files:\n" + pin("slide.svs", slide, "md5"));
        write("downloads/slide.svs", noise(5000, 2));
        Problem problem = assertThrows(Problem.class, () -> adopt(manifest));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        write("downloads/slide.svs", slide);
        FetchRecord fetch = only(adopt(manifest).bag());
        assertEquals(List.of(new LocalContent.Group("md5", 1, 5000)), groups(fetch));
        assertTrue(fetch.verified());
    }
}
