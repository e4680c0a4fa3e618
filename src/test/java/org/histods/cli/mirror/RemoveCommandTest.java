package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.histods.testing.TestBags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code histods remove}: its questions, its messages and what it deletes. */
final class RemoveCommandTest {

    @TempDir
    Path folder;

    private DemoRunner fixture;
    private Path dataset;
    private Path bag;

    @BeforeEach
    void pulled() throws Exception {
        fixture = new DemoRunner(folder);
        ran(0, "pull", "demo-kumar");
        dataset = folder.resolve("mirror/datasets/demo-kumar");
        bag = dataset.resolve("unversioned");
    }

    @AfterEach
    void end() {
        fixture.close();
    }

    private ProgramRunner.Result ran(int exit, String... command) {
        return fixture.ran(folder, exit, command);
    }

    private static void says(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), text);
        }
    }

    private void copyAs(String version) throws IOException {
        try (Stream<Path> walk = Files.walk(bag)) {
            for (Path path : walk.toList()) {
                Files.copy(path, dataset.resolve(version).resolve(bag.relativize(path)));
            }
        }
    }

    /** Two hundred thousand tiles take a while, in which nothing must look stuck. */
    @Test
    void removalOfManyFiles_showsHowFarItIs() throws Exception {
        Map<String, String> tiles = new TreeMap<>();
        for (int i = 0; i < 2500; i++) {
            tiles.put("tiles/" + i + ".png", "t" + i);
        }
        Mirror mirror = new Mirror(folder.resolve("mirror"), OwnerProcess.self("test"), false, Clock.systemUTC());
        TestBags.publish(mirror, "many", tiles);
        fixture.with("HISTODS_TERMINAL", "1");
        fixture.with("NO_COLOR", "1");
        ProgramRunner.Result ran = ran(0, "remove", "many", "--yes");
        says(ran.err(), "deleting many: ", " of 2509 files");
    }

    @Test
    void withoutATerminal_showsWhatAndTheCommandToType_andDeletesNothing() {
        ProgramRunner.Result ran = ran(2, "remove", "--route", "a b=http://localhost:1", "demo-kumar");
        says(
                ran.err(),
                "demo-kumar unversioned: ",
                " files, ",
                " in " + bag,
                "hint: `histods remove --route 'a b=http://localhost:1' demo-kumar --yes`");
        assertEquals("", ran.out());
        assertTrue(Files.exists(bag));
    }

    @ParameterizedTest
    @ValueSource(strings = {"y", "Y", "yes"})
    void yesAtATerminal_deletes(String answer) throws Exception {
        List<String> asked = fixture.typing(answer);
        ProgramRunner.Result ran = ran(0, "remove", "demo-kumar");
        says(String.join("", asked), "demo-kumar unversioned: ", " in " + bag, "\nDelete it? [y/N] ");
        says(ran.out(), "removed demo-kumar unversioned, ", " freed");
        assertFalse(Files.exists(dataset));
        says(Files.readString(folder.resolve("mirror/journal.jsonl")), "\"event\":\"remove\"");
        for (String gone : List.of("stamps/demo-kumar/unversioned.tsv", "index/demo-kumar/unversioned.idx")) {
            assertFalse(Files.exists(folder.resolve("mirror").resolve(gone)), gone);
        }
        try (var left = Files.list(folder.resolve("mirror/staging"))) {
            assertEquals(0, left.count());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "n", "N", "no", "yy", "demo-kumar"})
    void anyOtherAnswer_deletesNothing_andExitsWith9(String answer) {
        fixture.typing(answer);
        ProgramRunner.Result ran = ran(9, "remove", "demo-kumar");
        says(ran.err(), "nothing was deleted");
        assertEquals("", ran.out());
        assertTrue(Files.exists(bag));
    }

    @Test
    void dryRun_asksAndDeletesNothing() {
        List<String> asked = fixture.typing("y");
        says(
                ran(0, "remove", "demo-kumar", "--dry-run").out(),
                "would remove demo-kumar unversioned: ",
                bag.toString());
        JsonNode row = new JsonMapper()
                .readTree(ran(0, "remove", "demo-kumar", "--dry-run", "--json").out());
        assertEquals("would-remove", row.path("event").asString(""));
        assertEquals("demo-kumar", row.path("dataset").asString(""));
        assertEquals("unversioned", row.path("version").asString(""));
        assertEquals(bag.toString(), row.path("path").asString(""));
        assertTrue(row.path("files").asLong() > 20 && row.path("bytes").asLong() > 1000, row.toString());
        assertEquals(List.of(), asked);
        assertTrue(Files.exists(bag));
    }

    @Test
    void json_isOneObjectForEachRemovedBag() throws Exception {
        copyAs("2");
        ProgramRunner.Result ran = ran(0, "remove", "demo-kumar", "demo-kumar@2", "--all-versions", "-y", "--json");
        List<JsonNode> rows = ran.out().lines().map(new JsonMapper()::readTree).toList();
        assertEquals(2, rows.size());
        assertTrue(rows.stream().allMatch(row -> row.path("event").asString("").equals("removed")));
        assertFalse(Files.exists(dataset));
    }

    @Test
    void severalVersions_requireAVersion_orAllVersions() throws Exception {
        copyAs("2");
        ProgramRunner.Result ran = ran(2, "remove", "demo-kumar", "--yes");
        says(ran.err(), "several versions of demo-kumar", "demo-kumar@2, demo-kumar@unversioned", "--all-versions");
        assertTrue(Files.exists(bag) && Files.exists(dataset.resolve("2")));
        ran(0, "remove", "demo-kumar@2", "--yes");
        assertTrue(Files.exists(bag));
        assertFalse(Files.exists(dataset.resolve("2")));
    }

    @Test
    void oneUnknownName_deletesNothing() {
        ran(2, "remove", "demo-kumar", "demo-colon", "--yes");
        assertTrue(Files.exists(bag));
    }

    @Test
    void quiet_printsNothingOnStandardOutput() {
        ProgramRunner.Result ran = ran(0, "remove", "demo-kumar", "--yes", "-q");
        assertEquals("", ran.out() + ran.err());
        assertFalse(Files.exists(bag));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "..", "/", "../..", "demo-kumar@", "demo-kumar/unversioned", "demo-kumar\n"})
    void argumentThatIsNotAnId_isRefused_alsoBesideAnId(String name) {
        ran(2, "remove", name, "--yes");
        ran(2, "remove", "demo-kumar", name, "--yes");
        ran(2, "remove", name, "--yes", "--all-versions");
        assertTrue(Files.exists(bag));
    }

    @Test
    void pathOfADataset_isRefused() {
        for (Path path : List.of(dataset, bag, bag.resolve("data"), folder)) {
            ProgramRunner.Result ran = ran(2, "remove", path.toString(), "--yes");
            says(ran.err(), "there is no dataset");
            assertFalse(ran.err().contains("./"), ran.all());
            assertTrue(Files.exists(bag));
        }
    }

    @Test
    void projectsThatLockedTheDataset_areListed() throws Exception {
        Path config = folder.resolve("config.yaml");
        Files.writeString(config, Files.readString(config).replace("record-user: false", ""));
        Path project = Files.createDirectories(folder.resolve("my project"));
        for (String line : List.of("init", "add demo-kumar", "sync")) {
            assertEquals(0, fixture.run(project, line.split(" ")).exit());
        }
        says(ran(2, "remove", "demo-kumar").err(), "used by " + project);
        JsonNode row = new JsonMapper()
                .readTree(ran(0, "remove", "demo-kumar", "--dry-run", "--json").out());
        assertEquals(project.toString(), row.path("projects").path(0).asString(""));
        ran(0, "pull", "demo-colon");
        assertFalse(ran(2, "remove", "demo-colon").err().contains("used by"));
        Files.writeString(project.resolve("histods.lock"), "torn");
        says(
                ran(2, "remove", "demo-kumar").err(),
                "cannot determine whether the project " + project + " uses demo-kumar");
        Files.delete(project.resolve("histods.lock"));
        assertFalse(ran(2, "remove", "demo-kumar").err().contains(project.toString()));
    }

    @Test
    void projects_areNotRecorded_ifRecordUserIsFalse() throws Exception {
        for (String line : List.of("init", "add demo-kumar", "sync")) {
            ran(0, line.split(" "));
        }
        assertFalse(Files.exists(folder.resolve("mirror/projects.txt")));
    }

    @Test
    void folderThatIsNotABag_isRefused() throws Exception {
        Files.delete(bag.resolve("bagit.txt"));
        ProgramRunner.Result ran = ran(2, "remove", "demo-kumar", "--yes");
        says(ran.err(), "is not a bag that histods made, and is left alone: it has no bagit.txt");
        assertTrue(Files.exists(bag.resolve("data")));
    }

    @Test
    void mirrorWithoutMirrorJson_isRefused() throws Exception {
        Files.delete(folder.resolve("mirror/mirror.json"));
        ProgramRunner.Result ran = ran(2, "remove", "demo-kumar", "--yes");
        says(ran.err(), "mirror is not a mirror: it has no valid mirror.json");
        assertTrue(Files.exists(bag));
        assertFalse(Files.exists(folder.resolve("mirror/mirror.json")));
    }
}
