package org.histods.provenance;

import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.only;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that the user put into a bag are never lost without being named. */
final class ExtraFilesTest {

    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-02-02T02:02:02Z"));

    @TempDir
    Path temp;

    private PullFixture fixture;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        manifest = fixture.trainTestAndLabels("train/1.txt", "one", "train/2.txt", "two");
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    /** Files that a user may have there: notes next to an image, a folder, an empty one, links. */
    private void addExtraFiles(Path data) throws IOException {
        Files.writeString(data.resolve("train/1.geojson"), "{}");
        Path own = Files.createDirectories(data.resolve("my notes/deep"));
        Path note = Files.writeString(own.resolve("nöte.txt"), "note");
        Files.setPosixFilePermissions(note, PosixFilePermissions.fromString("rw-------"));
        Files.setLastModifiedTime(note, LONG_AGO);
        Files.createDirectories(data.resolve("empty/inner"));
        Files.setPosixFilePermissions(data.resolve("empty/inner"), PosixFilePermissions.fromString("rwx------"));
        Files.createSymbolicLink(data.resolve("big"), Path.of("/nowhere/at all"));
        Files.createSymbolicLink(own.resolve("first"), Path.of("../../train/1.txt"));
        Files.setLastModifiedTime(own, LONG_AGO);
    }

    private void assertExtraFilesAreThere(Bag bag) throws Exception {
        Path data = bag.ref().data();
        Path note = data.resolve("my notes/deep/nöte.txt");
        assertEquals("note", Files.readString(note));
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(note)));
        assertEquals(LONG_AGO, Files.getLastModifiedTime(note));
        assertEquals(LONG_AGO, Files.getLastModifiedTime(note.getParent()));
        assertEquals("{}", Files.readString(data.resolve("train/1.geojson")));
        assertTrue(Files.isDirectory(data.resolve("empty/inner")));
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("empty/inner"))));
        assertEquals(Path.of("/nowhere/at all"), Files.readSymbolicLink(data.resolve("big")));
        assertEquals("one", Files.readString(data.resolve("my notes/deep/first")));
        List<String> extra = List.of("big", "my notes/deep/first", "my notes/deep/nöte.txt", "train/1.geojson");
        BagVerifier.Report report = fixture.verify(bag, BagVerifier.Level.FULL);
        assertEquals(extra, report.extra());
        assertEquals("[] [] []", report.changed() + " " + report.missing() + " " + report.record());
        for (String path : extra) {
            assertTrue(
                    fixture.events.notes.contains("kept " + path + ", which is not part of the dataset"),
                    fixture.events.notes::toString);
        }
        try (var list = Files.list(bag.ref().path().resolveSibling(""))) {
            assertEquals(1, list.count());
        }
    }

    @Test
    void pullThatAddsToABag_keepsThem() throws Exception {
        Bag first = fixture.pull(only(manifest, "training")).bag();
        addExtraFiles(first.ref().data());
        Puller.Result result = fixture.pull(manifest);
        assertEquals(4, result.bag().fileCount());
        assertEquals(4, result.extra().size());
        assertExtraFilesAreThere(result.bag());
    }

    @Test
    void repair_keepsThem() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        addExtraFiles(bag.ref().data());
        Files.delete(bag.ref().data().resolve("train/2.txt"));
        Bag mended = fixture.puller()
                .repair(PullRequest.of(manifest), Set.of(new FilePath("train/2.txt")), fixture.events)
                .bag();
        assertExtraFilesAreThere(mended);
    }

    @Test
    void repairOfTheRecordOnly_makesNoRequest_andKeepsThem() throws Exception {
        Bag bag = fixture.pull(only(manifest, "train/1*")).bag();
        Path data = bag.ref().data();
        Files.writeString(data.resolve("notes.txt"), "mine");
        Files.delete(bag.ref().path().resolve("bag-info.txt").resolveSibling("ro-crate-metadata.json"));
        fixture.origin.forget();
        Bag mended = fixture.puller()
                .repair(only(manifest, "train/1*"), Set.of(), fixture.events)
                .bag();
        assertEquals(List.of(), fixture.origin.calls());
        assertEquals(1, mended.fileCount());
        BagVerifier.Report report = fixture.verify(mended, BagVerifier.Level.FULL);
        assertEquals("[notes.txt] []", report.extra() + " " + report.record());
    }

    @Test
    void fileInThePlaceOfANewDatasetFile_stopsThePullBeforeAnyRequest() throws Exception {
        Path data = fixture.pull(only(manifest, "training")).bag().ref().data();
        Files.writeString(data.resolve("labels.csv"), "mine");
        fixture.origin.forget();
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.EXTRA_FILES, p.kind());
        assertEquals(9, p.kind().exit());
        assertTrue(p.message().endsWith("\n  labels.csv"), p.message());
        assertEquals(List.of(), fixture.origin.calls());
        assertEquals("mine", Files.readString(data.resolve("labels.csv")));
    }

    @Test
    void fileInThePlaceOfAFolderOfTheDataset_stopsThePullToo() throws Exception {
        Path data = fixture.pull(only(manifest, "labels")).bag().ref().data();
        Files.createSymbolicLink(data.resolve("train"), Path.of("/nowhere"));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.EXTRA_FILES, p.kind());
        assertTrue(p.message().endsWith("\n  train"), p.message());
        assertTrue(Files.isSymbolicLink(data.resolve("train")));
    }

    @Test
    void fileInThePlaceOfAMember_stopsThePullBeforePublishing_andNothingFetchedIsLost() throws Exception {
        Path data = fixture.pull(only(manifest, "training")).bag().ref().data();
        Files.createDirectories(data.resolve("test"));
        Files.writeString(data.resolve("test/3.txt"), "mine");
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.EXTRA_FILES, p.kind());
        assertTrue(p.message().endsWith("\n  test/3.txt"), p.message());
        assertEquals("mine", Files.readString(data.resolve("test/3.txt")));
        Files.move(data.resolve("test/3.txt"), data.resolve("test/3.mine.txt"));
        fixture.origin.forget();
        Puller.Result result = fixture.pull(manifest);
        assertEquals(List.of(), fixture.origin.calls());
        assertEquals("three", Files.readString(data.resolve("test/3.txt")));
        assertEquals("mine", Files.readString(data.resolve("test/3.mine.txt")));
        assertEquals(List.of("test/3.mine.txt"), result.extra());
    }

    @Test
    void folderInThePlaceOfALostFile_stopsTheRepair() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Path lost = bag.ref().data().resolve("labels.csv");
        Files.delete(lost);
        Files.createDirectory(lost);
        Files.writeString(lost.resolve("mine.txt"), "mine");
        Problem p = assertThrows(
                Problem.class,
                () -> fixture.puller()
                        .repair(PullRequest.of(manifest), Set.of(new FilePath("labels.csv")), fixture.events));
        assertEquals(Problem.Kind.EXTRA_FILES, p.kind());
        assertEquals("mine", Files.readString(lost.resolve("mine.txt")));
    }

    @Test
    void folderInThePlaceOfALostFile_isMissing_andWhatItHoldsIsExtra() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Path lost = bag.ref().data().resolve("train/2.txt");
        Files.delete(lost);
        Files.writeString(Files.createDirectory(lost).resolve("mine.txt"), "mine");
        Path linked = bag.ref().data().resolve("train/1.txt");
        Files.move(linked, bag.ref().data().resolve("moved.txt"));
        Files.createSymbolicLink(linked, Path.of("../moved.txt"));
        for (BagVerifier.Level level : List.of(BagVerifier.Level.QUICK, BagVerifier.Level.FULL)) {
            BagVerifier.Report report = fixture.verify(bag, level);
            assertEquals("[train/2.txt]", report.missing().toString());
            assertEquals("[moved.txt, train/2.txt/mine.txt]", report.extra().toString());
        }
    }

    @Test
    void discardExtra_namesThemAndDeletesThem() throws Exception {
        Path data = fixture.pull(only(manifest, "training")).bag().ref().data();
        Files.writeString(data.resolve("labels.csv"), "mine");
        Path outside = Files.writeString(temp.resolve("outside"), "outside");
        Files.createSymbolicLink(data.resolve("link"), outside);
        Puller.Result result =
                fixture.pull(new PullRequest(manifest, null, List.of(), null, List.of(), false, 4, true, null, null));
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
        assertFalse(Files.exists(data.resolve("link"), LinkOption.NOFOLLOW_LINKS));
        assertEquals("outside", Files.readString(outside));
        assertTrue(fixture.events.notes.contains("labels.csv is not part of the dataset and will be deleted"));
        assertTrue(fixture.events.notes.contains("link is not part of the dataset and will be deleted"));
    }

    @Test
    void changedFileThatIsTakenOver_isNotStampedAsCorrect() throws Exception {
        Path data = fixture.pull(only(manifest, "training")).bag().ref().data();
        Path file = data.resolve("train/1.txt");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(file, "ONE");
        Bag bag = fixture.pull(manifest).bag();
        assertEquals(
                "[train/1.txt]",
                fixture.verify(bag, BagVerifier.Level.USUAL).changed().toString());
        assertEquals("ONE", Files.readString(file));
    }

    @Test
    void extraFilesOfABag_canBeRefusedByName() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        refuse(bag);
        addExtraFiles(bag.ref().data());
        Problem p = refused(bag);
        assertEquals(Problem.Kind.EXTRA_FILES, p.kind());
        assertTrue(p.message().contains("4 files"), p.message());
        assertTrue(p.message().contains("\n  my notes/deep/nöte.txt"), p.message());
    }

    @Test
    void bagWithADamagedManifest_isNotDeleted() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Path checksums = bag.ref().path().resolve("manifest-sha256.txt");
        Files.delete(checksums);
        assertEquals(Problem.Kind.EXTRA_FILES, refused(bag).kind());
        Files.writeString(checksums, "short\n");
        assertEquals(Problem.Kind.EXTRA_FILES, refused(bag).kind());
    }

    @Test
    void modifiedFile_isRefusedByName_together_withExtraFiles() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Path data = bag.ref().data();
        Files.writeString(data.resolve("notes.txt"), "mine");
        modify(data.resolve("train/1.txt"), "ONE");
        Files.delete(data.resolve("labels.csv"));
        Files.createSymbolicLink(data.resolve("labels.csv"), Path.of("/nowhere"));
        Problem p = refused(bag);
        assertEquals(Problem.Kind.EXTRA_FILES, p.kind());
        assertEquals(
                "toy 1 holds 1 file that the dataset does not have:\n  notes.txt\n"
                        + "toy 1 holds 2 modified files:\n  labels.csv\n  train/1.txt",
                p.message());
    }

    @Test
    void fileWithOtherTimesAndTheSameContent_isNotModified_norIsAMissingOne() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Files.setLastModifiedTime(bag.ref().data().resolve("train/1.txt"), LONG_AGO);
        Files.delete(bag.ref().data().resolve("train/2.txt"));
        refuse(bag);
    }

    @Test
    void modifiedFileOfAMirrorWhoseTimesAreNotRecorded_isFoundByReading() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        modify(bag.ref().data().resolve("train/1.txt"), "ONE");
        forgetStamps();
        assertTrue(refused(bag).message().endsWith("modified file:\n  train/1.txt"), refused(bag)::message);
    }

    @Test
    void filesThatMayBeModified_andAreTooLargeToRead_areRefused_untilTheyAreVerified() throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        forgetStamps();
        UserFiles files = userFiles(bag, 1);
        assertEquals(4, files.unread());
        Problem p = assertThrows(Problem.class, () -> files.refuseToDelete(bag.ref()));
        assertEquals(Problem.Kind.EXTRA_FILES, p.kind());
        assertTrue(p.message().contains("4 files (") && p.message().contains("may be modified"), p::message);
        assertTrue(fixture.verify(bag, BagVerifier.Level.USUAL).ok());
        userFiles(bag, 1).refuseToDelete(bag.ref());
    }

    private static void modify(Path file, String text) throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(file, text);
    }

    /** As if the mirror had been copied without its records about the disk. */
    private void forgetStamps() throws IOException {
        Files.delete(temp.resolve("mirror/stamps/toy/1.tsv"));
    }

    private UserFiles userFiles(Bag bag, long limit) throws Problem {
        return UserFiles.of(bag.ref(), fixture.mirror().stamps(bag.ref()), new BagVerifier(2), limit);
    }

    private void refuse(Bag bag) throws Problem {
        userFiles(bag, UserFiles.READ_LIMIT).refuseToDelete(bag.ref());
    }

    private Problem refused(Bag bag) {
        return assertThrows(Problem.class, () -> refuse(bag));
    }

    @Test
    void folderThatItsOwnerMadeReadOnly_isKept_andNothingIsLeftOfTheOldBag() throws Exception {
        Bag first = fixture.pull(only(manifest, "training")).bag();
        Path own = Files.createDirectories(first.ref().data().resolve("own"));
        Files.writeString(own.resolve("notes.txt"), "mine");
        Files.setPosixFilePermissions(own, PosixFilePermissions.fromString("r-xr-xr-x"));
        Path kept = fixture.pull(manifest).bag().ref().data().resolve("own");
        assertEquals("mine", Files.readString(kept.resolve("notes.txt")));
        assertEquals("r-xr-xr-x", PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)));
        assertEquals(java.util.Map.of(), fixture.files("staging"));
        Files.setPosixFilePermissions(kept, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    @Test
    void bagWhoseReceiptWasEdited_isNotTakenOverByAPullOfMore_norByARepair() throws Exception {
        Bag first = fixture.pull(only(manifest, "training")).bag();
        Path receipt = first.receiptFiles().get(0);
        String text = Files.readString(receipt);
        Files.delete(receipt);
        Files.writeString(receipt, text.replace("one.example", "two.example"));
        for (org.junit.jupiter.api.function.Executable command : List.<org.junit.jupiter.api.function.Executable>of(
                () -> fixture.pull(manifest),
                () -> fixture.puller().repair(only(manifest, "training"), Set.of(), fixture.events))) {
            Problem p = assertThrows(Problem.class, command);
            assertEquals(Problem.Kind.WRONG_BYTES, p.kind());
            assertTrue(p.message().contains("receipts/0001-pull.json was changed"), p.message());
        }
        assertEquals(first.fingerprint(), Bag.read(first.ref()).fingerprint());
    }

    @Test
    void recordThatAgreesWithItselfButNotWithTheJournal_isNotTakenOver() throws Exception {
        Bag first = fixture.pull(only(manifest, "training")).bag();
        Path info = first.ref().path().resolve("bag-info.txt");
        Path tags = first.ref().path().resolve("tagmanifest-sha256.txt");
        String before = org.histods.digest.Hasher.sha256(info).hex();
        String text = Files.readString(info);
        Files.delete(info);
        Files.writeString(info, text + "Contact-Name: somebody else\n");
        String listed = Files.readString(tags);
        Files.delete(tags);
        Files.writeString(
                tags,
                listed.replace(before, org.histods.digest.Hasher.sha256(info).hex()));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertTrue(p.message().contains("the record is not the one of "), p.message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"datasets/toy", "datasets/toy/1", "datasets/toy/1/data"})
    void datasetThatWasMovedToAnotherDiskBehindALink_isOkAndUsed_butNotChanged(String linked) throws Exception {
        Bag bag = fixture.pull(manifest).bag();
        Path place = temp.resolve("mirror").resolve(linked);
        assertTrue(Files.exists(place), place::toString);
        Path disk = Files.move(place, temp.resolve("other disk"));
        Files.createSymbolicLink(place, disk);
        assertEquals(List.of(), ExtraFiles.of(bag.ref()).names());
        assertEquals(bag.fingerprint(), fixture.pull(manifest).bag().fingerprint());
        assertEquals(0, fixture.origin.calls().size() - 3, "requests after those of the first pull");
    }
}
