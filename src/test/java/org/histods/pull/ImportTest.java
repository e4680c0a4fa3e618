package org.histods.pull;

import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.plain;
import static org.histods.testing.PullFixture.text;
import static org.histods.testing.SparseZip.noise;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.histods.digest.Hasher;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.export.Exporter;
import org.histods.pull.local.Offer;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.PullFixture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Another person's bag is imported if everything in it is correct; otherwise nothing is left behind. */
final class ImportTest {

    private static final byte[] SLIDE = noise(5000, 1);
    private static final byte[] MASK = noise(6000, 2);

    @TempDir
    Path temp;

    private PullFixture fixture;
    private PullFixture colleague;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp.resolve("mine"));
        colleague = new PullFixture(temp.resolve("theirs"));
        manifest = plain(pin("a/slide.svs", SLIDE, "md5"), pin("mask.tif", MASK, "md5"));
        for (PullFixture one : List.of(fixture, colleague)) {
            one.origin.put("/one.example/a/slide.svs", SLIDE);
            one.origin.put("/one.example/mask.tif", MASK);
        }
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
        colleague.close();
    }

    private Puller.Result imported(Path bag, @Nullable String fingerprint) throws Problem, IOException {
        Importer importer = fixture.importer();
        try (Importer.Received received = importer.receive(bag, fingerprint, fixture.events)) {
            ManifestFile own = new ManifestReader().read(Files.readString(received.manifest()), "manifest.yaml", null);
            return importer.publish(received, own, manifest.manifest(), fixture.events);
        }
    }

    private Path given(String how) throws Problem {
        Bag bag = colleague.pull(manifest).bag();
        if (how.equals("mirror")) {
            return bag.ref().path();
        }
        Path to = temp.resolve("export");
        new Exporter(bag, manifest.manifest(), false, 2).to(to, Exporter.Form.BAGIT);
        return to;
    }

    @ParameterizedTest
    @ValueSource(strings = {"mirror", "export"})
    void theBagOfAColleague_entersTheMirrorWithItsReceiptsAndOneOfTheImport(String how) throws Exception {
        Path given = given(how);
        Map<String, String> before = PullFixture.filesBelow(given);
        String fingerprint = colleague.pull(manifest).bag().fingerprint().hex();
        Puller.Result result = imported(given, fingerprint.substring(0, 12));
        assertTrue(result.changed());
        assertEquals(0, result.transferred());
        assertEquals(fingerprint, result.bag().fingerprint().hex());
        assertEquals(
                Map.of("a/slide.svs", 1, "mask.tif", 1).keySet(),
                PullFixture.filesBelow(result.bag().ref().data()).keySet());
        List<JsonNode> receipts = result.bag().receipts();
        assertEquals("pull", receipts.get(0).path("predicate").path("action").asString(""));
        JsonNode last = receipts.get(1).path("predicate");
        assertEquals("import", last.path("action").asString(""));
        assertEquals(
                fingerprint.substring(0, 12),
                last.path("imported").path("expected").asString(""));
        assertTrue(fixture.verify(result.bag(), BagVerifier.Level.FULL).ok());
        assertEquals(before, PullFixture.filesBelow(given));
        assertEquals(Map.of(), fixture.files("staging"));
        assertEquals(0, fixture.origin.calls().size());
        assertFalse(imported(given, fingerprint).changed());
        assertFalse(fixture.pull(manifest).changed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"changed file", "extra file", "missing file", "changed receipt", "other fingerprint"})
    void anythingWrong_isRefused_andTheMirrorStaysAsItWas(String fault) throws Exception {
        Path given = given("export");
        switch (fault) {
            case "changed file" -> Files.write(given.resolve("data/mask.tif"), noise(6000, 3));
            case "extra file" -> Files.write(given.resolve("data/more.tif"), noise(10, 3));
            case "missing file" -> Files.delete(given.resolve("data/mask.tif"));
            case "changed receipt" -> Files.writeString(given.resolve("receipts/0001-pull.json"), "{}");
            default -> {}
        }
        String expected = fault.equals("other fingerprint") ? "0".repeat(64) : null;
        Problem problem = assertThrows(Problem.class, () -> imported(given, expected));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertEquals(Map.of(), fixture.files("datasets"));
        assertEquals(Map.of(), fixture.files("staging"));
    }

    @Test
    void otherFilesUnderTheSameVersion_areRefused() throws Exception {
        Path given = given("export");
        fixture.origin.put("/one.example/a/slide.svs", noise(5000, 7));
        Bag mine = fixture.pull(plain(pin("a/slide.svs", noise(5000, 7), "md5"), pin("mask.tif", MASK, "md5")))
                .bag();
        Problem problem = assertThrows(Problem.class, () -> imported(given, null));
        assertEquals(Problem.Kind.USAGE, problem.kind());
        assertTrue(problem.message().contains(mine.fingerprint().hex()), problem.message());
    }

    /** A bag whose file was exchanged, with all its own checksums made to fit. */
    private Path forged(boolean receiptToo) throws Exception {
        Path given = given("export");
        byte[] other = noise(6000, 9);
        Files.write(given.resolve("data/mask.tif"), other);
        String sha256 = ArchiveFixtures.hex("sha256", other);
        String fingerprint = colleague.pull(manifest).bag().fingerprint().hex();
        replace(given.resolve("manifest-sha256.txt"), ArchiveFixtures.hex("sha256", MASK), sha256);
        String lines = Files.readAllLines(given.resolve("manifest-sha256.txt")).stream()
                .filter(line -> !line.endsWith("data/ro-crate-metadata.json"))
                .map(line -> line + "\n")
                .collect(Collectors.joining());
        String forged = Hasher.sha256(lines).hex();
        replace(given.resolve("bag-info.txt"), fingerprint, forged);
        replace(given.resolve("receipts/0001-pull.json"), fingerprint, forged);
        if (receiptToo) {
            replace(given.resolve("receipts/0001-pull.json"), ArchiveFixtures.hex("sha256", MASK), sha256);
        }
        StringBuilder tags = new StringBuilder();
        for (String line : Files.readAllLines(given.resolve("tagmanifest-sha256.txt"))) {
            String path = line.substring(66);
            tags.append(Hasher.sha256(given.resolve(path)).hex() + "  " + path + "\n");
        }
        overwrite(given.resolve("tagmanifest-sha256.txt"), tags.toString());
        return given;
    }

    private static void replace(Path file, String old, String other) throws IOException {
        overwrite(file, Files.readString(file).replace(old, other));
    }

    private static void overwrite(Path file, String text) throws IOException {
        Files.delete(file);
        Files.writeString(file, text);
    }

    @Test
    void bagWhoseFileIsNotTheOneInItsReceipt_isRefused() throws Exception {
        Path given = forged(false);
        Problem problem = assertThrows(Problem.class, () -> imported(given, null));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains("mask.tif"), problem.message());
        assertTrue(problem.message().contains("receipt"), problem.message());
        assertEquals(Map.of(), fixture.files("datasets"));
    }

    /** The bag agrees with itself in everything, and is not what the publisher published. */
    @Test
    void bagThatAgreesWithItselfButNotWithTheCatalogue_isRefused() throws Exception {
        Path given = forged(true);
        Problem problem = assertThrows(Problem.class, () -> imported(given, null));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
        assertTrue(problem.message().contains(ArchiveFixtures.hex("md5", MASK)), problem.message());
        assertTrue(problem.message().contains("catalogue"), problem.message());
        assertEquals(Map.of(), fixture.files("datasets"));
    }

    /** A bag of another tool: its checksums prove the files, the dataset is what the user says it is. */
    @Test
    void aForeignBagWithFetchTxt_isCompletedAndAdopted() throws Exception {
        Path bag = Files.createDirectories(temp.resolve("foreign"));
        Files.createDirectories(bag.resolve("data/a"));
        Files.write(bag.resolve("data/a/slide.svs"), SLIDE);
        Files.write(bag.resolve("bagit.txt"), text("BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"));
        Files.write(
                bag.resolve("manifest-md5.txt"),
                text(ArchiveFixtures.hex("md5", SLIDE) + "  data/a/slide.svs\n" + ArchiveFixtures.hex("md5", MASK)
                        + "  data/mask.tif\n"));
        Files.write(bag.resolve("fetch.txt"), text("https://else.example/x/mask.tif 6000 data/mask.tif\n"));
        fixture.origin.put("/else.example/x/mask.tif", MASK);
        try (Importer.Received received = fixture.importer().receive(bag, null, fixture.events)) {
            assertFalse(received.ours());
            Offer offer = new Offer(received.data(), Offer.How.LINK, true, received.checksums());
            Bag made = fixture.pull(
                            new PullRequest(manifest, null, List.of(), null, List.of(), false, 4, false, offer, null))
                    .bag();
            assertArrayEquals(MASK, Files.readAllBytes(made.ref().data().resolve("mask.tif")));
            assertTrue(made.fetches().stream().allMatch(FetchRecord::verified));
        }
        assertEquals(0, fixture.origin.calls("/one.example/mask.tif").size());
        assertEquals(Map.of(), fixture.files("staging"));

        Files.write(bag.resolve("fetch.txt"), text("file:///etc/passwd 6000 data/mask.tif\n"));
        Problem problem = assertThrows(Problem.class, () -> fixture.importer().receive(bag, null, fixture.events));
        assertEquals(Problem.Kind.WRONG_BYTES, problem.kind());
    }
}
