package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.histods.demo.DemoServer;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Arguments that should name a dataset: nothing but a valid name reaches the mirror. */
class DatasetNamesIT {

    private static final String ID = DemoRunner.DATASETS.all().get(0).id().text();

    @TempDir
    Path folder;

    private Program histods;
    private DemoServer origin;
    private Path manifest;
    private Path thesis;

    @BeforeEach
    void setUp() throws Exception {
        histods = new Program(folder);
        origin = new DemoServer(DemoRunner.DATASETS, 0);
        manifest = DemoRunner.DATASETS.writeManifests(folder.resolve("m")).get(0);
        thesis = Files.createDirectories(folder.resolve("home/x/thesis"));
        Files.writeString(thesis.resolve("thesis.tex"), "years of work");
    }

    @AfterEach
    void close() {
        origin.close();
    }

    private ProgramRunner.Result pull() throws Exception {
        return histods.run("pull", manifest.toString(), "--route", "*=" + origin.route());
    }

    /** Every file of the mirror and of the home, with its size. */
    private List<String> files() throws IOException {
        List<String> files = new ArrayList<>();
        for (String part : List.of("mirror", "home/x")) {
            try (Stream<Path> walk = Files.walk(folder.resolve(part))) {
                walk.sorted().forEach(p -> files.add(p + " " + p.toFile().length()));
            }
        }
        return files;
    }

    private void refused(ProgramRunner.Result run, String message) {
        assertEquals(2, run.exit(), run.out() + run.err());
        assertTrue(run.err().contains(message), run.err());
        assertFalse(run.err().contains("at org.histods"), run.err());
        assertEquals("", run.out());
    }

    @Test
    void remove_takesNamesOnly() throws Exception {
        assertEquals(0, pull().exit());
        Path bag = histods.mirror().resolve("datasets").resolve(ID);
        Path link = Files.createSymbolicLink(folder.resolve("link"), thesis);
        List<String> before = files();
        refused(histods.run("remove", ""), "an empty dataset id");
        for (String name : List.of("", "@", "@v1")) {
            refused(histods.inProcess("remove", name), "an empty dataset id");
        }
        refused(histods.inProcess("remove", ID + "@"), "an empty version");
        for (String version : List.of("..", "../..", ".", "*")) {
            refused(histods.inProcess("remove", ID + "@" + version), "'" + version + "' is not a version");
        }
        for (Path path : List.of(thesis, bag, link)) {
            refused(histods.inProcess("remove", path.toString()), "there is no dataset '" + path + "'");
        }
        for (String name : List.of(".", "..", "/", "link", "../" + ID, "home/x/thesis", "Foo Bar")) {
            refused(histods.inProcess("remove", name), "there is no dataset '" + name + "'");
        }
        refused(histods.inProcess("remove", "a\nb"), "there is no dataset 'a\\u000ab'");
        assertEquals(before, files());
    }

    @Test
    void otherCommandsThatLookIntoTheMirror_takeNamesOnly() throws Exception {
        Files.createDirectories(histods.mirror());
        for (String command : List.of("path", "verify", "provenance", "split", "export")) {
            List<String> options = command.equals("export")
                    ? List.of("--format", "bagit", "--to", folder.resolve("out").toString())
                    : List.of();
            refused(run(command, "", options), "an empty dataset id");
            refused(run(command, "mbm@..", options), "'..' is not a version");
            refused(run(command, "Foo Bar", options), "there is no dataset 'Foo Bar'");
        }
        assertFalse(Files.exists(folder.resolve("out")));
    }

    private ProgramRunner.Result run(String command, String name, List<String> options) throws Exception {
        List<String> words = new ArrayList<>(List.of(command, name));
        words.addAll(options);
        return histods.inProcess(words.toArray(String[]::new));
    }

    @Test
    void commandsOfTheCatalogue_refuseInvalidNames() throws Exception {
        refused(histods.inProcess("pull", ""), "an empty dataset id");
        refused(histods.inProcess("show", ""), "an empty dataset id");
        refused(histods.inProcess("cite", ""), "an empty dataset id");
        refused(histods.inProcess("show", ".."), "there is no dataset '..'");
        refused(histods.inProcess("pull", "mbm@.."), "'..' is not a version");
        refused(histods.inProcess("pull", "mbm@v9"), "the catalogue has version ");
        refused(histods.inProcess("manifest", "lint", ".."), "'..' is not a dataset id");
        assertFalse(Files.exists(histods.mirror()));
    }

    @Test
    void alias_standsForTheDataset_withItsVersionToo() throws Exception {
        ProgramRunner.Result byId = histods.inProcess("show", "kather-2018");
        assertEquals(0, byId.exit(), byId.err());
        assertEquals(byId.out(), histods.inProcess("show", "NCT-CRC-HE-100K").out());
        String version = byId.out().lines().skip(1).findFirst().orElseThrow().split(" ")[1];
        assertEquals(
                byId.out(),
                histods.inProcess("show", "NCT-CRC-HE-100K@" + version).out());
    }

    @Test
    void strangeNamesInTheMirror_areNoBags_andStay() throws Exception {
        assertEquals(0, pull().exit());
        Path datasets = histods.mirror().resolve("datasets");
        Files.createDirectories(datasets.resolve("lost+found"));
        Files.createDirectories(datasets.resolve("Foo Bar/1/data"));
        Files.writeString(datasets.resolve("notes.txt"), "mine");
        Files.writeString(datasets.resolve(".DS_Store"), "");
        Files.writeString(datasets.resolve(ID).resolve("notes.txt"), "mine");
        List<String> before = files();
        assertEquals(1, histods.inProcess("status", "--json").lines().size());
        for (String[] words : new String[][] {{"status"}, {"doctor"}, {"verify"}, {"identify", thesis.toString()}}) {
            ProgramRunner.Result run = histods.inProcess(words);
            assertEquals(words[0].equals("identify") ? 9 : 0, run.exit(), words[0] + run.out() + run.err());
            assertFalse(run.err().contains("Foo Bar"), run.err());
        }
        assertTrue(files().containsAll(
                        before.stream().filter(f -> f.contains("/datasets")).toList()));
    }

    @Test
    void folderOfADatasetThatIsALink_isNotWrittenThrough() throws Exception {
        Path datasets = Files.createDirectories(histods.mirror().resolve("datasets"));
        Path link = Files.createSymbolicLink(datasets.resolve(ID), thesis);
        ProgramRunner.Result run = pull();
        assertEquals(7, run.exit(), run.err());
        assertTrue(run.err().contains(link + " is a link"), run.err());
        try (Stream<Path> list = Files.list(thesis)) {
            assertEquals(List.of(thesis.resolve("thesis.tex")), list.toList());
        }
    }

    @Test
    void mistakesInFilesOfAProject_areNamedWithFileAndLine() throws Exception {
        Path declaration = folder.resolve("histods.yaml");
        for (String field :
                List.of("id: ../x", "id: mbm@v1", "id: \"\\u001b\"", "id: mbm\n    version: ..", "id: NCT")) {
            Files.writeString(declaration, "datasets:\n  - " + field + "\n");
            refused(histods.inProcess("sync"), field.contains("version") ? "histods.yaml:3: " : "histods.yaml:2: ");
        }
        Files.writeString(declaration, "datasets:\n  - id: mbm\n");
        String rest = "    manifest: \"sha256:" + "0".repeat(64) + "\"\n    license: x\n    fingerprint: \"sha256:"
                + "0".repeat(64) + "\"\n    files: 0\n    bytes: 0\n";
        String head = "format: 2\ndatasets:\n  - name: mbm\n";
        Files.writeString(folder.resolve("histods.lock"), head + "    id: ../x\n    version: \"1\"\n" + rest);
        refused(histods.inProcess("sync", "--locked"), "histods.lock:4: datasets[0].id: '../x' is not a dataset id");
        Files.writeString(folder.resolve("histods.lock"), head + "    id: mbm\n    version: \"../..\"\n" + rest);
        refused(histods.inProcess("sync", "--locked"), "histods.lock:5: datasets[0].version: '../..' is not a version");
    }

    @Test
    void malformedName_isAnObjectInJson() throws Exception {
        ProgramRunner.Result run = histods.inProcess("pull", "", "--json");
        assertEquals(2, run.exit());
        JsonNode problem = new JsonMapper().readTree(run.lines().get(0));
        assertEquals("usage", problem.path("class").asString(""));
        assertEquals("an empty dataset id", problem.path("message").asString(""));
    }
}
