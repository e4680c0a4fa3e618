package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What commands do with files that a user put into a dataset's folder. */
final class ExtraFilesCommandTest {

    @TempDir
    Path folder;

    private DemoRunner fixture;
    private Path data;
    private Path notes;

    @BeforeEach
    void pull() throws Exception {
        fixture = new DemoRunner(folder);
        ProgramRunner.Result ran = fixture.run(folder, "pull", "demo-kumar");
        assertEquals(0, ran.exit(), ran.all());
        data = Path.of(ran.out().strip());
        notes = Files.writeString(data.resolve("notes.txt"), "mine");
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private Path someFile() throws Exception {
        try (var walk = Files.walk(data)) {
            return walk.filter(p -> Files.isRegularFile(p) && !p.equals(notes))
                    .sorted()
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void repairWithNothingToRepair_makesNoRequestAndKeepsExtraFiles() throws Exception {
        int asked = fixture.requests();
        ProgramRunner.Result ran = fixture.run(folder, "verify", "demo-kumar", "--repair");
        assertEquals(5, ran.exit(), ran.all());
        assertTrue(ran.out().contains("unexpected  notes.txt"), ran.all());
        assertTrue(ran.err().contains("nothing to repair"), ran.all());
        assertEquals(asked, fixture.requests());
        assertEquals("mine", Files.readString(notes));
    }

    @Test
    void repair_listsTheModifiedFileBeforeReplacingIt_andKeepsExtraFiles() throws Exception {
        Path changed = someFile();
        assertTrue(changed.toFile().setWritable(true));
        Files.writeString(changed, "changed");
        ProgramRunner.Result ran = fixture.run(folder, "verify", "demo-kumar", "--repair");
        assertEquals(5, ran.exit(), ran.all());
        assertTrue(ran.out().contains("modified  " + data.relativize(changed)), ran.all());
        assertTrue(ran.err().contains("kept notes.txt, which is not part of the dataset"), ran.all());
        assertFalse(Files.readString(changed, StandardCharsets.ISO_8859_1).equals("changed"));
        assertEquals("mine", Files.readString(notes));
    }

    @Test
    void repairWithDiscardExtra_listsAndDeletesExtraFiles() throws Exception {
        ProgramRunner.Result ran = fixture.run(folder, "verify", "demo-kumar", "--repair", "--discard-extra");
        assertEquals(0, ran.exit(), ran.all());
        assertTrue(ran.err().contains("notes.txt is not part of the dataset and will be deleted"), ran.all());
        assertFalse(Files.exists(notes));
        assertEquals(0, fixture.run(folder, "verify", "demo-kumar", "--full").exit());
    }

    @Test
    void discardExtraWithoutRepair_isRefused() {
        ProgramRunner.Result ran = fixture.run(folder, "verify", "demo-kumar", "--discard-extra");
        assertEquals(2, ran.exit(), ran.all());
    }

    @Test
    void remove_listsExtraFilesAndRemovesNothing_withoutDiscardExtra() throws Exception {
        ProgramRunner.Result ran = fixture.run(folder, "remove", "demo-kumar");
        assertEquals(9, ran.exit(), ran.all());
        assertTrue(ran.err().contains("notes.txt"), ran.all());
        assertTrue(ran.err().contains("--discard-extra"), ran.all());
        assertEquals("mine", Files.readString(notes));
        assertEquals(
                0,
                fixture.run(folder, "remove", "demo-kumar", "--discard-extra", "--yes")
                        .exit());
        assertFalse(Files.exists(data));
    }

    @Test
    void remove_listsTheModifiedFile_andRemovesNothing_withoutDiscardExtra() throws Exception {
        Files.delete(notes);
        Path changed = someFile();
        assertTrue(changed.toFile().setWritable(true));
        Files.writeString(changed, "annotated");
        ProgramRunner.Result ran = fixture.run(folder, "remove", "demo-kumar", "--yes");
        assertEquals(9, ran.exit(), ran.all());
        String name = data.relativize(changed).toString();
        assertTrue(ran.err().contains("holds 1 modified file:\n  " + name), ran.all());
        assertEquals("annotated", Files.readString(changed));
        ran = fixture.run(folder, "remove", "demo-kumar", "--discard-extra", "--yes");
        assertEquals(0, ran.exit(), ran.all());
        assertTrue(ran.err().contains(name + " is modified and will be deleted"), ran.all());
    }
}
