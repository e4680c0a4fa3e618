package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SplitCommandTest {

    @TempDir
    Path folder;

    private DemoRunner fixture;
    private Path data;
    private List<String> paths;

    @BeforeEach
    void start() throws Exception {
        fixture = new DemoRunner(folder);
        ran(0, "pull", "demo-colon");
        data = Path.of(ran(0, "path", "demo-colon").out().strip());
        try (Stream<Path> walk = Files.walk(data)) {
            paths = walk.filter(Files::isRegularFile)
                    .map(p -> data.relativize(p).toString())
                    .sorted()
                    .toList();
        }
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private ProgramRunner.Result ran(int exit, String... command) {
        return fixture.ran(folder, exit, command);
    }

    private JsonNode report(int exit, String... arguments) {
        String[] command = Stream.concat(Stream.of("--json", "split", "demo-colon"), Stream.of(arguments))
                .toArray(String[]::new);
        return new JsonMapper().readTree(ran(exit, command).out());
    }

    private String write(String name, String text) throws Exception {
        Files.writeString(folder.resolve(name), text);
        return name;
    }

    /** Every file with its split by patient, but for what the test changes. */
    private String table(String separator, String changed, String split) {
        StringBuilder text = new StringBuilder("path" + separator + "split\n");
        for (String path : paths) {
            String usual = path.startsWith("test") ? "test" : "train";
            text.append(path)
                    .append(separator)
                    .append(path.equals(changed) ? split : usual)
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void ownSplit_isProvenApart() {
        ProgramRunner.Result ran = ran(0, "split", "demo-colon");
        assertTrue(ran.out().startsWith("demo-colon 999000002: apart, no patient is in two splits\n"), ran.all());
    }

    @Test
    void tableWithEveryFile_isProvenApart() throws Exception {
        JsonNode report = report(0, write("s.csv", table(",", "", "")));
        assertEquals("apart", report.path("verdict").asString());
        assertEquals(0, report.path("unlisted").size());
        assertEquals(
                "apart",
                report(0, write("s.tsv", table("\t", "", ""))).path("verdict").asString());
    }

    @Test
    void patientInTwoSplits_isNamedWithTheFiles() throws Exception {
        String moved =
                paths.stream().filter(p -> p.startsWith("train")).findFirst().orElseThrow();
        String file = write("s.csv", table(",", moved, "test"));
        JsonNode report = report(9, file);
        assertEquals("not-apart", report.path("verdict").asString());
        JsonNode shared = report.path("shared").path(0);
        assertTrue(moved.contains("_" + shared.path("patient").asString() + "_"), report.toString());
        assertEquals(moved, shared.path("splits").path("test").path(0).asString());
        ProgramRunner.Result ran = ran(9, "split", "demo-colon", file);
        assertTrue(ran.out().contains("NOT APART, 1 patient in several splits"), ran.all());
        assertTrue(ran.out().contains("  test: 1 file, " + moved), ran.all());
    }

    @Test
    void fileThatTheDatasetHasNot_leavesTheSplitUnproven() throws Exception {
        String file = write("s.csv", table(",", "", "") + "elsewhere/nothing.png,test\n");
        JsonNode report = report(9, file);
        assertEquals("not-proven", report.path("verdict").asString());
        assertEquals(
                "elsewhere/nothing.png (s.csv:" + (paths.size() + 2) + ")",
                report.path("missing").path(0).asString());
        assertTrue(ran(9, "split", "demo-colon", file).out().contains("NOT PROVEN"));
    }

    @Test
    void listsOfNames_areFoundWhateverIsBefore() throws Exception {
        List<String> train = paths.stream().filter(p -> p.startsWith("train")).toList();
        List<String> test = paths.stream().filter(p -> p.startsWith("test")).toList();
        write(
                "train.txt",
                "# mine\n"
                        + String.join("\n", train.subList(1, train.size())).replace("train/", "/scratch/ada/train/"));
        write("b.txt", String.join("\n", test).replaceAll("(?m)^.*/", "").replace(".png", ""));
        JsonNode report = report(0, "train.txt", "test=b.txt");
        assertEquals(
                List.of(train.get(0)), List.of(report.path("unlisted").path(0).asString()));
        assertEquals(
                train.size() - 1, report.path("splits").path(0).path("files").asInt());
        assertEquals("test", report.path("splits").path(1).path("name").asString());
    }

    @Test
    void columnForEachSplit_andJson_areRead() throws Exception {
        String train =
                paths.stream().filter(p -> p.startsWith("train")).findFirst().orElseThrow();
        String test =
                paths.stream().filter(p -> p.startsWith("test")).findFirst().orElseThrow();
        report(0, write("clam.csv", ",train,test\n0," + train + "," + test + "\n1,,\n"));
        report(0, write("a.json", "{\"train\":[\"" + train + "\"],\"test\":[\"" + test + "\"]}"));
        report(
                9,
                write(
                        "b.json",
                        "[{\"path\":\"" + train + "\",\"split\":\"a\"},{\"path\":\"" + train + "\",\"split\":1}]"));
        report(9, write("c.json", "{\"train\":[\"" + train + "\"],\"test\":[]}"));
    }

    @Test
    void folderOfRenamedCopies_isKnownByContent() throws Exception {
        String train =
                paths.stream().filter(p -> p.startsWith("train")).findFirst().orElseThrow();
        String test =
                paths.stream().filter(p -> p.startsWith("test")).findFirst().orElseThrow();
        Files.createDirectories(folder.resolve("mine/fit"));
        Files.createDirectories(folder.resolve("mine/held-out"));
        Files.copy(data.resolve(train), folder.resolve("mine/fit/1.png"));
        Files.createSymbolicLink(folder.resolve("mine/held-out/2.png"), data.resolve(test));
        assertEquals("apart", report(0, "mine").path("verdict").asString());
        Files.copy(data.resolve(train), folder.resolve("mine/held-out/3.png"));
        JsonNode report = report(9, "mine");
        assertEquals(train, report.path("twice").path(0).path("path").asString());
    }

    @Test
    void levelBelowTheRequestedOne_isNeverProven() throws Exception {
        Path manifest = fixture.manifests().resolve("demo-colon.yaml");
        Files.writeString(manifest, Files.readString(manifest).replace("level: patient", "level: slide"));
        JsonNode report = report(9);
        assertEquals("not-proven", report.path("verdict").asString());
        assertTrue(report.path("doubts")
                .path(0)
                .asString()
                .contains("only the slide of a file is known, not the patient"));
        assertEquals("apart", report(0, "--by", "slide").path("verdict").asString());
    }

    @Test
    void datasetWithoutARule_isNeverProven() throws Exception {
        Path manifest = fixture.manifests().resolve("demo-colon.yaml");
        Files.writeString(manifest, Files.readString(manifest).replaceFirst("(?s)patients:\n.*?\n(?=\\S|$)", ""));
        JsonNode report = report(9);
        assertEquals(paths.size(), report.path("unread").size());
        assertEquals("not-proven", report.path("verdict").asString());
    }

    @Test
    void tableWithUnknownColumns_isRefusedWithItsColumns() throws Exception {
        String file = write("s.csv", "tile,which\n" + paths.get(0) + ",a\n" + paths.get(1) + ",b\n");
        ProgramRunner.Result ran = ran(2, "split", "demo-colon", file);
        assertTrue(ran.err().contains("s.csv has no known column for the file"), ran.all());
        assertTrue(ran.err().contains("its columns are tile, which; name it with --file-column"), ran.all());
        assertEquals(
                2,
                report(9, file, "--file-column", "tile", "--split-column", "which")
                        .path("splits")
                        .size());
    }

    @Test
    void fileThatIsNotThere_isRefused() {
        assertTrue(ran(2, "split", "demo-colon", "no.csv").err().contains("cannot read no.csv: there is no such file"));
    }

    @Test
    void tableOfASpreadsheetWithSemicolons_isRead() throws Exception {
        report(0, write("s.csv", "\ufeff" + table(";", "", "").replace("\n", "\r\n")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r", "\r\n"})
    void fileInTwoLists_isFound_whateverTheirLineEnds(String end) throws Exception {
        List<String> train = paths.stream().filter(p -> p.startsWith("train")).toList();
        String test =
                paths.stream().filter(p -> p.startsWith("test")).findFirst().orElseThrow();
        write("train.txt", train.get(0) + end + test + end + train.get(1));
        write("test.txt", test + "\n");
        JsonNode report = report(9, "train.txt", "test.txt");
        assertEquals("not-apart", report.path("verdict").asString());
        assertEquals(test, report.path("twice").path(0).path("path").asString());
        report(9, write("all.csv", String.join(end, "path,split", test + ",train", test + ",test")));
    }

    @Test
    void controlCharacterInAName_isRefused() throws Exception {
        String err = ran(2, "split", "demo-colon", write("train.txt", "x\ty.png\n"), write("test.txt", "z\n"))
                .err();
        assertTrue(err.contains("train.txt:1: the name 'x"), err);
        assertTrue(err.contains("has a control character"), err);
    }

    @Test
    void whatCannotBeRead_isNamedInPlainWords() throws Exception {
        Files.write(folder.resolve("s.xlsx"), new byte[] {'P', 'K', 3, 4});
        assertTrue(ran(2, "split", "demo-colon", "s.xlsx").err().contains("s.xlsx is a zip archive, such as an Excel"));
        String json = ran(2, "split", "demo-colon", write("s.json", "{\n\"train\": ["))
                .err();
        assertTrue(json.contains("s.json is not JSON, see line 2"), json);
        Path train = Files.createDirectories(folder.resolve("tiles/train"));
        Files.createDirectories(folder.resolve("tiles/test"));
        Files.createSymbolicLink(train.resolve("again"), Path.of("."));
        String loop = ran(2, "split", "demo-colon", "tiles").err();
        assertTrue(loop.contains("cannot read tiles: a link in it leads back to a folder"), loop);
    }

    @Test
    void tableWithoutARow_listsNoFile() throws Exception {
        JsonNode report = report(9, write("s.csv", "path,split\n"));
        assertTrue(report.path("doubts").toString().contains("no file is listed in any split"), report.toString());
    }

    @Test
    void argumentThatNamesNoFile_isRefused() {
        assertTrue(ran(2, "split", "demo-colon", "train=").err().contains("'train=' names no split or no file"));
        assertTrue(ran(2, "split", "demo-colon", "").err().contains("'' names no split or no file"));
    }

    @Test
    void partOfADataset_provesNothingOfItsOwnSplits() throws Exception {
        ran(0, "remove", "demo-colon", "--yes");
        ran(0, "pull", "demo-colon", "--only", "test/**");
        JsonNode report = report(9);
        assertEquals("not-proven", report.path("verdict").asString());
        assertTrue(
                report.path("doubts").toString().contains("so the rest of the splits was not read"), report.toString());
    }

    private void edit(String tagFile, String from, String to) throws Exception {
        Path file = data.resolveSibling(tagFile);
        String text = Files.readString(file);
        assertTrue(text.contains(from));
        assertTrue(file.toFile().setWritable(true));
        Files.writeString(file, text.replace(from, to));
    }

    @Test
    void patientRenamedInTheRecord_provesNothing() throws Exception {
        edit("manifest-sha256.txt", "gland_P06_021", "gland_P99_021");
        edit("origins.jsonl", "gland_P06_021", "gland_P99_021");
        ProgramRunner.Result ran = ran(5, "split", "demo-colon");
        assertTrue(ran.err().contains("manifest-sha256.txt is damaged"), ran.all());
    }

    @Test
    void fileLeftOutOfTheOrigins_isMissed() throws Exception {
        Path origins = data.resolveSibling("origins.jsonl");
        edit("origins.jsonl", Files.readAllLines(origins).get(0) + "\n", "");
        ProgramRunner.Result ran = ran(5, "split", "demo-colon");
        assertTrue(ran.err().contains("it names 83 of the 84 files"), ran.all());
    }
}
