package org.histods.pull;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.only;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.source;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.FaultyMirror;
import org.histods.problem.Problem;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeOrigin;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Problems that can be known before the download are reported before the first byte. */
final class EarlyChecksTest {

    private static final String SPLITS = "splits:\n  train: [\"x_00[1-5].tif\"]\n  test: [\"y.tif\"]\n";

    @TempDir
    Path temp;

    private PullFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
        for (String name : List.of("x_001.tif", "x_002.tif", "y.tif", "b.xml", "c%5B1%5D.tif", "c%5b1%5d.tif")) {
            fixture.origin.put("/one.example/" + name, text(name));
        }
        fixture.origin.put("/one.example/a.zip", ArchiveFixtures.zip(members("p1.png", "1", "p2.png", "2")));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private static ManifestFile files(String... names) throws Problem {
        StringBuilder pins = new StringBuilder();
        for (String name : names) {
            pins.append(bare(name));
        }
        return manifest(SPLITS + "sources:\n" + source("one.example", pins.toString()));
    }

    private Problem refused(ManifestFile manifest, String... words) {
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, words)));
        assertEquals(Problem.Kind.USAGE, p.kind(), p.message());
        assertEquals(List.of(), fixture.mirror().bags());
        return p;
    }

    @ParameterizedTest
    @ValueSource(strings = {"slides.rar", "SLIDES.RAR", "slides.part1.rar"})
    void rar_isRefusedBeforeTheFirstByte(String name) throws Exception {
        fixture.origin.put("/one.example/" + name, text("Rar!\u001a\u0007"));
        ManifestFile manifest = files("x_001.tif", name);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.PERSON, p.kind());
        assertTrue(p.message().contains(name + " is a RAR archive"), p::message);
        assertEquals(
                p.message(),
                assertThrows(Problem.class, () -> fixture.puller().plan(PullRequest.of(manifest)))
                        .message());
        assertEquals(List.of(), fixture.origin.calls());
        fixture.pull(only(manifest, "x_001.tif"));
        fixture.pull(manifest(SPLITS + "sources:\n"
                + source("one.example", bare("x_001.tif"), bare(name) + "        unpack: false\n")));
    }

    @Test
    void zipWithTheNameOfARar_isUnpackedIfTheManifestSaysSo() throws Exception {
        fixture.origin.put("/one.example/z.rar", ArchiveFixtures.zip(members("p1.png", "1")));
        fixture.pull(plain(bare("z.rar") + "        unpack: true\n"));
        assertEquals(
                List.of("p1.png"),
                List.copyOf(fixture.files("datasets/toy/1/data").keySet()));
    }

    @ParameterizedTest
    @CsvSource({"tset, test", "trian, train", "Test, test"})
    void mistypedSplit_isRefusedBeforeTheFirstByte_withSimilarWords(String typed, String meant) throws Exception {
        Problem p = refused(files("x_001.tif", "y.tif", "a.zip"), typed);
        assertTrue(String.valueOf(p.hint()).contains(meant), p.hint());
        assertEquals(List.of(), fixture.origin.calls());
    }

    @ParameterizedTest
    @CsvSource({"x_01.tif, x_001.tif", "y.tiff, y.tif", "X_001.tif, x_001.tif"})
    void mistypedFile_isRefusedBeforeTheFirstByte_withTheNamesThatAreNear(String typed, String meant) throws Exception {
        Problem p = refused(files("x_001.tif", "y.tif"), "y.tif", typed);
        assertTrue(p.message().endsWith("matches " + typed), p.message());
        assertTrue(String.valueOf(p.hint()).contains(meant), p.hint());
        assertEquals(List.of(), fixture.origin.calls());
    }

    @Test
    void everyWordOfOnlyMustMatchSomething() throws Exception {
        ManifestFile manifest = files("x_001.tif", "x_002.tif", "b.xml");
        for (String wrong : List.of("x_999.tif", "a[12].tif", "*.svs", "sub/*", "**/none")) {
            Problem p = refused(manifest, "x_001.tif", wrong);
            assertTrue(p.message().endsWith("matches " + wrong), p.message());
        }
        assertEquals(List.of(), fixture.origin.calls());
        assertEquals(2, fixture.pull(only(manifest, "x_001.tif", "b.*")).bag().fileCount());
    }

    @Test
    void wordThatMatchesNoEntryOfAnArchive_isRefused_andTheArchiveIsKept() throws Exception {
        Problem p = refused(files("a.zip", "b.xml"), "p1.png", "p9.png");
        assertTrue(p.message().endsWith("matches p9.png"), p.message());
        fixture.origin.forget();
        assertEquals(
                1, fixture.pull(only(files("a.zip", "b.xml"), "p1.png")).bag().fileCount());
        assertTrue(fixture.origin.calls("/one.example/a.zip").stream().allMatch(call -> call.range() != null));
        assertEquals(
                2,
                fixture.pull(only(files("a.zip", "b.xml"), "a.zip", "p2.png"))
                        .bag()
                        .fileCount());
    }

    @Test
    void datasetThatIsThere_isNoReasonToOverlookAWord() throws Exception {
        ManifestFile manifest = files("x_001.tif", "b.xml");
        fixture.pull(manifest);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(only(manifest, "b.xml", "x_999.tif")));
        assertTrue(p.message().endsWith("matches x_999.tif"), p.message());
    }

    @Test
    void fileWithBracketsInItsName_isSuggestedAsAGlob() throws Exception {
        Problem p = refused(files("c[1].tif", "b.xml"), "c[1].tif");
        assertTrue(String.valueOf(p.hint()).contains("c[[]1[]].tif"), p.hint());
    }

    @ParameterizedTest
    @CsvSource({
        "p/a, p/a/b.txt",
        "p/a/b.txt, p/a",
        "A.tif, a.tif",
        "Ä.tif, A\u0308.tif",
        "P/x.tif, p",
        "p/A/x.tif, p/a",
        "Straße/1.tif, STRAßE/1.tif"
    })
    void filesThatCannotBothBeStored_areNamedBeforeTheFirstByte(String one, String other) throws Exception {
        Problem p = refused(files("b.xml", one, other));
        assertTrue(p.message().contains(one) && p.message().contains(other), p.message());
        assertTrue(String.valueOf(p.hint()).contains("exclude: ['"), p.hint());
        assertEquals(List.of(), fixture.origin.calls());
    }

    @Test
    void diskThatCannotHoldTheUnpackedFiles_isRefusedBeforeTheFirstByte() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("p1.png", "1"));
        fixture.origin.put("/one.example/a.zip", zip);
        ManifestFile manifest = manifest(
                "unpacked: { exact: 5000000, by: me }\nsources:\n" + source("one.example", pin("a.zip", zip, "md5")));
        fixture.faulty = root -> FaultyMirror.withFree(root, 4_900_000);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.DISK, p.kind());
        assertEquals(List.of(), fixture.origin.calls());
        fixture.faulty = root -> FaultyMirror.withFree(root, 5_100_000);
        assertEquals(1, fixture.pull(manifest).bag().fileCount());
    }

    /** In a home folder, for example, whose {@code datasets/} is the user's own: also at the first pull. */
    @Test
    void folderOfTheUserWhereTheDatasetWouldBe_isRefusedBeforeTheFirstByte() throws Exception {
        ManifestFile manifest = files("y.tif");
        Path own = fixture.mirror()
                .root()
                .resolve("datasets/toy/" + manifest.manifest().version() + "/notes.txt");
        Files.createDirectories(own.getParent());
        Files.writeString(own, "mine");
        Problem p = refused(manifest);
        assertTrue(p.message().contains("is not a bag that histods made"), p.message());
        assertEquals(List.of(), fixture.origin.calls());
        assertEquals("mine", Files.readString(own));
    }

    @Test
    void missingCredentialsForOneHost_areReportedBeforeTheFilesOfAnotherAreFetched() throws Exception {
        fixture.origin.always("/two.example/b.xml", (call, out) -> FakeOrigin.head(out, "401 Unauthorized"));
        String sources = "sources:\n" + source("one.example", bare("x_001.tif")) + "    part: images\n"
                + source("two.example", bare("b.xml")) + "    part: labels\n";
        String text = manifest(sources).text();
        ManifestFile closed = new ManifestReader()
                .read(text.replace("{ status: open }", "{ status: credential, steps: [Log in.] }"), "toy.yaml", null);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(closed));
        assertEquals(Problem.Kind.PERSON, p.kind(), p.message());
        assertTrue(
                fixture.origin.calls().stream()
                        .noneMatch(call -> call.path().contains("x_001")
                                && !"bytes=0-0".equals(call.headers().get("range"))),
                fixture.origin.calls().toString());
    }

    @Test
    void bytesOfAnEarlierRun_needNoSpaceAgain() throws Exception {
        byte[] bytes = noise(300_000, 1);
        ManifestFile manifest = plain(pin("n.bin", bytes, "sha256"));
        String at = "/one.example/n.bin";
        fixture.origin.put(at, bytes, "\"v1\"");
        fixture.origin.next(at, FakeOrigin.breaksAfter(250_000, bytes, "\"v1\""));
        for (int i = 0; i < 12; i++) {
            fixture.origin.next(at, FakeOrigin.status("404 Not Found", "away"));
        }
        assertThrows(Problem.class, () -> fixture.pull(manifest));
        fixture.origin.quiet(at);
        fixture.faulty = root -> FaultyMirror.withFree(root, 49_000);
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Problem.Kind.DISK, p.kind());
        fixture.faulty = root -> FaultyMirror.withFree(root, 60_000);
        assertEquals(50_000, fixture.pull(manifest).transferred());
    }
}
