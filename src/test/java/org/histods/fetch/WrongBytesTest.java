package org.histods.fetch;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.manifest;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.source;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
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

/** Bytes that do not match: they are never in a bag, are always reported, and another source is tried. */
final class WrongBytesTest {

    private static final byte[] RIGHT = noise(5000, 1);
    private static final byte[] WRONG = noise(5000, 2);

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

    private Problem refused(ManifestFile manifest) throws IOException {
        Problem p = assertThrows(Problem.class, () -> fixture.pull(manifest));
        assertEquals(Map.of(), fixture.files("datasets"));
        assertEquals(Map.of(), fixture.files("staging"));
        return p;
    }

    private static ManifestFile twoSources(byte[] bytes, String path) throws Problem {
        return manifest("sources:\n"
                + source("one.example", pin(path, bytes, "md5"))
                + source("two.example", pin(path, bytes, "md5")));
    }

    @Test
    void wrongBytesFromTheFirstSource_areFetchedFromTheSecondAndBothAreRecorded() throws Exception {
        fixture.origin.put("/one.example/a.bin", WRONG);
        fixture.origin.put("/two.example/a.bin", RIGHT);
        Puller.Result result = fixture.pull(twoSources(RIGHT, "a.bin"));
        assertEquals(
                ArchiveFixtures.hex("sha256", RIGHT),
                ArchiveFixtures.hex(
                        "sha256", Files.readAllBytes(result.bag().ref().data().resolve("a.bin"))));
        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        assertTrue(receipt.contains("https://two.example/a.bin"), receipt);
        assertTrue(receipt.contains("https://one.example/a.bin"), receipt);
        assertTrue(receipt.contains("got md5:" + ArchiveFixtures.hex("md5", WRONG)), receipt);
        assertTrue(fixture.events.notes.toString().contains("two.example"), fixture.events.notes.toString());
    }

    @Test
    void wrongBytesEverywhere_areRefusedWithExpectedAndGot() throws Exception {
        fixture.origin.put("/one.example/a.bin", WRONG);
        fixture.origin.put("/two.example/a.bin", WRONG);
        Problem p = refused(twoSources(RIGHT, "a.bin"));
        assertEquals(5, p.kind().exit());
        assertTrue(p.message().contains("expected  md5:" + ArchiveFixtures.hex("md5", RIGHT)), p.message());
        assertTrue(p.message().contains("got       md5:" + ArchiveFixtures.hex("md5", WRONG)), p.message());
        assertEquals(2, p.attempts().size());
        assertEquals(Map.of(), fixture.files("partial"));
        assertEquals(1, fixture.origin.calls("/one.example/a.bin").size());
    }

    @Test
    void twoSourcesThatAgreeAgainstTheRecord_areNamed_andNothingIsAccepted() throws Exception {
        fixture.origin.put("/one.example/a.bin", WRONG);
        fixture.origin.put("/two.example/a.bin", WRONG);
        Problem p = refused(twoSources(RIGHT, "a.bin"));
        assertTrue(
                p.message().contains("http (one.example) https://one.example/ and http (two.example)")
                        && p.message().contains("sent the same bytes, sha256:" + ArchiveFixtures.hex("sha256", WRONG))
                        && p.message().contains("the checksum on record may be wrong"),
                p.message());
    }

    @Test
    void twoSourcesThatAreWrongInDifferentWays_areNotReportedToAgree() throws Exception {
        fixture.origin.put("/one.example/a.bin", WRONG);
        fixture.origin.put("/two.example/a.bin", noise(5000, 3));
        assertFalse(refused(twoSources(RIGHT, "a.bin")).message().contains("on record may be wrong"));
    }

    @Test
    void sourceThatSentWrongBytes_isTriedLastForOtherFiles() throws Exception {
        byte[] a = text("the right a");
        byte[] b = text("the right b");
        fixture.origin.put("/one.example/a.bin", text("the wrong a"));
        fixture.origin.put("/one.example/b.bin", b);
        fixture.origin.put("/two.example/a.bin", a);
        fixture.origin.put("/two.example/b.bin", b);

        fixture.pull(oneByOne(twice(pin("a.bin", a, "md5"), pin("b.bin", b, "md5"))));

        assertEquals(1, fixture.origin.calls("/two.example/b.bin").size());
        assertEquals(0, fixture.origin.calls("/one.example/b.bin").size());
        assertTrue(
                fixture.events.notes.stream()
                        .anyMatch(note -> note.contains("b.bin: trying http (two.example), since")),
                fixture.events.notes.toString());
    }

    @Test
    void sourceThatSentWrongBytes_isStillTriedForFilesThatOthersLack() throws Exception {
        byte[] a = text("the right a");
        byte[] b = text("the right b");
        fixture.origin.put("/one.example/a.bin", text("the wrong a"));
        fixture.origin.put("/one.example/b.bin", b);
        fixture.origin.put("/two.example/a.bin", a);

        assertEquals(
                2,
                fixture.pull(oneByOne(twice(pin("a.bin", a, "md5"), pin("b.bin", b, "md5"))))
                        .bag()
                        .fileCount());
    }

    @Test
    void sourceThatLacksOneFile_isStillTriedFirstForOthers() throws Exception {
        byte[] a = text("the right a");
        byte[] b = text("the right b");
        fixture.origin.put("/one.example/b.bin", b);
        fixture.origin.put("/two.example/a.bin", a);

        fixture.pull(oneByOne(twice(pin("a.bin", a, "md5"), pin("b.bin", b, "md5"))));

        assertEquals(1, fixture.origin.calls("/one.example/b.bin").size());
    }

    @Test
    void unreachableSource_isTriedLastForOtherFiles() throws Exception {
        byte[] a = text("the right a");
        byte[] b = text("the right b");
        for (String path : new String[] {"a.bin", "b.bin"}) {
            fixture.origin.always("/one.example/" + path, (call, out) -> {});
        }
        fixture.origin.put("/two.example/a.bin", a);
        fixture.origin.put("/two.example/b.bin", b);

        fixture.pull(oneByOne(twice(pin("a.bin", a, "md5"), pin("b.bin", b, "md5"))));

        assertEquals(0, fixture.origin.calls("/one.example/b.bin").size());
    }

    @Test
    void sourceThatStatesNothing_isComparedWithWhatTheOtherPublished() throws Exception {
        fixture.origin.put("/two.example/a.bin", WRONG);
        ManifestFile manifest = manifest("sources:\n" + source("one.example", pin("a.bin", RIGHT, "md5"))
                + source("two.example", bare("a.bin")));
        Problem p = refused(manifest);
        assertEquals(Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("expected  md5:" + ArchiveFixtures.hex("md5", RIGHT)), p.message());
        assertEquals(1, fixture.origin.calls("/two.example/a.bin").size());
    }

    @Test
    void forbiddenAtTheFirstSource_isFetchedFromTheSecond() throws Exception {
        fixture.origin.always("/one.example/a.bin", FakeOrigin.status("403 Forbidden", "no"));
        fixture.origin.put("/two.example/a.bin", RIGHT);
        Puller.Result result = fixture.pull(twoSources(RIGHT, "a.bin"));
        assertTrue(Files.readString(result.bag().receiptFiles().get(0)).contains("403"));
    }

    @Test
    void pageBehindARedirect_isNamedWithTheHostThatSentIt() throws Exception {
        fixture.origin.always(
                "/one.example/a.zip",
                (call, out) -> FakeOrigin.head(
                        out, "302 Found", "Location: https://portal.example/login", "Content-Length: 0"));
        fixture.origin.always(
                "/portal.example/login",
                FakeOrigin.status("200 OK", "<html><head><title>Welcome to our network</title></head></html>"));
        Problem p = refused(plain(bare("a.zip")));
        assertEquals(Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("portal.example") && p.message().contains("portal?"), p.message());
        assertEquals(Map.of(), fixture.files("partial"));
    }

    private static ManifestFile twice(String... pins) throws Problem {
        return manifest(
                "sources:\n" + PullFixture.source("one.example", pins) + PullFixture.source("two.example", pins));
    }

    private static PullRequest oneByOne(ManifestFile manifest) {
        return new PullRequest(manifest, null, List.of(), null, List.of(), false, 1);
    }

    @Test
    void notFound_isFetchedFromTheNextSource() throws Exception {
        fixture.origin.put("/two.example/a.bin", RIGHT);
        Puller.Result result = fixture.pull(twoSources(RIGHT, "a.bin"));
        String receipt = Files.readString(result.bag().receiptFiles().get(0));
        assertTrue(receipt.contains("404"), receipt);
    }

    @Test
    void forbiddenEverywhere_requiresAManualStep() throws Exception {
        fixture.origin.always("/one.example/a.bin", FakeOrigin.status("403 Forbidden", "no"));
        fixture.origin.always("/two.example/a.bin", FakeOrigin.status("404 Not Found", "no"));
        Problem p = refused(twoSources(RIGHT, "a.bin"));
        assertEquals(Kind.PERSON, p.kind());
        assertEquals(2, p.attempts().size());
    }

    @Test
    void webPageWithStatus200_isNamedAndNotStored() throws Exception {
        String page = "<!DOCTYPE html><html><head><title>Quota exceeded</title></head></html>";
        fixture.origin.always("/one.example/a.zip", FakeOrigin.status("200 OK", page));
        Problem p = refused(plain(bare("a.zip")));
        assertEquals(Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("web page titled 'Quota exceeded'"), p.message());
        assertEquals(Map.of(), fixture.files("partial"));
    }

    /** What hosts and networks of hospitals, hotels and clouds send with status 200. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "\ufeff\r\n\r\n  <html><body>log in</body></html>",
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0\"><html>",
                "<!-- saved by portal -->\n<!DOCTYPE HTML><html>",
                "<meta http-equiv=\"refresh\" content=\"0; url=https://login.example.org/\">",
                "<script>window.location='https://login.example.org/'</script>",
                "<BODY onload=\"document.forms[0].submit()\"><form>",
                "<Error><Code>AccessDenied</Code></Error>",
                "\ufeff<?xml version=\"1.0\"?><Error><Code>ServerBusy</Code></Error>",
                "{\n  \"error\": {\n    \"code\": 403 } }",
                "{\"detail\":\"Authentication credentials were not provided.\"}",
                "{\"status\": 404, \"message\": \"no such file\"}",
                "[{\"errorCode\":\"INVALID_SESSION\",\"message\":\"expired\"}]",
            })
    void pageOrErrorWithStatus200_isNeverStoredAsTheFile(String sent) throws Exception {
        fixture.origin.put("/one.example/a.bin", text(sent));
        Problem p = refused(plain(bare("a.bin")));
        assertEquals(Kind.WRONG_BYTES, p.kind(), p.message());
        assertEquals(Map.of(), fixture.files("partial"));
    }

    @Test
    void pageInUtf16_isNamed() throws Exception {
        fixture.origin.put(
                "/one.example/a.bin",
                "<html><head><title>Sign in</title></head></html>".getBytes(StandardCharsets.UTF_16));
        assertTrue(refused(plain(bare("a.bin"))).message().contains("web page titled 'Sign in'"));
    }

    /** Files that begin as such pages do, and are right. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "index.html|<!DOCTYPE html><html><title>Data</title></html>",
                "readme.md|<title>Slides</title>",
                "a.xml|<?xml version=\"1.0\"?><Annotations><title>x</title></Annotations>",
                "chat.jsonl|{\"message\": \"what is on the slide?\", \"response\": \"a tumour\"}",
                "a.ipynb|{\"cells\": [{\"output_type\": \"error\"}]}",
                "labels.txt|{\"error\": 0.1}",
                "a.geojson|{\"type\": \"Feature\", \"message\": 1}",
                "stats.cfg|{\"loss\": [{\"error\": 0.1}], \"x\": 1}",
                "a.svg|<?xml version=\"1.0\"?><!-- made by hand --><svg><title>x</title></svg>",
            })
    void fileThatBeginsLikeAPage_isTaken(String name, String sent) throws Exception {
        fixture.origin.put("/one.example/" + name, text(sent));
        assertEquals(1, fixture.pull(plain(bare(name))).bag().fileCount());
    }

    @Test
    void gitLfsPointer_isNamed() throws Exception {
        fixture.origin.put("/one.example/a.zip", text("version https://git-lfs.github.com/spec/v1\noid sha256:00\n"));
        assertTrue(refused(plain(bare("a.zip"))).message().contains("Git LFS pointer"));
    }

    @Test
    void emptyResponse_isRefused() throws Exception {
        fixture.origin.put("/one.example/a.bin", new byte[0]);
        Problem p = refused(plain(bare("a.bin")));
        assertEquals(Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("empty"), p.message());
    }

    @Test
    void otherSize_meansThatUpstreamChanged() throws Exception {
        fixture.origin.put("/one.example/a.bin", noise(150_000, 3));
        Problem p = refused(plain(pin("a.bin", noise(200_000, 3), "md5")));
        assertEquals(Kind.UPSTREAM_CHANGED, p.kind());
        assertTrue(p.message().contains("150000") && p.message().contains("200000"), p.message());
    }

    @Test
    void otherSizeOfASmallFile_meansThatUpstreamChangedToo() throws Exception {
        fixture.origin.put("/one.example/a.bin", noise(150, 3));
        assertEquals(
                Kind.UPSTREAM_CHANGED,
                refused(plain(pin("a.bin", noise(200, 3), "md5"))).kind());
    }

    @Test
    void oneOfFiveFails_nothingIsPublishedAndOnlyThatOneIsFetchedLater() throws Exception {
        String[] pins = new String[5];
        for (int i = 0; i < 5; i++) {
            byte[] bytes = noise(30_000, i);
            pins[i] = pin(i + ".bin", bytes, "sha256");
            fixture.origin.put("/one.example/" + i + ".bin", bytes);
        }
        fixture.origin.always("/one.example/3.bin", FakeOrigin.status("404 Not Found", "gone"));
        ManifestFile manifest = plain(pins);
        Problem p = refused(manifest);
        assertEquals(Kind.NETWORK, p.kind());
        assertTrue(p.message().contains("3.bin"), p.message());
        fixture.origin.put("/one.example/3.bin", noise(30_000, 3));
        fixture.origin.forget();
        Puller.Result result = fixture.pull(manifest);
        assertEquals(5, result.bag().fileCount());
        assertEquals(
                List.of("/one.example/3.bin"),
                fixture.origin.calls().stream().map(FakeOrigin.Call::path).toList());
        assertEquals(30_000, result.transferred());
        assertEquals(Map.of(), fixture.files("partial"));
    }

    @Test
    void threeOfNineFail_areAllNamedAndTheOthersKept() throws Exception {
        String[] pins = new String[9];
        for (int i = 0; i < pins.length; i++) {
            byte[] bytes = noise(1000, i);
            pins[i] = pin(i + ".bin", bytes, "sha256");
            if (i % 4 != 0) {
                fixture.origin.put("/one.example/" + i + ".bin", bytes);
            }
        }
        ManifestFile manifest = plain(pins);
        Problem p = refused(manifest);
        assertEquals(Kind.NETWORK, p.kind());
        assertTrue(p.message().startsWith("3 of 9 files could not be fetched"), p.message());
        for (String name : new String[] {"/0.bin", "/4.bin", "/8.bin"}) {
            assertTrue(p.message().contains(name), p.message());
        }
        for (int i = 0; i < pins.length; i += 4) {
            fixture.origin.put("/one.example/" + i + ".bin", noise(1000, i));
        }
        assertEquals(3000, fixture.pull(manifest).transferred());
    }

    @Test
    void archiveDamagedThoughItsChecksumIsRight_isNamedAndNotFetchedAgain() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("x.bin", noise(1000, 4)));
        zip[500] ^= 1;
        fixture.origin.put("/one.example/a.zip", zip);
        Problem p = refused(plain(pin("a.zip", zip, "md5")));
        assertEquals(Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("a.zip") && p.message().contains("x.bin"), p.message());
        assertEquals(1, fixture.origin.calls().size());
    }

    @Test
    void damagedArchiveWithoutChecksum_isFetchedAgainByTheNextPull() throws Exception {
        byte[] right = ArchiveFixtures.zip(members("x.bin", noise(1000, 4)));
        byte[] damaged = right.clone();
        damaged[500] ^= 1;
        fixture.origin.put("/one.example/a.zip", damaged);
        ManifestFile manifest = plain(bare("a.zip"));
        refused(manifest);
        fixture.origin.put("/one.example/a.zip", right);
        assertEquals(1, fixture.pull(manifest).bag().fileCount());
    }

    @Test
    void hostileZip_isRefusedAndLeavesNothing() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("good.txt", "x", "../../../../evil.txt", "y"));
        fixture.origin.put("/one.example/a.zip", zip);
        Problem p = refused(plain(pin("a.zip", zip, "md5")));
        assertEquals(Kind.WRONG_BYTES, p.kind());
        assertTrue(p.message().contains("evil.txt"), p.message());
        assertTrue(PullFixture.filesBelow(temp).keySet().stream()
                .noneMatch(f -> f.contains("evil") || f.contains("good")));
    }
}
