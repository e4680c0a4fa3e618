package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;
import org.histods.testing.SimulatedHosts;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Choosing files by {@code --only-from} and {@code --where}, with slides that a simulated GDC lists. */
final class SelectionCommandTest {

    private static final String API = "https://api.gdc.cancer.gov/";

    @TempDir
    Path folder;

    private SimulatedHosts hosts;
    private ProgramRunner histods;

    /** Two projects with two patients each, of whom each has two slides. */
    @BeforeEach
    void hosts() throws Exception {
        hosts = new SimulatedHosts();
        histods = hosts.runner(folder);
        serve(8);
        Files.writeString(folder.resolve("manifests/slides.yaml"), """
                id: slides
                title: Slides
                version: v1
                stains: [H&E]
                unit: slide
                license: { spdx: CC0-1.0 }
                access: { status: open }
                sources:
                  - { kind: gdc, record: TCGA, official: true }
                """);
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    /** Serves that many slides, of which the even ones are of patients with an even number. */
    private void serve(int count) {
        StringBuilder hits = new StringBuilder();
        for (int i = 0; i < count; i++) {
            byte[] bytes = bytes(i);
            hits.append(i == 0 ? "" : ",").append("""
                    {"file_id": "%s", "file_name": "%s", "file_size": %d, "md5sum": "%s", "access": "open",
                     "cases": [{"submitter_id": "%s", "primary_site": "Bronchus and lung",
                     "project": {"project_id": "%s"}}]}
                    """.formatted(
                            uuid(i), name(i), bytes.length, ArchiveFixtures.hex("MD5", bytes), patient(i), project(i)));
            hosts.put(API + "data/" + uuid(i), bytes);
        }
        hosts.text(
                API + "files",
                "{\"data\": {\"hits\": [" + hits + "], \"pagination\": {\"total\": " + count + "}}, \"warnings\": {}}");
    }

    private static String project(int i) {
        return i < 4 ? "TCGA-AA" : "TCGA-BB";
    }

    private static String patient(int i) {
        return project(i) + "-000" + i / 2;
    }

    private static String slide(int i) {
        return patient(i) + "-01Z-00-DX" + (i % 2 + 1);
    }

    private static String uuid(int i) {
        return "0000000" + i + "-0000-4000-8000-000000000001";
    }

    private static String name(int i) {
        return slide(i) + "." + uuid(i).toUpperCase(Locale.ROOT) + ".svs";
    }

    private static String path(int i) {
        return project(i) + "/" + name(i);
    }

    private static byte[] bytes(int i) {
        return ("slide " + i).getBytes(StandardCharsets.UTF_8);
    }

    private static String manifestLine(int i) {
        return uuid(i) + "\t" + name(i) + "\t" + ArchiveFixtures.hex("MD5", bytes(i)) + "\t7\treleased\n";
    }

    private Result run(int exit, String... command) {
        return histods.ran(exit, command);
    }

    /** The numbers of the slides that a dry run lists. */
    private String planned(String... options) {
        Result plan = run(
                0,
                Stream.concat(Stream.of("pull", "slides", "--dry-run"), Stream.of(options))
                        .toArray(String[]::new));
        StringBuilder listed = new StringBuilder();
        for (int i = 0; i < 8; i++) {
            listed.append(plan.out().contains(path(i)) ? String.valueOf(i) : "");
        }
        return listed.toString();
    }

    private String list(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
        return folder.resolve(name).toString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    project=TCGA-AA                              | 0123
                    project=tcga-a* & n<=3                       | 012
                    project=TCGA-AA,TCGA-BB & n(patient)<=3      | 012345
                    stain=H&E & n=2                              | 01
                    patient!=TCGA-AA-0000 & project=TCGA-AA      | 23
                    slide=*-DX2 & n<3                            | 13
                    site="Bronchus and lung" & n<=1              | 0
                    size<1kB & size>=7 & n<=1                    | 0
                    folder=TCGA-BB                               | 4567
                    """)
    void where_selectsByWhatTheHostStates(String condition, String slides) {
        assertEquals(slides, planned("--where", condition));
    }

    @Test
    void conditionsOfSeveralOptions_mustAllHold() {
        assertEquals("45", planned("--where", "project=TCGA-BB", "--where", "n(patient)<=1"));
        assertEquals("46", planned("--only", "**/*DX1*", "--where", "project=TCGA-BB"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    projct=x            | similar: project
                    project=TCGA-CC     | project is TCGA-AA, TCGA-BB
                    project             | it is not a condition
                    n<=0                | it selects nothing
                    project!=TCGA-AA&n<=3             | joined with ' & '
                    project=TCGA-AA and patient!=x    | joined with ' & '
                    project=TCGA-AA,n(patient)<=1     | joined with ' & '
                    size<small          | not a number
                    name=[a             | without its ]
                    n(colour)<=2        | no column 'colour'
                    """)
    void wrongCondition_isRefusedWithWhatWouldBeRight(String condition, String result) {
        Result refused = run(2, "pull", "slides", "--where", condition);
        assertTrue(refused.err().contains(result), refused.all());
        assertFalse(Files.exists(folder.resolve("mirror/datasets/slides")), refused.all());
    }

    @Test
    void listOfPathsGlobsSlidesPatientsAndIds_isRead() throws Exception {
        String file = list(
                "mine.txt",
                "\ufeff# my slides\r\n" + path(0) + "\r\n\"" + slide(1) + "\"\r\n\r\n" + patient(2) + "\r\n" + uuid(5)
                        + "\r\nTCGA-BB/*0003*\r\n");
        assertEquals("0123567", planned("--only-from", file));
    }

    @Test
    void columnOfATable_isRead() throws Exception {
        String file = list("cohort.csv", "label;Case\n1;\"" + patient(4) + "\"\n0;" + patient(0) + "\n");
        assertEquals("0145", planned("--only-from", file + ":case"));
        Result refused = run(2, "pull", "slides", "--only-from", file);
        assertTrue(refused.err().contains("its columns are label, Case"), refused.all());
        Result missing = run(2, "pull", "slides", "--only-from", file + ":patient");
        assertTrue(missing.err().contains("no column 'patient'"), missing.all());
    }

    @Test
    void manifestOfTheGdc_isReadById() throws Exception {
        String head = "id\tfilename\tmd5\tsize\tstate\n";
        assertEquals("26", planned("--only-from", list("gdc.txt", head + manifestLine(2) + manifestLine(6))));
        // Replaced at the GDC: the name is there, with another id and other bytes.
        String replaced = manifestLine(3)
                .replaceFirst("^\\S+", "0000000f-0000-4000-8000-000000000001")
                .replaceFirst("\t[0-9a-f]{32}\t", "\t" + "0".repeat(32) + "\t");
        Result refused = run(2, "pull", "slides", "--only-from", list("old.txt", head + manifestLine(2) + replaced));
        assertTrue(refused.err().contains("1 line of 2 names no file of slides"), refused.all());
        assertTrue(refused.err().contains("old.txt:3: 0000000f"), refused.all());
    }

    @Test
    void linesThatNameNothing_areAllNamedBeforeAByteIsFetched() throws Exception {
        Result refused =
                run(2, "pull", "slides", "--only-from", list("mine.txt", slide(0) + "\nTCGA-ZZ-9999\nno/*.svs\n"));
        assertTrue(refused.err().contains("mine.txt:2: TCGA-ZZ-9999"), refused.all());
        assertTrue(refused.err().contains("mine.txt:3: no/*.svs"), refused.all());
        assertFalse(Files.exists(folder.resolve("mirror/datasets/slides")), refused.all());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing\n\n"})
    void listOfNothing_isRefused(String text) throws Exception {
        assertTrue(run(2, "pull", "slides", "--only-from", list("empty.txt", text))
                .err()
                .contains("lists nothing"));
    }

    @Test
    void chosenFiles_areRecordedAsPaths_soThatALaterListingChangesNothing() throws Exception {
        Path project = Files.createDirectories(folder.resolve("project"));
        histods.run(project, "init");
        assertEquals(
                0,
                histods.run(project, "add", "slides", "--where", "project=TCGA-BB & n<=2")
                        .exit());
        assertEquals(0, histods.run(project, "sync").exit());
        String lock = Files.readString(project.resolve("histods.lock"));
        assertTrue(lock.contains(path(4)) && lock.contains(path(5)) && !lock.contains(path(6)), lock);
        String receipt = Files.readString(folder.resolve("mirror/datasets/slides/v1/receipts/0001-pull.json"));
        assertTrue(receipt.contains(path(4)), receipt);
        serve(4 + 2);
        histods.mirror("other");
        Result again = histods.run(project, "sync", "--locked");
        assertEquals(0, again.exit(), again.all());
        assertEquals(
                List.of(name(4), name(5)),
                Stream.of(project.resolve("data/slides/TCGA-BB").toFile().list())
                        .sorted()
                        .toList());
    }

    @Test
    void theSameChoiceAgain_needsNoHost_andAnotherDoes() throws Exception {
        String list = list("mine.txt", slide(0) + "\n" + patient(2) + "\n");
        run(0, "pull", "slides", "--only-from", list);
        run(0, "pull", "slides", "--where", "project=TCGA-BB & n<=2");
        for (String[] choice :
                List.of(new String[] {"--only-from", list}, new String[] {"--where", "project=TCGA-BB & n<=2"})) {
            Result again = run(0, "pull", "slides", choice[0], choice[1], "--offline");
            assertTrue(again.err().contains("same selection as before"), again.all());
            assertTrue(again.err().contains("nothing to download"), again.all());
        }
        run(4, "pull", "slides", "--where", "project=TCGA-BB & n<=3", "--offline");
        String receipt = Files.readString(folder.resolve("mirror/datasets/slides/v1/receipts/0002-add.json"));
        assertTrue(receipt.contains("where project=TCGA-BB & n<=2"), receipt);
        run(0, "verify", "slides");
    }

    @Test
    void listForFilesThatThePersonGives_isRefusedUntilTheyArePulled() throws Exception {
        Files.writeString(folder.resolve("manifests/given.yaml"), """
                id: given
                title: Given
                version: v1
                license: { spdx: CC0-1.0 }
                access: { status: open }
                sources:
                  - { kind: manual, record: "https://form.example/", official: true, files: [{ path: given.zip }] }
                """);
        String zip = folder.resolve("given.zip").toString();
        Files.write(
                folder.resolve("given.zip"), ArchiveFixtures.zip(ArchiveFixtures.members("a.png", "a", "b.png", "b")));
        String list = list("list.txt", "a.png\n");
        String error =
                run(2, "pull", "given", "--from", zip, "--only-from", list).err();
        assertTrue(error.contains("before they are pulled"), error);
        run(0, "pull", "given", "--from", zip);
        run(0, "pull", "given", "--only-from", list);
    }

    @Test
    void idsOfFilesInATar_areRefusedBeforeItsDownload_andPathsAreNot() throws Exception {
        byte[] tar = ArchiveFixtures.tarGz(ArchiveFixtures.members("p1/a.png", "a", "p2/b.png", "b"));
        Files.writeString(folder.resolve("manifests/packed.yaml"), """
                id: packed
                title: Packed
                version: v1
                license: { spdx: CC0-1.0 }
                access: { status: open }
                sources:
                  - kind: http
                    official: true
                    files: [{ path: packed.tar.gz, at: "https://files.example/packed.tar.gz", bytes: %d }]
                """.formatted(tar.length));
        Result refused = run(2, "pull", "packed", "--only-from", list("ids.txt", "p1/a.png\nb\n"));
        assertTrue(refused.err().contains("1 line of 2 names no file of packed that is known before"), refused.all());
        assertTrue(refused.err().contains("what is in packed.tar.gz"), refused.all());
        hosts.put("https://files.example/packed.tar.gz", tar);
        run(0, "pull", "packed", "--only-from", list("paths.txt", "p1/a.png\n"));
    }

    @Test
    void completeDataset_isChosenFromWithoutTheHost() throws Exception {
        run(0, "pull", "slides");
        run(0, "pull", "slides", "--offline", "--only-from", list("mine.txt", slide(0) + "\nTCGA-BB/*0003*\n"));
        run(0, "pull", "slides", "--offline", "--where", "slide=*-DX2 & n<3");
        run(0, "pull", "slides", "--offline", "--where", "project=TCGA-AA & site=*lung*");
        Result wrong = run(2, "pull", "slides", "--offline", "--where", "slide=nobody");
        assertTrue(wrong.err().contains("slide is TCGA-AA-0000-01Z-00-DX1, TCGA-AA-0000-01Z-00-DX2"), wrong.all());
        // Only a host can say that there is no such column, or no such file.
        run(4, "pull", "slides", "--offline", "--where", "colour=red");
        run(4, "pull", "slides", "--offline", "--only-from", list("other.txt", "TCGA-CC-0001\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "tcga-aa/*, TCGA-AA/*",
        "tcga-bb/, TCGA-BB/",
        "TCGA-AA/*.SVS, TCGA-AA/*.svs",
        "**/*.SVS, **/*.svs",
    })
    void globThatDiffersInCaseOnly_isSuggestedAsItIs(String typed, String similar) {
        Result refused = run(2, "pull", "slides", "--only", typed);
        assertTrue(refused.err().contains("similar: " + similar), refused.all());
    }

    @Test
    void show_listsTheSameFilesWithTheirColumns() {
        Result shown = run(0, "show", "slides", "--where", "patient=TCGA-BB-0003", "--json");
        List<String> lines = shown.out().lines().toList();
        assertEquals(2, lines.size(), shown.all());
        assertTrue(lines.get(0).contains("\"path\":\"" + path(6) + "\",\"bytes\":7"), lines.get(0));
        assertTrue(lines.get(0).contains("\"patient\":\"TCGA-BB-0003\""), lines.get(0));
        assertTrue(run(0, "show", "slides", "--files").out().contains("8 files, 56 bytes"));
    }
}
