package org.histods.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.mirror.BagRef;
import org.histods.mirror.CarryOver;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A bag is what the journal's last line about it says, or the difference is named. */
final class JournalVerifierTest {

    @TempDir
    Path folder;

    private Mirror mirror;
    private BagRef bag;

    @BeforeEach
    void publish() throws Exception {
        mirror = new Mirror(folder.resolve("mirror"), OwnerProcess.self("test"), false, Clock.systemUTC());
        bag = TestBags.publish(mirror, "toy", Map.of("a.txt", "a"));
    }

    private static Map<String, Object> line(BagRef bag, String event, String time) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", time);
        line.put("event", event);
        line.put("dataset", bag.id());
        line.put("version", bag.version());
        line.put("fingerprint", JournalVerifier.hash(bag.path().resolve("manifest-sha256.txt")));
        line.put("tagmanifest", JournalVerifier.hash(bag.path().resolve("tagmanifest-sha256.txt")));
        return line;
    }

    private void pulled() throws Problem {
        mirror.journal().append(line(bag, "pull", "2026-11-01"));
    }

    private JournalVerifier journal() throws Problem {
        return JournalVerifier.of(mirror);
    }

    private void append(String file, String text) throws Exception {
        Path tag = bag.path().resolve(file);
        assertTrue(tag.toFile().setWritable(true));
        Files.writeString(tag, Files.readString(tag) + text);
    }

    @Test
    void bagThatIsAsItWasPulled_hasNoFault() throws Exception {
        pulled();
        assertNull(journal().fault(bag));
        assertEquals(List.of(), journal().missing());
        assertEquals(1, journal().lines());
        assertEquals(List.of(), journal().faults());
    }

    @Test
    void bagThatNoLineIsAbout_isNamed() throws Exception {
        Map<String, Object> other = line(bag, "pull", "2026-11-01");
        other.put("version", "2");
        mirror.journal().append(other);
        assertEquals("the journal has no line about this dataset", journal().fault(bag));
    }

    @Test
    void bagThatWasRemovedAccordingToTheJournal_isNamedWithTheDate() throws Exception {
        pulled();
        mirror.journal().append(line(bag, "remove", "2026-11-02"));
        assertEquals(
                "the journal says that this dataset was removed on 2026-11-02",
                journal().fault(bag));
    }

    @Test
    void otherListOfFiles_isNamedWithTheOneThatWasPulled() throws Exception {
        String pulled = JournalVerifier.hash(bag.path().resolve("manifest-sha256.txt"));
        pulled();
        append("manifest-sha256.txt", "\n");
        assertEquals(
                "manifest-sha256.txt is not the one of 2026-11-01 in the journal, whose SHA-256 is " + pulled,
                journal().fault(bag));
    }

    @Test
    void otherTagFiles_areNamed() throws Exception {
        pulled();
        append("tagmanifest-sha256.txt", "\n");
        assertEquals(
                "the record is not the one of 2026-11-01 in the journal: tag files were changed, added or removed",
                journal().fault(bag));
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest", "tagmanifest"})
    void listThatIsMissing_cannotBeCompared_andThatIsAFault(String list) throws Exception {
        pulled();
        Path file = bag.path().resolve(list + "-sha256.txt");
        Files.delete(file);
        String fault =
                list + "-sha256.txt is missing or cannot be read, so the record cannot be compared with the journal";
        assertEquals(fault, journal().fault(bag));
        Files.createDirectory(file);
        assertEquals(fault, journal().fault(bag));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void fileThatCannotBeRead_hasNoHash() {
        assertEquals("none", JournalVerifier.hash(Path.of("/proc/self/mem")));
    }

    /** As an older histods wrote it. */
    @Test
    void lineWithoutHashes_isNotCompared() throws Exception {
        Map<String, Object> line = line(bag, "pull", "2026-11-01");
        line.remove("tagmanifest");
        mirror.journal().append(line);
        append("tagmanifest-sha256.txt", "\n");
        assertNull(journal().fault(bag));
    }

    @Test
    void lastLineAboutABag_counts() throws Exception {
        mirror.journal().append(line(bag, "remove", "2026-11-01"));
        pulled();
        mirror.journal().append(Map.of("event", "note"));
        assertNull(journal().fault(bag));
    }

    @Test
    void pullWhoseLineIsNotWrittenYet_isKnownAllTheSame() throws Exception {
        try (Staging staging = mirror.stage()) {
            Files.createDirectories(staging.data());
            staging.completion(Map.of("event", "pull", "dataset", "late", "version", "1"), List.of());
            BagRef late = staging.publish(new DatasetId("late"), new DatasetVersion("1"), CarryOver.NOTHING);
            assertNull(journal().fault(late));
        }
    }

    @Test
    void datasetThatVanished_isMissedWithItsDate_andARemovedOneIsNot() throws Exception {
        BagRef removed = TestBags.publish(mirror, "removed", Map.of("b.txt", "b"));
        mirror.journal().append(line(removed, "pull", "2026-11-01"));
        mirror.journal().append(line(removed, "remove", "2026-11-02"));
        pulled();
        Files.move(removed.path().getParent(), folder.resolve("one"));
        Files.move(bag.path().getParent(), folder.resolve("two"));
        assertEquals(
                List.of(
                        "toy 1: according to the journal, it has been in the mirror since 2026-11-01, but it is missing"),
                journal().missing());
    }

    /** Nobody knows what is in it. A link that leads to itself is such a folder for every user. */
    @Test
    void datasetWhoseFolderCannotBeLookedInto_isNotCalledMissing_andOthersAre() throws Exception {
        pulled();
        BagRef gone = TestBags.publish(mirror, "gone", Map.of("b.txt", "b"));
        mirror.journal().append(line(gone, "pull", "2026-11-01"));
        Files.move(gone.path().getParent(), folder.resolve("one"));
        Path toy = bag.path().getParent();
        Files.move(toy, folder.resolve("two"));
        Files.createSymbolicLink(toy, toy);
        assertEquals(
                List.of(
                        "gone 1: according to the journal, it has been in the mirror since 2026-11-01, but it is missing"),
                journal().missing());
    }

    @Test
    void bagOfASharedMirror_isComparedWithTheJournalOfThatMirror() throws Exception {
        pulled();
        Mirror mine = new Mirror(
                folder.resolve("mine"), List.of(mirror.root()), OwnerProcess.self("test"), false, Clock.systemUTC());
        assertNull(JournalVerifier.of(mine).fault(bag));
        append("tagmanifest-sha256.txt", "\n");
        assertEquals(
                "the record is not the one of 2026-11-01 in the journal: tag files were changed, added or removed",
                JournalVerifier.of(mine).fault(bag));
    }

    @Test
    void acceptedDifferences_areListed_andAreNoFaultsAnyMore() throws Exception {
        BagRef gone = TestBags.publish(mirror, "gone", Map.of("b.txt", "b"));
        mirror.journal().append(line(gone, "pull", "2026-11-01"));
        pulled();
        Files.move(gone.path().getParent(), folder.resolve("elsewhere"));
        append("tagmanifest-sha256.txt", "\n");

        assertEquals(
                List.of(
                        "toy 1: the record is not the one of 2026-11-01 in the journal: tag files were changed, added or"
                                + " removed",
                        "gone 1: according to the journal, it has been in the mirror since 2026-11-01, but it is missing"),
                journal().accept("2026-11-03"));

        assertNull(journal().fault(bag));
        assertEquals(List.of(), journal().missing());
        // One that accepts, one of the changed bag, one of the removed one.
        assertEquals(5, journal().lines());
        assertEquals(List.of(), journal().accept("2026-11-04"));
        assertEquals(5, journal().lines());

        append("tagmanifest-sha256.txt", "\n");
        assertEquals(
                "the record is not the one of 2026-11-03 in the journal: tag files were changed, added or removed",
                journal().fault(bag));
    }

    @Test
    void acceptedFaultOfTheJournal_isNamedAsAccepted() throws Exception {
        pulled();
        mirror.journal().append(Map.of("event", "x"));
        Path file = mirror.root().resolve("journal.jsonl");
        Files.writeString(file, Files.readString(file).replace("2026-11-01", "2026-11-09"));
        assertEquals(1, journal().faults().size());
        String fault = journal().faults().get(0);
        assertEquals(List.of(fault), journal().accept("2026-11-10"));
        assertEquals(List.of(), journal().faults());
        assertEquals(List.of(fault + " (accepted 2026-11-10)"), journal().accepted());
    }

    @Test
    void earlierPull_isTheNewestOfTheSameVersionAndSelection() throws Exception {
        for (String[] one : new String[][] {
            {"2026-11-01", "1", "aa", ""},
            {"2026-11-02", "1", "bb", ""},
            {"2026-11-03", "1", "cc", "train"},
            {"2026-11-04", "2", "dd", ""}
        }) {
            mirror.journal()
                    .append(Map.of(
                            "time",
                            one[0],
                            "event",
                            "pull",
                            "dataset",
                            "toy",
                            "version",
                            one[1],
                            "fingerprint",
                            one[2],
                            "selection",
                            one[3].isEmpty() ? List.of() : List.of(one[3])));
        }
        mirror.journal().append(Map.of("time", "2026-11-05", "event", "remove", "dataset", "toy", "version", "1"));
        DatasetId toy = new DatasetId("toy");
        DatasetVersion one = new DatasetVersion("1");
        assertEquals(
                Optional.of(new JournalVerifier.Earlier("2026-11-02", "bb")),
                journal().earlier(toy, one, List.of()));
        assertEquals(
                Optional.of(new JournalVerifier.Earlier("2026-11-03", "cc")),
                journal().earlier(toy, one, List.of("train")));
        assertEquals(Optional.empty(), journal().earlier(toy, one, List.of("test")));
        assertEquals(Optional.empty(), journal().earlier(new DatasetId("other"), one, List.of()));
    }
}
