package org.histods.source.tcia;

import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.options;
import static org.histods.testing.ArchiveFixtures.noise;
import static org.histods.testing.PullFixture.manifest;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.pull.Puller;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.FakeAscp;
import org.histods.testing.FaspexHost;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A package of TCIA from its listing to the bag, through a stand-in for IBM's program. */
final class FaspTest {

    @RegisterExtension
    static final WireMockExtension HOST =
            WireMockExtension.newInstance().options(options().dynamicPort()).build();

    private static final byte[] SLIDE = noise(300_000, 7);
    private static final String PATH = "Yale cohort/a & b.svs";
    private static final String AT = FaspexHost.store(PATH);

    @TempDir
    Path temp;

    private PullFixture fixture;
    private FakeAscp ascp;

    @BeforeEach
    void open() throws IOException {
        fixture = new PullFixture(temp);
        fixture.port = HOST.getPort();
        ascp = new FakeAscp(temp.resolve("bin"));
        fixture.aspera = ascp.aspera();
        pack(ArchiveFixtures.hex("md5", SLIDE));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    private void pack(String md5) throws IOException {
        new FaspexHost(HOST, ascp).with(PATH, SLIDE).with("toy.sums", PullFixture.text(md5 + " " + PATH + "\n"));
    }

    private static ManifestFile toy() throws Problem {
        return manifest("""
                sources:
                  - kind: tcia
                    record: "41001"
                    official: true
                    options: { via: faspex }
                """);
    }

    private void assertPulled(Puller.Result result) throws IOException {
        assertArrayEquals(SLIDE, Files.readAllBytes(result.bag().ref().data().resolve(PATH)));
        assertEquals(Map.of(), fixture.files("partial"));
    }

    private static String receipt(Puller.Result result) throws IOException, Problem {
        return Files.readString(result.bag().receiptFiles().get(0));
    }

    private void assertNothingSecret() throws IOException {
        fixture.files("").forEach((file, text) -> {
            for (String secret : java.util.List.of(FakeAscp.TOKEN, "cookie-of-the-test", FaspexHost.BEARER)) {
                assertFalse(text.contains(secret), file);
            }
        });
        assertFalse(fixture.events.notes.toString().contains(FakeAscp.TOKEN));
        assertFalse(ascp.calls().toString().contains(FakeAscp.TOKEN));
    }

    @Test
    void package_isVerifiedByItsListAndTheReceiptNamesTheTransfer() throws Exception {
        Puller.Result result = fixture.pull(toy());

        assertPulled(result);
        String receipt = receipt(result);
        assertTrue(
                receipt.contains("\"answered\" : \"fasp://144.30.0.1:33001/store/0739/Yale%20cohort/a%20&%20b.svs\""),
                receipt);
        assertTrue(receipt.contains("\"by\" : \"toy.sums\""), receipt);
        assertFalse(receipt.contains("\"status\" : 200"), receipt);
        assertEquals(
                "verified",
                fixture.events.fetched.stream()
                        .filter(f -> f.file().remote().path().text().equals(PATH))
                        .findFirst()
                        .orElseThrow()
                        .check());
        assertNothingSecret();
    }

    @Test
    void brokenTransfer_isResumedWhereItBroke() throws Exception {
        ascp.next(AT, "die 100000");

        Puller.Result result = fixture.pull(toy());

        assertPulled(result);
        assertTrue(receipt(result).contains("\"resumes\" : 1"));
        assertTrue(
                ascp.calls().stream().anyMatch(call -> call.contains("|-@|100000:|")),
                ascp.calls().toString());
        assertTrue(fixture.events.notes.toString().contains("data transfer timeout"), fixture.events.notes.toString());
        assertNothingSecret();
    }

    @Test
    void transferThatKeepsFailing_leavesAPartialFileForTheNextRun() throws Exception {
        ascp.next(AT, "die 100000", "refuse");
        Problem problem = assertThrows(Problem.class, () -> fixture.pull(toy()));
        assertEquals(Problem.Kind.PERSON, problem.kind());
        assertNothingSecret();

        fixture.events.network.set(0);
        assertPulled(fixture.pull(toy()));
        assertTrue(fixture.events.network.get() < 250_000, fixture.events.network.toString());
    }

    @Test
    void fileWithoutChecksum_isResumedWhileItsDateIsTheSame_andIsComputed() throws Exception {
        HOST.resetAll();
        new FaspexHost(HOST, ascp).with(PATH, SLIDE);
        ascp.next(AT, "die 100000");

        Puller.Result result = fixture.pull(toy());

        assertPulled(result);
        assertEquals(1, fixture.events.fetched.size());
        assertEquals("computed", fixture.events.fetched.get(0).check());
        // Without a checksum, the last 64 KiB before the break are requested again and compared.
        assertEquals(300_000 + (64 << 10), result.transferred());
    }

    @Test
    void programThatIgnoresTheRange_isNoticedByTheChecksumAndStartedAgain() throws Exception {
        ascp.next(AT, "die 100000", "deaf");

        assertPulled(fixture.pull(toy()));
    }

    @Test
    void otherBytesThanTheListNames_areWrong() throws Exception {
        pack("00000000000000000000000000000000");

        Problem problem = assertThrows(Problem.class, () -> fixture.pull(toy()));

        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("toy.sums"), problem.message());
        assertEquals(Map.of(), fixture.files("datasets"));
    }

    @Test
    void pullWithoutAscp_needsManualActionAndLeavesNothing() throws Exception {
        fixture.aspera = org.histods.transport.AscpInstallation.none();

        Problem problem = assertThrows(Problem.class, () -> fixture.pull(toy()));

        assertEquals(Problem.Kind.PERSON, problem.kind());
        assertTrue((problem.message() + problem.hint()).contains("gem install aspera-cli"), problem.hint());
        assertEquals(Map.of(), fixture.files("datasets"));
    }
}
