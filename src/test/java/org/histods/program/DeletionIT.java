package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.histods.demo.DemoServer;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hostile arguments and prompts of commands that delete, in a mirror beside a user's own files, which must survive. */
class DeletionIT {

    @TempDir
    Path folder;

    private Program histods;
    private Path thesis;
    private Path bag;

    @BeforeEach
    void mirrorBesideAThesis() throws Exception {
        histods = new Program(folder);
        thesis = Files.createDirectories(folder.resolve("thesis"));
        Files.createDirectories(thesis.resolve("staging/chapters"));
        for (String name : List.of("chapter.txt", "bagit.txt", "owner", "staging/chapters/owner")) {
            Files.writeString(thesis.resolve(name), "mine");
        }
        try (DemoServer origin = new DemoServer(DemoRunner.DATASETS, 0)) {
            Path manifest = DemoRunner.DATASETS.writeManifests(folder.resolve("m")).stream()
                    .filter(file -> file.endsWith("demo-kumar.yaml"))
                    .findFirst()
                    .orElseThrow();
            ProgramRunner.Result run = histods.inProcess("pull", manifest.toString(), "--route", "*=" + origin.route());
            assertEquals(0, run.exit(), run.err());
        }
        histods.with("HISTODS_MANIFESTS", folder.resolve("m").toString());
        histods.with("HISTODS_BUILTIN", "off");
        bag = histods.mirror().resolve("datasets/demo-kumar/unversioned");
    }

    private static Map<String, String> tree(Path top) throws IOException {
        Map<String, String> tree = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(top)) {
            for (Path path : walk.toList()) {
                tree.put(path.toString(), Files.isRegularFile(path) ? Long.toString(Files.size(path)) : "");
            }
        }
        return tree;
    }

    @Test
    void removeOfSomethingThatIsNotAPulledDataset_endsWithTwo_andDeletesNothing() throws Exception {
        Files.createSymbolicLink(histods.mirror().resolve("datasets/linked"), thesis);
        Map<String, String> mirror = tree(histods.mirror());
        Map<String, String> outside = tree(thesis);
        for (String name : List.of(
                "",
                ".",
                "..",
                "../../thesis",
                thesis.toString(),
                bag.resolveSibling("").toString(),
                "demo-kumar\n",
                "linked")) {
            ProgramRunner.Result run = histods.inProcess("remove", "--yes", "--all-versions", "--", name);
            assertEquals(2, run.exit(), name + ": " + run.out() + run.err());
            assertEquals("", run.out(), name);
            assertEquals(mirror, tree(histods.mirror()), name);
            assertEquals(outside, tree(thesis), name);
        }
    }

    @Test
    void gcOfAnotherFolder_endsWithTwo_andDeletesNothing() throws Exception {
        Map<String, String> outside = tree(thesis);
        for (String named : List.of(thesis.toString(), "", ".")) {
            ProgramRunner.Result run = histods.inProcess("gc", "--all", "--mirror", named);
            assertEquals(2, run.exit(), named + ": " + run.out() + run.err());
            assertEquals("", run.out(), named);
            assertEquals(outside, tree(thesis), named);
        }
    }

    @Test
    void remove_inAScript_needsYes() throws Exception {
        ProgramRunner.Result run = histods.run("remove", "demo-kumar");
        assertEquals(2, run.exit());
        assertTrue(run.err().contains("`histods remove demo-kumar --yes`"), run.err());
        assertTrue(Files.exists(bag));
        ProgramRunner.Result dry = histods.inProcess("remove", "demo-kumar", "--dry-run");
        assertEquals(0, dry.exit());
        assertTrue(dry.out().startsWith("would remove demo-kumar unversioned: "), dry.out());
        assertTrue(Files.exists(bag));
        assertEquals(0, histods.run("remove", "demo-kumar", "-y").exit());
        assertFalse(Files.exists(bag.resolveSibling("")));
    }

    private String atATerminal(String answer) throws Exception {
        Path script = Path.of("/usr/bin/script");
        assumeTrue(Files.exists(script), "this machine has no program that simulates a terminal");
        ProcessBuilder builder = new ProcessBuilder(
                script.toString(),
                "-qec",
                "'" + Program.project().resolve("histods").toAbsolutePath() + "' remove demo-kumar",
                "/dev/null");
        builder.environment().put("HISTODS_MIRROR", histods.mirror().toString());
        builder.environment().put("HISTODS_MANIFESTS", folder.resolve("m").toString());
        builder.environment().put("HISTODS_BUILTIN", "off");
        builder.environment().put("HISTODS_CONFIG", "");
        builder.environment().put("HOME", folder.resolve("home").toString());
        builder.environment().put("XDG_CACHE_HOME", Program.classes().toString());
        Path result = folder.resolve("said");
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(result.toFile())
                .start();
        try (var in = process.outputWriter()) {
            in.write(answer + "\n");
            in.flush();
            assertTrue(process.waitFor(2, TimeUnit.MINUTES));
        }
        return process.exitValue() + " " + Files.readString(result);
    }

    @Test
    void remove_atATerminal_asks() throws Exception {
        String no = atATerminal("n");
        assertTrue(no.startsWith("9 "), no);
        assertTrue(no.contains("Delete it? [y/N]") && no.contains(bag.toString()), no);
        assertTrue(Files.exists(bag));
        String yes = atATerminal("y");
        assertTrue(yes.startsWith("0 "), yes);
        assertFalse(Files.exists(bag));
    }
}
