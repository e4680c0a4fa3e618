package org.histods.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens to the bag that is replaced, and what remains to be done when a bag is published. */
final class PublishTest {

    private static final DatasetId TOY = new DatasetId("toy");
    private static final DatasetVersion ONE = new DatasetVersion("1");

    @TempDir
    Path root;

    private Mirror mirror() {
        return mirror(new FileOperations());
    }

    private Mirror mirror(FileOperations disk) {
        return new Mirror(root, OwnerProcess.self("test"), MirrorLocks.Mode.ON, Clock.systemUTC(), disk);
    }

    private static void fill(Staging staging, String content) throws IOException {
        Files.writeString(staging.data().resolve("a.txt"), content);
        for (String name : List.of("bagit.txt", "manifest-sha256.txt", "manifest.yaml", "origins.jsonl")) {
            Files.writeString(staging.root().resolve(name), "");
        }
    }

    private BagRef publish(Mirror mirror, String content, CarryOver carry) throws Exception {
        try (Staging staging = mirror.stage()) {
            fill(staging, content);
            return staging.publish(TOY, ONE, carry);
        }
    }

    private Path place() {
        return root.resolve("datasets/toy/1");
    }

    /** Without a mirror, which would put back what was moved aside. */
    private String content() throws IOException {
        return Files.readString(place().resolve("data/a.txt"));
    }

    private Set<String> names(String folder) throws IOException {
        try (Stream<Path> list = Files.list(root.resolve(folder))) {
            return list.map(path -> path.getFileName().toString()).collect(Collectors.toCollection(TreeSet::new));
        }
    }

    /** Refuses at the call with that number, from 1. */
    private record Refusing(int call, List<Path> asked) implements CarryOver {
        @Override
        public void expect(Path replaced) throws Problem {
            asked.add(replaced);
            if (asked.size() == call) {
                throw new Problem(Problem.Kind.BUSY, "another process published");
            }
        }

        @Override
        public void carry(Path replaced, Path made) {}
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void bagThatIsNotTheExpectedOne_keepsItsName(int call) throws Exception {
        publish(mirror(), "old", CarryOver.NOTHING);
        Refusing refusing = new Refusing(call, new ArrayList<>());
        Problem problem = assertThrows(Problem.class, () -> publish(mirror(), "new", refusing));
        assertEquals(Problem.Kind.BUSY, problem.kind());
        assertEquals("old", content());
        assertEquals(Set.of("1"), names("datasets/toy"));
        assertEquals(Set.of(), names("staging"));
        assertEquals(place(), refusing.asked().get(0));
        assertEquals(call, refusing.asked().size(), "once in its place, once moved aside");
    }

    @Test
    void filesOfAPerson_areCarried_alsoThoseAddedWhileTheBagIsReplaced() throws Exception {
        publish(mirror(), "old", CarryOver.NOTHING);
        Files.writeString(place().resolve("note.txt"), "mine");
        CarryOver carry = (replaced, made) -> {
            try {
                for (String name : List.of("note.txt", "late.txt")) {
                    if (Files.exists(replaced.resolve(name)) && !Files.exists(made.resolve(name))) {
                        Files.copy(replaced.resolve(name), made.resolve(name));
                    }
                }
                if (replaced.equals(place())) {
                    Files.writeString(replaced.resolve("late.txt"), "later");
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        };
        publish(mirror(), "new", carry);
        assertEquals("new", content());
        assertEquals("mine", Files.readString(place().resolve("note.txt")));
        assertEquals("later", Files.readString(place().resolve("late.txt")));
        assertEquals(Set.of("1"), names("datasets/toy"));
    }

    @Test
    void bagOfWhichSomethingCannotBeCarried_isNotDeleted() throws Exception {
        publish(mirror(), "old", CarryOver.NOTHING);
        CarryOver carry = (replaced, made) -> {
            if (!replaced.equals(place())) {
                throw new Problem(Problem.Kind.DISK, "full");
            }
        };
        assertThrows(Problem.class, () -> publish(mirror(), "new", carry));
        assertEquals("new", content());
        List<GarbageItem> left = mirror().garbage().find();
        assertEquals(1, left.size());
        assertEquals(PlaceKind.REPLACED_BAG, left.get(0).kind());
        assertEquals(Optional.of(place()), left.get(0).successor());
        assertEquals("old", Files.readString(left.get(0).path().resolve("data/a.txt")));
        mirror().garbage().delete(left.get(0));
        assertEquals(Set.of("1"), names("datasets/toy"));
    }

    @Test
    void othersThatPublishAgainAndAgain_endThePublishing_withTheirBagInPlace() throws Exception {
        FileOperations racing = new FileOperations() {
            @Override
            void move(Path from, Path to) throws IOException {
                if (!from.endsWith("bag")) {
                    super.move(from, to);
                    return;
                }
                try {
                    publish(mirror(), "theirs", CarryOver.NOTHING);
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
                throw new IOException("the folder is not empty");
            }
        };
        Problem problem = assertThrows(Problem.class, () -> publish(mirror(racing), "ours", CarryOver.NOTHING));
        assertEquals(Problem.Kind.DISK, problem.kind());
        assertEquals("theirs", content());
    }

    @Test
    void publishedFiles_areReadOnly() throws Exception {
        publish(mirror(), "x", CarryOver.NOTHING);
        assertFalse(
                Files.getPosixFilePermissions(place().resolve("data/a.txt")).contains(PosixFilePermission.OWNER_WRITE));
    }

    // What remains to be done

    private static Map<String, Object> event() {
        return Map.of(
                "event",
                "pulled",
                "dataset",
                "toy",
                "version",
                "1",
                "id",
                UUID.randomUUID().toString());
    }

    private void startTransfer() throws Exception {
        PartialTransfer partial = mirror().claim("k");
        Files.writeString(partial.part(), "abc");
        partial.writeState("abc");
        partial.release();
        assertEquals(Set.of("k"), mirror().startedTransfers());
    }

    @Test
    void completion_writesTheLineAndDeletesTheTransfers_andLeavesNothing() throws Exception {
        startTransfer();
        try (Staging staging = mirror().stage()) {
            fill(staging, "x");
            staging.completion(event(), List.of("k"));
            staging.publish(TOY, ONE, CarryOver.NOTHING);
            staging.complete();
        }
        assertEquals(1, mirror().journal().read().lines());
        assertEquals(Set.of(), mirror().startedTransfers());
        assertEquals(Set.of(), names("staging"));
    }

    @Test
    void bagThatWasPublishedWithoutItsLine_getsItInALaterRun_once() throws Exception {
        startTransfer();
        Map<String, Object> event = event();
        try (Staging staging = mirror().stage()) {
            fill(staging, "x");
            staging.completion(event, List.of("k"));
            staging.publish(TOY, ONE, CarryOver.NOTHING);
        }
        assertEquals(List.of(event), mirror().garbage().unwrittenEvents());
        for (int run = 0; run < 2; run++) {
            assertEquals(run == 0 ? 1 : 0, mirror().garbage().complete().size());
            assertEquals(1, mirror().journal().read().lines());
            assertEquals(Set.of(), mirror().startedTransfers());
            assertEquals(Set.of(), names("staging"));
        }
        assertEquals(List.of(), mirror().garbage().unwrittenEvents());
    }

    @Test
    void tidying_completesTheRecordAndDeletesWhatADeadPullLeft_andLeavesTheLiving() throws Exception {
        Files.createDirectories(root.resolve("staging"));
        assertEquals(List.of(), mirror().garbage().tidy(), "nothing is a mirror yet");
        try (Staging staging = mirror().stage()) {
            fill(staging, "x");
            staging.completion(event(), List.of());
            staging.publish(TOY, ONE, CarryOver.NOTHING);
        }
        Staging dead = new Mirror(root, DeadProcess.HERE, MirrorLocks.Mode.ON, Clock.systemUTC(), new FileOperations())
                .stage();
        fill(dead, "half");
        Files.writeString(root.resolve("staging/notes.txt"), "mine");
        try (Staging alive = mirror().stage()) {
            fill(alive, "later");
            List<String> done = mirror().garbage().tidy();
            assertEquals(
                    Set.of(
                            "completed the record of toy 1, which an earlier pull could not",
                            "deleted what 1 interrupted pull left"),
                    Set.copyOf(done));
            assertEquals(2, done.size());
            assertFalse(Files.exists(dead.root()));
            assertTrue(Files.exists(alive.root()));
            assertEquals(2, names("staging").size());
            assertEquals(List.of(), mirror().garbage().tidy());
        }
        assertEquals(1, mirror().journal().read().lines());
    }

    @Test
    void bagThatWasNotPublished_getsNoLine() throws Exception {
        startTransfer();
        try (Staging staging = mirror().stage()) {
            fill(staging, "x");
            staging.completion(event(), List.of("k"));
        }
        mirror().garbage().complete();
        assertEquals(0, mirror().journal().read().lines());
        assertEquals(Set.of("k"), mirror().startedTransfers(), "it is resumed by the next run");
        assertEquals(Set.of(), names("staging"));
    }

    @Test
    void scratchFolder_isInTheStagingFolder_andGoesWithIt() throws Exception {
        Path scratch;
        try (Staging staging = mirror().stage()) {
            scratch = staging.scratch("1");
            assertTrue(Files.isDirectory(scratch));
            assertTrue(scratch.startsWith(root.resolve("staging")));
        }
        assertFalse(Files.exists(scratch, LinkOption.NOFOLLOW_LINKS));
    }

    // Removal

    @Test
    void somethingElseInTheBagsPlace_isNotEvenAskedWhetherItCanBeReplaced() throws Exception {
        mirror().stage().close();
        Files.createDirectories(place());
        Files.writeString(place().resolve("thesis.txt"), "mine");
        Refusing asked = new Refusing(0, new ArrayList<>());
        Problem problem = assertThrows(Problem.class, () -> publish(mirror(), "new", asked));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertEquals(List.of(), asked.asked());
        assertEquals("mine", Files.readString(place().resolve("thesis.txt")));
    }

    @Test
    void removedBag_isGoneWithTheFolderOfItsDataset_andHasItsLine() throws Exception {
        BagRef bag = publish(mirror(), "x", CarryOver.NOTHING);
        mirror().remove(bag, event()).deleteFiles(() -> {});
        assertEquals(Set.of(), names("datasets"));
        assertEquals(Set.of(), names("staging"));
        assertEquals(1, mirror().journal().read().lines());
    }

    @Test
    void removalThatCannotMoveTheBag_changesNothing() throws Exception {
        BagRef bag = publish(mirror(), "x", CarryOver.NOTHING);
        FileOperations stuck = new FileOperations() {
            @Override
            void move(Path from, Path to) throws IOException {
                throw new IOException("Device or resource busy");
            }
        };
        Problem problem = assertThrows(Problem.class, () -> mirror(stuck).remove(bag, event()));
        assertEquals(Problem.Kind.DISK, problem.kind());
        assertEquals("x", content());
        assertEquals(Set.of(), names("staging"));
    }

    /** As on a full disk, which has space when the files are deleted. */
    @Test
    void removalWhoseLineCanBeWrittenWhenTheFilesAreDeleted_writesItThen() throws Exception {
        BagRef bag = publish(mirror(), "x", CarryOver.NOTHING);
        Path obstacle = Files.createDirectories(root.resolve("journal.jsonl"));
        mirror().remove(bag, event()).deleteFiles(() -> obstacle.toFile().delete());
        assertEquals(1, mirror().journal().read().lines());
        assertEquals(Set.of(), names("datasets"));
        assertEquals(Set.of(), names("staging"));
    }

    @Test
    void removalWhoseLineCannotBeWritten_deletesTheFiles_andALaterRunWritesTheLine() throws Exception {
        BagRef bag = publish(mirror(), "x", CarryOver.NOTHING);
        Path obstacle = Files.createDirectories(root.resolve("journal.jsonl"));
        Map<String, Object> event = event();
        RemovedBag removed = mirror().remove(bag, event);
        Problem problem = assertThrows(Problem.class, () -> removed.deleteFiles(() -> {}));
        assertTrue(problem.message().contains("toy 1 is removed, but"), problem.message());
        assertEquals(Set.of(), names("datasets"));
        assertEquals(List.of(event), mirror().garbage().unwrittenEvents());
        for (String name : names("staging")) {
            assertEquals(Set.of("completion.json"), names("staging/" + name));
        }
        Files.delete(obstacle);
        mirror().garbage().complete();
        assertEquals(1, mirror().journal().read().lines());
        assertEquals(Set.of(), names("staging"));
    }

    // Looking at what is there

    @Test
    void folderThatIsOnlyNamedLikeABag_isAStray() throws Exception {
        publish(mirror(), "x", CarryOver.NOTHING);
        Files.createDirectories(root.resolve("datasets/toy/2"));
        Files.createDirectories(root.resolve("datasets/Not an id/2"));
        assertEquals(List.of(root.resolve("datasets/toy/2")), mirror().strays());
    }

    @Test
    void pathInADataset_isOfThatDataset_andOthersAreOfNone() throws Exception {
        publish(mirror(), "x", CarryOver.NOTHING);
        Path real = root.toRealPath();
        assertEquals(Optional.of(TOY), mirror().datasetAt(real.resolve("datasets/toy")));
        assertEquals(Optional.of(TOY), mirror().datasetAt(real.resolve("datasets/toy/1/data/a.txt")));
        assertEquals(Optional.empty(), mirror().datasetAt(real.resolve("datasets")));
        assertEquals(Optional.empty(), mirror().datasetAt(real.resolve("staging/toy")));
    }
}
