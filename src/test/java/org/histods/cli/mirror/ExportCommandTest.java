package org.histods.cli.mirror;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gov.loc.repository.bagit.reader.BagReader;
import gov.loc.repository.bagit.verify.BagVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.histods.outside.Validators;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Exports, checked by independent programs, and what is left after a failure. */
final class ExportCommandTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path folder;

    private DemoRunner fixture;
    private Path to;

    @BeforeEach
    void start() throws Exception {
        fixture = new DemoRunner(folder);
        to = folder.resolve("out/export");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private ProgramRunner.Result ran(int exit, String... command) {
        return fixture.ran(folder, exit, command);
    }

    private ProgramRunner.Result export(String id, String format, String... more) {
        ran(0, "pull", id);
        List<String> command =
                new java.util.ArrayList<>(List.of("export", id, "--format", format, "--to", "out/export"));
        command.addAll(List.of(more));
        return ran(0, command.toArray(String[]::new));
    }

    private Path bag(String id) throws IOException {
        try (Stream<Path> list = Files.list(folder.resolve("mirror/datasets").resolve(id))) {
            return list.findFirst().orElseThrow();
        }
    }

    private static Set<String> below(Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            return walk.filter(Files::isRegularFile)
                    .map(path -> root.relativize(path).toString())
                    .collect(java.util.stream.Collectors.toCollection(TreeSet::new));
        }
    }

    private static String shell(Path where, String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(where.toFile())
                .redirectErrorStream(true)
                .start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo-colon", "demo-marrow", "demo-node"})
    void bagit_isValidForTheLibraryOfCongress_andItsPayloadIsACrate(String id) throws Exception {
        export(id, "bagit");
        var theirs = new BagReader().read(to);
        try (BagVerifier verifier = new BagVerifier()) {
            verifier.isComplete(theirs, false);
            verifier.isValid(theirs, false);
        }
        BagVerifier.quicklyVerify(theirs);
        Set<String> upstream = below(bag(id).resolve("data"));
        upstream.add("ro-crate-metadata.json");
        assertEquals(upstream, below(to.resolve("data")));
        assertEquals(List.of(), Validators.installed().crate(to.resolve("data")));
    }

    @Test
    void bagit_containsTheRecipeOfItsFingerprint_whichAShellCanRun() throws Exception {
        JsonNode done = JSON.readTree(export("demo-colon", "bagit", "--json").out());
        String recipe = shell(to, "sed -n 's/^Histods-Fingerprint-Recipe: //p' bag-info.txt");
        assertEquals(done.path("fingerprint").asString("") + "  -", shell(to, recipe));
        assertEquals("", shell(to, "sha256sum --quiet -c manifest-sha256.txt tagmanifest-sha256.txt"));
        assertEquals(84, done.path("files").asInt());
        assertEquals("bagit", done.path("format").asString(""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo-colon", "demo-marrow", "demo-node"})
    void roCrate_isValidForRoCrateAndJsonLd_andNamesEveryFile(String id) throws Exception {
        export(id, "ro-crate");
        assertEquals(List.of(), Validators.installed().crate(to));
        assertEquals("", shell(to, "sha256sum --quiet -c manifest-sha256.txt"));
        Set<String> named = new HashSet<>();
        for (JsonNode entity :
                JSON.readTree(to.resolve("ro-crate-metadata.json").toFile()).path("@graph")) {
            named.add(java.net.URI.create(entity.path("@id").asString("")).getPath());
        }
        Set<String> files = below(to);
        files.remove("ro-crate-metadata.json");
        assertTrue(files.remove("ro-crate-preview.html"), files.toString());
        files.removeAll(named);
        assertEquals(Set.of(), files);
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo-colon", "demo-marrow", "demo-node"})
    void mirrorsOwnBag_isACrateToo(String id) throws Exception {
        ran(0, "pull", id);
        assertEquals(List.of(), Validators.installed().crate(bag(id)));
    }

    @Test
    void exportedFiles_canBeModifiedWithoutHarmToTheMirror() throws Exception {
        export("demo-marrow", "bagit");
        for (String file : below(to)) {
            Files.writeString(to.resolve(file), "changed");
        }
        ran(0, "verify", "--full");
    }

    @Test
    void linkedFiles_areHardLinks_andAWarningSaysSo() throws Exception {
        ProgramRunner.Result ran = export("demo-marrow", "ro-crate", "--link");
        assertTrue(ran.err().contains("modifying one modifies the mirror"), ran.all());
        String file = below(bag("demo-marrow").resolve("data")).iterator().next();
        assertEquals(
                Files.getAttribute(bag("demo-marrow").resolve("data").resolve(file), "unix:ino"),
                Files.getAttribute(to.resolve("data").resolve(file), "unix:ino"));
        Files.writeString(to.resolve("manifest.yaml"), "changed");
        ran(0, "verify", "--full");
    }

    @Test
    void folderThatIsNotEmpty_isLeftUnchanged() throws Exception {
        ran(0, "pull", "demo-colon");
        Files.createDirectories(to);
        Files.writeString(to.resolve("mine.txt"), "mine");
        ProgramRunner.Result ran = ran(2, "export", "demo-colon", "--format", "bagit", "--to", "out/export");
        assertTrue(ran.err().contains("is not an empty folder"), ran.all());
        assertEquals(Set.of("export/mine.txt"), below(folder.resolve("out")));
        Files.delete(to.resolve("mine.txt"));
        export("demo-colon", "bagit");
    }

    @Test
    void damagedMirror_isNotExported_andNothingIsLeft() throws Exception {
        ran(0, "pull", "demo-colon");
        Path data = bag("demo-colon").resolve("data");
        Path victim = data.resolve(below(data).iterator().next());
        assertTrue(victim.toFile().setWritable(true));
        Files.writeString(victim, "not tissue");
        ProgramRunner.Result ran = ran(5, "export", "demo-colon", "--format", "ro-crate", "--to", "out/export");
        assertTrue(ran.err().contains("1 file of demo-colon"), ran.all());
        assertEquals("", shell(folder.resolve("out"), "ls -A"));
    }

    @ParameterizedTest
    @CsvSource({
        "bagit, origins.jsonl",
        "bagit, bag-info.txt",
        "ro-crate, origins.jsonl",
        "ro-crate, receipts/0001-pull.json"
    })
    void recordThatWasChanged_isNotExportedUnderANewChecksum(String format, String name) throws Exception {
        ran(0, "pull", "demo-colon");
        Path file = bag("demo-colon").resolve(name);
        assertTrue(file.toFile().setWritable(true));
        Files.writeString(file, "\n", StandardOpenOption.APPEND);
        ProgramRunner.Result ran = ran(5, "export", "demo-colon", "--format", format, "--to", "out/export");
        assertTrue(ran.err().contains(name), ran.all());
        assertEquals("", shell(folder.resolve("out"), "ls -A"));
    }

    @Test
    void folderThatCannotBeWritten_isADiskProblem() throws Exception {
        ran(0, "pull", "demo-colon");
        Files.writeString(folder.resolve("out"), "a file where a folder should be");
        ProgramRunner.Result ran = ran(7, "export", "demo-colon", "--format", "bagit", "--to", "out/export");
        assertTrue(ran.err().contains("cannot make a folder in " + folder.resolve("out")), ran.all());
        assertTrue(ran.err().contains("nothing was exported"), ran.all());
        assertFalse(ran.err().contains("Exception"), ran.all());
    }

    @Test
    void linkAcrossDisks_hintsAtCopies_andNothingIsLeft() throws Exception {
        Path other = Path.of("/dev/shm");
        assumeTrue(
                Files.isWritable(other) && !Files.getFileStore(other).equals(Files.getFileStore(folder)),
                "this machine has no second disk to export to");
        ran(0, "pull", "demo-kumar");
        Path there = Files.createTempDirectory(other, "histods");
        try {
            ProgramRunner.Result ran = ran(
                    7,
                    "export",
                    "demo-kumar",
                    "--format",
                    "bagit",
                    "--link",
                    "--to",
                    there.resolve("x").toString());
            assertTrue(ran.err().contains("leave out --link and take copies"), ran.all());
            assertFalse(ran.err().contains("Exception"), ran.all());
            assertEquals("", shell(there, "ls -A"));
        } finally {
            Files.delete(there);
        }
    }

    @Test
    void mountPoint_isRefusedBeforeAnythingIsCopied() throws Exception {
        Path mounted = Path.of("/dev/shm");
        assumeTrue(
                Files.isDirectory(mounted)
                        && !Files.getFileStore(mounted).equals(Files.getFileStore(mounted.resolveSibling("")))
                        && shell(mounted, "ls -A").isEmpty(),
                "this machine has no empty disk to export to");
        ran(0, "pull", "demo-kumar");
        ProgramRunner.Result ran = ran(2, "export", "demo-kumar", "--format", "bagit", "--to", mounted.toString());
        assertTrue(ran.err().contains("/dev/shm/export"), ran.all());
    }

    @Test
    void unknownFormat_listsTheFormats() {
        ran(0, "pull", "demo-colon");
        ProgramRunner.Result ran = ran(2, "export", "demo-colon", "--format", "zip", "--to", "out/export");
        assertTrue(ran.err().contains("bagit, ro-crate, croissant"), ran.all());
        assertFalse(Files.exists(to));
    }

    @Test
    void outputBehindTheLinkOfADataset_isRefused_andTheFileOfTheMirrorStays() throws Exception {
        ran(0, "pull", "demo-kumar");
        Path data = Path.of(ran(0, "path", "demo-kumar").out().strip());
        Path file;
        try (Stream<Path> all = Files.walk(data)) {
            file = all.filter(Files::isRegularFile).sorted().findFirst().orElseThrow();
        }
        byte[] before = Files.readAllBytes(file);
        Path link = Files.createSymbolicLink(folder.resolve("link"), data);
        String target = link.resolve(data.relativize(file)).toString();
        String beside = link.resolve("new/report").toString();
        for (String to : List.of(target, beside)) {
            for (List<String> command : List.of(
                    List.of("audit", "--to", to),
                    List.of("list", "--html", to),
                    List.of("list", "--lineage-svg", to),
                    List.of("list", "--site", to),
                    List.of("index", "export", to, "--by", "x"),
                    List.of("split", "make", "demo-kumar", "--only", "**/*.png", "--output", to),
                    List.of("manifest", "check", "demo-kumar", "--report", to))) {
                ProgramRunner.Result ran = ran(2, command.toArray(String[]::new));
                assertTrue(ran.err().contains("is in the mirror"), command + "\n" + ran.all());
            }
        }
        assertArrayEquals(before, Files.readAllBytes(file));
        assertFalse(Files.exists(link.resolve("new")));
    }

    @Test
    void folderInTheMirror_isRefused() {
        ran(0, "pull", "demo-kumar");
        for (String inside : List.of("mirror/datasets/mine", "mirror")) {
            ProgramRunner.Result ran = ran(2, "export", "demo-kumar", "--format", "bagit", "--to", inside);
            assertTrue(ran.err().contains("is in the mirror"), ran.all());
        }
        ran(0, "verify", "--full");
    }

    @Test
    void interruptedExport_reportsNoFile() {
        ran(0, "pull", "demo-kumar");
        Thread.currentThread().interrupt();
        try {
            ProgramRunner.Result ran = ran(130, "export", "demo-kumar", "--format", "bagit", "--to", "out/export");
            assertEquals("histods: interrupted\n", ran.err());
        } finally {
            Thread.interrupted();
        }
    }
}
