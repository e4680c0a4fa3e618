package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.demo.DemoServer;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Hostile content in a mirror, a bag or a project: the user's files outside of it are never touched. */
class HostileContentIT {

    private static final String UUID = "01234567-89ab-cdef-0123-456789abcdef";

    @TempDir
    Path folder;

    private Program histods;
    private DemoServer origin;
    private Path project;
    private Path thesis;
    private Path bag;
    private Map<String, String> before = Map.of();

    @BeforeEach
    void setUp() throws Exception {
        histods = new Program(folder);
        origin = new DemoServer(DemoRunner.DATASETS, 0);
        DemoRunner.DATASETS.writeManifests(folder.resolve("m"));
        histods.with("HISTODS_MANIFESTS", folder.resolve("m").toString());
        histods.with("HISTODS_BUILTIN", "off");
        project = Files.createDirectories(folder.resolve("project"));
        thesis = Files.createDirectories(folder.resolve("thesis/deep"));
        for (String name : List.of("a.txt", "n.json", "owner", "deep/x.txt")) {
            Path file = Files.writeString(thesis.resolveSibling(name), "{\"mine\":1}");
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        }
        thesis = thesis.resolveSibling("");
        ran(0, "pull", "demo-kumar");
        bag = histods.mirror().resolve("datasets/demo-kumar/unversioned");
    }

    @AfterEach
    void thesisIsAsItWas() throws Exception {
        origin.close();
        if (!before.isEmpty()) {
            assertEquals(before, tree());
        }
    }

    private Map<String, String> tree() throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (var walk = Files.walk(thesis)) {
            for (Path path : walk.toList()) {
                tree.put(
                        thesis.relativize(path).toString(),
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(path, LinkOption.NOFOLLOW_LINKS))
                                + (Files.isRegularFile(path) ? Files.readString(path) : ""));
            }
        }
        return tree;
    }

    private ProgramRunner.Result ran(String... words) {
        String[] all = java.util.Arrays.copyOf(words, words.length + 2);
        all[words.length] = "--route";
        all[words.length + 1] = "*=" + origin.route();
        ProgramRunner.Result run = histods.inProcess(project, all);
        assertNotEquals(1, run.exit(), run.err());
        assertFalse(run.err().contains("at org.histods"), run.err());
        return run;
    }

    private ProgramRunner.Result ran(int exit, String... words) {
        ProgramRunner.Result run = ran(words);
        assertEquals(exit, run.exit(), String.join(" ", words) + "\n" + run.out() + run.err());
        return run;
    }

    private void planted() throws IOException {
        before = tree();
    }

    private Path aFile() throws IOException {
        try (var walk = Files.walk(bag.resolve("data"))) {
            return walk.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
    }

    private Path anotherFile() throws IOException {
        try (var walk = Files.walk(bag.resolve("data"))) {
            return walk.filter(Files::isRegularFile)
                    .sorted()
                    .reduce((a, b) -> b)
                    .orElseThrow();
        }
    }

    private void everyCommand() {
        for (String[] words : new String[][] {
            {"status"},
            {"doctor"},
            {"verify", "--full"},
            {"verify", "demo-kumar", "--repair"},
            {"verify", "demo-kumar", "--repair", "--discard-extra"},
            {"provenance", "demo-kumar"},
            {"identify", "../thesis"},
            {"export", "demo-kumar", "--format", "bagit", "--to", "out"},
            {"pull", "demo-kumar"},
            {"gc", "--all"},
            {"remove", "demo-kumar", "--yes"},
            {"remove", "demo-kumar", "--yes", "--discard-extra"},
            {"pull", "demo-kumar"},
        }) {
            ran(words);
        }
    }

    @Test
    void fileOfADatasetThatIsALink_keepsTheModeOfWhatItLeadsTo() throws Exception {
        Path file = aFile();
        Path real = thesis.resolve("image.png");
        Files.copy(file, real);
        Files.setPosixFilePermissions(real, PosixFilePermissions.fromString("rw-rw-r--"));
        Files.delete(file);
        Files.createSymbolicLink(file, real);
        Files.delete(anotherFile());
        before = new TreeMap<>(Map.of("", PosixFilePermissions.toString(Files.getPosixFilePermissions(real))));
        ran("verify", "demo-kumar", "--repair");
        assertEquals("rw-rw-r--", PosixFilePermissions.toString(Files.getPosixFilePermissions(real)));
        Files.delete(real);
        before = Map.of();
    }

    @Test
    void receiptsThatAreALinkToAPersonsFolder_leaveIt() throws Exception {
        for (String name : List.of("receipts/0001-pull.json", "receipts")) {
            Files.delete(bag.resolve(name));
        }
        Files.createSymbolicLink(bag.resolve("receipts"), thesis);
        Files.delete(anotherFile());
        planted();
        everyCommand();
    }

    @ParameterizedTest
    @ValueSource(strings = {"manifest-sha256.txt", "origins.jsonl", "tagmanifest-sha256.txt", "bag-info.txt"})
    void recordThatNamesAPersonsFile_leavesIt(String name) throws Exception {
        Path file = bag.resolve(name);
        String path = "../../../../thesis/a.txt";
        String line = switch (name) {
            case "origins.jsonl" -> "{\"path\":\"" + path + "\",\"bytes\":1,\"fetch\":\"1.0\"}\n";
            case "bag-info.txt" -> "Histods-Selection: {a " + path + "\nPayload-Oxum: x.y\n";
            default -> "0".repeat(64) + "  " + (name.startsWith("tag") ? "" : "data/") + path + "\n";
        };
        String text = Files.readString(file) + line;
        Files.delete(file);
        Files.writeString(file, text);
        planted();
        everyCommand();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bag-info.txt",
                "manifest-sha256.txt",
                "tagmanifest-sha256.txt",
                "origins.jsonl",
                "manifest.yaml",
                "bagit.txt",
                "receipts/0001-pull.json"
            })
    void recordThatIsALinkToAPersonsFile_leavesIt(String name) throws Exception {
        Files.delete(bag.resolve(name));
        Files.createSymbolicLink(bag.resolve(name), thesis.resolve("n.json"));
        planted();
        everyCommand();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "staging",
                "partial",
                "index",
                "stamps",
                "locks",
                "archives",
                "journal.jsonl",
                "projects.txt",
                "staging/" + UUID,
                "partial/x",
                "partial/x/idle",
                "index/demo-kumar",
                "stamps/demo-kumar",
                "datasets/demo-kumar",
                "datasets/demo-kumar/unversioned/data",
                "datasets/demo-kumar/9",
                "datasets/demo-kumar/.unversioned.replaced-" + UUID
            })
    void pathInTheMirrorThatIsALinkToAPersonsFolder_leavesThatFolder(String name) throws Exception {
        Path place = histods.mirror().resolve(name);
        if (Files.exists(place)) {
            Files.move(place, folder.resolve("moved"));
        }
        Files.createDirectories(place.resolveSibling(""));
        Files.createSymbolicLink(
                place, name.contains(".jsonl") || name.contains(".txt") ? thesis.resolve("a.txt") : thesis);
        planted();
        everyCommand();
        ran("init");
        ran("add", "demo-kumar");
        ran("sync");
    }

    @Test
    void completionThatNamesPathsOutside_leavesThem() throws Exception {
        Path staging =
                Files.createDirectories(histods.mirror().resolve("staging").resolve(UUID));
        Files.writeString(
                staging.resolve("completion.json"),
                "{\"event\":{\"event\":\"\\u001b[2J\\n\",\"dataset\":\"../../x\"},"
                        + "\"transfers\":[\"../../thesis\",\"/\",\"..\",\"\",\"" + thesis + "\"]}");
        planted();
        everyCommand();
        assertFalse(Files.exists(staging));
    }

    @Test
    void hardLinksToAPersonsFiles_areNotWrittenThrough() throws Exception {
        Path idle = Files.createDirectories(histods.mirror().resolve("partial/x/idle"));
        Files.createLink(idle.resolve("state"), thesis.resolve("n.json"));
        Path journal = histods.mirror().resolve("journal.jsonl");
        Files.copy(journal, thesis.resolve("journal.jsonl"));
        Files.delete(journal);
        Files.createLink(journal, thesis.resolve("journal.jsonl"));
        Files.createLink(histods.mirror().resolve("projects.txt"), thesis.resolve("a.txt"));
        planted();
        everyCommand();
        ran("init");
        ran("add", "demo-kumar");
        ran(0, "sync");
        assertTrue(Files.readString(journal).contains("\"remove\""));
        assertTrue(Files.readString(histods.mirror().resolve("projects.txt")).contains(project.toString()));
    }

    @Test
    void projectsThatAreNotThere_orStrange_doNotStopARemoval() throws Exception {
        Path strange = Files.createDirectories(folder.resolve("strange/histods.lock"));
        Files.writeString(
                histods.mirror().resolve("projects.txt"),
                "/nowhere/at/all\n../../x\n" + strange.getParent() + "\n" + thesis + "\n\u001b[2J\n");
        planted();
        ran(0, "remove", "demo-kumar", "--yes");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../thesis/new",
                "/thesis/new",
                "data/../../thesis",
                "out/new",
                ".git/hooks",
                ".bashrc",
                "a/.ssh/x"
            })
    void projectThatWantsADatasetElsewhere_isRefused(String path) throws Exception {
        Files.createSymbolicLink(project.resolve("out"), thesis);
        Files.writeString(project.resolve("histods.yaml"), "datasets:\n  - id: demo-kumar\n    path: " + path + "\n");
        planted();
        for (String[] words : new String[][] {{"sync"}, {"sync", "--copy"}, {"run", "true"}, {"drop", "demo-kumar"}}) {
            assertNotEquals(0, ran(words).exit(), words[0]);
        }
        Files.delete(project.resolve("out"));
        assertFalse(Files.exists(project.resolve(".git")));
        assertFalse(Files.exists(project.resolve(".bashrc")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                ".histods",
                ".histods/uses.jsonl",
                ".histods/places.json",
                ".histods/.gitignore",
                ".histods/opened"
            })
    void notesOfAProjectThatAreLinksToAPersonsFiles_leaveThose(String name) throws Exception {
        ran(0, "init");
        ran(0, "add", "demo-kumar");
        Files.createDirectories(project.resolve(name).resolveSibling(""));
        if (Files.exists(project.resolve(name))) {
            Files.move(project.resolve(name), folder.resolve("aside"));
        }
        boolean file = name.contains("uses") || name.contains("places") || name.contains("git");
        Files.createSymbolicLink(project.resolve(name), file ? thesis.resolve("n.json") : thesis);
        planted();
        ran("sync");
        ran("run", "true");
        ran("audit");
        ran("drop", "demo-kumar");
    }

    @ParameterizedTest
    @ValueSource(strings = {"histods.lock", "histods.yaml"})
    void fileOfAProjectThatIsALinkOut_isNotWrittenThrough(String name) throws Exception {
        ran(0, "init");
        ran(0, "add", "demo-kumar");
        ran(0, "sync");
        Path file = project.resolve(name);
        Files.move(file, thesis.resolve("other"));
        Files.createSymbolicLink(file, thesis.resolve("other"));
        planted();
        ran(2, "drop", "demo-kumar");
        ran("lock");
        ran("add", "demo-node");
    }

    @Test
    void notesThatClaimAPersonsLink_leaveIt() throws Exception {
        ran(0, "init");
        ran(0, "add", "demo-kumar");
        ran(0, "sync");
        Path link = project.resolve("data/demo-kumar");
        Files.delete(link);
        Files.createSymbolicLink(link, thesis);
        Path notes = project.resolve(".histods/places.json");
        Files.writeString(
                notes,
                Files.readString(notes)
                        .replace(bag.resolve("data").toString(), thesis.toString())
                        .replace(bag.resolve("data").toRealPath().toString(), thesis.toString()));
        planted();
        ProgramRunner.Result run = ran(0, "drop", "demo-kumar");
        assertTrue(run.err().contains("is kept"), run.err());
        assertTrue(Files.isSymbolicLink(link));
    }

    @Test
    void repositoryThatNamesCommands_runsNoneOfThem() throws Exception {
        ran(0, "init");
        ran(0, "add", "demo-kumar");
        ran(0, "sync");
        Path ran = folder.resolve("was-run");
        for (String[] words : new String[][] {
            {"init", "-q"},
            {"config", "core.fsmonitor", "touch " + ran + "; false"},
            {"config", "filter.evil.clean", "touch " + ran + "; cat"},
            {"config", "filter.evil.required", "true"}
        }) {
            String[] all = new String[words.length + 3];
            System.arraycopy(new String[] {"git", "-C", project.toString()}, 0, all, 0, 3);
            System.arraycopy(words, 0, all, 3, words.length);
            assertEquals(0, new ProcessBuilder(all).start().waitFor());
        }
        Files.writeString(project.resolve(".gitattributes"), "*.py filter=evil\n");
        Files.writeString(project.resolve("train.py"), "x");
        Files.deleteIfExists(ran);
        ran(0, "run", "true");
        assertFalse(Files.exists(ran));
    }

    @Test
    void manifestThatPutsFilesElsewhere_isRefused() throws Exception {
        String text = Files.readString(folder.resolve("m/demo-colon.yaml"));
        for (String[] change :
                new String[][] {{"into: ", "into: ../../../thesis/"}, {"path: ", "path: ../../../thesis/"}}) {
            if (!text.contains(change[0])) {
                continue;
            }
            Path manifest = Files.writeString(folder.resolve("demo-colon.yaml"), text.replace(change[0], change[1]));
            planted();
            ran(2, "pull", manifest.toString());
        }
    }

    @Test
    void folderThatIsNotADataset_isNamed_andDoesNotStopOthers() throws Exception {
        Path stray = Files.createDirectories(histods.mirror().resolve("datasets/demo-node/unversioned"));
        Files.writeString(stray.resolve("mine.txt"), "mine");
        Files.createDirectories(histods.mirror().resolve("datasets/demo-kumar/lost+found"));
        planted();
        for (String[] words : new String[][] {{"status"}, {"doctor"}, {"verify"}}) {
            ProgramRunner.Result run = ran(0, words);
            assertTrue((run.out() + run.err()).contains(stray.toString()), run.out() + run.err());
        }
        ran(9, "identify", "../thesis");
        ProgramRunner.Result run = ran(2, "pull", "demo-node");
        assertTrue(run.err().contains("not a bag that histods made"), run.err());
        assertEquals(0, ran(2, "remove", "demo-node", "--yes").out().length());
        assertEquals("mine", Files.readString(stray.resolve("mine.txt")));
    }

    @Test
    void damagedBag_isNamed_andTheOthersAreListed() throws Exception {
        ran(0, "pull", "demo-node");
        Files.delete(bag.resolve("bag-info.txt"));
        Files.writeString(bag.resolve("bag-info.txt"), "");
        ProgramRunner.Result run = ran(5, "status");
        assertTrue(run.out().contains("demo-node"), run.out());
        assertTrue(run.err().contains("bag-info.txt is damaged"), run.err());
    }

    @Test
    void filesBesideData_areCarried_orStopARemovalByName() throws Exception {
        Files.writeString(bag.resolve("notes.txt"), "mine");
        Files.createDirectories(bag.resolve("annotations/deep"));
        Files.writeString(bag.resolve("annotations/deep/a.geojson"), "mine");
        Files.delete(aFile());
        assertTrue(ran("verify", "demo-kumar", "--repair").out().contains("../notes.txt"));
        assertEquals("mine", Files.readString(bag.resolve("notes.txt")));
        assertEquals("mine", Files.readString(bag.resolve("annotations/deep/a.geojson")));
        ProgramRunner.Result run = ran(9, "remove", "demo-kumar", "--yes");
        assertTrue(run.err().contains("../annotations/deep/a.geojson"), run.err());
        assertTrue(run.err().contains("../notes.txt"), run.err());
        run = ran(0, "remove", "demo-kumar", "--yes", "--discard-extra");
        assertTrue(run.err().contains("../notes.txt is not part of the dataset and will be deleted"), run.err());
    }

    @Test
    void replacedBagThatHoldsAFileWhichTheNewOneLacks_isLeftAloneByGc() throws Exception {
        Path old = bag.resolveSibling(".unversioned.replaced-" + UUID);
        try (var walk = Files.walk(bag)) {
            for (Path path : walk.toList()) {
                Files.copy(path, old.resolve(bag.relativize(path).toString()));
            }
        }
        Path mine = Files.writeString(old.resolve("data/mine.txt"), "mine");
        ProgramRunner.Result run = ran(0, "gc", "--all");
        assertTrue(run.err().contains("such as mine.txt"), run.err());
        assertEquals("mine", Files.readString(mine));
        Files.copy(mine, bag.resolve("data/mine.txt"));
        ran(0, "gc", "--all");
        assertFalse(Files.exists(old));
    }

    @Test
    void removalWhoseLineCannotBeWritten_isCompletedByTheNextRun() throws Exception {
        Path journal = histods.mirror().resolve("journal.jsonl");
        Path kept = folder.resolve("journal");
        Files.move(journal, kept);
        Files.createDirectory(journal);
        ProgramRunner.Result run = ran(7, "remove", "demo-kumar", "--yes");
        assertTrue(run.err().contains("demo-kumar unversioned is removed, but"), run.err());
        assertFalse(Files.exists(bag));
        Files.delete(journal);
        Files.move(kept, journal);
        ran(0, "gc");
        assertTrue(Files.readString(journal).contains("\"event\":\"remove\""), Files.readString(journal));
        try (var list = Files.list(histods.mirror().resolve("staging"))) {
            assertEquals(0, list.count());
        }
    }
}
