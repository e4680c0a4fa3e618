package org.histods.cli.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.histods.testing.DemoRunner;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectCommandsTest {

    @TempDir
    Path folder;

    private DemoRunner fixture;
    private Path project;

    @BeforeEach
    void start() throws Exception {
        fixture = new DemoRunner(folder);
        project = Files.createDirectories(folder.resolve("project"));
        ran(0, "init", "--purpose", "research");
    }

    @AfterEach
    void stop() {
        fixture.close();
    }

    private ProgramRunner.Result ran(int exit, String... command) {
        return fixture.ran(project, exit, command);
    }

    private String lock() throws Exception {
        return Files.readString(project.resolve("histods.lock"));
    }

    @Test
    void initWithAnUnknownPurpose_saysThatTheAuditCannotUseIt() throws Exception {
        Path other = Files.createDirectories(folder.resolve("other"));

        ProgramRunner.Result ran = fixture.run(other, "init", "--purpose", "research, thesis");

        assertEquals(0, ran.exit(), ran.all());
        assertTrue(ran.err().contains("'thesis' is not a purpose that `histods audit` knows"), ran.all());
        assertFalse(ran.err().contains("'research'"), ran.all());
    }

    @Test
    void aFolderThatDoesNotExist_isNotAdopted_alsoIfTheDatasetIsInTheMirror() throws Exception {
        ran(0, "pull", "demo-kumar");

        ProgramRunner.Result ran = ran(2, "adopt", folder.resolve("nowhere").toString(), "--as", "demo-kumar");

        assertTrue(ran.err().contains("there is no folder"), ran.all());
    }

    @ParameterizedTest
    @ValueSource(strings = {"mine/marrow", "mine/marrow/below", "mine"})
    void pathThatAnotherDatasetHas_isRefused_andNamesIt(String path) throws Exception {
        ran(0, "add", "demo-marrow", "--path", "mine/marrow");
        ProgramRunner.Result ran = ran(2, "add", "demo-colon", "--path", path);
        assertTrue(
                ran.err().contains("cannot add demo-colon at " + path + ": demo-marrow is at mine/marrow"), ran.all());
    }

    @Test
    void roleThatTheAuditDoesNotKnow_isNamedWhenTheDatasetIsAdded() throws Exception {
        ProgramRunner.Result ran = ran(0, "add", "demo-marrow", "--role", "training");
        assertTrue(ran.err().contains("does not know the role 'training'"), ran.all());
        assertFalse(ran(0, "add", "demo-colon", "--role", "test,mine").err().contains("does not know"));
    }

    @Test
    void sync_placesLinksAndLocksWhatIsDeclared() throws Exception {
        ran(0, "add", "demo-marrow", "--role", "train,validation");
        ProgramRunner.Result synced = ran(0, "sync");
        Path data = project.resolve("data/demo-marrow");
        assertEquals(data + "\n", synced.out());
        assertTrue(Files.isSymbolicLink(data));
        assertTrue(lock().contains("git-tree:"), lock());
        assertFalse(lock().contains(folder.toString()));
        int requests = fixture.requests();
        assertTrue(ran(0, "sync").err().contains("histods.lock is up to date"));
        assertEquals(requests, fixture.requests());
    }

    @Test
    void datasetOfAnOwnManifest_isKnownOnceItIsPulled_andAddedWithItsManifest() throws Exception {
        Path own = project.resolve("our-marrow.yaml");
        Files.writeString(
                own,
                Files.readString(fixture.manifests().resolve("demo-marrow.yaml"))
                        .replaceFirst("(?m)^id: .*$", "id: our-marrow")
                        .replaceAll("(?m)^(aliases|ambiguous):.*\n", ""));
        String pulled = ran(0, "pull", "our-marrow.yaml").out().strip();
        assertTrue(ran(0, "show", "our-marrow").out().contains("our-marrow"));
        assertTrue(ran(0, "cite", "our-marrow").out().contains("Fingerprint"));
        assertTrue(ran(0, "list", "--pulled").out().contains("our-marrow"));
        assertFalse(ran(0, "list").out().contains("our-marrow"));
        Files.writeString(project.resolve("train.py"), "data = '" + pulled + "'\n");
        assertTrue(fixture.run(project, "audit").out().contains("our-marrow"));

        assertTrue(ran(0, "add", "our-marrow").err().contains("manifests/our-marrow.yaml"));
        assertEquals(Files.readString(own), Files.readString(project.resolve("manifests/our-marrow.yaml")));
        ran(0, "add", "our-marrow.yaml", "--name", "again");
        ran(0, "sync");
        Files.writeString(own, Files.readString(own).replace("title: ", "title: Changed "));
        assertTrue(ran(2, "add", "our-marrow.yaml", "--name", "third")
                .err()
                .contains("is another manifest of our-marrow"));
        assertEquals(2, ran(2, "add", "nothing.yaml").exit());
    }

    @Test
    void aliasInTheDeclaration_isRefusedWithItsId() throws Exception {
        Path manifest = fixture.manifests().resolve("demo-kumar.yaml");
        Files.writeString(
                manifest, Files.readString(manifest).replaceFirst("(?m)^id: .*$", "$0\naliases: [dk, Demo of Kumar]"));
        Files.writeString(project.resolve("histods.yaml"), "datasets: [{id: dk, role: train}]\n");
        ProgramRunner.Result ran = ran(2, "sync");
        assertTrue(ran.err().contains("'dk' is an alias of demo-kumar"), ran.all());
        assertTrue(ran.err().contains("write id: demo-kumar"), ran.all());
        Files.writeString(project.resolve("histods.yaml"), "datasets: [{id: Demo of Kumar}]\n");
        assertTrue(ran(2, "lock").err().contains("`histods show 'Demo of Kumar'`"));
        assertTrue(ran(0, "show", "Demo of Kumar").out().contains("demo-kumar"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''        | is empty
            {a        | a { without its }
            test,[b   | a [ without its ]
            test,     | is empty
            """)
    void malformedSelection_isWrongUsage(String only, String reason) throws Exception {
        String before = Files.readString(project.resolve("histods.yaml"));
        ProgramRunner.Result add = ran(2, "add", "demo-colon", "--only", only);
        ProgramRunner.Result pull = ran(2, "pull", "demo-colon", "--only", only);

        assertTrue(add.err().contains("--only '" + only + "'") && add.err().contains(reason), add.all());
        assertTrue(pull.err().contains("--only '" + only + "'") && pull.err().contains(reason), pull.all());
        assertEquals(before, Files.readString(project.resolve("histods.yaml")));
    }

    @Test
    void bracesInASelection_areOneGlob() throws Exception {
        ran(0, "add", "demo-colon", "--only", "test/*_{001,002}.tif,labels.csv");

        assertTrue(
                Files.readString(project.resolve("histods.yaml")).contains("test/*_{001,002}.tif"),
                Files.readString(project.resolve("histods.yaml")));
    }

    @Test
    void lockOfASelection_isTheSameOnTwoMachines() throws Exception {
        ran(0, "add", "demo-colon", "--only", "test", "--role", "test");
        ran(0, "lock");
        String first = lock();
        Files.delete(project.resolve("histods.lock"));
        fixture.mirror("second");
        ran(0, "pull", "demo-colon");
        ran(0, "lock");
        assertEquals(first, lock());
        ran(0, "sync", "--locked");
        assertTrue(Files.exists(project.resolve("data/demo-colon/test")));
        assertFalse(Files.exists(project.resolve("data/demo-colon/train")));
    }

    @Test
    void trainingSplitInAProject_doesNotGetTheTestImages_whenSomebodyPullsTheRestIntoTheMirror() throws Exception {
        ran(0, "add", "demo-colon", "--only", "train", "--role", "train");
        ran(0, "sync");
        assertTrue(Files.exists(project.resolve("data/demo-colon/train")));
        ran(0, "pull", "demo-colon");
        assertTrue(Files.exists(project.resolve("data/demo-colon/train")));
        assertFalse(Files.exists(project.resolve("data/demo-colon/test")));
    }

    @Test
    void datasetThatWasDeletedFromHistodsYamlByHand_isNotCalledAsLocked() throws Exception {
        ran(0, "add", "demo-colon", "demo-kumar");
        ran(0, "sync");
        Path yaml = project.resolve("histods.yaml");
        Files.writeString(yaml, Files.readString(yaml).replace("  - id: demo-kumar\n", ""));
        ProgramRunner.Result locked = ran(2, "sync", "--locked");
        assertTrue(locked.err().contains("demo-kumar is in histods.lock but not in histods.yaml"), locked.all());
        ran(0, "lock");
        ran(0, "sync", "--locked");
    }

    @Test
    void selectionThatWasEditedByHand_isNotReportedAsOtherBytesInTheMirror() throws Exception {
        ran(0, "add", "demo-colon", "--only", "train");
        ran(0, "sync");
        Path yaml = project.resolve("histods.yaml");
        Files.writeString(yaml, Files.readString(yaml).replace("[train]", "[test]"));
        ProgramRunner.Result audit = fixture.run(project, "audit");
        assertTrue(audit.out().contains("lock-disagrees"), audit.all());
        assertFalse(audit.out().contains("other-bytes"), audit.all());
    }

    @Test
    void versionThatTheCatalogueNoLongerHas_isTakenFromTheMirror() throws Exception {
        String folder = ran(0, "pull", "demo-colon").out();
        catalogue("(?m)^version: .*$", "version: \"next\"");
        assertEquals(folder, ran(0, "pull", "demo-colon@999000002").out());
        assertTrue(ran(2, "pull", "demo-colon@1").err().contains("the catalogue has version next"));
    }

    @Test
    void lockOfFilesThatWerePulledBeforeTheManifestWasEdited_namesTheManifestThatTheyWerePulledWith() throws Exception {
        ran(0, "add", "demo-colon");
        ran(0, "lock");
        String first = lock();
        catalogue("(?m)^title: .*$", "title: Another title");
        ran(0, "lock");
        String described = lock();
        assertNotEquals(first, described);
        catalogue("(?m)^sources:", "unpack: { skip: [\"thumbnails/**\"] }\nsources:");
        ran(0, "lock");
        assertEquals(first, lock());
        catalogue("thumbnails", "test");
        assertTrue(ran(6, "lock").err().contains("files removed\n  - test/"));
    }

    @Test
    void syncLocked_restoresTheLockedFilesElsewhere_andWritesNoLock() throws Exception {
        ran(0, "add", "demo-colon");
        ran(0, "lock");
        String locked = lock();
        fixture.mirror("second");
        ran(0, "sync", "--locked", "--copy");
        assertFalse(Files.isSymbolicLink(project.resolve("data/demo-colon")));
        assertEquals(locked, lock());
    }

    /** Changes the catalogue's entry. */
    private void catalogue(String regex, String replacement) throws Exception {
        Path manifest = fixture.manifests().resolve("demo-colon.yaml");
        Files.writeString(manifest, Files.readString(manifest).replaceFirst(regex, replacement));
    }

    @Test
    void syncLocked_fetchesAgainWhatTheCatalogueNoLongerHas_withTheManifestKeptBesideTheLock() throws Exception {
        ran(0, "add", "demo-colon", "--only", "test");
        ran(0, "lock");
        catalogue("(?m)^version: .*$", "version: \"next\"");
        ProgramRunner.Result there = ran(0, "sync", "--locked");
        assertTrue(there.err().contains("the catalogue entry has changed since the lock was written"), there.all());
        fixture.mirror("second");
        ProgramRunner.Result again = ran(0, "sync", "--locked");
        assertTrue(again.err().contains("fetched as .histods/manifests/demo-colon.yaml"), again.all());
        assertTrue(again.err().contains("matches the lock"), again.all());
        Files.delete(fixture.manifests().resolve("demo-colon.yaml"));
        fixture.mirror("third");
        ran(0, "sync", "--locked");
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void syncLocked_withTheLockedFilesInTheMirror_needsNoHost_whateverTheCatalogueSaysNow(boolean kept)
            throws Exception {
        ran(0, "add", "demo-colon");
        ran(0, "sync");
        String locked = lock();
        if (!kept) {
            Files.delete(project.resolve(".histods/manifests/demo-colon.yaml"));
        }
        int requests = fixture.requests();
        catalogue("record: \"999000002\"", "record: \"999000404\"");
        ProgramRunner.Result otherUrl = ran(0, "sync", "--locked", "--offline");
        assertTrue(
                otherUrl.err().contains("the catalogue entry has changed since the lock was written"), otherUrl.all());
        Files.delete(fixture.manifests().resolve("demo-colon.yaml"));
        ProgramRunner.Result gone = ran(0, "sync", "--locked");
        assertTrue(gone.err().contains("the catalogue no longer contains demo-colon"), gone.all());
        assertTrue(gone.err().contains("matches the lock"), gone.all());
        assertEquals(requests, fixture.requests());
        assertEquals(locked, lock());
        assertTrue(Files.exists(project.resolve("data/demo-colon")));
    }

    @Test
    void syncLocked_withAnotherChecksumInTheCatalogue_fetchesNothing_andUsesTheMirrorThatHasTheFiles()
            throws Exception {
        ran(0, "add", "demo-colon");
        ran(0, "sync");
        catalogue("md5:[0-9a-f]{32}", "sha256:" + "0".repeat(64));
        int requests = fixture.requests();
        ran(0, "sync", "--locked");
        assertEquals(requests, fixture.requests());
        fixture.mirror("second");
        ProgramRunner.Result other = ran(6, "sync", "--locked");
        assertTrue(other.err().contains("the catalogue pins another checksum for demo-colon"), other.all());
        assertEquals(requests, fixture.requests());
    }

    @Test
    void syncLocked_withoutTheKeptManifest_namesWhatTheLockWants() throws Exception {
        ran(0, "add", "demo-colon");
        ran(0, "lock");
        catalogue("(?m)^version: .*$", "version: \"next\"");
        Path kept = project.resolve(".histods/manifests/demo-colon.yaml");
        Files.writeString(kept, Files.readString(kept) + "# changed\n");
        fixture.mirror("second");
        ProgramRunner.Result gone = ran(6, "sync", "--locked");
        assertTrue(gone.err().contains("got       version next"), gone.all());
        assertTrue(gone.err().contains(".histods/manifests/demo-colon.yaml"), gone.all());
    }

    @Test
    void rightBytesUnderAnotherWordingOfTheManifest_matchTheLock() throws Exception {
        ran(0, "add", "demo-colon", "--only", "test");
        ran(0, "lock");
        String locked = lock();
        catalogue("(?m)^version: .*$", "version: \"next\"");
        fixture.mirror("second");
        ran(0, "pull", "demo-colon");
        int requests = fixture.requests();
        ProgramRunner.Result ran = ran(0, "sync", "--locked");
        assertTrue(ran.err().contains("matches the lock"), ran.all());
        assertEquals(requests, fixture.requests());
        assertEquals(locked, lock());
    }

    @ParameterizedTest
    @CsvSource({"'\n','\r\n'", "'^','\ufeff'"})
    void catalogueAndLockWithOtherLineEnds_areTheSame(String from, String to) throws Exception {
        ran(0, "add", "demo-colon");
        ran(0, "sync");
        Path manifest = fixture.manifests().resolve("demo-colon.yaml");
        Files.writeString(manifest, Files.readString(manifest).replaceAll(from, to));
        ProgramRunner.Result ran = ran(0, "sync", "--locked");
        assertFalse(ran.err().contains("has changed since the lock"), ran.all());
        assertFalse(fixture.run(project, "audit").out().contains("manifest-changed"));
        String lock = lock().replace("\n", "\r\n");
        Files.writeString(project.resolve("histods.lock"), lock);
        assertTrue(ran(0, "lock").err().contains("histods.lock is up to date"));
        assertEquals(lock, lock());
    }

    @Test
    void addAndDrop_keepTheLineEndsOfTheFile() throws Exception {
        Path yaml = project.resolve("histods.yaml");
        String before = "\ufeff# mine\r\npurpose: research\r\ndatasets:\r\n  - id: demo-marrow # m\r\n# the end\r\n";
        Files.writeString(yaml, before);
        ran(0, "add", "demo-colon");
        assertEquals(before.replace("# m\r\n", "# m\r\n  - id: demo-colon\r\n"), Files.readString(yaml));
        ran(0, "drop", "demo-colon");
        assertEquals(before, Files.readString(yaml));
        Files.writeString(yaml, "datasets:\r\n  - id: demo-marrow");
        ran(0, "add", "demo-colon");
        assertEquals("datasets:\r\n  - id: demo-marrow\r\n  - id: demo-colon\r\n", Files.readString(yaml));
    }

    @Test
    void syncLocked_withOtherFiles_exitsWith6AndShowsBothFingerprints() throws Exception {
        ran(0, "add", "demo-colon");
        ran(0, "lock");
        String other = lock().replaceFirst("fingerprint: \"sha256:.{4}", "fingerprint: \"sha256:0000");
        Files.writeString(project.resolve("histods.lock"), other);
        ProgramRunner.Result ran = ran(6, "sync", "--locked");
        assertTrue(ran.err().contains("expected  fingerprint 0000"), ran.all());
        assertTrue(ran.err().contains("every downloaded file is the locked one"), ran.all());
        assertFalse(Files.exists(project.resolve("data"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void syncLocked_withADamagedMirror_isRefusedAsWrongBytes() throws Exception {
        ran(0, "add", "demo-marrow");
        ran(0, "sync");
        Path victim;
        try (var walk = Files.walk(project.resolve("data/demo-marrow").toRealPath())) {
            victim = walk.filter(p -> p.toString().endsWith(".png")).findFirst().orElseThrow();
        }
        assertTrue(victim.toFile().setWritable(true));
        Files.writeString(victim, "not tissue");
        ProgramRunner.Result ran = ran(5, "sync", "--locked");
        assertTrue(ran.err().contains("--repair"), ran.all());
    }

    @Test
    void declaredDatasetThatIsNotLocked_isReported() {
        ran(2, "sync", "--locked");
        ran(0, "add", "demo-colon");
        ran(0, "lock", "--quiet");
        ran(0, "add", "demo-marrow");
        ProgramRunner.Result ran = ran(2, "sync", "--locked");
        assertTrue(ran.err().contains("demo-marrow is in histods.yaml but not in histods.lock"), ran.all());
    }

    @Test
    void lockOffline_usesOnlyTheMirror() throws Exception {
        ran(0, "add", "demo-colon", "demo-marrow");
        ran(0, "pull", "demo-colon");
        ProgramRunner.Result ran = fixture.run(project, "lock", "--offline");
        assertTrue(ran.exit() != 0 && ran.exit() != 1, ran.all());
        assertTrue(lock().contains("demo-colon") && !lock().contains("demo-marrow"), lock());
        ProgramRunner.Result again = fixture.run(project, "lock", "--offline");
        assertEquals(ran.exit(), again.exit());
        assertTrue(again.err().contains("histods.lock is unchanged: 1 dataset"), again.all());
    }

    @Test
    void lockThatIsNotReadable_isNamedWithStepsThatHelp() throws Exception {
        ran(0, "add", "demo-colon");
        ran(0, "lock");
        String complete = lock();
        Files.writeString(project.resolve("histods.lock"), complete.substring(0, 200));
        ProgramRunner.Result ran = ran(2, "lock");
        assertTrue(ran.err().contains("delete it and run `histods lock`"), ran.all());
        Files.delete(project.resolve("histods.lock"));
        ran(0, "lock");
        assertEquals(complete, lock());
    }

    @Test
    void add_acceptsAliasesAndRefusesUnknownDatasets() {
        assertTrue(ran(2, "add", "demo-nothing").err().contains("there is no dataset"));
        assertTrue(ran(2, "add", "demo-colon", "--variant", "raw").err().contains("has no variant 'raw'"));
        assertTrue(ran(2, "add", "demo-colon", "--path", "../x").err().contains("not a path"));
    }

    @Test
    void drop_removesTheLinkAndTheLockEntry() throws Exception {
        ran(0, "add", "demo-colon");
        ran(0, "sync");
        ran(0, "drop", "demo-colon");
        assertFalse(Files.exists(project.resolve("data/demo-colon"), LinkOption.NOFOLLOW_LINKS));
        assertTrue(lock().contains("datasets: []"));
        assertEquals(2, fixture.run(folder, "lock").exit());
    }

    @Test
    void syncWithCopies_threeTimesAtOnce_isRightThreeTimes() throws Exception {
        ran(0, "add", "demo-colon");
        ran(0, "pull", "demo-colon");
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Callable<ProgramRunner.Result>> three =
                    Collections.nCopies(3, () -> fixture.run(project, "sync", "--copy"));
            for (Future<ProgramRunner.Result> one : threads.invokeAll(three)) {
                assertEquals(0, one.get().exit(), one.get().all());
            }
        } finally {
            threads.shutdownNow();
        }
        assertTrue(Files.isDirectory(project.resolve("data/demo-colon/test"), LinkOption.NOFOLLOW_LINKS));
    }

    @Test
    void add_threeTimesAtOnce_losesNone() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(3);
        try {
            List<Callable<ProgramRunner.Result>> three = Stream.of("demo-colon", "demo-marrow", "demo-kumar")
                    .map(id -> (Callable<ProgramRunner.Result>) () -> fixture.run(project, "add", id))
                    .toList();
            for (Future<ProgramRunner.Result> one : threads.invokeAll(three)) {
                assertEquals(0, one.get().exit(), one.get().all());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(
                3,
                Files.readAllLines(project.resolve("histods.yaml")).stream()
                        .filter(line -> line.contains("- id: demo-"))
                        .count());
    }
}
