package org.histods.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Deletions in a mirror: only files that histods made are deleted, never the user's own files inside or outside the
 * mirror.
 */
final class MirrorDeletionTest {

    private static final String UUID = "01234567-89ab-cdef-0123-456789abcdef";
    private static final String DEAD = DeadProcess.HERE.text();
    private static final Duration NOW = Duration.ZERO;

    @TempDir
    Path folder;

    private Path root;
    private Path thesis;
    private Map<String, String> before;

    @BeforeEach
    void mirrorBesideAThesis() throws IOException {
        root = Files.createDirectory(folder.resolve("mirror"));
        Files.writeString(root.resolve("mirror.json"), "{\"format\":1}\n");
        thesis = bag(folder.resolve("thesis"));
        write(thesis.resolve("owner"), DEAD);
        write(thesis.resolve("part"), "mine");
        write(thesis.resolve("1/bagit.txt"), "mine");
        write(thesis.resolve("1.idx"), "mine");
        before = tree(thesis);
    }

    @AfterEach
    void thesisIsAsItWas() throws IOException {
        assertEquals(before, tree(thesis));
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text);
    }

    private static Path link(Path link, Path target) throws IOException {
        Files.createDirectories(link.getParent());
        return Files.createSymbolicLink(link, target);
    }

    /** A bag with the tag files of ours. */
    private static Path bag(Path bag) throws IOException {
        for (String name : List.of("bagit.txt", "manifest-sha256.txt", "manifest.yaml", "origins.jsonl")) {
            write(bag.resolve(name), name);
        }
        write(bag.resolve("receipts/0001-pull.json"), "{}");
        write(bag.resolve("data/a.txt"), "a");
        return bag;
    }

    private static Map<String, String> tree(Path top) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(top)) {
            for (Path path : walk.toList()) {
                String what = Files.isSymbolicLink(path)
                        ? "-> " + Files.readSymbolicLink(path)
                        : Files.isDirectory(path) ? "folder" : Files.readString(path);
                tree.put(top.relativize(path).toString(), what);
            }
        }
        return tree;
    }

    private Mirror mirror() {
        return new Mirror(
                root, OwnerProcess.self("test"), MirrorLocks.Mode.OFF, Clock.systemUTC(), new FileOperations());
    }

    private void delete(PlaceKind kind, Path place) throws Problem {
        mirror().garbage().delete(new GarbageItem(kind, place, 0, ""));
    }

    private String refused(PlaceKind kind, Path place) throws IOException {
        Map<String, String> there = tree(root);
        Problem problem = assertThrows(Problem.class, () -> delete(kind, place));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertEquals(there, tree(root));
        assertEquals(before, tree(thesis));
        return problem.message();
    }

    private static boolean there(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    /** One of each kind as histods makes it. */
    private Path made(PlaceKind kind) throws IOException {
        String hex = "ab".repeat(32);
        return switch (kind) {
            case BAG -> bag(root.resolve("datasets/toy/1"));
            case REPLACED_BAG -> bag(root.resolve("datasets/toy/.1.replaced-" + UUID));
            case SHARD -> bag(root.resolve("shards/toy/1/" + "ab".repeat(8) + "-4/2"));
            case STAGING ->
                write(root.resolve("staging/" + UUID + "/owner"), DEAD).resolveSibling("");
            case TRANSFER -> write(root.resolve("partial/k/idle/part"), "abc").resolveSibling("");
            case INDEX -> write(root.resolve("index/toy/1.idx"), "x");
            case SHARED_INDEX -> write(root.resolve("shared-index/" + hex + ".txt"), "x");
            case STAMPS -> write(root.resolve("stamps/toy/1.tsv"), "x");
            case UNFINISHED -> write(root.resolve("locks/toy@1.owner." + UUID + ".tmp"), "x");
            case ARCHIVE -> write(root.resolve("archives/sha256/ab/" + hex), "x");
        };
    }

    @ParameterizedTest
    @EnumSource
    void whatHistodsMade_isNotDeleted_whereTheFolderIsNoMirror(PlaceKind kind) throws Exception {
        Path place = made(kind);
        Files.delete(root.resolve("mirror.json"));
        refused(kind, place);
    }

    @ParameterizedTest
    @EnumSource(names = {"BAG", "REPLACED_BAG", "SHARD"})
    void bagThatIsDeleted_leavesNothingInStaging(PlaceKind kind) throws Exception {
        delete(kind, made(kind));
        try (Stream<Path> left = Files.list(root.resolve("staging"))) {
            assertEquals(List.of(), left.toList());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatHistodsMade_isDeleted_andNothingElse(PlaceKind kind) throws Exception {
        Path place = made(kind);
        write(root.resolve("datasets/other/notes.txt"), "mine");
        delete(kind, place);
        assertFalse(there(place));
        assertEquals("mine", Files.readString(root.resolve("datasets/other/notes.txt")));
        delete(kind, place);
        assertEquals(List.of(), mirror().garbage().find(NOW).items());
    }

    @ParameterizedTest
    @EnumSource
    void locationThatIsALinkOrIsReachedThroughOne_isRefused(PlaceKind kind) throws Exception {
        Path place = made(kind);
        Path elsewhere = folder.resolve("elsewhere");
        Files.move(place, elsewhere);
        link(place, elsewhere);
        assertTrue(refused(kind, place).contains("it is a link"));
        Files.delete(place);
        Files.move(elsewhere, place);
        Path parent = place.resolveSibling("");
        Files.move(parent, elsewhere);
        link(parent, elsewhere);
        assertTrue(refused(kind, place).contains("a folder above it is a link"));
        assertTrue(there(elsewhere.resolve(place.getFileName())));
    }

    @ParameterizedTest
    @EnumSource
    void folderThatIsNotAMirror_keepsEverything(PlaceKind kind) throws Exception {
        Path place = made(kind);
        for (String text : List.of("{}", "{\"format\":0}", "")) {
            Files.writeString(root.resolve("mirror.json"), text);
            assertThrows(Problem.class, () -> delete(kind, place));
            assertTrue(there(place));
        }
        Files.delete(root.resolve("mirror.json"));
        assertTrue(refused(kind, place).contains("is not a mirror: it has no valid mirror.json"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "staging",
                "staging/..",
                "staging/" + UUID + "/..",
                "staging/notes",
                "../thesis",
                "staging/../../thesis",
                "staging/" + UUID + "/bag",
                "datasets/" + UUID
            })
    void pathThatIsNotNamedLikeAStagingFolder_isRefused(String name) throws Exception {
        made(PlaceKind.STAGING);
        write(root.resolve("staging/" + UUID + "/bag/owner"), DEAD);
        write(root.resolve("staging/notes/owner"), DEAD);
        write(root.resolve("datasets/" + UUID + "/owner"), DEAD);
        refused(PlaceKind.STAGING, root.resolve(name));
    }

    @Test
    void locationOutsideTheMirror_isRefused() throws Exception {
        for (PlaceKind kind : PlaceKind.values()) {
            refused(kind, thesis);
            refused(kind, thesis.resolve("1"));
            refused(kind, Path.of("/"));
        }
    }

    @Test
    void stagingFolderWithoutAnOwner_isRefused_butForAnEmptyOne() throws Exception {
        Path place =
                write(root.resolve("staging/" + UUID + "/notes.txt"), "mine").resolveSibling("");
        assertTrue(refused(PlaceKind.STAGING, place).contains("it has no file `owner`"));
        Files.delete(place.resolve("notes.txt"));
        delete(PlaceKind.STAGING, place);
        assertFalse(there(place));
    }

    @ParameterizedTest
    @CsvSource({
        "bagit.txt, true",
        "manifest-sha256.txt, false",
        "receipts/0001-pull.json, false",
        "origins.jsonl, false"
    })
    void bagThatLostATagFile_isStillABag_unlessThatIsBagitTxt(String lost, boolean refused) throws Exception {
        Path bag = made(PlaceKind.BAG);
        Files.delete(bag.resolve(lost));
        if (refused) {
            assertTrue(refused(PlaceKind.BAG, bag).contains("it has no bagit.txt"));
        } else {
            delete(PlaceKind.BAG, bag);
            assertFalse(there(bag));
        }
    }

    @Test
    void bagThatHistodsDidNotMake_isRefused() throws Exception {
        Path bag = root.resolve("datasets/toy/1");
        write(bag.resolve("bagit.txt"), "BagIt-Version: 1.0");
        write(bag.resolve("manifest-sha256.txt"), "");
        assertTrue(
                refused(PlaceKind.BAG, bag).contains("it has no manifest.yaml and no origins.jsonl and no receipts"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"notes.txt", "part/notes.txt", "owner/part"})
    void transferThatHoldsAnythingElse_isRefused(String name) throws Exception {
        Path place = made(PlaceKind.TRANSFER);
        if (name.startsWith("part")) {
            Files.delete(place.resolve("part"));
        }
        write(place.resolve(name), "mine");
        assertTrue(refused(PlaceKind.TRANSFER, place)
                .contains("it contains " + Path.of(name).getName(0)));
    }

    @Test
    void linksInAStagingFolder_areDeletedAsLinks() throws Exception {
        Path place = made(PlaceKind.STAGING);
        link(place.resolve("bag/data/folder"), thesis);
        link(place.resolve("bag/data/file"), thesis.resolve("bagit.txt"));
        link(place.resolve("bag/data/gone"), folder.resolve("nowhere"));
        link(place.resolve("bag/data/above"), folder);
        delete(PlaceKind.STAGING, place);
        assertFalse(there(place));
    }

    @Test
    void removalThatStopsHalfway_isFinishedByAnother() throws Exception {
        BagRef bag = new BagRef(new DatasetId("toy"), new DatasetVersion("1"), made(PlaceKind.BAG));
        write(root.resolve("stamps/toy/1.tsv"), "x");
        for (int i = 0; i < 20; i++) {
            write(bag.data().resolve("deep/" + i), "x");
        }
        Mirror dying =
                new Mirror(root, DeadProcess.HERE, MirrorLocks.Mode.OFF, Clock.systemUTC(), new FileOperations());
        RemovedBag removed = dying.remove(bag, Map.of("event", "remove"));
        assertEquals(List.of(), mirror().bags());
        List<String> deleted = new ArrayList<>();
        assertThrows(
                IllegalStateException.class,
                () -> removed.deleteFiles(() -> {
                    deleted.add("one");
                    if (deleted.size() == 10) {
                        throw new IllegalStateException("killed");
                    }
                }));
        List<GarbageItem> rest = mirror().garbage().find();
        assertEquals(1, rest.size());
        assertTrue(there(rest.get(0).path().resolve("removed")));
        mirror().garbage().delete(rest.get(0));
        assertEquals(
                List.of(
                        "datasets",
                        "journal.head",
                        "journal.jsonl",
                        "locks",
                        "mirror.json",
                        "staging",
                        "stamps",
                        "stamps/toy"),
                names(root));
    }

    private static List<String> names(Path top) throws IOException {
        return tree(top).keySet().stream().filter(name -> !name.isEmpty()).toList();
    }

    @Test
    void ownerOfAStagingFolder_isDeletedLast() throws Exception {
        Path place = made(PlaceKind.STAGING);
        for (int i = 0; i < 30; i++) {
            write(place.resolve("a" + i + "/x"), "x");
        }
        MirrorDeletion deletion = new MirrorDeletion(
                new MirrorLayout(root),
                new MirrorFormat(root, new FileOperations()),
                new FileOperations(),
                OwnerProcess.self("test"));
        int[] count = {0};
        deletion.delete(PlaceKind.STAGING, place, () -> {
            count[0]++;
            assertEquals(count[0] <= 30, Files.exists(place.resolve("owner")));
        });
        assertEquals(31, count[0]);
    }

    @Test
    void bagsFolderThatIsALinkToAThesis_isNotEmptiedByARemoval() throws Exception {
        link(root.resolve("datasets/toy"), folder.resolve("elsewhere"));
        bag(folder.resolve("elsewhere/1"));
        Map<String, String> there = tree(folder.resolve("elsewhere"));
        BagRef bag = new BagRef(new DatasetId("toy"), new DatasetVersion("1"), root.resolve("datasets/toy/1"));
        assertThrows(Problem.class, () -> mirror().usage(bag));
        assertThrows(Problem.class, () -> mirror().remove(bag, Map.of("event", "remove")));
        assertEquals(there, tree(folder.resolve("elsewhere")));
    }

    @Test
    void publishingWhereSomethingElseIs_leavesThat() throws Exception {
        write(root.resolve("datasets/toy/1/notes.txt"), "mine");
        Problem problem = assertThrows(Problem.class, () -> {
            try (Staging staging = mirror().stage()) {
                bag(staging.root());
                staging.publish(new DatasetId("toy"), new DatasetVersion("1"), CarryOver.NOTHING);
            }
        });
        assertTrue(problem.message().contains("left alone"), problem.message());
        assertEquals("mine", Files.readString(root.resolve("datasets/toy/1/notes.txt")));
    }

    @Test
    void transferWithALink_isNotResumed() throws Exception {
        link(root.resolve("partial/k/idle/part"), thesis.resolve("part"));
        PartialTransfer partial = mirror().claim("k");
        assertFalse(there(partial.part()));
        Files.writeString(partial.part(), "new");
        partial.release();
        assertTrue(Files.isSymbolicLink(root.resolve("partial/k/idle/part")));
    }

    @Test
    void transferWhoseStateIsAlsoAFileOfAPerson_isNotResumed_andThatFileStays() throws Exception {
        write(root.resolve("partial/k/idle/part"), "abc");
        Files.createLink(root.resolve("partial/k/idle/state"), thesis.resolve("part"));
        PartialTransfer partial = mirror().claim("k");
        assertFalse(there(partial.part()));
        partial.writeState("new");
        partial.release();
        assertTrue(there(root.resolve("partial/k/idle/state")));
    }

    @Test
    void foreignThingsInTheMirrorsFolders_areNamedAndStay() throws Exception {
        write(root.resolve("staging/notes.txt"), "mine");
        write(root.resolve("staging/" + UUID + "/notes.txt"), "mine");
        link(root.resolve("staging/11111111-89ab-cdef-0123-456789abcdef"), thesis);
        link(root.resolve("partial/k"), thesis);
        write(root.resolve("partial/l/notes.txt"), "mine");
        link(root.resolve("index/toy"), thesis);
        write(root.resolve("index/other/notes.txt"), "mine");
        Map<String, String> there = tree(root);
        GarbageReport garbage = mirror().garbage().find(NOW);
        assertEquals(List.of(), garbage.items());
        assertEquals(
                Stream.of(
                                "index/other/notes.txt",
                                "index/toy",
                                "partial/k",
                                "partial/l/notes.txt",
                                "staging/" + UUID,
                                "staging/11111111-89ab-cdef-0123-456789abcdef",
                                "staging/notes.txt")
                        .map(root::resolve)
                        .toList(),
                garbage.leftAlone().stream().map(GarbageItem::path).sorted().toList());
        for (GarbageItem one : garbage.leftAlone()) {
            refused(one.kind(), one.path());
        }
        assertEquals(there, tree(root));
    }

    @Test
    void wholeFoldersOfTheMirrorThatAreLinks_areNamedAndNotLookedInto() throws Exception {
        for (String name : List.of("staging", "partial", "index")) {
            link(root.resolve(name), thesis);
        }
        GarbageReport garbage = mirror().garbage().find(NOW);
        assertEquals(List.of(), garbage.items());
        assertEquals(3, garbage.leftAlone().size());
    }

    private Path old(Path path, Duration age) throws IOException {
        try (Stream<Path> walk = Files.walk(path)) {
            for (Path one : walk.toList()) {
                Files.setLastModifiedTime(one, FileTime.from(Instant.now().minus(age)));
            }
        }
        return path;
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "\"\",                8, true",
                "\"\",                6, false",
                "torn,                8, true",
                "\"elsewhere\n1\nx\ny\n\", 8, true",
                "\"elsewhere\n1\nx\ny\n\", 6, false"
            })
    void claimedTransferWhoseOwnerSaysNothing_isCollectedAfterAWeek(String owner, int days, boolean collected)
            throws Exception {
        Path place = write(root.resolve("partial/k/" + UUID + "/part"), "abc").resolveSibling("");
        write(place.resolve("owner"), owner);
        old(place, Duration.ofDays(days));
        assertEquals(
                collected ? List.of(place) : List.of(), paths(mirror().garbage().find()));
    }

    private static List<Path> paths(List<GarbageItem> garbage) {
        return garbage.stream().map(GarbageItem::path).toList();
    }

    @Test
    void whatALiveProcessOwns_isNeverGarbage_howeverOld() throws Exception {
        Staging staging = mirror().stage();
        PartialTransfer partial = mirror().claim("k");
        Files.writeString(partial.part(), "abc");
        old(staging.root().resolveSibling(""), Duration.ofDays(400));
        old(partial.part().resolveSibling(""), Duration.ofDays(400));
        assertEquals(List.of(), mirror().garbage().find(NOW).items());
        assertTrue(mirror().garbage().inUse());
    }

    @Test
    void whatAnotherHostOwns_staysForADay_withAnyAge() throws Exception {
        String far = "elsewhere\n1\nx\nhistods pull\n";
        Path staging = write(root.resolve("staging/" + UUID + "/owner"), far).resolveSibling("");
        Path transfer = write(root.resolve("partial/k/" + UUID + "/owner"), far).resolveSibling("");
        old(root.resolve("staging"), Duration.ofHours(23));
        old(root.resolve("partial"), Duration.ofHours(23));
        assertEquals(List.of(), mirror().garbage().find(NOW).items());
        assertTrue(mirror().garbage().inUse());
        old(root.resolve("staging"), Duration.ofHours(25));
        old(root.resolve("partial"), Duration.ofHours(25));
        assertEquals(
                List.of(staging, transfer), paths(mirror().garbage().find(NOW).items()));
        assertFalse(mirror().garbage().inUse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "index/toy/1.idx.UUID.tmp",
                "shared-index/incoming.UUID.tmp",
                "stamps/toy/1.tsv.UUID.tmp",
                "journal.head.UUID.tmp",
                "locks/toy@1.owner.UUID.tmp"
            })
    void fileThatWasNotWrittenToItsEnd_isGarbageAfterADay(String name) throws Exception {
        made(PlaceKind.BAG);
        Path file = write(root.resolve(name.replace("UUID", UUID)), "x");
        old(file, Duration.ofHours(23));
        assertEquals(List.of(), mirror().garbage().find(NOW).items());
        old(file, Duration.ofHours(25));
        assertEquals(List.of(file), paths(mirror().garbage().find(NOW).items()));
    }

    @Test
    void whatBelongsToABag_isNoGarbage_howeverOld() throws Exception {
        for (PlaceKind kind :
                List.of(PlaceKind.BAG, PlaceKind.INDEX, PlaceKind.STAMPS, PlaceKind.SHARED_INDEX, PlaceKind.ARCHIVE)) {
            made(kind);
        }
        write(root.resolve("index/Not an id/1.idx"), "x");
        old(root, Duration.ofDays(400));
        assertEquals(List.of(), mirror().garbage().find(NOW).items());
    }

    @Test
    void shard_isGarbageWhenAllOfItsSetAreOld() throws Exception {
        Path shard = made(PlaceKind.SHARD);
        Path other = bag(shard.resolveSibling("3"));
        old(shard, Duration.ofDays(8));
        old(other, Duration.ofDays(6));
        assertEquals(List.of(), mirror().garbage().find(Duration.ofDays(7)).items());
        old(other, Duration.ofDays(8));
        assertEquals(
                List.of(shard, other),
                paths(mirror().garbage().find(Duration.ofDays(7)).items()));
    }

    @Test
    void transferThatCanBeContinued_isListedWithItsBytes() throws Exception {
        Path transfer = made(PlaceKind.TRANSFER);
        List<GarbageItem> partials = mirror().garbage().partials();
        assertEquals(List.of(transfer), paths(partials));
        assertTrue(partials.get(0).bytes() >= 3);
    }

    @Test
    void lineOfTheJournalThatIsNotWrittenYet_isNamedAndStays() throws Exception {
        Path staging = made(PlaceKind.STAGING);
        write(staging.resolve("completion.json"), "{}");
        GarbageReport report = mirror().garbage().find(NOW);
        assertEquals(List.of(), report.items());
        assertEquals(List.of(staging), paths(report.leftAlone()));
    }

    @Test
    void keptArchives_areThoseWithTheirHashForAName() throws Exception {
        Path archive = made(PlaceKind.ARCHIVE);
        write(root.resolve("archives/sha256/ab/notes.txt"), "mine");
        write(root.resolve("archives/sha256/cd/" + "ab".repeat(32)), "mine");
        GarbageReport kept = mirror().garbage().keptArchives(NOW);
        assertEquals(List.of(archive), paths(kept.items()));
        assertEquals(2, kept.leftAlone().size());
        assertEquals(
                List.of(), mirror().garbage().keptArchives(Duration.ofDays(1)).items());
    }

    @Test
    void draftThatIsNotFinished_isGone_andLinksInItAreNotFollowed() throws Exception {
        Path place = folder.resolve("new/place");
        try (PendingFolder draft = PendingFolder.of(place)) {
            Files.createDirectory(draft.content());
            Files.createSymbolicLink(draft.content().resolve("link"), thesis);
        }
        assertEquals(List.of(""), List.copyOf(tree(place.resolveSibling("")).keySet()));
        try (PendingFolder draft = PendingFolder.of(place)) {
            Files.createDirectory(draft.content());
            draft.moveTo(place);
        }
        assertEquals(
                List.of("", "place"), List.copyOf(tree(place.resolveSibling("")).keySet()));
    }

    /** A mirror in which another disk is mounted, as proc(5) writes it. */
    private Mirror mounted(Path at) {
        return new Mirror(
                root, OwnerProcess.self("test"), MirrorLocks.Mode.OFF, Clock.systemUTC(), new FileOperations() {
                    @Override
                    List<String> mounts() throws IOException {
                        Path real = root.toRealPath().resolve(root.relativize(at));
                        return List.of(
                                "21 1 8:1 / / rw - ext4 /dev/sda1 rw",
                                "22 21 8:2 / " + root.toRealPath() + " rw - ext4 /dev/sdb1 rw",
                                "23 22 8:3 / " + real.toString().replace(" ", "\\040") + " rw - ext4 /dev/sdc1 rw");
                    }
                });
    }

    @ParameterizedTest
    @ValueSource(strings = {"datasets", "datasets/toy", "datasets/toy/1", "datasets/toy/1/data/my images", "staging"})
    void diskThatIsMountedInTheMirror_isNamedBeforeABagIsPulledOrRemoved(String at) throws Exception {
        Path bag = bag(root.resolve("datasets/toy/1"));
        Mirror mirror = mounted(Files.createDirectories(root.resolve(at)));
        DatasetId id = new DatasetId("toy");
        DatasetVersion version = new DatasetVersion("1");
        Map<String, String> there = tree(root);
        Problem pull = assertThrows(Problem.class, () -> mirror.requirePlace(id, version));
        assertTrue(pull.message().startsWith(root.resolve(at) + " is a mount point"), pull.message());
        BagRef ref = mirror.bag(id, version).orElseThrow();
        Problem remove = assertThrows(Problem.class, () -> mirror.remove(ref, Map.of()));
        assertEquals(pull.message(), remove.message());
        assertEquals(there, tree(root));
        assertTrue(Files.exists(bag));
    }

    @Test
    void diskThatIsMountedInALeftover_isNotEntered() throws Exception {
        Path staging = root.resolve("staging/" + UUID);
        write(staging.resolve("owner"), DEAD);
        write(staging.resolve("removed/data/disk/a.txt"), "a");
        Map<String, String> there = tree(root);
        Mirror mirror = mounted(staging.resolve("removed/data/disk"));
        Problem problem = assertThrows(
                Problem.class, () -> mirror.garbage().delete(new GarbageItem(PlaceKind.STAGING, staging, 0, "")));
        assertTrue(problem.message().endsWith("removed/data/disk is a mount point"), problem.message());
        assertEquals(there, tree(root));
    }

    @Test
    void diskThatIsMountedElsewhereInTheMirror_doesNotMatter() throws Exception {
        bag(root.resolve("datasets/toy/1"));
        Mirror mirror = mounted(Files.createDirectories(root.resolve("datasets/toy2")));
        mirror.requirePlace(new DatasetId("toy"), new DatasetVersion("1"));
    }
}
