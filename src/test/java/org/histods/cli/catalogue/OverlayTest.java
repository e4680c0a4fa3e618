package org.histods.cli.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Folders of manifests that add to the catalogue. */
final class OverlayTest {

    @TempDir
    private Path folder;

    private ProgramRunner histods;

    @BeforeEach
    void setUp() throws IOException {
        histods = new ProgramRunner(
                folder,
                Map.of(
                        "HOME", folder.toString(),
                        "HISTODS_MIRROR", folder.resolve("mirror").toString(),
                        "HISTODS_CONFIG", folder.resolve("config.yaml").toString()));
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

    private String title(String... command) {
        Result ran = histods.run(command);
        assertEquals(0, ran.exit(), ran::toString);
        return ran.out().lines().findFirst().orElse("");
    }

    @Test
    void folderOfTheSettings_addsToTheCatalogue() throws IOException {
        assertEquals("From the settings", title("show", "lab-slides"));
        assertEquals("From the settings", title("show", "Lab Slides of ours"));
        assertTrue(title("show", "kather-2018").startsWith("100,000"));
        Result list = histods.run("list", "--json");
        assertTrue(list.out().contains("\"id\":\"lab-slides\""), list::toString);
        assertTrue(list.out().contains("\"id\":\"kather-2018\""), list::toString);
        assertEquals(0, histods.run("manifest", "lint", "lab-slides").exit());
    }

    @Test
    void laterFolder_comesBeforeAnEarlierOne() throws IOException {
        manifest("one", "lab-slides", "First of the environment");
        manifest("two", "lab-slides", "Second of the environment");
        histods.with("HISTODS_MANIFESTS", folder.resolve("one") + File.pathSeparator + folder.resolve("two"));
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
        Result below = histods.run(project.resolve("src"), "show", "mine");
        assertTrue(below.out().startsWith("Of the project"), below::toString);
        Result list = histods.run(project, "list", "--json");
        assertEquals(0, list.exit(), list::toString);
        assertTrue(!list.out().contains("deployment"), list::toString);
        assertEquals(2, histods.run("show", "mine").exit());
    }

    @Test
    void groupOfALab_isListedBesideTheOthers() throws IOException {
        Files.createDirectories(folder.resolve("lab/groups"));
        Files.writeString(
                folder.resolve("lab/groups/ours.yaml"), "id: ours\ntitle: Ours\ndatasets: [lab-slides, mhist]\n");
        Result list = histods.run("list", "--group", "ours", "--csv");
        assertEquals(3, list.out().lines().count(), list::toString);
        assertEquals(0, histods.run("list", "--group", "eva").exit());
    }

    @Test
    void builtInCatalogue_canBeLeftOut() {
        histods.with("HISTODS_BUILTIN", "off");
        Result list = histods.run("list", "--csv");
        assertEquals(2, list.out().lines().count(), list::toString);
    }

    @Test
    void folderThatIsNotThere_isNamed() {
        Result ran = histods.run("list", "--manifests", "nowhere");
        assertEquals(2, ran.exit(), ran::toString);
        assertTrue(ran.err().contains("nowhere, named by --manifests"), ran::toString);
    }

    /** Without this, the dataset of the same id in the catalogue would be used in place of the lab's. */
    @ParameterizedTest
    @ValueSource(strings = {"list", "show kather-2018", "pull kather-2018 --dry-run", "cite kather-2018"})
    void folderOfTheEnvironmentOrSettingsThatIsNotThere_isNamed_byEveryCommandOfTheCatalogue(String command)
            throws IOException {
        histods.with("HISTODS_MANIFESTS", folder.resolve("unmounted").toString());
        Result ran = histods.run(command.split(" "));
        assertEquals(2, ran.exit(), ran::toString);
        assertTrue(ran.err().contains("unmounted, named by HISTODS_MANIFESTS"), ran::toString);
        histods.with("HISTODS_MANIFESTS", "");
        Files.writeString(folder.resolve("config.yaml"), "manifests: [lab/lab-slides.yaml]\n");
        ran = histods.run(command.split(" "));
        assertEquals(2, ran.exit(), ran::toString);
        assertTrue(
                ran.err().contains("lab-slides.yaml is not a folder, named by 'manifests' of the settings"),
                ran::toString);
    }
}
