package org.histods.cli.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
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
import org.junit.jupiter.params.provider.ValueSource;

/** {@code outdated} and {@code update} against a simulated Zenodo with two versions of a record. */
final class OutdatedCommandTest {

    private static final String RECORDS = "https://zenodo.org/api/records/";

    @TempDir
    Path folder;

    private SimulatedHosts hosts;
    private ProgramRunner histods;

    @BeforeEach
    void firstVersion() throws Exception {
        hosts = new SimulatedHosts();
        histods = hosts.runner(folder);
        record("100", "v1", files("a.csv", "a", "b.csv", "b"));
        newest("100", "v1", files("a.csv", "a", "b.csv", "b"));
        manifest("v1", "100", true);
        run(folder, 0, "pull", "toy");
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private static Map<String, String> files(String... namesAndTexts) {
        Map<String, String> files = new TreeMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            files.put(namesAndTexts[i], namesAndTexts[i + 1]);
        }
        return files;
    }

    private void record(String id, String version, Map<String, String> files) {
        hosts.text(RECORDS + id, json(id, version, files));
        files.forEach((name, text) ->
                hosts.put(RECORDS + id + "/files/" + name + "/content", text.getBytes(StandardCharsets.UTF_8)));
    }

    /** The record that the first version's page for the newest one leads to. */
    private void newest(String id, String version, Map<String, String> files) {
        hosts.text(RECORDS + "100/versions/latest", json(id, version, files));
        hosts.text(RECORDS + id + "/versions/latest", json(id, version, files));
    }

    private static String json(String id, String version, Map<String, String> files) {
        StringBuilder list = new StringBuilder();
        files.forEach((name, text) -> list.append(list.isEmpty() ? "" : ",")
                .append("{\"key\": \"%s\", \"size\": %d, \"checksum\": \"md5:%s\"}"
                        .formatted(name, text.length(), md5(text))));
        return """
                {"id": %s, "conceptrecid": "99", "doi": "10.5281/zenodo.%s", "metadata": {"title": "Toy",
                 "version": "%s", "access_right": "open", "license": {"id": "cc-by-4.0"}}, "files": [%s]}
                """.formatted(id, id, version, list);
    }

    private static String md5(String text) {
        return ArchiveFixtures.hex("MD5", text.getBytes(StandardCharsets.UTF_8));
    }

    private void manifest(String version, String record, boolean pinned) throws Exception {
        String files = !pinned ? "" : """
                    files:
                      - { path: a.csv, bytes: 1, role: labels, sums: [{ sum: "md5:%s", by: Zenodo }] }
                      - { path: b.csv, bytes: 1, sums: [{ sum: "md5:%s", by: Zenodo }] }
                """.formatted(md5("a"), md5("b"));
        Files.writeString(folder.resolve("manifests/toy.yaml"), """
                id: toy
                title: Toy
                version: %s
                license: { spdx: CC-BY-4.0 }
                access: { status: open }
                sources:
                  - kind: zenodo
                    record: "%s"
                    official: true
                %s
                """.formatted(version, record, files));
    }

    private void secondVersion() {
        Map<String, String> files = files("a.csv", "a", "b.csv", "bb", "c.csv", "ccc");
        record("101", "v2", files);
        newest("101", "v2", files);
    }

    private Result run(Path here, int exit, String... command) {
        return histods.ran(here, exit, command);
    }

    private Path project(String... add) throws Exception {
        Path project = Files.createDirectories(folder.resolve("project"));
        run(project, 0, "init");
        run(project, 0, add);
        run(project, 0, "sync");
        return project;
    }

    @Test
    void checksumThatTheCatalogueStatesNow_andTheMirrorDoesNotHave_isNotUpToDate() throws Exception {
        Path manifest = folder.resolve("manifests/toy.yaml");
        Files.writeString(manifest, Files.readString(manifest).replace(md5("a"), md5("z")));
        Result result = run(folder, 4, "outdated", "toy");
        assertTrue(
                result.all()
                        .contains(
                                "the catalogue now states a checksum of this version that the files in the mirror do not"
                                        + " have, for a.csv"),
                result::all);
        Result pull = run(folder, 6, "pull", "toy");
        assertTrue(pull.err().contains("    manifest  md5:" + md5("z") + "\n    mirror    md5:" + md5("a")), pull::all);
    }

    @Test
    void versionThatTheProjectRequires_andNobodyHas_isNamed_andNotThatOfTheCatalogue() throws Exception {
        Path project = project("add", "toy");
        Path file = project.resolve("histods.yaml");
        Files.writeString(file, Files.readString(file).replace("id: toy", "id: toy\n    version: v0"));
        Files.delete(project.resolve("histods.lock"));
        Result result = run(project, 6, "outdated");
        assertTrue(result.out().contains("toy v0: the catalogue has v1: its files could not be compared"), result::all);
        assertTrue(
                result.out().contains("toy v0: could not check: neither the mirror nor the lock has version v0"),
                result::all);
        run(project, 0, "update", "toy", "--yes");
        assertTrue(Files.readString(file).contains("version: v1"), Files.readString(file));
        assertTrue(run(project, 0, "outdated").out().contains("toy v1: up to date"));
    }

    @Test
    void fileThatTheCatalogueListsNow_andTheMirrorDoesNotHave_isNotUpToDate() throws Exception {
        Path manifest = folder.resolve("manifests/toy.yaml");
        String pulled = Files.readString(manifest);
        String other = "- { path: c.csv, bytes: 1, sums: [{ sum: \"md5:" + md5("c") + "\", by: Zenodo }] }";
        Files.writeString(manifest, pulled.replaceAll("(?m)^( *)- \\{ path: b.csv", "$1" + other + "\n$0"));
        Result added = run(folder, 4, "outdated", "toy");
        assertTrue(
                added.all().contains("now lists a file of this version that the mirror does not have: c.csv"),
                added::all);
        Result pull = run(folder, 6, "pull", "toy");
        assertTrue(pull.err().contains("describes now: 1 file added\n  + c.csv"), pull::all);
        run(folder, 0, "pull", "toy", "--only", "a.csv");

        Files.writeString(manifest, pulled.replaceAll("(?m)^ *- \\{ path: b.csv.*\n", ""));
        Result removed = run(folder, 4, "outdated", "toy");
        assertTrue(
                removed.all().contains("no longer lists a file of this version that the mirror has: b.csv"),
                removed::all);
        assertTrue(run(folder, 6, "pull", "toy").err().contains("describes now: 1 file removed\n  - b.csv"));
    }

    @Test
    void sameAsAtTheHost_isUpToDate() {
        assertTrue(run(folder, 0, "outdated").out().contains("toy v1: up to date"));
    }

    /** As manifests of repositories do that pin one folder. */
    @Test
    void filesThatTheManifestLeavesOut_areNoChange() {
        Map<String, String> more = files("a.csv", "a", "b.csv", "b", "README.md", "r");
        record("100", "v1", more);
        newest("100", "v1", more);
        assertTrue(run(folder, 0, "outdated").out().contains("toy v1: up to date"));
        record("101", "v2", files("a.csv", "a", "b.csv", "b", "README.md", "other"));
        newest("101", "v2", files("a.csv", "a", "b.csv", "b", "README.md", "other"));
        run(folder, 0, "outdated");
    }

    @Test
    void newerVersionAtTheHost_isListedWithWhatChanges() {
        secondVersion();

        Result ran = run(folder, 6, "outdated");

        assertTrue(
                ran.out().contains("zenodo 101 has v2: 1 file added, 1 changed, 0 removed, up to 5 bytes to fetch"),
                ran.all());
        assertTrue(ran.out().contains("+ c.csv") && ran.out().contains("~ b.csv"), ran.all());
        assertTrue(ran.out().contains("`histods update toy`"), ran.all());
        assertTrue(run(folder, 6, "outdated", "--json").out().contains("\"state\":\"outdated\""), ran.all());
    }

    @Test
    void hostThatDoesNotRespond_isNotUpToDate() {
        Result ran = run(folder, 4, "outdated", "--offline");
        assertTrue(ran.out().contains("could not check"), ran.all());
        assertFalse(ran.out().contains("up to date"), ran.all());
        run(folder, 4, "update", "--offline");
    }

    @Test
    void recordOfTwoSources_thatDoesNotRespond_isReportedOnce() throws Exception {
        Files.writeString(folder.resolve("manifests/two.yaml"), """
                id: two
                title: Two
                version: v1
                license: { spdx: CC-BY-4.0 }
                access: { status: open }
                sources:
                  - { kind: zenodo, record: "100", official: true, part: images, include: ["a.csv"] }
                  - { kind: zenodo, record: "100", official: true, part: labels, include: ["b.csv"] }
                """);
        run(folder, 0, "pull", "two");
        Result ran = run(folder, 4, "outdated", "two", "--offline");
        assertEquals(
                1,
                ran.lines().stream()
                        .filter(line -> line.contains("could not check"))
                        .count(),
                ran.all());
    }

    /** A web server states no checksums; a file that was exchanged for one of the same size must not read as up to date. */
    @Test
    void fileOfTheSameSizeThatTheHostReplaced_isNotCalledUpToDate() throws Exception {
        Files.writeString(folder.resolve("manifests/web.yaml"), """
                id: web
                title: Web
                version: "1"
                license: { spdx: CC-BY-4.0 }
                access: { status: open }
                sources:
                  - kind: http
                    record: https://web.example/d/
                    official: true
                    files: [{ path: a.csv, bytes: 3 }]
                """);
        String url = "https://web.example/d/a.csv";
        hosts.put(url, "one".getBytes(StandardCharsets.UTF_8), "ETag", "\"1\"");
        run(folder, 0, "pull", "web");
        assertTrue(run(folder, 0, "outdated", "web").out().contains("up to date"));
        hosts.put(url, "two".getBytes(StandardCharsets.UTF_8), "ETag", "\"2\"");
        Result other = run(folder, 4, "outdated", "web");
        assertTrue(other.out().contains("same size"), other.all());
        hosts.put(url, "two".getBytes(StandardCharsets.UTF_8));
        Result nothing = run(folder, 4, "outdated", "web");
        assertTrue(nothing.out().contains("states nothing else"), nothing.all());
        assertFalse((other.out() + nothing.out()).contains("up to date"), other.out());
    }

    @Test
    void update_pullsTheNewVersionBesideTheOld() {
        secondVersion();
        run(folder, 0, "update", "--dry-run");
        assertFalse(Files.exists(folder.resolve("mirror/datasets/toy/v2")));

        run(folder, 0, "update");

        assertTrue(Files.exists(folder.resolve("mirror/datasets/toy/v1/data/b.csv")));
        assertTrue(Files.exists(folder.resolve("mirror/datasets/toy/v2/data/c.csv")));
        Result after = run(folder, 0, "outdated");
        assertTrue(after.out().contains("toy v2: up to date"), after.all());
        assertTrue(run(folder, 0, "update").err().contains("nothing to update"));
    }

    @Test
    void updateInAProject_changesDeclarationLockAndManifest() throws Exception {
        Path project = project("add", "toy@v1", "--name", "labels");
        secondVersion();

        run(project, 0, "update");

        assertTrue(Files.readString(project.resolve("histods.yaml")).contains("version: v2"));
        assertTrue(Files.readString(project.resolve("histods.lock")).contains("version: \"v2\""));
        String manifest = Files.readString(project.resolve("manifests/toy.yaml"));
        assertTrue(manifest.contains("record: \"101\"") && manifest.contains("role: labels"), manifest);
        run(project, 0, "sync");
        assertTrue(Files.exists(project.resolve("data/labels/c.csv")));
        histods.mirror("other");
        run(project, 0, "sync", "--locked");
    }

    @Test
    void manifestOfTheUser_isNotOverwritten() throws Exception {
        Path project = project("add", "toy");
        Files.createDirectories(project.resolve("manifests"));
        Files.move(folder.resolve("manifests/toy.yaml"), project.resolve("manifests/toy.yaml"));
        String before = Files.readString(project.resolve("manifests/toy.yaml"));
        secondVersion();

        Result ran = run(project, 2, "update");

        assertTrue(ran.err().contains("does not change a manifest of yours"), ran.all());
        assertEquals(before, Files.readString(project.resolve("manifests/toy.yaml")));
        assertTrue(Files.readString(project.resolve("histods.lock")).contains("version: \"v1\""));
    }

    @Test
    void newerVersionOfTheCatalogue_isUsed() throws Exception {
        secondVersion();
        Files.writeString(
                folder.resolve("manifests/toy.yaml"),
                Files.readString(folder.resolve("mirror/datasets/toy/v1/manifest.yaml"))
                        .replace("version: v1", "version: v2")
                        .replace("\"100\"", "\"101\"")
                        .replace(md5("b"), md5("bb"))
                        .replaceFirst("(b.csv, bytes: )1", "$12"));

        Result ran = run(folder, 6, "outdated");

        assertTrue(
                ran.out().contains("the catalogue has v2: 0 files added, 1 changed, 0 removed, up to 2 bytes"),
                ran.all());
    }

    @Test
    void otherFilesUnderTheSameVersion_areListedThoughNoneIsPinned() throws Exception {
        manifest("v1", "100", false);
        run(folder, 0, "remove", "toy", "--yes");
        run(folder, 0, "pull", "toy");
        run(folder, 0, "outdated");
        record("100", "v1", files("a.csv", "a", "b.csv", "xyz"));
        newest("100", "v1", files("a.csv", "a", "b.csv", "xyz"));

        Result ran = run(folder, 6, "outdated");

        assertTrue(ran.out().contains("other files under this version: 0 files added, 1 changed"), ran.all());
        assertTrue(ran.out().contains("~ b.csv"), ran.all());
        assertTrue(ran.out().contains("`histods update toy` fetches its present files as v1-at-"), ran.all());
    }

    private Path refreshed(Path datasets) throws IOException {
        try (Stream<Path> versions = Files.list(datasets.resolve("toy"))) {
            return versions.filter(path -> path.getFileName().toString().matches("v1-at-[0-9]{4}-[0-9]{2}-[0-9]{2}"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void otherFilesUnderTheSameVersion_areFetchedAsAVersionWithADate_andTheRestIsTakenFromTheMirror(boolean pinned)
            throws Exception {
        manifest("v1", "100", pinned);
        run(folder, 0, "remove", "toy", "--yes");
        run(folder, 0, "pull", "toy");
        record("100", "v1", files("a.csv", "a", "b.csv", "xyz"));
        newest("100", "v1", files("a.csv", "a", "b.csv", "xyz"));

        Result ran = run(folder, 0, "update");

        Path datasets = folder.resolve("mirror/datasets");
        Path now = refreshed(datasets);
        assertEquals("b", Files.readString(datasets.resolve("toy/v1/data/b.csv")));
        assertEquals("xyz", Files.readString(now.resolve("data/b.csv")));
        assertEquals("a", Files.readString(now.resolve("data/a.csv")));
        assertTrue(ran.err().contains("a.csv  taken from toy@v1"), ran.all());
        assertTrue(Files.readString(now.resolve("manifest.yaml")).contains("no newer version"), ran.all());
        Result after = run(folder, 0, "outdated");
        assertTrue(after.out().contains("toy " + now.getFileName() + ": up to date"), after.all());
        assertTrue(run(folder, 0, "update").err().contains("nothing to update"));
        run(folder, 0, "verify", "--full");
    }

    @Test
    void otherFilesUnderTheSameVersion_inAProject_areUsedByIt() throws Exception {
        Path project = project("add", "toy", "--name", "labels");
        record("100", "v1", files("a.csv", "a", "b.csv", "xyz"));
        newest("100", "v1", files("a.csv", "a", "b.csv", "xyz"));

        run(project, 0, "update");

        String version =
                refreshed(folder.resolve("mirror/datasets")).getFileName().toString();
        assertTrue(Files.readString(project.resolve("histods.lock")).contains(version));
        run(project, 0, "sync");
        assertEquals("xyz", Files.readString(project.resolve("data/labels/b.csv")));
        histods.mirror("other");
        run(project, 0, "sync", "--locked");
        assertTrue(run(project, 0, "outdated").out().contains("up to date"));
    }

    @Test
    void fileThatTheHostRemovedUnderTheSameVersion_isLeftOutOfTheRefreshedOne() throws Exception {
        record("100", "v1", files("a.csv", "a"));
        newest("100", "v1", files("a.csv", "a"));

        run(folder, 0, "update");

        Path now = refreshed(folder.resolve("mirror/datasets"));
        assertTrue(Files.exists(now.resolve("data/a.csv")));
        assertFalse(Files.exists(now.resolve("data/b.csv")));
    }

    @Test
    void fileThatTheHostRenamed_mustBeFetchedByHand() throws Exception {
        record("100", "v1", files("a.csv", "a", "c.csv", "b"));
        newest("100", "v1", files("a.csv", "a", "c.csv", "b"));

        Result ran = run(folder, 6, "outdated");

        assertTrue(ran.out().contains("`histods remove toy@v1`"), ran.all());
        assertTrue(run(folder, 0, "update").err().contains("nothing to update"));
    }

    /** A dataset {@code plain} on a host that states only the sizes of files. */
    private void plainFiles(byte[] content) throws IOException {
        hosts.put("https://www.example/a.csv", content);
        hosts.put("https://www.example/b.csv", content);
        Files.writeString(folder.resolve("manifests/plain.yaml"), """
                id: plain
                title: Plain
                version: "1"
                license: { spdx: CC-BY-4.0 }
                access: { status: open }
                sources:
                  - kind: http
                    record: https://www.example/
                    official: true
                    files:
                      - { path: a.csv, bytes: 1 }
                      - { path: b.csv, bytes: 1 }
                """);
    }

    @Test
    void datasetThatIsNotInTheMirror_isNotUpToDateBecauseOfItsSizes() throws Exception {
        plainFiles("a".getBytes(StandardCharsets.UTF_8));
        Path project = project("add", "plain");
        histods.mirror("another");

        Result result = run(project, 4, "outdated");
        assertFalse(result.all().contains("up to date"), result::all);
    }

    @Test
    void filesThatWereNotSelected_areNeitherChangedNorUnchecked() throws Exception {
        byte[] text = "a".getBytes(StandardCharsets.UTF_8);
        plainFiles(text);
        run(folder, 0, "pull", "plain", "--only", "a.csv");
        String selected = "";
        for (byte[] other : new byte[][] {text, "bb".getBytes(StandardCharsets.UTF_8)}) {
            hosts.put("https://www.example/b.csv", other);
            Result result = histods.run("outdated", "plain");
            assertFalse(result.all().contains("b.csv"), result::all);
            selected = result.all();
        }
        hosts.put("https://www.example/a.csv", "aa".getBytes(StandardCharsets.UTF_8));
        assertTrue(histods.ran(6, "outdated", "plain").out().contains("~ a.csv"), selected);
    }
}
