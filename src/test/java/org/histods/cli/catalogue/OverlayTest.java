package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.histods.cli.Main;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders of manifests that add to the catalogue. */
final class OverlayTest {

    @TempDir
    private Path folder;

    private final Map<String, String> environment = new LinkedHashMap<>();

    @BeforeEach
    void world() throws IOException {
        environment.put("HOME", folder.toString());
        environment.put("HISTODS_MIRROR", folder.resolve("mirror").toString());
        environment.put("HISTODS_CONFIG", folder.resolve("config.yaml").toString());
        Files.writeString(folder.resolve("config.yaml"), "manifests: [lab]\n");
        manifest("lab", "lab-slides", "From the settings");
    }

    private void manifest(String where, String id, String title) throws IOException {
        Path place = Files.createDirectories(folder.resolve(where)).resolve(id + ".yaml");
        Files.writeString(
                place,
                "id: " + id + "\ntitle: " + title + "\naliases: [" + id + " of ours]\nversion: v1\n"
                        + "license: { doubt: not known }\naccess: { status: unknown }\nsources: []\n");
    }

    private record Ran(int exit, String out, String err) {}

    private Ran run(Path here, String... command) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (PrintStream toOut = new PrintStream(out, true, StandardCharsets.UTF_8);
                PrintStream toErr = new PrintStream(err, true, StandardCharsets.UTF_8)) {
            int exit = new Main(environment, here, toOut, toErr).run(command);
            return new Ran(exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        }
    }

    private String title(String... command) {
        Ran ran = run(folder, command);
        assertEquals(0, ran.exit(), ran::toString);
        return ran.out().lines().findFirst().orElse("");
    }

    @Test
    void folderOfTheSettings_addsToTheCatalogue() throws IOException {
        assertEquals("From the settings", title("show", "lab-slides"));
        assertEquals("From the settings", title("show", "Lab Slides of ours"));
        assertTrue(title("show", "kather-2018").startsWith("100,000"));
        Ran list = run(folder, "list", "--json");
        assertTrue(list.out().contains("\"id\":\"lab-slides\""), list::toString);
        assertTrue(list.out().contains("\"id\":\"kather-2018\""), list::toString);
        assertEquals(0, run(folder, "manifest", "lint", "lab-slides").exit());
    }

    @Test
    void laterFolder_comesBeforeAnEarlierOne() throws IOException {
        manifest("one", "lab-slides", "First of the environment");
        manifest("two", "lab-slides", "Second of the environment");
        environment.put("HISTODS_MANIFESTS", folder.resolve("one") + File.pathSeparator + folder.resolve("two"));
        assertEquals("Second of the environment", title("show", "lab-slides"));
        manifest("three", "kather-2018", "Mine in place of the catalogue's");
        manifest("four", "other", "Another");
        assertEquals(
                "Mine in place of the catalogue's",
                title("show", "kather-2018", "--manifests", "three", "--manifests", "four"));
        assertEquals("Another", title("show", "other", "--manifests", "three", "--manifests", "four"));
    }

    @Test
    void manifestsOfAProject_countInItAndBelow_andOtherFilesThereDoNot() throws IOException {
        Path project = folder.resolve("project");
        Files.createDirectories(project.resolve("src"));
        Files.writeString(project.resolve("histods.yaml"), "datasets: []\n");
        manifest("project/manifests", "mine", "Of the project");
        Files.writeString(project.resolve("manifests/deployment.yaml"), "kind: Deployment\n");
        Ran below = run(project.resolve("src"), "show", "mine");
        assertTrue(below.out().startsWith("Of the project"), below::toString);
        Ran list = run(project, "list", "--json");
        assertEquals(0, list.exit(), list::toString);
        assertTrue(!list.out().contains("deployment"), list::toString);
        assertEquals(2, run(folder, "show", "mine").exit());
    }

    @Test
    void groupOfALab_isListedBesideTheOthers() throws IOException {
        Files.createDirectories(folder.resolve("lab/groups"));
        Files.writeString(
                folder.resolve("lab/groups/ours.yaml"), "id: ours\ntitle: Ours\ndatasets: [lab-slides, mhist]\n");
        Ran list = run(folder, "list", "--group", "ours", "--csv");
        assertEquals(3, list.out().lines().count(), list::toString);
        assertEquals(0, run(folder, "list", "--group", "eva").exit());
    }

    @Test
    void builtInCatalogue_canBeLeftOut() {
        environment.put("HISTODS_BUILTIN", "off");
        Ran list = run(folder, "list", "--csv");
        assertEquals(2, list.out().lines().count(), list::toString);
    }

    @Test
    void folderThatIsNotThere_isNamed() {
        Ran ran = run(folder, "list", "--manifests", "nowhere");
        assertEquals(7, ran.exit(), ran::toString);
        assertTrue(ran.err().contains("nowhere"), ran::toString);
    }
}
