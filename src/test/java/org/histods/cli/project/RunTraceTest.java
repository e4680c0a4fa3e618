package org.histods.cli.project;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.histods.project.Project;
import org.histods.project.RunLog;
import org.histods.project.RunRecord;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTraceTest {

    @TempDir
    Path folder;

    private DemoRunner fixture;
    private Path project;

    @BeforeEach
    void start() throws Exception {
        fixture = new DemoRunner(folder);
        project = Files.createDirectories(folder.resolve("project"));
        ran(0, "init");
        ran(0, "add", "demo-colon", "--only", "test");
        ran(0, "lock");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private ProgramRunner.Result ran(int exit, String... command) {
        return fixture.ran(project, exit, command);
    }

    /** Runs a shell script with --trace; skips the test if strace does not work here. */
    private RunRecord.Opened traced(int exit, String script) throws Exception {
        ProgramRunner.Result ran = fixture.run(project, "run", "--trace", "--", "sh", "-c", script);
        assumeTrue(!ran.err().contains("strace"), "no strace here: " + ran.err());
        assertEquals(exit, ran.exit(), ran.all());
        RunRecord use = new RunLog(Project.of(project)).read().uses().get(0);
        assertEquals("sh", use.command().get(0));
        assertEquals(exit, use.exit());
        return requireNonNull(use.opened()).get(0);
    }

    @Test
    void openedFiles_areListed_alsoThroughLinksAndChildProcesses() throws Exception {
        RunRecord.Opened opened = traced(
                5,
                "cd \"$HISTODS_DATA_DEMO_COLON\" && set -- $(find . -name '*.png' | sort)"
                        + " && (cat \"$1\"; cat \"$1\" | cat) > /dev/null && head -c 1 < \"$2\" > /dev/null; exit 5");
        assertEquals("demo-colon", opened.name());
        assertEquals(2, opened.files());
        assertEquals(24, opened.of());
        Path list = project.resolve(".histods/opened/" + opened.list() + ".txt");
        assertEquals(2, Files.readAllLines(list).size());
        assertEquals(opened.list(), org.histods.digest.Hasher.sha256(list).hex());
    }

    @Test
    void commandThatOnlyListsNames_openedNothing() throws Exception {
        RunRecord.Opened opened = traced(0, "ls -lR data/demo-colon/ > /dev/null");
        assertEquals(0, opened.files());
        assertNull(opened.list());
        assertFalse(Files.exists(project.resolve(".histods/opened")));
    }

    @Test
    void trace_leavesNothingBehind() throws Exception {
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        traced(0, "true");
        assertEquals(0, traces(temporary));
    }

    private static long traces(Path folder) throws Exception {
        try (Stream<Path> list = Files.list(folder)) {
            return list.filter(p -> p.getFileName().toString().startsWith(StraceRecorder.folderPrefix()))
                    .count();
        }
    }

    @Test
    void withoutStrace_theCommandIsNotRun() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("touch"), Path.of("/usr/bin/touch"));
        fixture.with("PATH", bin.toString());
        ProgramRunner.Result ran = ran(2, "run", "--trace", "--", "touch", "ran");
        assertTrue(ran.err().contains("--trace requires strace, which is not on the PATH"), ran.all());
        assertFalse(Files.exists(project.resolve("ran")));
    }

    @Test
    void straceWithoutPermission_isReportedBeforeTheCommandRuns() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.createSymbolicLink(bin.resolve("touch"), Path.of("/usr/bin/touch"));
        Files.createSymbolicLink(bin.resolve("strace"), Path.of("/usr/bin/false"));
        fixture.with("PATH", bin.toString());
        ProgramRunner.Result ran = ran(2, "run", "--trace", "--", "touch", "ran");
        assertTrue(ran.err().contains("strace is not permitted here"), ran.all());
        assertFalse(Files.exists(project.resolve("ran")));
    }

    @Test
    void missingCommand_isReported() throws Exception {
        assertTrue(ran(2, "run", "--trace", "no-such-program").err().contains("cannot run 'no-such-program'"));
        assertEquals(List.of(), new RunLog(Project.of(project)).read().uses());
    }

    @Test
    void recordWithoutOpenedFiles_isRead() throws Exception {
        ran(0, "run", "true");
        Path log = project.resolve(".histods/uses.jsonl");
        String text = Files.readString(log);
        assertTrue(text.contains(",\"opened\":null"), text);
        Files.writeString(log, text.replace(",\"opened\":null", ""));
        RunLog.Reading reading = new RunLog(Project.of(project)).read();
        assertEquals(List.of(), reading.damaged());
        assertNull(reading.uses().get(0).opened());
    }

    @Test
    void escapedPaths_areUnescaped() {
        assertEquals("/a/é \"x\\y<", StraceRecorder.unescape("/a/\\303\\251 \\\"x\\\\y\\74"));
        assertEquals("/a\t1\n", StraceRecorder.unescape("/a\\t1\\n"));
    }
}
