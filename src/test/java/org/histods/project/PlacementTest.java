package org.histods.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.histods.dataset.DatasetId;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.project.Placement.Form;
import org.histods.provenance.Bag;
import org.histods.provenance.BagSelection;
import org.histods.testing.TestBags;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {

    @TempDir
    Path folder;

    private Project project;
    private Bag bag;
    private Path place;

    @BeforeEach
    void pulled() throws Exception {
        project = Project.init(Files.createDirectories(folder.resolve("project")), null);
        bag = TestBags.bag(folder.resolve("mirror"));
        place = project.folder().resolve("data/tiles");
    }

    private final List<String> notes = new ArrayList<>();

    private Placement placement() {
        return new Placement(project, notes::add);
    }

    private boolean put(Declared declared, @Nullable Form form, boolean exact) throws Problem {
        BagSelection subset =
                BagSelection.of(bag, declared.only(), TestBags.manifest().manifest());
        return placement().put(declared, LockBuilder.fingerprint(subset), subset, bag, form, exact);
    }

    private boolean put(@Nullable Form form) throws Problem {
        return put(LockBuilderTest.tiles(), form, false);
    }

    private Problem refused(@Nullable Form form, boolean exact) {
        Problem problem = assertThrows(Problem.class, () -> put(LockBuilderTest.tiles(), form, exact));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        return problem;
    }

    @Test
    void wholeDataset_isOneLinkToTheMirror() throws Exception {
        assertTrue(put(null));
        assertEquals(bag.ref().data().toAbsolutePath(), Files.readSymbolicLink(place));
        assertEquals("one", Files.readString(place.resolve("train/1.png")));
        assertFalse(put(null));
    }

    @Test
    void partOfWhatTheMirrorHolds_isAFolderOfThatPartOnly() throws Exception {
        assertTrue(put(LockBuilderTest.tiles("train"), null, false));
        assertTrue(Files.isSymbolicLink(place.resolve("train/1.png")));
        assertFalse(Files.exists(place.resolve("test/3.png")));
        assertFalse(put(LockBuilderTest.tiles("train"), null, true));
        assertTrue(put(LockBuilderTest.tiles("test"), null, false));
        assertFalse(Files.exists(place.resolve("train"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void changedLink_isCreatedAgain() throws Exception {
        put(LockBuilderTest.tiles("train"), null, false);
        Files.delete(place.resolve("train/1.png"));
        assertTrue(put(LockBuilderTest.tiles("train"), null, false));
        assertEquals("one", Files.readString(place.resolve("train/1.png")));
    }

    @Test
    void copy_isWritableAndStaysACopy() throws Exception {
        assertTrue(put(Form.COPY));
        assertFalse(Files.isSymbolicLink(place));
        assertTrue(Files.isWritable(place.resolve("labels.csv")));
        assertFalse(put(null));
        assertFalse(put(LockBuilderTest.tiles(), null, true));
    }

    @Test
    void copyThatWasWorkedOn_isNeverReplaced() throws Exception {
        put(Form.COPY);
        Files.writeString(place.resolve("labels.csv"), "A,B");
        assertFalse(put(null));
        assertTrue(refused(null, true).message().contains("1 file differs: labels.csv"));
        Files.writeString(place.resolve("labels.csv"), "mine");
        assertTrue(refused(null, false).message().contains("has changed"));
        assertTrue(refused(Form.LINK, false).message().contains("in the way"));
        assertEquals("mine", Files.readString(place.resolve("labels.csv")));
    }

    @Test
    void fileThatWasAddedToACopy_isNamedWhereExactBytesAreWanted() throws Exception {
        put(Form.COPY);
        Files.writeString(place.resolve("notes.txt"), "mine");
        assertFalse(put(null));
        assertTrue(refused(null, true).message().contains("notes.txt"));
    }

    @Test
    void hardlink_sharesTheMirrorsFile() throws Exception {
        assertTrue(put(Form.HARDLINK));
        assertTrue(
                Files.isSameFile(place.resolve("labels.csv"), bag.ref().data().resolve("labels.csv")));
        assertFalse(put(LockBuilderTest.tiles(), null, true));
    }

    @Test
    void hardlinkThatFails_isACopyOfThatFileOnly_andIsReportedOnce() throws Exception {
        Placement placement = new Placement(project, notes::add, (link, existing) -> {
            if (existing.endsWith("labels.csv")) {
                throw new FileSystemException(existing.toString(), null, "Too many links");
            }
            Files.createLink(link, existing);
        });
        BagSelection subset =
                BagSelection.of(bag, List.of(), TestBags.manifest().manifest());
        assertTrue(placement.put(
                LockBuilderTest.tiles(), LockBuilder.fingerprint(subset), subset, bag, Form.HARDLINK, false));
        Path data = bag.ref().data();
        assertFalse(Files.isSameFile(place.resolve("labels.csv"), data.resolve("labels.csv")));
        assertEquals(Files.readString(data.resolve("labels.csv")), Files.readString(place.resolve("labels.csv")));
        assertTrue(Files.isSameFile(place.resolve("train/1.png"), data.resolve("train/1.png")));
        assertEquals(
                List.of(place + ": 1 file of " + subset.files().size()
                        + " copied, because hard links failed: Too many links"),
                notes);
        assertFalse(put(LockBuilderTest.tiles(), null, true));
    }

    @Test
    void whatHistodsDidNotPutThere_staysAsItIs() throws Exception {
        Files.createDirectories(place);
        Files.writeString(place.resolve("mine.txt"), "mine");
        assertTrue(refused(null, false).message().contains("histods did not make it"));
        assertEquals(Optional.of(place), placement().remove(LockBuilderTest.tiles()));
        assertEquals("mine", Files.readString(place.resolve("mine.txt")));
    }

    @Test
    void linkOfTheUsersOwn_staysAsItIs() throws Exception {
        Files.createDirectories(place.getParent());
        Files.createSymbolicLink(place, folder);
        refused(null, false);
        assertEquals(folder, Files.readSymbolicLink(place));
    }

    @Test
    void emptyFolder_isNotInTheWay() throws Exception {
        Files.createDirectories(place);
        assertTrue(put(null));
        assertTrue(Files.isSymbolicLink(place));
    }

    @Test
    void take_removesLinksAndNothingThatTheyLeadTo() throws Exception {
        put(null);
        assertEquals(Optional.empty(), placement().remove(LockBuilderTest.tiles()));
        assertFalse(Files.exists(place, LinkOption.NOFOLLOW_LINKS));
        assertTrue(Files.exists(bag.ref().data().resolve("labels.csv")));
        put(Form.COPY);
        assertTrue(placement().remove(LockBuilderTest.tiles()).isPresent());
        assertTrue(Files.exists(place.resolve("labels.csv")));
    }

    @Test
    void fileAddedAmongTheLinks_stopsASyncAndStays_andSoDoAllLinks() throws Exception {
        Path thesis = Files.writeString(folder.resolve("thesis.txt"), "mine");
        put(LockBuilderTest.tiles("train"), null, false);
        for (String name : List.of("notes.txt", "a-link")) {
            Path mine = place.resolve("train").resolve(name);
            if (name.equals("a-link")) {
                Files.createSymbolicLink(mine, thesis);
            } else {
                Files.writeString(mine, "mine");
            }
            Problem problem = assertThrows(Problem.class, () -> put(LockBuilderTest.tiles("test"), null, false));
            assertEquals(Problem.Kind.USAGE, problem.kind());
            assertTrue(problem.message().contains(mine.toString()), problem.message());
            assertEquals(Optional.of(mine), placement().remove(LockBuilderTest.tiles("train")));
            assertEquals("mine", Files.readString(mine));
            assertTrue(Files.isSymbolicLink(place.resolve("train/1.png")));
            Files.delete(mine);
        }
        assertTrue(put(LockBuilderTest.tiles("test"), null, false));
    }

    @Test
    void placesOfAnOlderHistods_thatDoNotSayWhichLinksAreItsOwn_stay() throws Exception {
        put(LockBuilderTest.tiles("train"), null, false);
        Path note = project.own().resolve("places.json");
        Files.writeString(note, Files.readString(note).replaceAll(",\\s*\"from\"[^\\n]*", ""));
        assertThrows(Problem.class, () -> put(LockBuilderTest.tiles("test"), null, false));
        assertTrue(Files.isSymbolicLink(place.resolve("train/1.png")));
        assertFalse(put(LockBuilderTest.tiles("train"), null, false));
        assertTrue(put(LockBuilderTest.tiles("test"), null, false));
    }

    @Test
    void noteInTheMaking_isNeverWrittenThroughALink() throws Exception {
        Path outside = Files.writeString(folder.resolve("outside"), "mine");
        Files.createDirectories(project.own());
        Files.createSymbolicLink(project.own().resolve("places.json.new"), outside);
        Files.createSymbolicLink(project.folder().resolve(".histods.yaml.new"), outside);
        put(null);
        project.add(LockBuilderTest.tiles());
        assertEquals("mine", Files.readString(outside));
    }

    @Test
    void newVersionOfALinkedDataset_replacesTheLink() throws Exception {
        put(null);
        bag = TestBags.bag(folder.resolve("other"));
        assertTrue(put(null));
        assertEquals(bag.ref().data().toAbsolutePath(), Files.readSymbolicLink(place));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "train"})
    void linksThatWereCommittedToGit_andClonedElsewhere_areMadeAgain(String only) throws Exception {
        Declared declared = LockBuilderTest.tiles(only.isEmpty() ? new String[0] : new String[] {only});
        put(declared, null, false);
        Files.delete(project.own().resolve("places.json"));
        assertFalse(put(declared, null, false));
        Files.delete(project.own().resolve("places.json"));
        bag = TestBags.bag(folder.resolve("of another machine"));
        assertTrue(put(declared, null, false));
        assertEquals(
                bag.ref().data().resolve("train/1.png").toRealPath(),
                place.resolve("train/1.png").toRealPath());
    }

    @Test
    void copyThatWasCommittedToGit_isTheDataset_ifEveryByteIsRight() throws Exception {
        put(Form.COPY);
        Files.delete(project.own().resolve("places.json"));
        assertFalse(put(null));
        Files.delete(project.own().resolve("places.json"));
        Files.writeString(place.resolve("labels.csv"), "A,B");
        assertTrue(refused(null, false).message().contains("histods did not make it"));
        Files.writeString(place.resolve("labels.csv"), "a,b");
        Files.writeString(place.resolve("mine.txt"), "mine");
        assertTrue(refused(null, false).message().contains("histods did not make it"));
    }

    @Test
    void linksToAnotherPlaceThanAMirror_stay_ifNoLogSaysWhoseTheyAre() throws Exception {
        Files.createDirectories(place.resolve("train"));
        Files.createSymbolicLink(place.resolve("train/1.png"), folder.resolve("mine/train/1.png"));
        assertTrue(refused(null, false).message().contains("histods did not make it"));
        assertTrue(Files.isSymbolicLink(place.resolve("train/1.png")));
    }

    @Test
    void placeThatGitDoesNotIgnore_isNamed() throws Exception {
        Files.createDirectories(project.folder().resolve(".git"));
        put(null);
        assertEquals(1, notes.size(), notes::toString);
        assertTrue(notes.get(0).startsWith("git does not ignore data/tiles"), notes::toString);
    }

    @ParameterizedTest
    @ValueSource(strings = {"data/", "/data", "data/tiles", "tiles", "*", "/data/*", "# mine\n/data/tiles/"})
    void placeThatGitIgnores_isNotNamed(String ignore) throws Exception {
        Files.createDirectories(project.folder().resolve(".git"));
        Files.writeString(project.folder().resolve(".gitignore"), ignore + "\n");
        put(null);
        assertEquals(List.of(), notes);
    }

    @Test
    void placeOfAnotherDatasetOfTheMirror_isTakenOver_ifAllInItAreItsLinks() throws Exception {
        Declared other =
                new Declared("others", new DatasetId("others"), null, null, List.of("train"), List.of(), "data/tiles");
        put(null);
        assertTrue(put(other, null, false));
        assertEquals("one", Files.readString(place.resolve("train/1.png")));
        assertFalse(Files.exists(place.resolve("labels.csv")));
        Files.writeString(place.resolve("mine.txt"), "mine");
        assertThrows(Problem.class, () -> put(LockBuilderTest.tiles(), null, false));
        assertEquals("mine", Files.readString(place.resolve("mine.txt")));
    }
}
