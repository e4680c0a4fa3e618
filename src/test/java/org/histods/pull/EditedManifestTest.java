package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.only;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.source;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A manifest is edited after its dataset was pulled, and its version stays the same. */
final class EditedManifestTest {

    @TempDir
    Path temp;

    private PullFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private String put(String path, String content) {
        fixture.origin.put("/one.example/" + path, text(content));
        return pin(path, text(content), "md5");
    }

    private String refused(PullRequest request) {
        Problem p = assertThrows(Problem.class, () -> fixture.pull(request));
        assertEquals(Problem.Kind.UPSTREAM_CHANGED, p.kind(), p::message);
        Problem planned = assertThrows(Problem.class, () -> fixture.puller().plan(request));
        assertEquals(p.message(), planned.message());
        return p.message();
    }

    private String refused(ManifestFile manifest) {
        return refused(PullRequest.of(manifest));
    }

    /** A folder that the host lists: a.csv, b.csv and b.tif. */
    private ManifestFile folder(String more) throws Exception {
        fixture.origin.put(
                "/one.example/d/",
                text(
                        "<html><title>Index of /d</title><a href=\"a.csv\">a</a><a href=\"b.csv\">b</a><a href=\"b.tif\">t</a>"));
        for (String name : List.of("a.csv", "b.csv", "b.tif")) {
            fixture.origin.put("/one.example/d/" + name, text(name));
        }
        return manifest(
                "sources:\n  - { kind: http, record: \"https://one.example/d/\", official: true" + more + " }\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ", include: [\"*.csv\"]| |include of http https://one.example/d/",
                ", include: [\"*.csv\"]|, include: [\"*.csv\", \"*.tif\"]|include of http https://one.example/d/",
                ", exclude: [\"*.tif\"]| |exclude of http https://one.example/d/",
                " |, include: [\"*.csv\"]|1 file removed: b.tif",
                " |, exclude: [\"b.*\"]|2 files removed: b.csv: b.tif",
                ", include: [\"*.csv\", \"*.tif\"]|, include: [\"*.csv\"]|1 file removed: b.tif",
            })
    void filesThatTheManifestNowIncludesOrExcludes_areNotThatTheDatasetIsThere(String then, String now, String said)
            throws Exception {
        fixture.pull(folder(then == null ? "" : then));
        String message = refused(folder(now == null ? "" : now));
        assertTrue(message.contains(said.replace(": b", "\n  - b")), message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                " |, exclude: [\"*.pdf\"]",
                ", include: [\"*.csv\", \"*.pdf\"]|, include: [\"*.csv\"]",
                ", include: [\"*.csv\", \"*.pdf\"]|, include: [\"*.pdf\", \"*.csv\"], note: a remark",
            })
    void editThatChangesNoFile_changesNothing(String then, String now) throws Exception {
        fixture.pull(folder(then == null ? "" : then));
        fixture.offline = true;
        assertFalse(fixture.pull(folder(now)).changed());
    }

    @Test
    void archiveThatIsNowUnpackedElsewhere_orKept_isNotThatTheDatasetIsThere() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("x.txt", "one"));
        fixture.origin.put("/one.example/a.zip", zip);
        String pinned = pin("a.zip", zip, "md5");
        fixture.pull(plain(pinned));
        String into = refused(plain(pinned + "        into: train\n"));
        assertTrue(into.contains("into of a.zip\n    manifest  train\n    mirror    the dataset's top folder"), into);
        String kept = refused(plain(pinned + "        unpack: false\n"));
        assertTrue(kept.contains("unpack of a.zip\n    manifest  false\n    mirror    true"), kept);
        fixture.offline = true;
        assertFalse(fixture.pull(plain(pinned + "        unpack: true\n")).changed());
    }

    @Test
    void filesThatAnEditDoesNotConcern_areStillThere() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("x.txt", "one"));
        fixture.origin.put("/one.example/a.zip", zip);
        String pinned = pin("a.zip", zip, "md5");
        String labels = put("labels.csv", "1");
        fixture.pull(plain(pinned, labels));
        ManifestFile edited = plain(pinned + "        into: train\n", labels);
        for (String word : List.of("a.zip", "x.txt", "train/x.txt", "train/")) {
            assertTrue(refused(only(edited, word)).contains("into of a.zip"), word);
        }
        fixture.offline = true;
        assertFalse(fixture.pull(only(edited, "labels.csv")).changed());
    }

    @Test
    void listedFileThatIsThere_isStillThereIfTheManifestIncludesMore() throws Exception {
        fixture.pull(folder(", include: [\"*.csv\"]"));
        assertTrue(refused(only(folder(""), "*.tif")).contains("include of http"));
        assertTrue(refused(only(folder(""), "b.tif")).contains("include of http"));
        fixture.offline = true;
        assertFalse(fixture.pull(only(folder(""), "a.csv")).changed());
    }

    @Test
    void entriesThatAreNowSkipped_orNoLonger_areNotThatTheDatasetIsThere() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("x.txt", "one", "thumbs/y.txt", "two"));
        fixture.origin.put("/one.example/a.zip", zip);
        String sources = "sources:\n" + source("one.example", pin("a.zip", zip, "md5"));
        fixture.pull(manifest("unpack: { skip: [\"thumbs/**\"] }\n" + sources));
        assertTrue(refused(manifest(sources)).contains("1 file added\n  + a.zip: thumbs/y.txt"));
        String more = refused(manifest("unpack: { skip: [\"thumbs/**\", \"x.*\"] }\n" + sources));
        assertTrue(more.contains("1 file removed\n  - x.txt"), more);
        fixture.offline = true;
        assertFalse(fixture.pull(manifest("unpack: { skip: [\"thumbs/**\", \"z.*\"] }\n" + sources))
                .changed());
    }

    @Test
    void partThatWasAdded_isNotThatTheDatasetIsThere() throws Exception {
        String a = put("a.txt", "one");
        String b = put("b.txt", "two");
        fixture.pull(plain(a));
        String labels = source("one.example", b).replace("official", "part: labels\n    official");
        String message = refused(manifest("sources:\n" + source("one.example", a) + labels));
        assertTrue(message.contains("1 file added\n  + b.txt"), message);
    }

    @Test
    void optionalFileThatIsNowRequired_andWasNotFetched_isNotThatTheDatasetIsThere() throws Exception {
        String a = put("a.txt", "one");
        String b = put("b.txt", "two");
        Path local = temp.resolve("a.txt");
        Files.writeString(local, "one");
        fixture.pull(PullFixture.withLocalFiles(plain(a, b + "        optional: true\n"), local));
        assertTrue(refused(plain(a, b)).contains("1 file added\n  + b.txt"));
    }

    @Test
    void otherRecordUnderTheSameVersion_isNotThatTheDatasetIsThere_butAnAlternativeIs() throws Exception {
        String a = put("a.txt", "one");
        fixture.pull(plain(a));
        String other = source("two.example", pin("a.txt", text("new"), "md5"));
        assertTrue(refused(manifest("sources:\n" + other)).contains("1 checksum differs"));
        String same = source("two.example", a);
        fixture.offline = true;
        assertFalse(fixture.pull(manifest("sources:\n" + same)).changed());
        assertFalse(fixture.pull(manifest("sources:\n" + same + source("one.example", a)))
                .changed());
    }

    @Test
    void listThatWasPinned_isComparedWithWhatTheHostListed() throws Exception {
        fixture.pull(folder(""));
        String pins = pin("a.csv", text("a.csv"), "md5") + pin("b.csv", text("b.csv"), "md5");
        String tif = pin("b.tif", text("b.tif"), "md5");
        ManifestFile less = manifest(
                "sources:\n" + source("one.example", pins).replace("https://one.example/", "https://one.example/d/"));
        assertTrue(refused(less).contains("1 file removed\n  - b.tif"));
        ManifestFile all = manifest("sources:\n"
                + source("one.example", pins, tif).replace("https://one.example/", "https://one.example/d/"));
        fixture.offline = true;
        assertFalse(fixture.pull(all).changed());
    }

    @Test
    void selectionThatIsExtendedAfterAnEdit_saysWhatTheOlderSelectionLacks() throws Exception {
        String one = put("a/1.txt", "one");
        String b = put("b/1.txt", "two");
        fixture.pull(only(plain(one, b), "a/*"));
        String two = put("a/2.txt", "three");
        ManifestFile edited = plain(one, two, b);
        assertTrue(refused(only(edited, "b/*")).contains("1 file added\n  + a/2.txt"));
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(edited, "b/*")));
        assertEquals("the same command with --only 'a/*' too fetches what was added", p.hint());
    }

    @Test
    void selectionThatIsExtendedAfterAnEdit_isPulledIfItFetchesWhatWasAdded() throws Exception {
        String one = put("a/1.txt", "one");
        String b = put("b/1.txt", "two");
        fixture.pull(only(plain(one, b), "a/*"));
        ManifestFile edited = plain(one, put("a/2.txt", "three"), b);
        fixture.pull(only(edited, "b/*", "a/*"));
        assertEquals(
                List.of("a/1.txt", "a/2.txt", "b/1.txt"),
                List.copyOf(fixture.files("datasets/toy/1/data").keySet()));
    }

    @Test
    void selectionThatIsExtendedAfterAnEdit_refusesAnotherChecksumInTheOlderOne() throws Exception {
        String a = put("a.txt", "one");
        String b = put("b.txt", "two");
        fixture.pull(only(plain(a, b), "a.txt"));
        String message = refused(PullRequest.of(plain(pin("a.txt", text("new"), "md5"), b)));
        assertTrue(message.contains("1 checksum differs\n  a.txt"), message);
    }
}
