package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.histods.digest.Hasher;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A record that was damaged or changed is never called ok, and no command crashes or hangs on it. */
final class DamagedBagTest {

    private static final String ID = "demo-kumar";

    @TempDir
    Path folder;

    private DemoRunner fixture;
    private Path mirror;
    private Path bag;

    @BeforeEach
    void pulled() throws Exception {
        fixture = new DemoRunner(folder);
        assertEquals(0, fixture.run(folder, "pull", ID).exit());
        mirror = folder.resolve("mirror");
        bag = mirror.resolve("datasets/" + ID + "/unversioned");
    }

    @AfterEach
    void end() {
        fixture.close();
    }

    /** A change to a mirror. */
    private interface Change {
        void in(Path mirror, Path bag) throws Exception;
    }

    private static Path open(Path file) {
        assertTrue(file.toFile().setWritable(true));
        return file;
    }

    private static void write(Path file, String text) throws IOException {
        Files.writeString(open(file), text);
    }

    private static void edit(Path file, String from, String to) throws IOException {
        String text = Files.readString(file);
        assertNotEquals(text, text.replaceAll(from, to));
        write(file, text.replaceAll(from, to));
    }

    private static Path receipt(Path bag) {
        return bag.resolve("receipts/0001-pull.json");
    }

    private static Path aFile(Path bag) throws IOException {
        try (Stream<Path> walk = Files.walk(bag.resolve("data"))) {
            return walk.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
    }

    private static void pipe(Path file) throws Exception {
        Files.delete(file);
        assertEquals(0, new ProcessBuilder("mkfifo", file.toString()).start().waitFor());
    }

    private static void endless(Path file) throws IOException {
        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
    }

    private static void list(Path bag, String tagFile) throws IOException {
        String line = Hasher.sha256(bag.resolve(tagFile)).hex() + "  " + tagFile + "\n";
        Files.writeString(open(bag.resolve("tagmanifest-sha256.txt")), line, StandardOpenOption.APPEND);
    }

    @SuppressWarnings("ImmutableEnumChecker") // the changes are lambdas without state
    enum Damage {
        BAG_INFO_EMPTIED((m, bag) -> write(bag.resolve("bag-info.txt"), "")),
        BAG_INFO_LOST((m, bag) -> Files.delete(bag.resolve("bag-info.txt"))),
        OXUM_WITHOUT_NUMBERS((m, bag) -> edit(bag.resolve("bag-info.txt"), "Payload-Oxum: .*", "Payload-Oxum: x.y")),
        SELECTION_WITHOUT_ITS_END(
                (m, bag) -> edit(bag.resolve("bag-info.txt"), "Histods-Selection: .*", "Histods-Selection: {a")),
        BAG_INFO_A_PIPE((m, bag) -> pipe(bag.resolve("bag-info.txt"))),
        RECEIPT_LOST((m, bag) -> Files.delete(receipt(bag))),
        RECEIPT_EMPTIED((m, bag) -> write(receipt(bag), "")),
        RECEIPT_GARBAGE((m, bag) -> write(receipt(bag), "}{")),
        RECEIPT_A_LIST((m, bag) -> write(receipt(bag), "[]")),
        RECEIPT_WITH_STRANGE_FETCHES((m, bag) -> edit(receipt(bag), "\"fetches\" : \\[", "\"fetches\" : [ 5, null, ")),
        RECEIPT_WITH_STRANGE_VALUES((m, bag) -> edit(receipt(bag), "\"bytes\" : [0-9]+", "\"bytes\" : \"many\"")),
        RECEIPT_A_PIPE((m, bag) -> pipe(receipt(bag))),
        RECEIPT_ADDED((m, bag) -> Files.copy(receipt(bag), bag.resolve("receipts/0002-add.json"))),
        RECEIPT_ADDED_AND_LISTED((m, bag) -> {
            Files.copy(receipt(bag), bag.resolve("receipts/0002-add.json"));
            list(bag, "receipts/0002-add.json");
        }),
        RECEIPT_CHANGED_AND_ITS_LINE_REMOVED((m, bag) -> {
            edit(receipt(bag), "\"status\" : 200", "\"status\" : 206");
            edit(bag.resolve("tagmanifest-sha256.txt"), "[0-9a-f]+  receipts/0001-pull.json\n", "");
        }),
        TAG_FILE_ADDED((m, bag) -> Files.writeString(bag.resolve("evil.txt"), "x")),
        TAG_FILE_ADDED_AND_LISTED((m, bag) -> {
            Files.writeString(bag.resolve("evil.txt"), "x");
            list(bag, "evil.txt");
        }),
        TAG_MANIFEST_EMPTIED((m, bag) -> write(bag.resolve("tagmanifest-sha256.txt"), "")),
        TAG_MANIFEST_A_PIPE((m, bag) -> pipe(bag.resolve("tagmanifest-sha256.txt"))),
        TAG_MANIFEST_THAT_LEADS_OUT((m, bag) -> {
            String line = Hasher.sha256(m.resolve("mirror.json")).hex() + "  ../../../mirror.json\n";
            Files.writeString(open(bag.resolve("tagmanifest-sha256.txt")), line, StandardOpenOption.APPEND);
        }),
        ORIGINS_A_PIPE((m, bag) -> pipe(bag.resolve("origins.jsonl"))),
        ORIGINS_GARBAGE((m, bag) -> write(bag.resolve("origins.jsonl"), "{\"path\":")),
        MANIFEST_A_PIPE((m, bag) -> pipe(bag.resolve("manifest-sha256.txt"))),
        MANIFEST_YAML_EMPTIED((m, bag) -> write(bag.resolve("manifest.yaml"), "")),
        CRATE_ENDLESS((m, bag) -> endless(bag.resolve("ro-crate-metadata.json"))),
        FILE_A_PIPE((m, bag) -> pipe(aFile(bag))),
        FILE_ENDLESS((m, bag) -> endless(aFile(bag))),
        JOURNAL_EMPTIED((mirror, b) -> write(mirror.resolve("journal.jsonl"), "")),
        JOURNAL_LOST((mirror, b) -> Files.delete(mirror.resolve("journal.jsonl"))),
        JOURNAL_AND_ITS_HEAD_LOST((mirror, b) -> {
            Files.delete(mirror.resolve("journal.jsonl"));
            Files.delete(mirror.resolve("journal.head"));
        }),
        JOURNAL_HEAD_LOST((mirror, b) -> Files.delete(mirror.resolve("journal.head"))),
        JOURNAL_EDITED((mirror, b) -> edit(mirror.resolve("journal.jsonl"), "\"files\":", "\"files\":1")),
        JOURNAL_NOT_TEXT((mirror, b) -> Files.write(mirror.resolve("journal.jsonl"), new byte[] {(byte) 0xff, 10})),
        JOURNAL_A_FOLDER((mirror, b) -> {
            Files.delete(mirror.resolve("journal.jsonl"));
            Files.createDirectory(mirror.resolve("journal.jsonl"));
        }),
        MARK_EMPTIED((mirror, b) -> write(mirror.resolve("mirror.json"), "")),
        MARK_GARBAGE((mirror, b) -> write(mirror.resolve("mirror.json"), "{")),
        MARK_A_PIPE((mirror, b) -> pipe(mirror.resolve("mirror.json"))),
        MARK_ENDLESS((mirror, b) -> endless(mirror.resolve("mirror.json"))),
        JOURNAL_A_PIPE((mirror, b) -> pipe(mirror.resolve("journal.jsonl"))),
        JOURNAL_HEAD_A_PIPE((mirror, b) -> pipe(mirror.resolve("journal.head"))),
        MARK_LOST((mirror, b) -> Files.delete(mirror.resolve("mirror.json")));

        private final Change change;

        Damage(Change change) {
            this.change = change;
        }
    }

    private ProgramRunner.Result ran(String... command) {
        ProgramRunner.Result ran =
                assertTimeoutPreemptively(Duration.ofSeconds(60), () -> fixture.run(folder, command), command[0]);
        assertNotEquals(1, ran.exit(), ran.all());
        return ran;
    }

    @ParameterizedTest
    @EnumSource(Damage.class)
    void damagedMirror_isNeverCalledOk_andNoCommandCrashesOrHangs(Damage damage) throws Exception {
        damage.change.in(mirror, bag);
        ProgramRunner.Result verified = ran("verify", "--full");
        assertEquals(5, verified.exit(), verified.all());
        for (List<String> command : List.of(
                List.of("verify", "--quick"),
                List.of("status"),
                List.of("doctor"),
                List.of("provenance", ID),
                List.of("identify", bag.resolve("data").toString()),
                List.of(
                        "export",
                        ID,
                        "--format",
                        "bagit",
                        "--to",
                        folder.resolve("out").toString()),
                List.of("pull", ID),
                List.of("verify", "--journal"))) {
            ran(command.toArray(String[]::new));
        }
    }

    /** What histods notes for itself beside the bags: in a shared mirror, another user may have put anything there. */
    @ParameterizedTest
    @ValueSource(strings = {"stamps", "index", "projects", "staging", "partial", "turn"})
    void noteOfHistodsThatIsAPipe_hangsNoCommand(String which) throws Exception {
        Path claim = mirror.resolve("partial/0123/01234567-89ab-cdef-0123-456789abcdef");
        Path note = switch (which) {
            case "stamps" -> only(mirror.resolve("stamps"), ".tsv");
            case "index" -> only(mirror.resolve("index"), ".idx");
            case "projects" -> mirror.resolve("projects.txt");
            case "staging" -> mirror.resolve("staging/01234567-89ab-cdef-0123-456789abcdef/owner");
            case "partial" -> claim.resolve("owner");
            default -> mirror.resolve("locks/journal.turn");
        };
        Files.createDirectories(note.getParent());
        if (which.equals("partial")) {
            Files.writeString(claim.resolve("part"), "x");
        }
        Files.deleteIfExists(note);
        Files.writeString(note, "");
        pipe(note);
        for (List<String> command : List.of(
                List.of("status"),
                List.of("verify", "--full"),
                List.of("verify", "--quick"),
                List.of("doctor"),
                List.of("identify", bag.resolve("data").toString()),
                List.of("gc", "--dry-run"),
                List.of("pull", ID))) {
            ran(command.toArray(String[]::new));
        }
    }

    private static Path only(Path folder, String ending) throws IOException {
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.filter(path -> path.toString().endsWith(ending))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** A journal of four lines. */
    private Path journal() {
        assertEquals(0, ran("remove", ID, "--yes").exit());
        assertEquals(0, ran("pull", ID, "--only", "*").exit());
        assertEquals(0, ran("remove", ID, "--yes").exit());
        assertEquals(0, ran("pull", ID).exit());
        return mirror.resolve("journal.jsonl");
    }

    enum Edit {
        LINE_EDITED {
            @Override
            void of(List<String> lines) {
                lines.set(1, lines.get(1).replace("remove", "pull"));
            }
        },
        LINE_REMOVED {
            @Override
            void of(List<String> lines) {
                lines.remove(1);
            }
        },
        FIRST_LINE_REMOVED {
            @Override
            void of(List<String> lines) {
                lines.remove(0);
            }
        },
        LINES_REORDERED {
            @Override
            void of(List<String> lines) {
                Collections.swap(lines, 1, 2);
            }
        },
        LAST_LINE_REMOVED {
            @Override
            void of(List<String> lines) {
                lines.remove(lines.size() - 1);
            }
        },
        LAST_TWO_LINES_REMOVED {
            @Override
            void of(List<String> lines) {
                lines.remove(lines.size() - 1);
                lines.remove(lines.size() - 1);
            }
        },
        LAST_LINE_EDITED {
            @Override
            void of(List<String> lines) {
                lines.set(lines.size() - 1, lines.get(lines.size() - 1).replace("\"files\":", "\"files\":9"));
            }
        },
        LINE_INSERTED {
            @Override
            void of(List<String> lines) {
                lines.add(2, "{\"event\":\"pull\",\"dataset\":\"x\",\"version\":\"1\"}");
            }
        };

        abstract void of(List<String> lines);
    }

    @ParameterizedTest
    @EnumSource(Edit.class)
    void changedJournal_isFound_alsoAfterALaterPull_untilItIsAccepted(Edit edit) throws Exception {
        Path journal = journal();
        assertEquals(0, ran("verify", "--journal").exit());
        List<String> lines = new ArrayList<>(Files.readAllLines(journal));
        edit.of(lines);
        Files.write(journal, lines);
        ProgramRunner.Result found = ran("verify", "--journal");
        assertEquals(5, found.exit(), found.all());
        assertTrue(found.out().contains("journal: NOT OK"), found.all());
        ran("remove", ID, "--yes");
        ran("pull", ID);
        assertEquals(5, ran("verify", "--journal").exit());
        ProgramRunner.Result accepted = ran("verify", "--journal", "--accept");
        assertEquals(0, accepted.exit(), accepted.all());
        ProgramRunner.Result after = ran("verify", "--full");
        assertEquals(0, after.exit(), after.all());
        assertTrue(ran("verify", "--journal").out().contains("accepted  "));
    }

    @Test
    void datasetWhoseFilesAndRecordWereBothChanged_isNotWhatItWasVerifiedToBe() throws Exception {
        Path file = aFile(bag);
        String before = Hasher.sha256(file).hex();
        write(file, "forged");
        String manifest = Hasher.sha256(bag.resolve("manifest-sha256.txt")).hex();
        edit(bag.resolve("manifest-sha256.txt"), before, Hasher.sha256(file).hex());
        String forged = Hasher.sha256(bag.resolve("manifest-sha256.txt")).hex();
        edit(bag.resolve("bag-info.txt"), manifest, forged);
        edit(receipt(bag), manifest, forged);
        ProgramRunner.Result verified = ran("verify", ID, "--full", "--repair");
        assertEquals(5, verified.exit(), verified.all());
        assertTrue(verified.out().contains("manifest-sha256.txt is not the one of "), verified.all());
        assertEquals("forged", Files.readString(file));
    }

    @Test
    void datasetThatVanishedFromTheMirror_isMissed_untilThatIsAccepted() throws Exception {
        Files.move(bag.getParent(), folder.resolve("elsewhere"));
        ProgramRunner.Result verified = ran("verify");
        assertEquals(5, verified.exit(), verified.all());
        assertTrue(
                verified.out().contains(ID + " unversioned: according to the journal, it has been in the mirror"),
                verified.all());
        assertEquals(5, ran("verify", "--journal").exit());
        assertEquals(0, ran("verify", "--journal", "--accept").exit());
        assertEquals(0, ran("verify", "--journal").exit());
    }

    @Test
    void bagThatTheJournalDoesNotKnow_isNotRepaired() throws Exception {
        Files.move(bag, bag.resolveSibling("2.0"));
        ProgramRunner.Result repaired = ran("verify", ID, "--repair");
        assertEquals(5, repaired.exit(), repaired.all());
        assertEquals(5, ran("verify", ID).exit());
    }

    @Test
    void mirrorWithoutDatasets_isNeverCalledVerified() {
        for (String how : List.of("--full", "--quick", "--journal")) {
            ProgramRunner.Result verified = ran("verify", how, "--mirror", "mistyped");
            assertEquals(2, verified.exit(), verified.all());
            assertTrue(verified.err().contains("so nothing was verified"), verified.all());
        }
    }
}
