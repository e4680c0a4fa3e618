package org.histods.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.mirror.FileStamps;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.provenance.BagVerifier.Level;
import org.histods.provenance.BagVerifier.Report;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A bag is right only if its files and its record are; each fault alone makes it wrong, and is named. */
final class BagVerifierTest {

    @TempDir
    Path root;

    private Mirror mirror;
    private Bag bag;
    private final AtomicLong bytesRead = new AtomicLong();

    @BeforeEach
    void publish() throws Exception {
        mirror = new Mirror(root, OwnerProcess.self("test"), false, Clock.systemUTC());
        bag = Bag.read(TestBags.publish(mirror, "toy", Map.of("a.txt", "a", "b.txt", "bb", "x/c.txt", "ccc")));
    }

    private FileStamps stamps() {
        return mirror.stamps(bag.ref());
    }

    private Report verify(Level level) throws Exception {
        bytesRead.set(0);
        return new BagVerifier(1).verify(bag, stamps(), level, bytesRead::addAndGet);
    }

    private static Path writable(Path file) {
        assertTrue(file.toFile().setWritable(true));
        return file;
    }

    private Path data(String path) {
        return bag.ref().data().resolve(path);
    }

    private Path tag(String path) {
        return bag.ref().path().resolve(path);
    }

    /** The tag manifest as somebody writes it who changes the record and wants that not to show. */
    private void listTagFiles(String... files) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String file : files) {
            lines.append(Hasher.sha256(tag(file)).hex())
                    .append("  ")
                    .append(file)
                    .append('\n');
        }
        Files.writeString(writable(tag("tagmanifest-sha256.txt")), lines);
    }

    private String[] tagFiles() throws IOException {
        return Files.readAllLines(tag("tagmanifest-sha256.txt")).stream()
                .map(line -> line.substring(66))
                .toArray(String[]::new);
    }

    private static List<FilePath> paths(String... paths) {
        return Stream.of(paths).map(FilePath::new).toList();
    }

    private void assertRecord(String... faults) throws Exception {
        for (Level level : List.of(Level.USUAL, Level.FULL)) {
            Report report = verify(level);
            assertEquals(List.of(faults), report.record());
            assertEquals(faults.length == 0, report.ok());
        }
    }

    @Test
    void filesWithoutStamps_areReadOnce_andOnlyReadAgainInFull() throws Exception {
        Report first = verify(Level.USUAL);
        assertTrue(first.ok(), first.toString());
        assertEquals(3, first.files());
        assertEquals(3, first.read());
        assertEquals(6, bytesRead.get());

        assertEquals(0, verify(Level.USUAL).read());
        assertTrue(verify(Level.QUICK).ok());
        assertEquals(0, bytesRead.get());
        assertEquals(3, verify(Level.FULL).read());
        assertEquals(6, bytesRead.get());
    }

    @Test
    void filesWithoutStamps_areNotCalledRightByAQuickLook() throws Exception {
        Report report = verify(Level.QUICK);
        assertFalse(report.ok());
        assertEquals(
                List.of("the sizes and times of the files were not recorded, so --quick cannot detect changes"),
                report.record());
        assertEquals(List.of(), report.changed());
        assertEquals(0, report.read());
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void changedFile_isFoundAtEachLevel_eachTime(Level level) throws Exception {
        verify(Level.FULL);
        Files.writeString(writable(data("b.txt")), "BB");
        for (int i = 0; i < 2; i++) {
            Report report = verify(level);
            assertFalse(report.ok());
            assertEquals(paths("b.txt"), report.changed());
            assertEquals(List.of(), report.missing());
            assertEquals(level == Level.QUICK ? 0 : level == Level.USUAL ? 1 : 3, report.read());
        }
    }

    /** As by tar and on file systems with coarse times; cp and rsync write such copies to those. */
    @ParameterizedTest
    @ValueSource(longs = {2_000_000_000, 1_000_000_000, 10_000_000, 1_000})
    void copyWithTimesInCoarserUnits_isReadByAQuickLook(long unit) throws Exception {
        long written = 1_700_000_001_123_456_789L;
        Files.setLastModifiedTime(data("b.txt"), FileTime.from(written, TimeUnit.NANOSECONDS));
        verify(Level.FULL);
        FileTime coarse = FileTime.from(written - written % unit, TimeUnit.NANOSECONDS);
        Files.setLastModifiedTime(data("b.txt"), coarse);

        Report copied = verify(Level.QUICK);
        assertTrue(copied.ok(), copied.toString());
        assertEquals(1, copied.read());
        assertEquals(0, verify(Level.QUICK).read());

        Files.writeString(writable(data("b.txt")), "BB");
        Files.setLastModifiedTime(data("b.txt"), coarse);
        assertEquals(paths("b.txt"), verify(Level.QUICK).changed());
    }

    @Test
    void fileThatTheDiskChangedAndNotItsTimes_isFoundInFull_andFromThenOnByEveryLook() throws Exception {
        Files.writeString(writable(data("b.txt")), "BB");
        stamps().take(FileStamps.look(bag.ref().data(), bag.listed().keySet()), List.of());
        assertTrue(verify(Level.USUAL).ok());

        for (Level level : List.of(Level.FULL, Level.USUAL, Level.QUICK)) {
            assertEquals(paths("b.txt"), verify(level).changed(), level.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void missingFile_isFoundAtEachLevel_andIsNotAChangedOne(Level level) throws Exception {
        verify(Level.FULL);
        Files.delete(data("x/c.txt"));
        Report report = verify(level);
        assertFalse(report.ok());
        assertEquals(paths("x/c.txt"), report.missing());
        assertEquals(List.of(), report.otherForms());
        assertEquals(List.of(), report.changed());
        assertEquals(level == Level.FULL ? 2 : 0, report.read());
    }

    @Test
    void fileUnderANameInAnotherUnicodeForm_isReadAndReported_andIsRight() throws Exception {
        bag = Bag.read(TestBags.publish(mirror, "umlaut", Map.of("Dr\u00fcse.txt", "d", "u.txt", "u")));
        Files.move(data("Dr\u00fcse.txt"), data("Dru\u0308se.txt"));
        Report report = verify(Level.FULL);
        assertTrue(report.ok(), report.toString());
        assertEquals(paths("Dr\u00fcse.txt"), report.otherForms());
        assertEquals(2, report.read());
    }

    @Test
    void missingFileInABagWithoutStamps_isNotRead() throws Exception {
        Files.delete(data("a.txt"));
        Report report = verify(Level.USUAL);
        assertEquals(paths("a.txt"), report.missing());
        assertEquals(2, report.read());
        assertEquals(5, bytesRead.get());
    }

    @ParameterizedTest
    @EnumSource(Level.class)
    void extraFile_isFoundAtEachLevel(Level level) throws Exception {
        verify(Level.FULL);
        Files.writeString(data("x/notes.txt"), "mine");
        Report report = verify(level);
        assertFalse(report.ok());
        assertEquals(List.of("x/notes.txt"), report.extra());
        assertEquals(List.of(), report.record());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bagit.txt", "bag-info.txt", "manifest.yaml", "receipts/0001-pull.json"})
    void changedTagFile_isNamed(String file) throws Exception {
        Files.writeString(writable(tag(file)), Files.readString(tag(file)) + "\n");
        assertRecord(file + " was changed");
    }

    @Test
    void missingTagFile_isNamed() throws Exception {
        Files.delete(tag("origins.jsonl"));
        assertRecord("origins.jsonl is missing");
    }

    @Test
    void missingTagManifest_isAFault() throws Exception {
        Files.delete(tag("tagmanifest-sha256.txt"));
        Report report = verify(Level.FULL);
        assertFalse(report.ok());
        assertEquals(1, report.record().size());
        assertTrue(report.record().get(0).startsWith("tagmanifest-sha256.txt or bag-info.txt cannot be read"));
    }

    @Test
    void tagManifestThatIsAFolder_isAFault() throws Exception {
        Files.delete(tag("tagmanifest-sha256.txt"));
        Files.createDirectory(tag("tagmanifest-sha256.txt"));
        assertRecord("tagmanifest-sha256.txt is not a file");
    }

    @Test
    void tagFileThatTheTagManifestDoesNotList_isNamed() throws Exception {
        listTagFiles(Stream.of(tagFiles())
                .filter(file -> !file.equals("origins.jsonl"))
                .toArray(String[]::new));
        assertRecord("origins.jsonl is not in tagmanifest-sha256.txt");
    }

    @Test
    void receiptThatTheTagManifestDoesNotList_isNamed() throws Exception {
        Files.copy(tag("receipts/0001-pull.json"), tag("receipts/0002-repair.json"));
        assertRecord("receipts/0002-repair.json is not in tagmanifest-sha256.txt");
    }

    @Test
    void pageThatNoTagManifestLists_isAFaultOnlyIfItIsThere() throws Exception {
        String[] others = Stream.of(tagFiles())
                .filter(file -> !file.equals("ro-crate-preview.html"))
                .toArray(String[]::new);
        listTagFiles(others);
        Files.writeString(tag("ro-crate-preview.html"), "<html>");
        assertRecord("ro-crate-preview.html is not in tagmanifest-sha256.txt");
        Files.delete(tag("ro-crate-preview.html"));
        assertRecord();
    }

    @Test
    void receiptThatWasRemovedFromTheTagManifestToo_isMissed() throws Exception {
        Files.move(tag("receipts/0001-pull.json"), tag("receipts/0002-pull.json"));
        listTagFiles(
                Stream.of(tagFiles()).map(file -> file.replace("0001", "0002")).toArray(String[]::new));
        assertRecord("receipt 0001 is missing, or there are two");
    }

    @Test
    void twoReceiptsOfOneNumber_areAFault() throws Exception {
        Files.copy(tag("receipts/0001-pull.json"), tag("receipts/0001-repair.json"));
        List<String> files = new ArrayList<>(List.of(tagFiles()));
        files.add("receipts/0001-repair.json");
        listTagFiles(files.toArray(String[]::new));
        assertRecord("receipt 0002 is missing, or there are two");
    }

    @Test
    void lastReceiptOfOtherFiles_isAFault_alsoIfTheTagManifestListsIt() throws Exception {
        Path receipt = tag("receipts/0001-pull.json");
        String fingerprint = bag.fingerprint().hex();
        Files.writeString(writable(receipt), Files.readString(receipt).replace(fingerprint, "0".repeat(64)));
        listTagFiles(tagFiles());
        assertRecord("the last receipt describes other files");
    }

    @Test
    void receiptThatCannotBeRead_isAFault() throws Exception {
        Files.writeString(writable(tag("receipts/0001-pull.json")), "{");
        listTagFiles(tagFiles());
        Report report = verify(Level.FULL);
        assertFalse(report.ok());
        assertEquals(1, report.record().size());
    }

    @Test
    void listOfFilesThatWasShortened_isAFault_alsoIfTheTagManifestListsIt() throws Exception {
        Path manifest = tag("manifest-sha256.txt");
        Files.write(writable(manifest), Files.readAllLines(manifest).subList(0, 2));
        listTagFiles(tagFiles());
        Report report = verify(Level.FULL);
        assertFalse(report.ok());
        assertEquals(List.of("the fingerprint in bag-info.txt is not that of manifest-sha256.txt"), report.record());
        assertEquals(List.of("x/c.txt"), report.extra());
    }

    @Test
    void faultOfTheRecord_isCarriedOver_unlessAPullWritesTheFileAgain() throws Exception {
        Files.delete(tag("bagit.txt"));
        Files.delete(tag("origins.jsonl"));
        assertEquals(
                List.of("bagit.txt true", "origins.jsonl false"),
                BagVerifier.record(bag).stream()
                        .map(fault -> fault.file() + " " + fault.isWrittenAgain())
                        .toList());
    }

    @Test
    void furtherFault_makesAReportWrong_andNoneChangesNothing() throws Exception {
        Report right = verify(Level.FULL);
        assertEquals(right, right.with(null));
        Report wrong = right.with("the journal has no line about this dataset");
        assertFalse(wrong.ok());
        assertEquals(List.of("the journal has no line about this dataset"), wrong.record());
    }
}
