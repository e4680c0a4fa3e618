package org.histods.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The mirror under crashes, races and disk errors. */
final class MirrorTest {

    private static final OwnerProcess DEAD = DeadProcess.HERE;

    @TempDir
    Path root;

    @TempDir
    Path outside;

    private Mirror mirror() {
        return mirror(OwnerProcess.self("test"), new FileOperations());
    }

    private Mirror mirror(OwnerProcess owner, FileOperations disk) {
        return new Mirror(root, owner, MirrorLocks.Mode.ON, Clock.systemUTC(), disk);
    }

    private static void fill(PartialTransfer partial, String content) throws IOException {
        Files.writeString(partial.part(), content);
        partial.writeState(content);
    }

    private static BagRef publish(Mirror mirror, String content) throws Exception {
        try (Staging staging = mirror.stage()) {
            Files.writeString(staging.data().resolve("a.txt"), content);
            Files.createDirectory(staging.root().resolve("receipts"));
            for (String name : List.of("bagit.txt", "manifest-sha256.txt", "manifest.yaml", "origins.jsonl")) {
                Files.writeString(staging.root().resolve(name), "");
            }
            return staging.publish(new DatasetId("toy"), new DatasetVersion("1"), CarryOver.NOTHING);
        }
    }

    private BagRef toy(String version) {
        return new BagRef(new DatasetId("toy"), new DatasetVersion(version), root);
    }

    private static String content(BagRef bag) throws IOException {
        return Files.readString(bag.data().resolve("a.txt"));
    }

    @Test
    void releasedTransfer_isGivenToTheNextOne() throws Exception {
        PartialTransfer first = mirror().claim("k");
        fill(first, "abc");
        first.release();
        PartialTransfer second = mirror().claim("k");
        assertEquals("abc", Files.readString(second.part()));
        assertEquals(Optional.of("abc"), second.readState());
    }

    @Test
    void discardedTransfer_isGone_withTheFolderOfItsKey() throws Exception {
        PartialTransfer partial = mirror().claim("k");
        fill(partial, "abc");
        partial.discard();
        assertFalse(Files.exists(root.resolve("partial/k")));
        PartialTransfer next = mirror().claim("k");
        assertFalse(Files.exists(next.part()));
        assertEquals(Optional.empty(), next.readState());
    }

    @Test
    void stateOfATransfer_isKnownWhenNobodyUsesIt() throws Exception {
        assertEquals(Optional.empty(), mirror().idleState("k"));
        PartialTransfer alive = mirror().claim("k");
        fill(alive, "abc");
        assertEquals(Optional.empty(), mirror().idleState("k"), "a live process has it");
        alive.release();
        assertEquals(Optional.of("abc"), mirror().idleState("k"));
        fill(mirror(DEAD, new FileOperations()).claim("of the dead"), "def");
        assertEquals(Optional.of("def"), mirror().idleState("of the dead"));
    }

    @Test
    void completeFile_isLinkedToItsPlace_andStaysForALaterRun() throws Exception {
        PartialTransfer partial = mirror().claim("k");
        fill(partial, "new");
        assertFalse(partial.shared());
        Path target = root.resolve("deep/er/a.txt");
        partial.put(target);
        assertTrue(partial.shared());
        Files.delete(target);
        Files.writeString(target, "something older");
        partial.put(target);
        assertEquals("new", Files.readString(target));
        assertEquals("new", Files.readString(partial.part()));
    }

    @Test
    void completeFile_isMovedWhereThereAreNoHardLinks_andMovedBackByTheRelease() throws Exception {
        FileOperations without = new FileOperations() {
            @Override
            void link(Path file, Path target) {
                throw new UnsupportedOperationException();
            }
        };
        for (boolean published : new boolean[] {false, true}) {
            PartialTransfer partial = mirror(OwnerProcess.self("test"), without).claim("published " + published);
            fill(partial, "new");
            Path target = root.resolve("deep/er/a.txt");
            partial.put(target);
            assertEquals("new", Files.readString(target));
            assertFalse(Files.exists(partial.part()));
            if (published) {
                Files.move(target, root.resolve("published.txt"));
            }
            partial.release();
            assertFalse(Files.exists(target));
            assertEquals(
                    !published,
                    Files.exists(mirror().claim("published " + published).part()));
        }
    }

    @Test
    void release_keepsTheTransferWithMoreSmallFiles_andDeletesTheOther() throws Exception {
        for (int later : new int[] {1, 3}) {
            String key = "k" + later;
            PartialTransfer first = mirror().claim(key);
            PartialTransfer second = mirror().claim(key);
            small(first, 2);
            small(second, later);
            first.release();
            second.release();
            try (var list = Files.list(root.resolve("partial").resolve(key))) {
                assertEquals(1, list.count());
            }
            assertEquals(Math.max(2, later), mirror().claim(key).prepareFiles().size());
        }
    }

    private static void small(PartialTransfer partial, int count) throws IOException {
        assertEquals(List.of(), partial.prepareFiles());
        for (int i = 0; i < count; i++) {
            partial.writeFile(partial.files().resolve("f" + i), ByteBuffer.wrap(new byte[] {1}));
            assertEquals(1, Files.size(partial.files().resolve("f" + i)));
        }
    }

    @Test
    void transfersThatAreNoLongerNeeded_areDeleted_butForThoseInUse() throws Exception {
        PartialTransfer idle = mirror().claim("idle");
        fill(idle, "abc");
        idle.release();
        fill(mirror(DEAD, new FileOperations()).claim("dead"), "abc");
        PartialTransfer used = mirror().claim("used");
        fill(used, "abc");
        mirror().deleteTransfers(Set.of("idle", "dead", "used", "unknown"));
        assertEquals(Set.of("used"), mirror().startedTransfers());
        assertEquals("abc", Files.readString(used.part()));
    }

    @Test
    void folderOfATransfer_thatAKilledPullHadEmptied_isDeleted() throws Exception {
        mirror().claim("used");
        Files.createDirectories(root.resolve("partial/emptied"));
        Files.writeString(root.resolve("partial/file"), "mine");
        mirror().deleteTransfers(Set.of("emptied", "used", "file"));
        assertEquals(Set.of("used", "file"), mirror().startedTransfers());
    }

    @Test
    void transferOfALiveProcess_isLeftAlone() throws Exception {
        PartialTransfer first = mirror().claim("k");
        fill(first, "abc");
        PartialTransfer second = mirror().claim("k");
        assertNotEquals(first.part(), second.part());
        assertFalse(Files.exists(second.part()));
    }

    private static String groupAccess(Path folder) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                .substring(3, 6);
    }

    @Test
    void folderOfAKey_isSharedWithTheGroup_alsoIfARivalDeletedItMeanwhile() throws Exception {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwx---"));
        AtomicBoolean ended = new AtomicBoolean();
        FileOperations disk = new FileOperations();
        Path key = root.resolve("partial/k");
        ExecutorService rival = Executors.newSingleThreadExecutor();
        try {
            Future<?> deleting = rival.submit(() -> {
                while (!ended.get()) {
                    disk.deleteEmpty(key);
                }
                return null;
            });
            for (int i = 0; i < 5000; i++) {
                disk.makeFolder(key);
                try {
                    assertEquals("rwx", groupAccess(key));
                } catch (NoSuchFileException e) {
                    // The rival was faster.
                }
            }
            ended.set(true);
            deleting.get(1, TimeUnit.MINUTES);
        } finally {
            ended.set(true);
            rival.shutdownNow();
        }
    }

    @Test
    void foldersOfTwoKeys_areSharedWithTheGroup_whoeverMakesTheFolderAbove() throws Exception {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwx---"));
        FileOperations disk = new FileOperations();
        ExecutorService rivals = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 3000; i++) {
                Path above = root.resolve("above" + i);
                List<Path> keys = List.of(above.resolve("a"), above.resolve("b"));
                CountDownLatch both = new CountDownLatch(keys.size());
                List<Future<Void>> made = new ArrayList<>();
                for (Path key : keys) {
                    made.add(rivals.submit(() -> {
                        both.countDown();
                        both.await();
                        disk.makeFolder(key);
                        return null;
                    }));
                }
                for (Future<Void> one : made) {
                    one.get(1, TimeUnit.MINUTES);
                }
                for (Path key : keys) {
                    assertEquals("rwx", groupAccess(key), key.toString());
                }
                assertEquals(List.of("a", "b"), disk.names(above));
            }
        } finally {
            rivals.shutdownNow();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"rwx------", "rwxrwx---"})
    void folderThatTwoMakeAtOnce_isNeverReplaced_whileOneBeginsToUseIt(String mode) throws Exception {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString(mode));
        FileOperations disk = new FileOperations();
        ExecutorService rivals = Executors.newFixedThreadPool(2);
        try {
            for (int i = 0; i < 3000; i++) {
                Path folder = root.resolve("folder" + i);
                CyclicBarrier both = new CyclicBarrier(2);
                List<Future<Path>> made = new ArrayList<>();
                for (String name : List.of("a", "b")) {
                    made.add(rivals.submit(() -> {
                        both.await(1, TimeUnit.MINUTES);
                        disk.makeFolder(folder);
                        return Files.createDirectory(folder.resolve(name));
                    }));
                }
                for (Future<Path> one : made) {
                    one.get(1, TimeUnit.MINUTES);
                }
                assertEquals(List.of("a", "b"), disk.names(folder));
            }
        } finally {
            rivals.shutdownNow();
        }
    }

    /** Otherwise, a second user who pulls at the same time gets "the mirror cannot be written". */
    @Test
    void mirrorThatIsMadeInAGroupsFolder_isTheGroupsFromItsFirstMoment() throws Exception {
        Files.setAttribute(outside, "unix:mode", FileOperations.SET_GROUP | 0770);
        ExecutorService other = Executors.newSingleThreadExecutor();
        try {
            for (int i = 0; i < 100; i++) {
                Path place = outside.resolve("new" + i).resolve("mirror");
                Future<String> seen = other.submit(() -> {
                    while (!Files.exists(place)) {
                        Thread.onSpinWait();
                    }
                    return groupAccess(place.resolveSibling("")) + groupAccess(place);
                });
                new Mirror(
                                place,
                                OwnerProcess.self("test"),
                                MirrorLocks.Mode.OFF,
                                Clock.systemUTC(),
                                new FileOperations())
                        .claim("k")
                        .release();
                String access = seen.get(1, TimeUnit.MINUTES);
                assertTrue(access.matches("rw[xs]rw[xs]"), access);
            }
        } finally {
            other.shutdownNow();
        }
    }

    @Test
    void folderThatAKilledProcessBeganToMake_isMade() throws Exception {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwx---"));
        Files.createDirectory(root.resolve("key.making.tmp"));
        new FileOperations() {
            @Override
            Duration makingTimeout() {
                return Duration.ZERO;
            }
        }.makeFolder(root.resolve("key"));
        assertEquals("rwx", groupAccess(root.resolve("key")));
        assertFalse(Files.exists(root.resolve("key.making.tmp")));
    }

    @Test
    void transferOfADeadProcess_isTakenOver() throws Exception {
        fill(mirror(DEAD, new FileOperations()).claim("k"), "abc");
        assertEquals("abc", Files.readString(mirror().claim("k").part()));
    }

    @Test
    void transferOfAnotherHost_isTakenOverOnlyWhenItHasBeenSilent() throws Exception {
        OwnerProcess far = DeadProcess.ELSEWHERE;
        PartialTransfer first = mirror(far, new FileOperations()).claim("k");
        fill(first, "abc");
        assertFalse(Files.exists(mirror().claim("k").part()));
        Files.setLastModifiedTime(first.part(), FileTime.from(Instant.now().minusSeconds(3600)));
        assertEquals("abc", Files.readString(mirror().claim("k").part()));
    }

    @Test
    void release_keepsTheLongerOfTwo() throws Exception {
        for (String key : List.of("longer first", "shorter first")) {
            PartialTransfer shorter = mirror().claim(key);
            PartialTransfer longer = mirror().claim(key);
            fill(shorter, "ab");
            fill(longer, "abcd");
            boolean first = key.startsWith("longer");
            (first ? longer : shorter).release();
            (first ? shorter : longer).release();
            assertEquals("abcd", Files.readString(mirror().claim(key).part()));
        }
    }

    @Test
    void claimsAndDiscardsOfOneKeyAtOnce_neverFail() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> futures = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Mirror mirror = mirror();
            futures.add(threads.submit(() -> {
                for (int i = 0; i < 60; i++) {
                    PartialTransfer partial = mirror.claim("k");
                    fill(partial, "x");
                    if (i % 3 == 0) {
                        partial.release();
                    } else {
                        partial.discard();
                    }
                }
                return null;
            }));
        }
        for (Future<?> future : futures) {
            future.get(120, TimeUnit.SECONDS);
        }
        threads.shutdownNow();
    }

    @Test
    void publish_replacesAndLeavesOneBag() throws Exception {
        publish(mirror(), "old");
        BagRef bag = publish(mirror(), "new");
        assertEquals("new", content(bag));
        assertEquals(1, mirror().bags().size());
        try (var list = Files.list(root.resolve("datasets/toy"))) {
            assertEquals(1, list.count());
        }
        assertEquals(List.of(), mirror().garbage().find());
    }

    @Test
    void indexOfARemovedBag_isGarbage_andThatOfAnExistingBagIsNot() throws Exception {
        publish(mirror(), "x");
        Path there = mirror().index(toy("1"));
        Files.createDirectories(there.getParent());
        Files.writeString(there, "x");
        Files.writeString(mirror().index(toy("0")), "x");
        assertEquals(
                List.of(mirror().index(toy("0"))),
                mirror().garbage().find().stream().map(GarbageItem::path).toList());
    }

    @Test
    void publishWhileAnotherPublishesToo_replacesTheirs() throws Exception {
        publish(mirror(), "old");
        AtomicBoolean once = new AtomicBoolean();
        FileOperations racing = new FileOperations() {
            @Override
            void move(Path from, Path to) throws IOException {
                super.move(from, to);
                if (String.valueOf(to.getFileName()).startsWith(".1") && !once.getAndSet(true)) {
                    try {
                        publish(mirror(), "theirs");
                    } catch (Exception e) {
                        throw new IOException(e);
                    }
                }
            }
        };
        assertEquals("ours", content(publish(mirror(OwnerProcess.self("test"), racing), "ours")));
        try (var list = Files.list(root.resolve("datasets/toy"))) {
            assertEquals(1, list.count());
        }
    }

    @Test
    void publishWhileAnotherRemovesTheLastBagAndItsFolder_succeeds() throws Exception {
        AtomicBoolean once = new AtomicBoolean();
        FileOperations racing = new FileOperations() {
            @Override
            void move(Path from, Path to) throws IOException {
                if (from.endsWith("bag") && !once.getAndSet(true)) {
                    Files.delete(to.getParent());
                }
                super.move(from, to);
            }
        };
        assertEquals("ours", content(publish(mirror(OwnerProcess.self("test"), racing), "ours")));
    }

    @Test
    void publishThatFails_leavesTheOldBag() throws Exception {
        publish(mirror(), "old");
        FileOperations full = new FileOperations() {
            @Override
            void move(Path from, Path to) throws IOException {
                if (from.endsWith("bag")) {
                    throw new IOException("No space left on device");
                }
                super.move(from, to);
            }
        };
        Problem p = assertThrows(Problem.class, () -> publish(mirror(OwnerProcess.self("test"), full), "new"));
        assertEquals(Problem.Kind.DISK, p.kind());
        assertEquals(
                "old",
                content(mirror().bag(new DatasetId("toy"), new DatasetVersion("1"))
                        .orElseThrow()));
        try (var list = Files.list(root.resolve("datasets/toy"))) {
            assertEquals(List.of(root.resolve("datasets/toy/1")), list.toList());
        }
        try (var list = Files.list(root.resolve("staging"))) {
            assertEquals(0, list.count());
        }
    }

    @Test
    void bagThatACrashLeftMovedAside_isPutBackByTheNextAccess() throws Exception {
        BagRef bag = publish(mirror(), "old");
        Path aside = bag.path().resolveSibling(".1.replaced-" + UUID.randomUUID());
        Files.move(bag.path(), aside);
        assertEquals(
                "old",
                content(mirror().bag(new DatasetId("toy"), new DatasetVersion("1"))
                        .orElseThrow()));
        Files.move(bag.path(), aside);
        assertEquals(1, mirror().bags().size());
    }

    /** A user's own folder never becomes a dataset. */
    @Test
    void folderOfAPersonThatIsNamedLikeABagMovedAside_staysWhereItIs() throws Exception {
        BagRef bag = publish(mirror(), "old");
        Path named = bag.path().resolveSibling(".1.replaced-by-me");
        Files.move(bag.path(), named);
        Path uuid = bag.path().resolveSibling(".1.replaced-" + UUID.randomUUID());
        Files.createDirectories(uuid);
        Files.writeString(uuid.resolve("notes.txt"), "mine");
        Path link = bag.path().resolveSibling(".1.replaced-" + UUID.randomUUID());
        Files.createSymbolicLink(link, named);
        assertEquals(List.of(), mirror().bags());
        assertFalse(Files.exists(bag.path()));
        assertTrue(Files.exists(named) && Files.exists(uuid.resolve("notes.txt")) && Files.exists(link));
    }

    @Test
    void newerFormat_isRefused() throws Exception {
        Files.writeString(root.resolve("mirror.json"), "{\"format\": 2}");
        Problem p = assertThrows(Problem.class, () -> mirror().check());
        assertEquals(Problem.Kind.USAGE, p.kind());
        assertThrows(Problem.class, () -> mirror().stage());
        assertThrows(Problem.class, () -> mirror().claim("k"));
    }

    /** The advice on a full disk is to delete what unfinished transfers left. */
    @Test
    void unfinishedTransfer_isDeletedOnAFullDisk() throws Exception {
        PartialTransfer transfer = mirror().claim("k");
        fill(transfer, "abc");
        transfer.release();
        Mirror full = FaultyMirror.full(root);
        for (GarbageItem item : full.garbage().find(Duration.ZERO).items()) {
            full.garbage().delete(item);
        }
        assertFalse(Files.exists(root.resolve("partial/k")));
    }

    @Test
    void transferThatCannotStartOnAFullDisk_leavesNothing_andWhatWasThereIsKept() throws Exception {
        PartialTransfer transfer = mirror().claim("k");
        fill(transfer, "abc");
        transfer.release();
        Mirror full = FaultyMirror.full(root);
        assertEquals(
                Problem.Kind.DISK,
                assertThrows(Problem.class, () -> full.claim("new")).kind());
        assertFalse(Files.exists(root.resolve("partial/new")));
        assertThrows(Problem.class, () -> full.claim("k"));
        assertEquals(3, Files.size(mirror().claim("k").part()));
    }

    @Test
    void garbage_isWhatDeadPullsLeft() throws Exception {
        Staging left = mirror(DEAD, new FileOperations()).stage();
        Staging alive = mirror().stage();
        Files.writeString(left.data().resolve("a"), "12345");
        fill(mirror(DEAD, new FileOperations()).claim("old"), "abc");
        List<GarbageItem> now = mirror().garbage().find();
        assertEquals(1, now.size());
        assertTrue(now.get(0).bytes() >= 5);
        mirror().garbage().delete(now.get(0));
        assertTrue(Files.exists(alive.data()));
        Clock later = Clock.fixed(Instant.now().plus(Duration.ofDays(8)), ZoneOffset.UTC);
        Mirror old = new Mirror(root, OwnerProcess.self("test"), MirrorLocks.Mode.ON, later, new FileOperations());
        assertTrue(old.garbage().find().stream().anyMatch(r -> r.path().startsWith(root.resolve("partial/old"))));
    }

    @Test
    void heldLock_isBusyAndNamesTheHolder() throws Exception {
        try (var held = mirror().lock("toy@1", Duration.ofSeconds(1), who -> {})) {
            List<String> reported = new ArrayList<>();
            Problem p = assertThrows(Problem.class, () -> mirror().lock("toy@1", Duration.ofMillis(1), reported::add));
            assertEquals(Problem.Kind.BUSY, p.kind());
            assertTrue(p.message().contains("`test` on "), p.message());
            assertEquals(1, reported.size());
            assertTrue(reported.get(0).endsWith(" to finish toy@1, at most 1 s"), reported.get(0));
        }
        mirror().lock("toy@1", Duration.ofSeconds(1), who -> {}).close();
    }

    @Test
    void lockThatWasLetGo_leavesItsFileToThoseWhoWaitOnIt() throws Exception {
        mirror().lock("toy@1", Duration.ofSeconds(1), who -> {}).close();
        assertTrue(Files.exists(root.resolve("locks/toy@1.lock")));
    }

    @Test
    void lockCallThatNeverReturns_isSkipped_andReported() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        Mirror stuck = mirror(OwnerProcess.self("test"), new FileOperations() {
            @Override
            boolean lock(FileChannel channel) throws IOException {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return super.lock(channel);
            }

            @Override
            Duration lockTimeout() {
                return Duration.ofMillis(50);
            }
        });
        List<String> reported = new ArrayList<>();
        stuck.lock("toy@1", Duration.ofSeconds(60), reported::add).close();
        stuck.lock("toy@2", Duration.ofSeconds(60), reported::add).close();
        assertEquals(
                Collections.nCopies(2, "the file system does not respond to lock requests; continuing without locks"),
                reported);
        never.countDown();
        mirror().lock("toy@1", Duration.ofSeconds(60), who -> {}).close();
    }

    @Test
    void fileSystemThatRefusesLocks_isNoObstacle() throws Exception {
        Files.writeString(root.resolve("locks"), "a file where the folder of locks would be");
        mirror().lock("toy@1", Duration.ofMillis(1), who -> {}).close();
    }

    @Test
    void journalsOfTwoPulls_writtenAtOnce_loseNoLineAndKeepTheChain() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> futures = new ArrayList<>();
        for (int t = 0; t < 4; t++) {
            Journal journal = mirror().journal();
            futures.add(threads.submit(() -> {
                for (int i = 0; i < 15; i++) {
                    journal.append(Map.of("event", "pull"));
                }
                return null;
            }));
        }
        for (Future<?> future : futures) {
            future.get(120, TimeUnit.SECONDS);
        }
        threads.shutdownNow();
        assertEquals(60, Files.readAllLines(root.resolve("journal.jsonl")).size());
        assertEquals(List.of(), mirror().journal().read().faults());
    }

    @Test
    void journal_goesOnOverATornLineAndShowsAChange() throws Exception {
        Path file = root.resolve("journal.jsonl");
        mirror().journal().append(Map.of("event", "pull", "dataset", "a"));
        Files.writeString(file, Files.readString(file) + "{\"event\":\"pu");
        mirror().journal().append(Map.of("event", "pull", "dataset", "b"));
        assertEquals(3, Files.readAllLines(file).size());
        assertEquals(List.of(), mirror().journal().read().faults());
        Files.writeString(file, Files.readString(file).replace("\"a\"", "\"x\""));
        assertEquals(1, mirror().journal().read().faults().size());
    }

    /** File systems tell times in steps of some milliseconds: waits until a change would show. */
    private void letTheClockOfTheFilesGoOn(Path file) throws IOException {
        Object then = Files.getAttribute(file, "unix:ctime");
        Path probe = root.resolve("probe");
        do {
            Files.writeString(probe, "x");
        } while (Files.getAttribute(probe, "unix:ctime").equals(then));
    }

    @Test
    void stamps_noticeAFileOfTheSameSizeAndTime() throws Exception {
        BagRef bag = publish(mirror(), "old");
        List<FilePath> paths = List.of(new FilePath("a.txt"));
        FileStamps stamps = mirror().stamps(bag);
        assertEquals(Optional.empty(), stamps.touched(FileStamps.look(bag.data(), paths)));
        stamps.take(FileStamps.look(bag.data(), paths), paths);
        assertEquals(Optional.of(List.of()), stamps.touched(FileStamps.look(bag.data(), paths)));
        Path file = bag.data().resolve("a.txt");
        FileTime time = Files.getLastModifiedTime(file);
        letTheClockOfTheFilesGoOn(file);
        file.toFile().setWritable(true);
        Files.writeString(file, "OLD");
        Files.setLastModifiedTime(file, time);
        assertEquals(Optional.of(paths), stamps.touched(FileStamps.look(bag.data(), paths)));
    }

    @Test
    void whatHasNoNameOfABag_isNoBag_andStays() throws Exception {
        publish(mirror(), "x");
        List<Path> strays = new ArrayList<>();
        for (String folder :
                List.of("datasets/lost+found/1", "datasets/Foo Bar/1", "datasets/toy/.hidden", "index/X y")) {
            strays.add(Files.createDirectories(root.resolve(folder)));
        }
        for (String file :
                List.of("datasets/notes.txt", "datasets/.DS_Store", "datasets/toy/.DS_Store", "datasets/toy/2")) {
            strays.add(Files.writeString(root.resolve(file), "mine"));
        }
        strays.add(Files.writeString(root.resolve("index/X y/1.idx"), "mine"));
        assertEquals(List.of(new DatasetVersion("1")), versions(mirror().bags()));
        assertEquals(List.of(new DatasetVersion("1")), versions(mirror().bags(new DatasetId("toy"))));
        assertEquals(List.of(), mirror().garbage().find());
        assertEquals(List.of(), strays.stream().filter(Files::notExists).toList());
    }

    private static List<DatasetVersion> versions(List<BagRef> bags) {
        return bags.stream().map(BagRef::version).toList();
    }

    private interface Writing {
        void run() throws Exception;
    }

    /** Replaces a folder of the mirror by a link to a folder of another user. */
    private void refused(String folder, Writing writing) throws Exception {
        Path home = Files.createDirectories(outside.resolve("home"));
        Files.writeString(home.resolve("thesis.tex"), "mine");
        Path place = root.resolve(folder);
        Path aside = outside.resolve("aside");
        if (Files.exists(place)) {
            Files.move(place, aside);
        }
        Files.createDirectories(place.getParent());
        Files.createSymbolicLink(place, home);
        Problem problem = assertThrows(Problem.class, writing::run);
        assertEquals(Problem.Kind.DISK, problem.kind());
        assertTrue(problem.message().startsWith(place + " is a link"), problem.message());
        try (var list = Files.list(home)) {
            assertEquals(List.of(home.resolve("thesis.tex")), list.toList());
        }
        Files.delete(place);
        if (Files.exists(aside)) {
            Files.move(aside, place);
        }
    }

    @Test
    void linkThatLeadsOutOfTheMirror_isNeitherWrittenNorDeletedThrough() throws Exception {
        BagRef bag = publish(mirror(), "x");
        refused("staging", () -> mirror().stage());
        refused("partial", () -> mirror().claim("k"));
        refused("locks", () -> mirror().lock("toy", Duration.ofSeconds(1), who -> {}));
        refused("journal.jsonl", () -> mirror().journal().append(Map.of("event", "x")));
        refused("index", () -> mirror().index(bag));
        refused("archives", () -> mirror().archive(Hasher.sha256(bag.data().resolve("a.txt"))));
        refused(
                "stamps/toy",
                () -> mirror().stamps(bag)
                        .take(FileStamps.look(bag.data(), List.of(new FilePath("a.txt"))), List.of()));
        refused("datasets/toy", () -> publish(mirror(), "y"));
        refused("datasets/toy", () -> mirror().remove(bag, Map.of("event", "remove")));
        refused("datasets/toy/1", () -> mirror().remove(bag, Map.of("event", "remove")));
        assertEquals("x", content(mirror().bag(bag.id(), bag.version()).orElseThrow()));
    }

    @Test
    void ownerInAContainerOfTheSameHostName_isNotTakenForDead() throws Exception {
        fill(mirror(DeadProcess.IN_A_CONTAINER, new FileOperations()).claim("k"), "abc");
        assertFalse(Files.exists(mirror().claim("k").part()));
        assertEquals(PartialClaims.Holder.UNKNOWN, holder(DeadProcess.IN_A_CONTAINER.text()));
        assertEquals(PartialClaims.Holder.UNKNOWN, holder(OwnerProcess.self("x").host() + "\n1\nlong ago\nold\n"));
        assertEquals(PartialClaims.Holder.DEAD, holder(DEAD.text()));
        assertEquals(PartialClaims.Holder.ALIVE, holder(OwnerProcess.self("x").text()));
    }

    /** Process ids are given out again, after a restart often the same ones. */
    @Test
    void ownerWhoseProcessIdAnotherProcessHasNow_isDead() throws Exception {
        OwnerProcess self = OwnerProcess.self("x");
        assertEquals(
                PartialClaims.Holder.DEAD,
                holder(new OwnerProcess(self.host(), self.pid(), "tick 1", "x", self.space()).text()));
        // Not the parent, such as a shell, which may have started in the same tick of the clock.
        ProcessHandle first = ProcessHandle.current();
        while (first.parent().isPresent()) {
            first = first.parent().get();
        }
        assertEquals(
                PartialClaims.Holder.DEAD,
                holder(new OwnerProcess(self.host(), first.pid(), self.started(), "x", self.space()).text()));
        assertEquals(
                PartialClaims.Holder.ALIVE,
                holder(new OwnerProcess(self.host(), first.pid(), OwnerProcess.UNKNOWN, "x", self.space()).text()),
                "when it is unknown when it started");
    }

    private PartialClaims.Holder holder(String owner) throws IOException {
        Files.writeString(outside.resolve("owner"), owner);
        return PartialClaims.holder(outside);
    }

    @Test
    void journalsWrittenAtOnceWithoutLocks_loseNoLineAndKeepTheChain() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                int writer = i;
                Mirror own = new Mirror(
                        root, OwnerProcess.self("test"), MirrorLocks.Mode.OFF, Clock.systemUTC(), new FileOperations());
                running.add(threads.submit(() -> {
                    for (int j = 0; j < 10; j++) {
                        own.journal().append(Map.of("event", writer + "-" + j));
                    }
                    return null;
                }));
            }
            for (Future<?> one : running) {
                one.get(1, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(80, Files.readAllLines(root.resolve("journal.jsonl")).size());
        assertEquals(List.of(), mirror().journal().read().faults());
    }

    @Test
    void turnAtTheJournalOfADeadProcess_isOver() throws Exception {
        Files.createDirectories(root.resolve("locks"));
        Files.writeString(root.resolve("locks/journal.turn"), DEAD.text());
        mirror().journal().append(Map.of("event", "pull"));
        assertEquals(1, Files.readAllLines(root.resolve("journal.jsonl")).size());
        assertFalse(Files.exists(root.resolve("locks/journal.turn")));
    }

    @Test
    void releaseWhileAnotherClaimsWhatIsIdle_losesNeither() throws Exception {
        PartialTransfer first = mirror().claim("k");
        List<PartialTransfer> theirs = new ArrayList<>();
        FileOperations racing = new FileOperations() {
            @Override
            void move(Path from, Path to) throws IOException {
                if (from.endsWith("idle") && theirs.isEmpty()) {
                    try {
                        theirs.add(mirror().claim("k"));
                    } catch (Problem p) {
                        throw new IOException(p);
                    }
                }
                super.move(from, to);
            }
        };
        PartialTransfer ours = mirror(OwnerProcess.self("test"), racing).claim("k");
        fill(first, "ab");
        fill(ours, "abcd");
        first.release();
        ours.release();
        assertEquals("ab", Files.readString(theirs.get(0).part()));
        theirs.get(0).release();
        assertEquals("abcd", Files.readString(mirror().claim("k").part()));
    }

    /** The tag makes backup programs leave out the whole folder. */
    @Test
    void mirrorInAFolderWithOtherFiles_doesNotKeepBackupsFromThem() throws Exception {
        Files.writeString(root.resolve("thesis.tex"), "mine");
        publish(mirror(), "x");
        assertFalse(Files.exists(root.resolve("CACHEDIR.TAG")));
    }

    /** The mirror is in the group's folder, which has other files too. */
    @Test
    void mirrorInAGroupsFolder_doesNotOpenPrivateFoldersBesideIt() throws Exception {
        Files.setPosixFilePermissions(root, PosixFilePermissions.fromString("rwxrwxr-x"));
        for (String name : List.of("secret", "datasets/notes")) {
            Path secret = Files.createDirectories(root.resolve(name));
            Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rwx------"));
        }
        publish(mirror(), "x");
        for (String name : List.of("secret", "datasets/notes")) {
            assertEquals(
                    "rwx------",
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(root.resolve(name))),
                    name);
        }
    }

    @Test
    void personsCacheTag_isNotReplaced() throws Exception {
        Files.writeString(root.resolve("CACHEDIR.TAG"), "mine");
        publish(mirror(), "x");
        assertEquals("mine", Files.readString(root.resolve("CACHEDIR.TAG")));
    }
}
