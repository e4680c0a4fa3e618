package org.histods.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProjectTest {

    @TempDir
    Path folder;

    private static final Declared MBM = declared("mbm", null, List.of(), List.of("train"));

    private static Declared declared(
            String id, @org.jspecify.annotations.Nullable String version, List<String> only, List<String> roles) {
        return new Declared(
                id,
                new DatasetId(id),
                version == null ? null : new DatasetVersion(version),
                null,
                only,
                roles,
                "data/" + id);
    }

    private Project project(String text) throws Exception {
        Files.writeString(folder.resolve("histods.yaml"), text);
        return Project.of(folder);
    }

    private String text() throws Exception {
        return Files.readString(folder.resolve("histods.yaml"));
    }

    @Test
    void init_makesAProjectOnce() throws Exception {
        Project project = Project.init(folder, "research at \"home\"");
        assertEquals(new Declaration("research at \"home\"", List.of(), List.of()), project.declaration());
        assertEquals(Optional.empty(), project.lock());
        Problem problem = assertThrows(Problem.class, () -> Project.init(folder, null));
        assertEquals(Problem.Kind.USAGE, problem.kind());
    }

    @Test
    void of_findsTheProjectFromAFolderInside() throws Exception {
        Project.init(folder, null);
        Path inside = Files.createDirectories(folder.resolve("src/deep"));
        assertEquals(folder, Project.of(inside).folder());
    }

    @Test
    void of_withoutAProject_saysHowToMakeOne() {
        Problem problem = assertThrows(Problem.class, () -> Project.of(folder));
        assertEquals("`histods init` makes this folder a project", problem.hint());
    }

    @Test
    void add_keepsCommentsAndWhatComesAfter() throws Exception {
        Project project = project("""
                # ours
                datasets:
                  - id: crag  # glands
                    role: test

                # why not
                accepted:
                  - {rule: a, reason: b}
                """);
        project.add(new Declared(
                "mbm-raw",
                new DatasetId("mbm"),
                new DatasetVersion("1.0"),
                "raw",
                List.of("train", "*.tif"),
                List.of("train", "no"),
                "in/mbm"));
        assertEquals("""
                # ours
                datasets:
                  - id: crag  # glands
                    role: test
                  - id: mbm
                    name: mbm-raw
                    version: "1.0"
                    variant: raw
                    only: [train, "*.tif"]
                    role: [train, "no"]
                    path: in/mbm

                # why not
                accepted:
                  - {rule: a, reason: b}
                """, text());
    }

    @Test
    void add_goesIntoAnEmptyListInAnyForm() throws Exception {
        for (String empty : List.of("", "datasets:\n", "datasets: []\n", "purpose: x", "datasets: # none\n")) {
            Project project = project(empty);
            project.add(MBM);
            assertEquals(List.of(MBM), project.declaration().datasets(), empty);
        }
    }

    @Test
    void add_goesIntoAListWithoutIndent() throws Exception {
        Project project = project("datasets:\n- id: crag\n");
        project.add(MBM);
        assertEquals("datasets:\n- id: crag\n- id: mbm\n  role: [train]\n", text());
    }

    @Test
    void add_toAFormThatIsNotEdited_saysWhatToWriteAndChangesNothing() throws Exception {
        String flow = "datasets: [{id: crag}]\n";
        Project project = project(flow);
        Problem problem = assertThrows(Problem.class, () -> project.add(MBM));
        assertTrue(String.valueOf(problem.hint()).contains("  - id: mbm\n    role: [train]"), problem.hint());
        assertEquals(flow, text());
    }

    @Test
    void add_ofANameThatIsTaken_isRefused() throws Exception {
        Project project = project("datasets:\n  - id: mbm\n");
        assertEquals(
                Problem.Kind.USAGE,
                assertThrows(Problem.class, () -> project.add(MBM)).kind());
    }

    @Test
    void drop_takesOutTheEntryAndNothingElse() throws Exception {
        Project project = project("""
                datasets:
                  # glands
                  - id: crag
                    role: test
                  # marrow
                  - id: mbm
                    role: train

                purpose: research
                """);
        assertEquals("crag", project.drop("crag").id().text());
        assertEquals("""
                datasets:
                  # glands
                  # marrow
                  - id: mbm
                    role: train

                purpose: research
                """, text());
        project.drop("mbm");
        assertEquals("datasets:\n  # glands\n  # marrow\n\npurpose: research\n", text());
        assertThrows(Problem.class, () -> project.drop("mbm"));
    }

    @Test
    void drop_takesItOutOfTheLockToo() throws Exception {
        Project project = project("datasets:\n  - id: mbm\n  - id: crag\n");
        project.write(new Lock(List.of(locked("mbm"), locked("crag"))));
        project.drop("mbm");
        assertEquals(Optional.of(new Lock(List.of(locked("crag")))), project.lock());
    }

    @Test
    void write_ofTheSameLock_leavesTheFileAlone() throws Exception {
        Project project = Project.init(folder, null);
        assertTrue(project.write(new Lock(List.of(locked("mbm")))));
        assertFalse(project.write(new Lock(List.of(locked("mbm")))));
    }

    static Lock.Locked locked(String id) {
        return new Lock.Locked(
                id,
                new DatasetId(id),
                new DatasetVersion("1"),
                null,
                List.of(),
                new Lock.Stated(Checksum.parse("sha256:" + "a".repeat(64)), "CC0-1.0", List.of()),
                new Lock.Content(new Fingerprint("b".repeat(64)), 1, 2),
                Lock.Artifacts.of(List.of()));
    }
}
