package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.demo.DemoServer;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every command that deletes or writes, with every hostile argument, beside the user's own files. Where a command may
 * write to a given path, the user's files are unchanged; where it may not, nothing is new either.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileArgumentsIT {

    /** Contains the datasets, their mirror, a project and a thesis, so that {@code ..} leads to no folder of this machine. */
    private Path top;

    private Path here;
    private Path thesis;
    private Program histods;
    private DemoServer origin;
    private List<String> hostile;

    @BeforeAll
    void fixture(@TempDir Path scratch) throws Exception {
        top = scratch;
        Path folder = Files.createDirectories(top.resolve("a/b"));
        here = Files.createDirectories(folder.resolve("project"));
        histods = new Program(folder);
        origin = new DemoServer(DemoRunner.DATASETS, 0);
        DemoRunner.DATASETS.writeManifests(folder.resolve("m"));
        histods.with("HISTODS_MANIFESTS", folder.resolve("m").toString());
        histods.with("HISTODS_BUILTIN", "off");
        ProgramRunner.Result run = histods.inProcess(here, "pull", "demo-kumar", "--route", "*=" + origin.route());
        assertEquals(0, run.exit(), run.err());
        Path bag = histods.mirror().resolve("datasets/demo-kumar/unversioned");
        thesis = Files.createDirectories(folder.resolve("thesis"));
        Files.createDirectories(thesis.resolve("staging/chapters"));
        for (String name : List.of("chapter.txt", "bagit.txt", "owner", "staging/chapters/owner", "mine.tex")) {
            Files.writeString(thesis.resolve(name), "mine");
        }
        Files.createSymbolicLink(here.resolve("link"), thesis);
        for (String[] words : new String[][] {{"init"}, {"add", "demo-kumar"}, {"sync", "--offline"}}) {
            run = histods.inProcess(here, words);
            assertEquals(0, run.exit(), run.err());
        }
        hostile = List.of(
                "",
                " ",
                ".",
                "..",
                "../..",
                "../thesis",
                "../mirror",
                "../mirror/datasets",
                thesis.toString(),
                bag.toString(),
                bag.resolve("data").toString(),
                "link",
                "./link",
                "link/",
                "demo-kumar\n",
                "\n",
                "demo-kumar@..",
                "demo-kumar@../..",
                "demo-kumar/../../../thesis",
                "@",
                "*",
                "-",
                "--",
                "-rf",
                "~",
                "\u001b[2J");
    }

    @AfterAll
    void close() {
        origin.close();
    }

    /** Every path with its kind, mode, size and time; links are not followed. */
    private Map<String, String> everything() throws Exception {
        Map<String, String> all = new TreeMap<>();
        try (var walk = Files.walk(top)) {
            for (Path path : walk.toList()) {
                String held = Files.isSymbolicLink(path)
                        ? "-> " + Files.readSymbolicLink(path)
                        : Files.getPosixFilePermissions(path)
                                + (Files.isRegularFile(path)
                                        ? " " + Files.size(path) + " " + Files.getLastModifiedTime(path)
                                        : "");
                all.put(top.relativize(path).toString(), held);
            }
        }
        // Locks change with every command.
        all.keySet().removeIf(path -> path.contains("/locks/") || path.contains("/home/"));
        return all;
    }

    /** {@code {}} stands for each hostile word. */
    @ParameterizedTest(name = "histods {0}")
    @ValueSource(
            strings = {
                "remove --yes --all-versions --discard-extra -- {}",
                "remove {} --yes",
                "remove --dry-run -- {}",
                "verify --repair --discard-extra --offline -- {}",
                "verify --offline --repair {}",
                "pull --offline -- {}",
                "pull demo-kumar --offline --from {}",
                "pull demo-kumar --offline --discard-extra --variant {}",
                "gc --all --mirror {}",
                "gc --older-than {}",
                "drop -- {}",
                "add -- {}",
                "export --format bagit --to ../out -- {}",
                "manifest new --offline {}",
                "manifest lint {}",
                "split {}",
                "path -- {}",
                "provenance -- {}",
                "status --mirror {}",
                "doctor --mirror {}",
                "login --remove {}",
                "login {}",
                "show -- {}",
                "cite -- {}"
            })
    void commandWithoutAnOptionToWrite_changesNothing(String command) throws Exception {
        tried(command, true);
    }

    @ParameterizedTest(name = "histods {0}")
    @ValueSource(
            strings = {
                "pull demo-kumar --offline --only {}",
                "pull demo-node --offline --mirror {}",
                "sync --offline --mirror {}",
                "lock --offline --mirror {}",
                "add demo-node --name {}",
                "add demo-node --path {}",
                "export demo-kumar --format bagit --to {}",
                "export demo-kumar --format croissant --to {}",
                "list --html {}",
                "list --lineage-svg {}",
                "audit --format json --to {}",
                "audit {}",
                "identify -- {}",
                "init --purpose {}"
            })
    void commandThatWritesToAGivenFile_keepsOtherFiles(String command) throws Exception {
        tried(command, false);
    }

    private void tried(String command, boolean nothingNew) throws Exception {
        Map<String, String> before = everything();
        String project = Files.readString(here.resolve("histods.yaml"));
        for (String word : hostile) {
            List<String> words = new ArrayList<>();
            for (String one : command.split(" ", -1)) {
                words.add(one.equals("{}") ? word : one);
            }
            String what = "histods " + String.join(" ", words);
            ProgramRunner.Result run = histods.inProcess(here, words.toArray(String[]::new));
            assertNotEquals(1, run.exit(), what + run.out() + run.err());
            assertFalse(run.err().contains("at org.histods"), what + run.err());
            if (command.startsWith("remove")) {
                assertEquals(2, run.exit(), what + run.out() + run.err());
            }
            Map<String, String> after = everything();
            if (nothingNew) {
                assertEquals(before, after, what);
            } else {
                // Adding a dataset edits histods.yaml, as intended.
                if (command.startsWith("add")) {
                    Files.writeString(here.resolve("histods.yaml"), project);
                }
                for (Map.Entry<String, String> one : before.entrySet()) {
                    if (!one.getKey().equals("a/b/project/histods.yaml")) {
                        assertEquals(one.getValue(), after.get(one.getKey()), what + ": " + one.getKey());
                    }
                }
            }
        }
    }
}
