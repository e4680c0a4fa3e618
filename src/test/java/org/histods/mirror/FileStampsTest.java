package org.histods.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.digest.FilePath;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file is read again unless its stamp is the recorded one, and what cannot be known of a stamp is not assumed. */
final class FileStampsTest {

    private static final List<FilePath> ALL = paths("a.txt", "b.txt", "x/c.txt");
    private static final Instant MARCH = Instant.parse("2026-03-01T00:00:00Z");
    private static final Instant APRIL = Instant.parse("2026-04-01T00:00:00Z");

    @TempDir
    Path folder;

    private Mirror mirror;
    private BagRef bag;

    @BeforeEach
    void publish() throws Exception {
        mirror = new Mirror(folder.resolve("mirror"), OwnerProcess.self("test"), false, Clock.systemUTC());
        bag = TestBags.publish(mirror, "toy", new TreeMap<>(Map.of("a.txt", "a", "b.txt", "bb", "x/c.txt", "ccc")));
    }

    private static List<FilePath> paths(String... paths) {
        return Stream.of(paths).map(FilePath::new).toList();
    }

    private FileStamps stamps() {
        return mirror.stamps(bag);
    }

    private FileStamps.Seen look(Collection<FilePath> paths) {
        return FileStamps.look(bag.data(), paths);
    }

    private Path file() {
        return mirror.root().resolve("stamps/toy/1.tsv");
    }

    private void write(String path, String text) throws IOException {
        Path file = bag.data().resolve(path);
        assertTrue(file.toFile().setWritable(true));
        Files.writeString(file, text);
    }

    private void read(Instant when, String... paths) throws Exception {
        stamps().update(look(ALL), Set.copyOf(paths(paths)), List.of(), when);
    }

    private Optional<List<FilePath>> touched() {
        return stamps().touched(look(ALL));
    }

    // Touched files

    @Test
    void filesWithoutStamps_areNeitherTouchedNorUntouched() {
        assertEquals(Optional.empty(), touched());
        assertEquals(List.of(), stamps().untouched(bag.data()));
    }

    @Test
    void filesWhoseStampIsRecorded_areUntouched_untilTheyAreWrittenTo() throws Exception {
        stamps().take(look(ALL), ALL);
        assertEquals(Optional.of(List.of()), touched());
        assertEquals(ALL, stamps().untouched(bag.data()));
        write("b.txt", "BB");
        assertEquals(Optional.of(paths("b.txt")), touched());
        assertEquals(paths("a.txt", "x/c.txt"), stamps().untouched(bag.data()));
    }

    @Test
    void emptyFile_isSeen_andUntouched() throws Exception {
        bag = TestBags.publish(mirror, "empty", Map.of("e.txt", ""));
        FileStamps.Seen seen = look(paths("e.txt"));
        assertEquals(List.of(), seen.unseen());
        stamps().take(seen, List.of());
        assertEquals(Optional.of(List.of()), stamps().touched(seen));
    }

    @Test
    void fileThatGotItsTimeBack_isTouched() throws Exception {
        stamps().take(look(ALL), ALL);
        Path file = bag.data().resolve("b.txt");
        FileTime time = Files.getLastModifiedTime(file);
        write("b.txt", "BB");
        Files.setLastModifiedTime(file, time);
        assertEquals(Optional.of(paths("b.txt")), touched());
    }

    @Test
    void fileThatIsMissing_orIsNoFile_isUnseen_andTouched() throws Exception {
        stamps().take(look(ALL), ALL);
        Files.delete(bag.data().resolve("a.txt"));
        Files.delete(bag.data().resolve("b.txt"));
        Files.createDirectory(bag.data().resolve("b.txt"));
        FileStamps.Seen seen = look(ALL);
        assertEquals(paths("a.txt", "b.txt"), seen.unseen());
        assertEquals(0, seen.size(0));
        assertEquals(3, seen.size(2));
        assertEquals(Optional.of(paths("a.txt", "b.txt")), stamps().touched(seen));
        assertEquals(paths("x/c.txt"), stamps().untouched(bag.data()));
    }

    @Test
    void fileThatIsNotRecorded_isTouched_inWhateverOrderTheOthersAreRecorded() throws Exception {
        stamps().take(look(paths("x/c.txt", "a.txt")), ALL);
        assertEquals(Optional.of(paths("b.txt")), touched());
    }

    @Test
    void fileThatCouldNotBeSeen_isNotRecorded() throws Exception {
        Files.delete(bag.data().resolve("a.txt"));
        stamps().take(look(ALL), ALL);
        assertEquals(2, Files.readAllLines(file()).size());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1\t2\t3", "1\t2\tx\t4\ta.txt", "x\t2\t3\t4\ta.txt", "1\tx\t3\t4\ta.txt"})
    void damagedStamps_areNotUsed(String line) throws Exception {
        stamps().take(look(ALL), ALL);
        Files.writeString(file(), line + "\n" + Files.readString(file()));
        assertEquals(Optional.empty(), touched());
        assertEquals(List.of(), stamps().untouched(bag.data()));
        assertEquals(Set.of(FileStamps.NEVER), stamps().moments(3, APRIL));
    }

    @Test
    void stampsOfAnEarlierVersion_areUsed_butSayNotWhenFilesWereRead() throws Exception {
        read(MARCH, "a.txt", "b.txt", "x/c.txt");
        Files.writeString(file(), Files.readString(file()).replaceAll("\t[0-9]+\t([a-z./]+\n)", "\t$1"));
        assertEquals(Optional.of(List.of()), touched());
        assertEquals(Set.of(FileStamps.NEVER), stamps().moments(3, APRIL));
    }

    @Test
    void stampsOfASharedMirror_areUsedUntilThereAreOwnOnes() throws Exception {
        stamps().take(look(ALL), ALL);
        Mirror mine = new Mirror(
                folder.resolve("mine"), List.of(mirror.root()), OwnerProcess.self("test"), false, Clock.systemUTC());
        assertEquals(Optional.of(List.of()), mine.stamps(bag).touched(look(ALL)));
        mine.stamps(bag).take(look(paths("a.txt")), paths("a.txt"));
        assertEquals(Optional.of(paths("b.txt", "x/c.txt")), mine.stamps(bag).touched(look(ALL)));
        assertEquals(Optional.of(List.of()), touched());
    }

    // When files were read

    @Test
    void momentOfReading_isRecordedForWhatWasRead_andStaysForTheOthers() throws Exception {
        read(MARCH, "a.txt", "b.txt");
        read(APRIL, "b.txt", "x/c.txt");
        assertEquals(Set.of(MARCH, APRIL), stamps().moments(3, APRIL));
        assertEquals(paths("a.txt"), stamps().readAt(MARCH, ALL, APRIL));
        assertEquals(paths("b.txt", "x/c.txt"), stamps().readAt(APRIL, ALL, APRIL));

        stamps().take(look(ALL), paths("x/c.txt"));
        assertEquals(paths("a.txt"), stamps().readAt(MARCH, ALL, Instant.MAX));
        assertEquals(paths("b.txt"), stamps().readAt(APRIL, ALL, Instant.MAX));
        assertEquals(Optional.of(List.of()), touched());
    }

    @Test
    void newFile_countsAsReadWhenItWasSeen() throws Exception {
        Instant before = Instant.now().minusMillis(1);
        stamps().take(look(ALL), List.of());
        assertEquals(List.of(), List.copyOf(stamps().moments(3, Instant.now()).headSet(before)));
    }

    @Test
    void fileThatIsNotRecorded_wasNeverRead() throws Exception {
        assertEquals(Set.of(FileStamps.NEVER), stamps().moments(3, APRIL));
        assertEquals(ALL, stamps().readAt(FileStamps.NEVER, ALL, APRIL));
        read(MARCH, "a.txt", "b.txt");
        assertEquals(Set.of(FileStamps.NEVER, MARCH), stamps().moments(3, APRIL));
        assertEquals(Set.of(MARCH), stamps().moments(2, APRIL));
        assertEquals(paths("x/c.txt"), stamps().readAt(FileStamps.NEVER, ALL, APRIL));
    }

    @Test
    void momentInTheFuture_isNone_andTheMomentItselfCounts() throws Exception {
        read(APRIL, "a.txt", "b.txt", "x/c.txt");
        assertEquals(Set.of(FileStamps.NEVER), stamps().moments(3, MARCH));
        assertEquals(ALL, stamps().readAt(FileStamps.NEVER, ALL, MARCH));
        assertEquals(Set.of(APRIL), stamps().moments(3, APRIL));
    }

    @Test
    void damagedRecord_saysOfNoFileThatItWasRead() throws Exception {
        read(MARCH, "a.txt", "b.txt", "x/c.txt");
        Files.writeString(file(), "x\n" + Files.readString(file()));
        assertEquals(Set.of(FileStamps.NEVER), stamps().moments(3, APRIL));
        assertEquals(paths("a.txt"), stamps().readAt(FileStamps.NEVER, paths("a.txt"), APRIL));
        stamps().take(look(paths("a.txt")), List.of());
        assertEquals(Set.of(FileStamps.NEVER), stamps().moments(1, APRIL));
    }

    @Test
    void recordThatCannotBeRead_saysOfNoFileThatItWasRead() throws Exception {
        Files.createDirectories(file());
        assertEquals(Set.of(FileStamps.NEVER), stamps().moments(3, APRIL));
        assertEquals(ALL, stamps().readAt(FileStamps.NEVER, ALL, APRIL));
        assertEquals(List.of(), stamps().readAt(MARCH, ALL, APRIL));
        assertEquals(Optional.empty(), touched());
    }

    // Updates

    @Test
    void wrongFile_isDroppedFromTheRecord_andTheOthersStay() throws Exception {
        read(MARCH, "a.txt", "b.txt", "x/c.txt");
        stamps().update(look(ALL), Set.of(), paths("b.txt"), APRIL);
        assertEquals(Optional.of(paths("b.txt")), touched());
        assertEquals(paths("a.txt", "x/c.txt"), stamps().readAt(MARCH, ALL, APRIL));
    }

    @Test
    void updateOfNothing_writesNoRecord() throws Exception {
        stamps().update(look(ALL), Set.of(), paths("b.txt"), APRIL);
        assertFalse(Files.exists(file()));
    }

    @Test
    void rightFileThatCouldNotBeSeen_isNotRecorded() throws Exception {
        Files.delete(bag.data().resolve("a.txt"));
        read(MARCH, "a.txt", "b.txt");
        assertEquals(1, Files.readAllLines(file()).size());
    }

    @Test
    void updateOfADamagedRecord_keepsWhatIsUpdated() throws Exception {
        read(MARCH, "a.txt");
        Files.writeString(file(), "x\n");
        read(APRIL, "b.txt");
        assertEquals(paths("b.txt"), stamps().readAt(APRIL, ALL, APRIL));
        assertEquals(Optional.of(paths("a.txt", "x/c.txt")), touched());
    }

    @Test
    void renewedStamp_isTheCurrentOne_andTheMomentOfReadingStays() throws Exception {
        read(MARCH, "a.txt", "b.txt", "x/c.txt");
        write("a.txt", "a");
        write("b.txt", "bb");
        stamps().renew(bag.data(), List.of());
        assertEquals(Optional.of(paths("a.txt", "b.txt")), touched());
        stamps().renew(bag.data(), paths("b.txt"));
        assertEquals(Optional.of(paths("a.txt")), touched());
        assertEquals(ALL, stamps().readAt(MARCH, ALL, APRIL));
    }

    @Test
    void renewedStampOfAMissingFile_staysAsItWas() throws Exception {
        read(MARCH, "a.txt", "b.txt", "x/c.txt");
        String before = Files.readString(file());
        Files.delete(bag.data().resolve("b.txt"));
        stamps().renew(bag.data(), paths("b.txt"));
        assertEquals(before, Files.readString(file()));
    }
}
