package org.histods.cli.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.histods.project.Project;
import org.histods.project.RunLog;
import org.histods.project.RunRecord;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunCommandTest {

    @TempDir
    Path folder;

    private DemoRunner fixture;
    private Path project;

    @BeforeEach
    void start() throws Exception {
        fixture = new DemoRunner(folder);
        project = Files.createDirectories(folder.resolve("project"));
        ran(0, "init");
        ran(0, "add", "demo-colon");
        ran(0, "lock");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private ProgramRunner.Result ran(int exit, String... command) {
        return fixture.ran(project, exit, command);
    }

    private List<RunRecord> uses() throws Exception {
        RunLog.Reading reading = new RunLog(Project.of(project)).read();
        assertEquals(List.of(), reading.damaged());
        return reading.uses();
    }

    private void git(String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(
                List.of("git", "-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-C", project.toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertEquals(0, process.waitFor(), command.toString());
    }

    @Test
    void command_findsTheData_andItsExitCodeIsReturned() throws Exception {
        ProgramRunner.Result ran = ran(
                7,
                "run",
                "--",
                "sh",
                "-c",
                "ls \"$HISTODS_DATA_DEMO_COLON\" > seen; echo $HISTODS_LOCK_DIGEST >> seen; exit 7");
        assertEquals("", ran.out());
        String seen = Files.readString(project.resolve("seen"));
        String digest = Project.of(project).lock().orElseThrow().digest().toString();
        assertTrue(seen.endsWith("\n" + digest + "\n") && seen.lines().count() > 1, seen);
        RunRecord use = uses().get(0);
        assertEquals(7, use.exit());
        assertEquals(digest, use.lock());
        assertEquals("sh", use.command().get(0));
        assertEquals("", use.folder());
        assertEquals("demo-colon", use.datasets().get(0).name());
        assertFalse(use.finished().isBefore(use.started()));
    }

    @Test
    void optionsOfTheCommand_areNotParsed() throws Exception {
        ran(0, "run", "sh", "-c", "test \"$1\" = --json", "sh", "--json");
        assertEquals(
                List.of("sh", "-c", "test \"$1\" = --json", "sh", "--json"),
                uses().get(0).command());
    }

    @Test
    void runInASubfolder_isRecordedWithTheFolder() throws Exception {
        Path inside = Files.createDirectories(project.resolve("src/train"));
        assertEquals(0, fixture.run(inside, "run", "true").exit());
        assertEquals("src/train", uses().get(0).folder());
    }

    @Test
    void stateOfTheCode_isRecorded_withoutOwnFiles() throws Exception {
        ran(0, "run", "true");
        git("init");
        ran(0, "run", "true");
        git("add", "histods.yaml", "histods.lock");
        git("commit", "-m", "start");
        ran(0, "run", "true");
        Files.writeString(project.resolve("train.py"), "print()");
        ran(0, "run", "true");
        List<RunRecord> uses = uses();
        assertEquals(null, uses.get(0).git());
        assertEquals(new RunRecord.Git(null, true), uses.get(1).git());
        RunRecord.Git clean = uses.get(2).git();
        assertNotNull(clean);
        assertFalse(clean.dirty());
        assertEquals(new RunRecord.Git(clean.commit(), true), uses.get(3).git());
    }

    @Test
    void dataThatDoNotMatchTheLock_preventTheRun() throws Exception {
        String lock = Files.readString(project.resolve("histods.lock"));
        Files.writeString(
                project.resolve("histods.lock"),
                lock.replaceFirst("fingerprint: \"sha256:.{4}", "fingerprint: \"sha256:0000"));
        ran(6, "run", "touch", "ran");
        assertFalse(Files.exists(project.resolve("ran")));
        assertEquals(List.of(), uses());
    }

    @Test
    void missingCommand_isReported() throws Exception {
        assertTrue(ran(2, "run", "no-such-program").err().contains("cannot run 'no-such-program'"));
        assertEquals(List.of(), uses());
    }

    @Test
    void recordOfAnInvalidDataset_isDamaged() throws Exception {
        ran(0, "run", "true");
        Path log = project.resolve(".histods/uses.jsonl");
        String text = Files.readString(log);
        Files.writeString(
                log,
                text
                        + text.replace("\"id\":\"demo-colon\"", "\"id\":\"../x\"")
                        + text.replaceFirst("\"version\":\"[^\"]*\"", "\"version\":\"..\""));
        RunLog.Reading reading = new RunLog(Project.of(project)).read();
        assertEquals(1, reading.uses().size());
        assertEquals(List.of(2, 3), reading.damaged());
    }

    @Test
    void recordAfterATruncatedOne_isStillRead() throws Exception {
        ran(0, "run", "true");
        Path log = project.resolve(".histods/uses.jsonl");
        Files.writeString(log, Files.readString(log) + "{\"command\":[\"ha");
        ran(0, "run", "true");
        RunLog.Reading reading = new RunLog(Project.of(project)).read();
        assertEquals(2, reading.uses().size());
        assertEquals(List.of(2), reading.damaged());
    }

    @Test
    void citeInAProject_namesTheLockedFiles() throws Exception {
        ProgramRunner.Result ran = ran(0, "cite", "--format", "bibtex");
        String fingerprint = Project.of(project)
                .lock()
                .orElseThrow()
                .datasets()
                .get(0)
                .fingerprint()
                .hex();
        assertTrue(ran.out().startsWith("@misc{demo-colon,"), ran.all());
        assertTrue(ran.out().contains("sha256:" + fingerprint), ran.all());
        assertTrue(fixture.run(folder, "cite", "demo-marrow").out().contains("Data set"));
        assertFalse(fixture.run(folder, "cite", "demo-marrow").out().contains("Fingerprint"));
    }
}
