package org.histods.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.histods.dataset.DatasetId;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.histods.source.all.Sources;
import org.histods.testing.ArchiveFixtures;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CatalogueTest {

    private static final String REST = """
            title: Toy
            version: 0042
            license: {}
            access: { status: unknown }
            sources: []
            """;

    @TempDir
    Path folder;

    private Catalogue catalogue() {
        return new Catalogue(folder, new ManifestReader());
    }

    @BeforeEach
    void write() throws IOException {
        Files.writeString(
                folder.resolve("kather-2018.yaml"),
                "id: kather-2018\naliases: [NCT-CRC-HE-100K, \"Kather\\u0031\\u0039\", \"two\n  lines\"]\n" + REST);
        Files.writeString(folder.resolve("camelyon16.yaml"), "id: camelyon16\naliases: [cam_16]\n" + REST);
        Files.writeString(folder.resolve("camelyon17.yaml"), "id: camelyon17\n" + REST);
        Files.writeString(folder.resolve(".camelyon17.yaml.swp.yaml"), "an editor's");
        Files.writeString(folder.resolve("schema.json"), "{}");
    }

    @Test
    void ids_areTheFilesNames() throws Problem {
        assertEquals(
                List.of("camelyon16", "camelyon17", "kather-2018"),
                catalogue().ids().stream().map(DatasetId::text).toList());
        assertEquals(
                catalogue().ids(),
                catalogue().all().stream().map(file -> file.manifest().id()).toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kather-2018",
                "KATHER_2018",
                "Kather 2018",
                "NCT-CRC-HE-100K",
                "nct_crc_he_100k",
                "nct crc-he 100k",
                "Kather19",
                "two lines"
            })
    void idOrAliasInAnyForm_isFound(String name) throws Problem {
        ManifestFile file = catalogue().get(name);
        assertEquals("kather-2018", file.manifest().id().text());
        assertEquals("manifests/kather-2018.yaml", file.origin());
        assertEquals("0042", file.manifest().version().text());
    }

    @Test
    void unknownName_isRefusedWithNearIdsAndAliases() {
        Problem problem = assertThrows(Problem.class, () -> catalogue().get("camelion16"));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertEquals("there is no dataset 'camelion16'", problem.message());
        assertEquals("did you mean camelyon16, camelyon17?", problem.hint());
        Problem alias = assertThrows(Problem.class, () -> catalogue().get("NCT-CRC-100K"));
        assertEquals("did you mean kather-2018 (NCT-CRC-HE-100K)?", alias.hint());
    }

    @Test
    void nameNearToNothing_isRefusedWithTheCommandsThatSearch() {
        Problem problem = assertThrows(Problem.class, () -> catalogue().get("zzzzzz"));
        assertTrue(Objects.requireNonNull(problem.hint()).contains("histods search"), problem.hint());
    }

    @ParameterizedTest
    @ValueSource(strings = {"../camelyon16", "/etc/passwd", "", ".", "schema.json"})
    void nameThatIsAPath_opensNoFile(String name) {
        Problem problem = assertThrows(Problem.class, () -> catalogue().get(name));
        assertEquals("there is no dataset '" + name + "'", problem.message());
    }

    @Test
    void fileWhoseNameIsNotAnId_isNamed_andAffectsNoOther() throws Exception {
        Files.writeString(folder.resolve("My_Data.yaml"), "id: my-data\n" + REST);
        Problem problem = assertThrows(Problem.class, () -> catalogue().ids());
        assertTrue(problem.message().contains("'My_Data' is not a dataset id"), problem.message());
        assertEquals("camelyon16", catalogue().get("CAM-16").manifest().id().text());
        assertTrue(
                catalogue().lint(Sources.manifestRules()).stream()
                        .anyMatch(fault -> fault.toString().startsWith("manifests/My_Data.yaml:1")),
                () -> "no fault names the file");
    }

    @Test
    void brokenManifest_affectsNoOther() throws Exception {
        Files.writeString(folder.resolve("broken.yaml"), "id: broken\ntitel: x\naliases: [oops]\n");
        assertEquals("camelyon16", catalogue().get("CAM-16").manifest().id().text());
        assertEquals(
                "did you mean camelyon16, camelyon17?",
                assertThrows(Problem.class, () -> catalogue().get("camelion16")).hint());
        assertTrue(assertThrows(Problem.class, () -> catalogue().get("broken"))
                .message()
                .contains("manifests/broken.yaml:2: titel"));
        assertThrows(Problem.class, () -> catalogue().all());
    }

    @Test
    void find_takesNoAliases() throws Problem {
        assertEquals("camelyon16", catalogue().get("cam-16").manifest().id().text());
        assertEquals(Optional.empty(), catalogue().find(new DatasetId("cam-16")));
        assertTrue(catalogue().find(new DatasetId("camelyon16")).isPresent());
    }

    @Test
    void fileOfTheUser_mustMatchTheSchema() throws Exception {
        Path file = folder.resolve("mine.txt");
        Files.writeString(file, "id: mine\n" + REST.replace("0042", "4.20"));
        String message =
                assertThrows(Problem.class, () -> catalogue().file(file)).message();
        assertTrue(message.contains(":3: version: '4.20' should be text: put it in quotes"), message);
        Files.writeString(file, "id: mine\n" + REST.replace("0042", "\"0042\""));
        assertEquals("mine", catalogue().file(file).manifest().id().text());
    }

    @Test
    void fileThatIsMissingOrNotText_isReportedAsThat() throws Exception {
        Path none = folder.resolve("none.yaml");
        assertEquals(
                "cannot read " + none + ": there is no such file or folder",
                assertThrows(Problem.class, () -> catalogue().file(none)).message());
        Files.write(none, new byte[] {(byte) 0xff, (byte) 0xfe, 'i'});
        assertEquals(
                "cannot read " + none + ": it is not UTF-8 text",
                assertThrows(Problem.class, () -> catalogue().file(none)).message());
    }

    @Test
    void programsOwnCatalogue_isThatOfTheSources() throws Exception {
        Path code = Path.of(Catalogue.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        Catalogue own = Catalogue.ofProgram(code, new ManifestReader());
        Catalogue sources =
                new Catalogue(Path.of(System.getProperty("project.basedir", "."), "manifests"), new ManifestReader());
        assertEquals(sources.ids(), own.ids());
        assertEquals(sources.all(), own.all());
        assertEquals(sources.manifests(), own.manifests());
        assertEquals(sources.get("NCT-CRC-HE-100K"), own.get("NCT-CRC-HE-100K"));
    }

    @Test
    void groupsInAJar_areReadFromIt() throws Exception {
        Path jar = folder.resolve("histods.jar");
        Files.write(
                jar,
                ArchiveFixtures.streamedZip(ArchiveFixtures.members(
                        "manifests/groups/",
                        "",
                        "manifests/groups/pair.yaml",
                        "id: pair\ntitle: A pair\ndatasets: [a, b]\n")));
        Catalogue catalogue = Catalogue.ofProgram(jar, new ManifestReader());
        assertEquals(
                List.of(new DatasetId("a"), new DatasetId("b")),
                catalogue.group("pair").datasets());
    }

    @Test
    void missingFolder_isAProblemOfTheDisk() {
        Catalogue none = new Catalogue(folder.resolve("none"), new ManifestReader());
        assertEquals(Problem.Kind.DISK, assertThrows(Problem.class, none::ids).kind());
    }
}
