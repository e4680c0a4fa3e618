package org.histods.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.digest.FilePath;
import org.histods.mirror.BagRef;
import org.histods.mirror.FileStamps;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.problem.Problem;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What has gone unread for the longest time is read first, and only what was read and is right counts. */
final class OldestVerifierTest {

    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");
    private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");

    @TempDir
    Path root;

    private Mirror mirror;
    private Bag one;
    private Bag two;

    /** Two bags of four files of a hundred bytes. */
    @BeforeEach
    void publish() throws Exception {
        mirror = new Mirror(root, OwnerProcess.self("test"), false, Clock.systemUTC());
        one = publish("one");
        two = publish("two");
    }

    private Bag publish(String id) throws Exception {
        Map<String, String> files = new TreeMap<>();
        for (int i = 0; i < 4; i++) {
            files.put(i + ".txt", (id + i).repeat(25));
        }
        BagRef bag = TestBags.publish(mirror, id, files);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "pull");
        line.put("dataset", bag.id());
        line.put("version", bag.version());
        line.put("tagmanifest", JournalVerifier.hash(bag.path().resolve("tagmanifest-sha256.txt")));
        mirror.journal().append(line);
        return Bag.read(bag);
    }

    private static List<FilePath> paths(String... paths) {
        return Stream.of(paths).map(FilePath::new).toList();
    }

    private void read(Bag bag, Instant when, String... files) throws Exception {
        List<FilePath> paths = paths(files);
        mirror.stamps(bag.ref()).update(FileStamps.look(bag.ref().data(), paths), Set.copyOf(paths), List.of(), when);
    }

    private void readAll(Instant when) throws Exception {
        for (Bag bag : List.of(one, two)) {
            read(bag, when, "0.txt", "1.txt", "2.txt", "3.txt");
        }
    }

    private OldestVerifier.Result verify(double share, Instant now) throws Exception {
        return new BagVerifier(2)
                .oldest(mirror::stamps, JournalVerifier.of(mirror))
                .verify(List.of(one, two), share, now);
    }

    private static String read(OldestVerifier.Result result) {
        StringBuilder read = new StringBuilder();
        for (OldestVerifier.Report report : result.reports()) {
            read.append(report.bag().ref().id())
                    .append(' ')
                    .append(report.files())
                    .append(' ');
        }
        return read.toString().strip();
    }

    private static Path writable(Path file) {
        assertTrue(file.toFile().setWritable(true));
        return file;
    }

    private static Path data(Bag bag, String file) {
        return bag.ref().data().resolve(file);
    }

    private List<FilePath> readAt(Bag bag, Instant moment) throws Problem {
        return mirror.stamps(bag.ref()).readAt(moment, bag.listed().keySet(), Instant.MAX);
    }

    @Test
    void part_isReadFileByFile_andTheNextRunContinues() throws Exception {
        OldestVerifier.Result first = verify(0.25, MARCH);
        assertEquals("one 2", read(first));
        assertEquals(200, first.bytes());
        assertEquals(800, first.total());
        assertNull(first.since(), "of the others nothing is known");
        assertEquals(paths("0.txt", "1.txt"), readAt(one, MARCH));

        assertEquals("one 2 two 2", read(verify(0.5, APRIL)));
        OldestVerifier.Result last = verify(0.25, MAY);
        assertEquals("two 2", read(last));
        assertEquals(MARCH, last.since());
        assertTrue(last.reports().get(0).ok());
    }

    @Test
    void whatWasReadLongestAgo_comesFirst_alsoOfALaterDataset() throws Exception {
        readAll(APRIL);
        read(two, MARCH, "3.txt");
        OldestVerifier.Result result = verify(0.1, MAY);
        assertEquals("two 1", read(result));
        assertEquals(paths("3.txt"), readAt(two, MAY));
        assertEquals(APRIL, result.since());
    }

    @Test
    void wholeMirror_isReadNow() throws Exception {
        readAll(MARCH);
        OldestVerifier.Result result = verify(1, MAY);
        assertEquals("one 4 two 4", read(result));
        assertEquals(800, result.bytes());
        assertEquals(MAY, result.since());
    }

    @Test
    void momentThatWasReadInPart_isTheOldestOneStill() throws Exception {
        readAll(MARCH);
        assertEquals(MARCH, verify(0.125, MAY).since());
    }

    @Test
    void momentThatWasReadInPart_isTheOldestOneStill_alsoIfOthersAreLater() throws Exception {
        readAll(APRIL);
        read(two, MARCH, "0.txt", "1.txt", "2.txt", "3.txt");
        OldestVerifier.Result result = verify(0.125, MAY);
        assertEquals("two 1", read(result));
        assertEquals(MARCH, result.since());
    }

    @Test
    void wrongFile_isMadeUpForByOneOther() throws Exception {
        Files.writeString(writable(data(one, "0.txt")), "x".repeat(100));
        assertEquals(200, verify(0.25, MARCH).bytes());
    }

    @Test
    void smallestPart_isOneFile() throws Exception {
        assertEquals("one 1", read(verify(0.000_001, MARCH)));
    }

    @Test
    void partOfOneByteMoreThanAFile_isTwoFiles() throws Exception {
        assertEquals("one 1", read(verify(100 / 800.0, MARCH)));
        assertEquals("one 2", read(verify(101 / 800.0, APRIL)));
    }

    @Test
    void changedMissingAndUnreadableFiles_areNamed_doNotCount_andComeFirstAgain() throws Exception {
        readAll(MARCH);
        Files.writeString(writable(data(one, "0.txt")), "x".repeat(100));
        Files.delete(data(one, "1.txt"));
        Files.delete(data(one, "2.txt"));
        Files.createSymbolicLink(data(one, "2.txt"), data(one, "2.txt"));
        for (Instant now : List.of(APRIL, MAY)) {
            OldestVerifier.Result result = verify(0.25, now);
            OldestVerifier.Report report = result.reports().get(0);
            assertFalse(report.ok());
            assertEquals(paths("0.txt"), report.changed());
            assertEquals(paths("1.txt"), report.missing());
            assertEquals(1, report.unreadable().size());
            assertTrue(
                    report.unreadable().get(0).startsWith("2.txt"),
                    report.unreadable().get(0));
            assertEquals(200, result.bytes());
            assertNull(result.since());
        }
        assertEquals(
                List.of(),
                readAt(one, MAY).stream().filter(p -> p.text().startsWith("0")).toList());
    }

    @Test
    void folderInPlaceOfAFile_isAMissingFile() throws Exception {
        Files.delete(data(one, "0.txt"));
        Files.createDirectory(data(one, "0.txt"));
        assertEquals(paths("0.txt"), verify(0.1, MARCH).reports().get(0).missing());
    }

    @Test
    void bagWithAWrongRecord_isNotRead_andNothingIsKnownOfItsFiles() throws Exception {
        readAll(MARCH);
        Files.writeString(writable(one.ref().path().resolve("bagit.txt")), "x");
        OldestVerifier.Result result = verify(1, APRIL);
        OldestVerifier.Report report = result.reports().get(0);
        assertEquals(List.of("bagit.txt was changed"), report.record());
        assertFalse(report.ok());
        assertEquals("one 0 two 4", read(result));
        assertNull(result.since());
        assertEquals(4, readAt(one, MARCH).size());
    }

    @Test
    void bagThatTheJournalDoesNotKnow_isNotRead() throws Exception {
        Files.delete(mirror.root().resolve("journal.jsonl"));
        Files.delete(mirror.root().resolve("journal.head"));
        OldestVerifier.Result result = verify(1, MARCH);
        assertEquals("one 0 two 0", read(result));
        assertEquals(
                List.of("the journal has no line about this dataset"),
                result.reports().get(0).record());
    }

    @Test
    void bagWhoseListOfFilesIsDamaged_isNotRead() throws Exception {
        Files.writeString(writable(one.ref().path().resolve("manifest-sha256.txt")), "x\n");
        OldestVerifier.Result result = verify(1, MARCH);
        assertEquals("one 0 two 4", read(result));
        assertFalse(result.reports().get(0).record().isEmpty());
        assertNull(result.since());
    }

    @Test
    void readingThatCannotBeRecorded_isReported_andIsRightAllTheSame() throws Exception {
        Files.writeString(root.resolve("stamps"), "a file where a folder would be");
        OldestVerifier.Report report = verify(0.1, MARCH).reports().get(0);
        assertTrue(report.ok());
        assertEquals(1, report.files());
        assertTrue(report.unrecorded() != null, "nothing is reported");
    }

    @Test
    void filesOfAnAlternatingOrder_areReadEachOnce() throws Exception {
        read(one, MARCH, "0.txt", "1.txt");
        read(two, MARCH.plusSeconds(1), "0.txt", "1.txt");
        read(one, MARCH.plusSeconds(2), "2.txt", "3.txt");
        read(two, MARCH.plusSeconds(3), "2.txt", "3.txt");
        OldestVerifier.Result result = verify(0.75, APRIL);
        assertEquals("one 4 two 2", read(result));
        assertEquals(600, result.bytes());
        assertEquals(MARCH.plusSeconds(3), result.since());
    }
}
