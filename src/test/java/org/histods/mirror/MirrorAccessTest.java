package org.histods.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.concurrent.BackgroundTask;
import org.histods.concurrent.TaskExecutor;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mirror is, which mirrors are read through it, who may work on it at a time, and which projects use it. */
@Timeout(60)
final class MirrorAccessTest {

    private static final OwnerProcess SELF = OwnerProcess.self("test");
    private static final DatasetId TOY = new DatasetId("toy");
    private static final DatasetVersion ONE = new DatasetVersion("1");
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir
    Path temp;

    private Path own() {
        return temp.resolve("own");
    }

    private Mirror mirror(Path... shared) {
        return new Mirror(own(), List.of(shared), SELF, true, Clock.systemUTC());
    }

    private static Path bag(Path mirror, String id, String version) throws IOException {
        Path bag =
                Files.createDirectories(mirror.resolve("datasets").resolve(id).resolve(version));
        Files.createDirectories(bag.resolve("data"));
        for (String name : List.of("bagit.txt", "manifest-sha256.txt", "manifest.yaml", "origins.jsonl")) {
            Files.writeString(bag.resolve(name), "");
        }
        Files.writeString(mirror.resolve("mirror.json"), "{\"format\":1}\n");
        return bag;
    }

    private static List<String> texts(List<BagRef> bags, Path root) {
        return bags.stream().map(bag -> root.relativize(bag.path()).toString()).toList();
    }

    /** Every path below a folder, with the text of files. */
    private static Map<String, String> tree(Path folder) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(folder)) {
            for (Path path : walk.toList()) {
                tree.put(folder.relativize(path).toString(), Files.isRegularFile(path) ? Files.readString(path) : "/");
            }
        }
        return tree;
    }

    // What is a mirror

    @ParameterizedTest
    @CsvSource({
        "'{\"format\":1}\n', ",
        "'{ \"format\" : 1 }', ",
        "'{\"format\":2}', USAGE",
        "'{\"format\":0}', WRONG_BYTES",
        "'{}', WRONG_BYTES",
        "'', WRONG_BYTES",
        "'{\"format\"', WRONG_BYTES"
    })
    void folder_isAMirrorIfItsMarkStatesTheFormat(String text, Kind refused) throws Exception {
        Files.createDirectories(own());
        Files.writeString(own().resolve("mirror.json"), text);
        if (refused == null) {
            mirror().check();
            mirror().require();
            assertTrue(mirror().marked());
            return;
        }
        assertEquals(
                refused, assertThrows(Problem.class, () -> mirror().check()).kind());
        Problem deletion = assertThrows(Problem.class, () -> mirror().require());
        assertEquals(Kind.USAGE, deletion.kind());
        assertThrows(Problem.class, () -> mirror().stage());
    }

    @Test
    void markThatIsAFolderOrALink_allowsNoDeletion() throws Exception {
        Files.createDirectories(own().resolve("mirror.json"));
        Problem damaged = assertThrows(Problem.class, () -> mirror().check());
        assertTrue(damaged.message().endsWith("mirror.json is damaged: it is not a file"), damaged.message());
        assertThrows(Problem.class, () -> mirror().require());
        assertFalse(mirror().marked());
        Files.delete(own().resolve("mirror.json"));
        Files.writeString(temp.resolve("elsewhere"), "{\"format\":1}\n");
        Files.createSymbolicLink(own().resolve("mirror.json"), temp.resolve("elsewhere"));
        mirror().check();
        assertThrows(Problem.class, () -> mirror().require());
    }

    @Test
    void fileInPlaceOfTheMirror_isRefused_andAMissingFolderIsMade() throws Exception {
        Files.writeString(own(), "mine");
        assertEquals(
                Kind.USAGE, assertThrows(Problem.class, () -> mirror().check()).kind());
        Problem deletion = assertThrows(Problem.class, () -> mirror().require());
        assertTrue(deletion.message().endsWith(" is a file, not a folder"), deletion.message());
        assertEquals("mine", Files.readString(own()));
        Files.delete(own());
        mirror().check();
        assertFalse(Files.exists(own()));
        assertThrows(Problem.class, () -> mirror().require());
        mirror().makeFolder(own().resolve("cache"));
        mirror().require();
        assertTrue(Files.exists(own().resolve("CACHEDIR.TAG")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"thesis.tex", "data"})
    void mirrorBesideOtherFiles_isNotTaggedAsACache(String name) throws Exception {
        Files.createDirectories(own());
        Files.writeString(own().resolve(name), "mine");
        mirror().makeFolder(own().resolve("cache"));
        mirror().require();
        assertFalse(Files.exists(own().resolve("CACHEDIR.TAG")));
    }

    private static boolean isShared(Path folder) throws IOException {
        return Files.getPosixFilePermissions(folder).contains(PosixFilePermission.GROUP_WRITE);
    }

    private static Path withMode(Path folder, String mode) throws IOException {
        Files.createDirectories(folder);
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
    }

    @Test
    void mirrorThatIsGivenToAGroupLater_isShared_andNothingElseInItsFolders() throws Exception {
        bag(own(), "toy", "1");
        List<String> shared = List.of(
                "datasets",
                "datasets/toy",
                "index",
                "index/toy",
                "stamps",
                "stamps/toy",
                "partial",
                "partial/k",
                "staging");
        List<String> others = List.of("datasets/private", "datasets/toy/1", "staging/x", "thesis");
        for (String folder : shared) {
            withMode(own().resolve(folder), "rwx------");
        }
        for (String folder : others) {
            withMode(own().resolve(folder), "rwx------");
        }
        withMode(own(), "rwx------");
        mirror().claim("other").discard();
        for (String folder : shared) {
            assertFalse(isShared(own().resolve(folder)), folder);
        }
        withMode(own(), "rwxrwx---");
        mirror().claim("other").discard();
        for (String folder : shared) {
            assertTrue(isShared(own().resolve(folder)), folder);
        }
        for (String folder : others) {
            assertFalse(isShared(own().resolve(folder)), folder);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0770, 02770})
    void newMirror_isTheGroups_onlyInAFolderWhoseContentIs(int mode) throws Exception {
        Files.setAttribute(temp, "unix:mode", mode);
        mirror().claim("k").discard();
        assertEquals(mode == 02770, isShared(own()));
    }

    // Mirrors of others

    @Test
    void datasets_areThoseOfAllMirrors_andOfOneThatSeveralHave_thatOfTheFirst() throws Exception {
        Path first = temp.resolve("first");
        Path second = temp.resolve("second");
        Path toy1 = bag(own(), "toy", "1");
        bag(first, "toy", "1");
        Path toy2 = bag(first, "toy", "2");
        bag(second, "toy", "2");
        Path other = bag(second, "alpha", "1");
        Mirror mirror = mirror(first, second, temp.resolve("missing"));
        assertEquals(
                List.of("second/datasets/alpha/1", "own/datasets/toy/1", "first/datasets/toy/2"),
                texts(mirror.bags(), temp));
        assertEquals(List.of("own/datasets/toy/1", "first/datasets/toy/2"), texts(mirror.bags(TOY), temp));
        assertEquals(toy1, mirror.bag(TOY, ONE).orElseThrow().path());
        BagRef shared = mirror.bag(TOY, new DatasetVersion("2")).orElseThrow();
        assertEquals(toy2, shared.path());
        assertEquals(Optional.empty(), mirror.bag(TOY, new DatasetVersion("3")));
        assertFalse(mirror.owns(shared));
        assertTrue(mirror.owns(mirror.bag(TOY, ONE).orElseThrow()));
        assertEquals(Optional.of(TOY), mirror.datasetAt(toy2.toRealPath().resolve("data")));
        assertEquals(Optional.of(new DatasetId("alpha")), mirror.datasetAt(other.toRealPath()));
        assertEquals(Optional.empty(), mirror.datasetAt(temp.toRealPath()));
        assertEquals(3, mirror.shared().size());
        assertEquals(List.of("own/datasets/toy/1"), texts(mirror().bags(), temp));
        assertEquals(List.of(), mirror(own()).shared());
    }

    @Test
    void mirrorOfAnother_isOnlyRead_alsoWhereThisUserMayWrite() throws Exception {
        Path first = temp.resolve("first");
        Path bag = bag(first, "toy", "1");
        Files.move(bag, bag.resolveSibling(".1.replaced"));
        Map<String, String> before = tree(first);
        Mirror shared = mirror(first).shared().get(0);
        shared.bag(TOY, ONE);
        assertThrows(Problem.class, shared::stage);
        assertThrows(Problem.class, () -> shared.claim("k"));
        assertThrows(Problem.class, () -> shared.journal().append(Map.of("event", "x")));
        assertThrows(IOException.class, () -> shared.makeFolder(first.resolve("cache")));
        shared.projects().add(temp);
        assertEquals(before.keySet(), tree(first).keySet());
    }

    @Test
    void sharedMirrorOfANewerFormat_isRefused() throws Exception {
        Path first = temp.resolve("first");
        bag(first, "toy", "1");
        mirror(first).check();
        Files.writeString(first.resolve("mirror.json"), "{\"format\":2}\n");
        assertThrows(Problem.class, () -> mirror(first).check());
    }

    // Removal

    @Test
    void whatIsKnownOfARemovedDataset_isGone_andOfTheOthersItStays() throws Exception {
        bag(own(), "toy", "1");
        bag(own(), "toy", "2");
        Mirror mirror = mirror();
        BagRef one = mirror.bag(TOY, ONE).orElseThrow();
        BagRef two = mirror.bag(TOY, new DatasetVersion("2")).orElseThrow();
        FilePath file = new FilePath("a.txt");
        Files.writeString(one.data().resolve("a.txt"), "x");
        Files.createLink(two.data().resolve("a.txt"), one.data().resolve("a.txt"));
        for (BagRef bag : List.of(one, two)) {
            mirror.stamps(bag).take(FileStamps.look(bag.data(), List.of(file)), List.of());
            Files.createDirectories(mirror.index(bag).resolveSibling(""));
            Files.writeString(mirror.index(bag), "index");
        }
        assertEquals(1, mirror.sharedBytes(one));
        mirror.remove(one, Map.of("event", "remove")).deleteFiles(() -> {});
        assertEquals(Optional.empty(), mirror.bag(TOY, ONE));
        assertEquals(
                List.of(file), mirror.stamps(two).untouched(two.data()), "its other name is gone, and it is the same");
        assertFalse(Files.exists(own().resolve("stamps/toy/1.tsv")));
        assertFalse(Files.exists(mirror.index(one)));
        assertTrue(Files.exists(mirror.index(two)));
        mirror.deleteIndex(two);
        assertFalse(Files.exists(mirror.index(two)));
        assertEquals(0, mirror.sharedBytes(two));
    }

    @Test
    void bagOfAnother_orFolderThatIsNone_isNotRemoved() throws Exception {
        Path first = temp.resolve("first");
        bag(first, "toy", "1");
        mirror().makeFolder(own().resolve("cache"));
        BagRef shared = mirror(first).bag(TOY, ONE).orElseThrow();
        assertThrows(Problem.class, () -> mirror(first).remove(shared, Map.of("event", "remove")));
        Path folder = Files.createDirectories(own().resolve("datasets/toy/2"));
        BagRef none = new BagRef(TOY, new DatasetVersion("2"), folder);
        assertThrows(Problem.class, () -> mirror().remove(none, Map.of("event", "remove")));
        assertTrue(Files.exists(folder));
        assertTrue(Files.exists(shared.path().resolve("bagit.txt")));
    }

    @Test
    void firstTransferOrLock_makesTheFolderAMirror() throws Exception {
        mirror().claim("k").discard();
        mirror().require();
        Mirror other = new Mirror(temp.resolve("other"), SELF, true, Clock.systemUTC());
        lock(other, MINUTE, new ArrayList<>()).close();
        other.require();
    }

    // Locks

    private Lease lock(Mirror mirror, Duration atMost, List<String> notes) throws Problem {
        return mirror.lock("toy@1", atMost, notes::add);
    }

    @Test
    void lock_namesItsOwnerOnTheDisk_andIsFreeWhenItIsClosed() throws Exception {
        List<String> notes = new ArrayList<>();
        Mirror mirror = mirror();
        try (Lease lease = lock(mirror, MINUTE, notes)) {
            assertTrue(Files.readString(own().resolve("locks/toy@1.owner")).contains("test"));
            try (FileChannel other = FileChannel.open(own().resolve("locks/toy@1.lock"), StandardOpenOption.WRITE)) {
                assertFalse(new FileOperations().lock(other));
            }
        }
        try (FileChannel other = FileChannel.open(own().resolve("locks/toy@1.lock"), StandardOpenOption.WRITE)) {
            assertTrue(new FileOperations().lock(other));
        }
        assertEquals(List.of(), notes);
    }

    @Test
    void lockThatIsFreedMeanwhile_isGiven() throws Exception {
        Lease held = lock(mirror(), MINUTE, new ArrayList<>());
        List<String> notes = new ArrayList<>();
        mirror().lock("toy@1", MINUTE, note -> {
                    notes.add(note);
                    held.close();
                })
                .close();
        assertEquals(1, notes.size());
        assertTrue(notes.get(0).endsWith(" to finish toy@1, at most 1 min"), notes.get(0));
    }

    @Test
    void lockThatAnotherHolds_isNotHeldInThisProcessAfterwards() throws Exception {
        Mirror mirror = mirror();
        try (Lease held = lock(mirror(), MINUTE, new ArrayList<>());
                TaskExecutor tasks = new TaskExecutor("test")) {
            for (int i = 0; i < 2; i++) {
                BackgroundTask<Kind> task = tasks.start(() -> assertThrows(
                                Problem.class, () -> lock(mirror, Duration.ZERO, new ArrayList<>()))
                        .kind());
                assertEquals(Kind.BUSY, task.get());
            }
            Problem p = assertThrows(Problem.class, () -> lock(mirror, Duration.ZERO, new ArrayList<>()));
            assertTrue(p.message().contains("`test` on "), p.message());
        }
        lock(mirror, Duration.ZERO, new ArrayList<>()).close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lockOfAnotherPartOfTheProcess_isBusy_andGivenAfterwards(boolean locks) throws Exception {
        Mirror mirror = new Mirror(own(), SELF, locks, Clock.systemUTC());
        try (TaskExecutor tasks = new TaskExecutor("test")) {
            try (Lease held = lock(mirror, MINUTE, new ArrayList<>())) {
                BackgroundTask<String> task = tasks.start(() -> assertThrows(
                                Problem.class, () -> lock(mirror, Duration.ZERO, new ArrayList<>()))
                        .message());
                assertEquals("toy@1 is held by another part of this process", task.get());
            }
            BackgroundTask<Boolean> task = tasks.start(() -> {
                lock(mirror, Duration.ZERO, new ArrayList<>()).close();
                return true;
            });
            assertTrue(task.get());
        }
        assertEquals(locks, Files.exists(own().resolve("locks/toy@1.lock")));
    }

    @Test
    void interruptWhileWaiting_endsTheWaiting_andLeavesTheLockFree() throws Exception {
        Mirror mirror = mirror();
        try (Lease held = lock(mirror(), MINUTE, new ArrayList<>())) {
            Problem p = assertThrows(
                    Problem.class,
                    () -> mirror.lock(
                            "toy@1", MINUTE, note -> Thread.currentThread().interrupt()));
            assertEquals(Kind.INTERRUPTED, p.kind());
            assertTrue(Thread.interrupted());
        }
        try (TaskExecutor tasks = new TaskExecutor("test")) {
            BackgroundTask<Boolean> task = tasks.start(() -> {
                lock(mirror, Duration.ZERO, new ArrayList<>()).close();
                return true;
            });
            assertTrue(task.get());
        }
    }

    @Test
    void fileSystemWhoseLocksFail_isWorkedOnWithoutThem() throws Exception {
        Mirror without = new Mirror(own(), SELF, MirrorLocks.Mode.ON, Clock.systemUTC(), new FileOperations() {
            @Override
            boolean lock(FileChannel channel) throws IOException {
                throw new IOException("no locks available");
            }
        });
        List<String> notes = new ArrayList<>();
        lock(without, Duration.ZERO, notes).close();
        assertEquals(List.of(), notes);
    }

    // Projects

    @Test
    void projects_areListedOnce_inTheirOrder() throws Exception {
        mirror().makeFolder(own().resolve("cache"));
        assertEquals(List.of(), mirror().projects().all());
        Path b = temp.resolve("b");
        Path a = temp.resolve("a");
        mirror().projects().add(b);
        mirror().projects().add(a.resolve("x/.."));
        mirror().projects().add(b);
        assertEquals(List.of(b, a), mirror().projects().all());
        assertEquals(2, Files.readAllLines(own().resolve("projects.txt")).size());
        Files.writeString(own().resolve("projects.txt"), "relative\n" + b + "\n" + b + "\n");
        assertEquals(List.of(b), mirror().projects().all());
        mirror().projects().add(temp.resolve("two\nlines"));
        assertEquals(List.of(b), mirror().projects().all());
    }

    @Test
    void listOfProjects_thatIsALinkAFolderOrHasAnotherName_isNotWrittenThrough() throws Exception {
        mirror().makeFolder(own().resolve("cache"));
        Path list = own().resolve("projects.txt");
        Path backup = temp.resolve("backup");
        Files.writeString(backup, "/old\n");
        Files.createLink(list, backup);
        mirror().projects().add(temp);
        assertEquals("/old\n", Files.readString(backup));
        assertEquals(List.of(Path.of("/old"), temp), mirror().projects().all());
        Files.delete(list);
        Files.createSymbolicLink(list, backup);
        mirror().projects().add(temp);
        assertEquals("/old\n", Files.readString(backup));
        Files.delete(list);
        Files.createDirectory(list);
        mirror().projects().add(temp);
        assertEquals(List.of(), mirror().projects().all());
    }
}
