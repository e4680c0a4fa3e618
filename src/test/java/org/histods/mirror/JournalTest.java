package org.histods.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A line of the journal that was changed, removed or moved shows, also after more lines; a crash does not look like it. */
final class JournalTest {

    @TempDir
    Path root;

    private Path file;
    private Path head;

    @BeforeEach
    void files() {
        file = root.resolve("journal.jsonl");
        head = root.resolve("journal.head");
    }

    private Journal journal() {
        return new Mirror(
                        root, OwnerProcess.self("test"), MirrorLocks.Mode.OFF, Clock.systemUTC(), new FileOperations())
                .journal();
    }

    private void append(String... events) throws Problem {
        for (String event : events) {
            journal().append(Map.of("event", event));
        }
    }

    private List<String> lines() throws IOException {
        return new ArrayList<>(Files.readAllLines(file));
    }

    private List<String> faults() throws Problem {
        return journal().read().faults();
    }

    @Test
    void journalThatNobodyTouched_hasNoFault() throws Exception {
        assertEquals(List.of(), faults());
        append("a", "b", "c");
        assertEquals(List.of(), faults());
        assertEquals(3, journal().read().lines());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void linesMissingAtTheEnd_areFound_alsoAfterALaterLine(int left) throws Exception {
        append("a", "b", "c", "d");
        Files.write(file, lines().subList(0, left));
        assertEquals(1, faults().size());
        append("e");
        assertEquals(1, faults().size());
        append("f");
        assertEquals(1, faults().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void lineThatWasChanged_isFound_alsoAfterALaterLine(int which) throws Exception {
        append("a", "b", "c");
        List<String> lines = lines();
        lines.set(which, lines.get(which).replace("\"event\":\"", "\"event\":\"x"));
        Files.write(file, lines);
        assertEquals(1, faults().size());
        append("d");
        assertEquals(1, faults().size());
    }

    @Test
    void lineThatACrashLeftBeforeItsHashWasNoted_isNoFault() throws Exception {
        append("a");
        String before = Files.readString(head);
        append("b", "c");
        Files.writeString(head, before);
        assertEquals(List.of(), faults());
        append("d");
        assertEquals(List.of(), faults());
        assertEquals(4, lines().size());
    }

    @Test
    void lineChangedBehindACrash_isFound() throws Exception {
        append("a", "b");
        String before = Files.readString(head);
        append("c", "d");
        Files.writeString(head, before);
        List<String> lines = lines();
        lines.set(2, lines.get(2).replace("\"c\"", "\"x\""));
        Files.write(file, lines);
        append("e");
        assertTrue(faults().size() >= 1);
    }

    @Test
    void lineThatAnEarlierRunAppended_isAppendedOnce_andItsHashIsNoted() throws Exception {
        append("a");
        String before = Files.readString(head);
        journal().appendMissing(Map.of("event", "b"));
        String after = Files.readString(head);
        Files.writeString(head, before);
        journal().appendMissing(Map.of("event", "b"));
        assertEquals(2, lines().size());
        assertEquals(after, Files.readString(head));
        journal().appendMissing(Map.of("event", "c"));
        assertEquals(3, lines().size());
        assertEquals(List.of(), faults());
    }

    @Test
    void lineThatAnOlderHistodsAppended_getsItsHashNoted() throws Exception {
        append("a");
        String noted = Files.readString(head);
        Files.delete(head);
        journal().appendMissing(Map.of("event", "a"));
        assertEquals(noted, Files.readString(head));
    }

    /** As if the computer went down while the line was written. */
    @Test
    void lineThatACrashCut_stays_andTheChainSkipsIt() throws Exception {
        append("a", "b");
        Files.writeString(file, Files.readString(file) + "{\"event\":\"c");
        assertEquals(List.of(), faults());
        append("d", "e");
        assertEquals(List.of(), faults());
        assertEquals("{\"event\":\"c", lines().get(2));
        assertEquals(5, journal().read().lines());
        assertEquals(4, journal().read().events().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {99, 100})
    void lineThatTheHeadNames_isLookedForAmongTheLastHundred(int later) throws Exception {
        append("a");
        String before = Files.readString(head);
        for (int i = 0; i < later; i++) {
            append("b" + i);
        }
        Files.writeString(head, before);
        append("c");
        assertEquals(later < 100 ? 0 : 1, faults().size());
    }

    @Test
    void hashOfTheLastLineThatIsMissing_isAFaultWhereHistodsWritesIt() throws Exception {
        journal().append(Map.of("event", "pull", "tagmanifest", "x"));
        Files.delete(head);
        assertEquals(List.of("journal.head is missing, so lines may be missing at the end of the journal"), faults());
    }

    @Test
    void journalLongerThanAMegabyte_keepsItsChain() throws Exception {
        String long1 = "x".repeat(300_000);
        append("a" + long1, "b" + long1, "c" + long1, "d" + long1, "e" + long1, "f");
        assertEquals(List.of(), faults());
        Files.write(file, lines().subList(0, 5));
        append("g");
        assertEquals(1, faults().size());
    }

    @Test
    void journalThatIsAFolder_isReported_andNothingIsWritten() throws Exception {
        Files.createDirectory(file);
        assertEquals(List.of("journal.jsonl is not a file"), faults());
        Problem problem = assertThrows(Problem.class, () -> append("a"));
        assertEquals(Problem.Kind.DISK, problem.kind());
        assertEquals(file + " is not a file", problem.message());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void lineThatAnEditorEndedInCrLf_isFound_alsoAfterALaterLine(int which) throws Exception {
        append("a", "b", "c");
        List<String> lines = lines();
        lines.set(which, lines.get(which) + "\r");
        Files.writeString(file, String.join("\n", lines) + "\n");
        String fault = "line " + (which + 1) + " of the journal ends in CR LF: another program wrote it";
        assertEquals(List.of(fault), faults());
        append("d");
        assertEquals(List.of(fault), faults());
        append(Journal.ACCEPTED);
        assertEquals(List.of(), faults());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "note", "[1]", "\ufeff", "null"})
    void lineThatSomebodyInserted_isFound(String inserted) throws Exception {
        append("a", "b");
        List<String> lines = lines();
        lines.add(1, inserted);
        Files.writeString(file, String.join("\n", lines) + "\n");
        assertEquals(List.of("line 2 of the journal was not written by histods"), faults());
        lines.remove(1);
        lines.add(inserted);
        Files.writeString(file, String.join("\n", lines) + "\n");
        assertEquals(List.of("line 3 of the journal was not written by histods"), faults());
    }
}
