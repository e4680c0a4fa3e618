package org.histods.provenance;

import static org.histods.testing.ArchiveFixtures.members;
import static org.histods.testing.PullFixture.bare;
import static org.histods.testing.PullFixture.only;
import static org.histods.testing.PullFixture.pin;
import static org.histods.testing.PullFixture.source;
import static org.histods.testing.PullFixture.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import gov.loc.repository.bagit.reader.BagReader;
import gov.loc.repository.bagit.verify.BagVerifier;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.testing.ArchiveFixtures;
import org.histods.testing.Browser;
import org.histods.testing.PullFixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The record of a bag, checked by independent programs and schemas. */
final class PullRecordTest {

    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    Path temp;

    private PullFixture fixture;
    private ManifestFile manifest;

    @BeforeEach
    void open() throws Exception {
        fixture = new PullFixture(temp);
        byte[] zip = ArchiveFixtures.zip(members("täg/größe 1.txt", "one", "b c.txt", "two"));
        fixture.origin.put("/one.example/a.zip", zip);
        fixture.origin.put("/one.example/l%20x.csv", text("x"));
        manifest = manifest(pin("a.zip", zip, "md5"), bare("l x.csv"));
    }

    private static ManifestFile manifest(String... pins) throws Exception {
        return PullFixture.manifest("creators: [\"Doe, Jane\", A Hospital]\ndoi: 10.5281/zenodo.1\n"
                + "paper: { doi: 10.1000/xyz, title: On toys }\npublisher: Zenodo\nsources:\n"
                + source("one.example", pins));
    }

    @AfterEach
    void close() throws IOException {
        fixture.close();
    }

    /** A bag of two pulls. */
    private Bag twice() throws Exception {
        fixture.pull(only(manifest, "l x.csv"));
        return fixture.pull(manifest).bag();
    }

    @Test
    void bag_isValidForAProgramThatWeDidNotWrite() throws Exception {
        var theirs = new BagReader().read(twice().ref().path());
        try (BagVerifier verifier = new BagVerifier()) {
            verifier.isComplete(theirs, false);
            verifier.isValid(theirs, false);
        }
        assertTrue(BagVerifier.canQuickVerify(theirs));
        BagVerifier.quicklyVerify(theirs);
    }

    @Test
    void sha256sum_agreesWithTheManifestAndTheFingerprint() throws Exception {
        Bag bag = twice();
        assertEquals(
                "0",
                run(bag, "sha256sum --quiet -c manifest-sha256.txt tagmanifest-sha256.txt; echo $?")
                        .strip());
        assertTrue(run(bag, "sha256sum manifest-sha256.txt").startsWith(bag.fingerprint() + " "));
    }

    private static String run(Bag bag, String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .directory(bag.ref().path().toFile())
                .redirectErrorStream(true)
                .start();
        try (InputStream out = process.getInputStream()) {
            return new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void nameWithAPercentSign_isPulledVerifiedAndReadBack() throws Exception {
        byte[] zip = ArchiveFixtures.zip(members("50%25 grün.txt", "a", "100%.txt", "b"));
        fixture.origin.put("/one.example/p.zip", zip);
        Bag bag = fixture.pull(manifest(pin("p.zip", zip, "md5"))).bag();
        assertEquals(
                Set.of(new FilePath("50%25 grün.txt"), new FilePath("100%.txt")),
                bag.checksums().keySet());
        assertTrue(fixture.verify(bag, org.histods.provenance.BagVerifier.Level.FULL)
                .ok());
        assertEquals(2, bag.files().size());
    }

    @Test
    void tagManifest_listsEveryTagFileButItself() throws Exception {
        Bag bag = twice();
        TreeSet<String> tags =
                new TreeSet<>(PullFixture.filesBelow(bag.ref().path()).keySet());
        tags.removeIf(path -> path.startsWith("data/") || path.equals("tagmanifest-sha256.txt"));
        TreeSet<String> listed = new TreeSet<>();
        for (String line : Files.readAllLines(bag.ref().path().resolve("tagmanifest-sha256.txt"))) {
            listed.add(line.substring(66));
        }
        assertEquals(tags, listed);
    }

    @Test
    void receipts_followTheSchemaThatIsInTheJar() throws Exception {
        String schema;
        try (InputStream in = Bag.class.getResourceAsStream("/schema/receipt-1.json")) {
            schema = new String(assertNotNullAnd(in).readAllBytes(), StandardCharsets.UTF_8);
        }
        var judge = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schema);
        List<Path> receipts = twice().receiptFiles();
        assertEquals(2, receipts.size());
        for (Path receipt : receipts) {
            JsonNode json = JSON.readTree(Files.readString(receipt));
            assertEquals(List.of(), judge.validate(json));
            ((tools.jackson.databind.node.ObjectNode) json.path("predicate")).put("surplus", 1);
            assertEquals(1, judge.validate(json).size());
        }
    }

    private static InputStream assertNotNullAnd(@org.jspecify.annotations.Nullable InputStream in) {
        assertNotNull(in);
        return in;
    }

    @Test
    void everyFile_leadsToItsMemberAndItsFetch() throws Exception {
        Bag bag = twice();
        Map<String, String> origins = new TreeMap<>();
        for (BagFile file : bag.files()) {
            JsonNode fetch = bag.fetch(file.fetch());
            assertNotNull(fetch, file.toString());
            origins.put(
                    file.path().text(),
                    file.entry() + " of " + fetch.path("requested").asString(""));
        }
        assertEquals(
                Map.of(
                        "täg/größe 1.txt", "täg/größe 1.txt of https://one.example/a.zip",
                        "b c.txt", "b c.txt of https://one.example/a.zip",
                        "l x.csv", "null of https://one.example/l%20x.csv"),
                origins);
    }

    @Test
    void page_saysWhatTheCrateSays_withoutAScript() throws Exception {
        Bag bag = twice();
        String page = Files.readString(bag.ref().path().resolve("ro-crate-preview.html"));
        for (String shown : List.of(
                "<h1>",
                "Doe, Jane; A Hospital",
                "<a href=\"https://doi.org/10.1000/xyz\">On toys</a>",
                "<a href=\"data/\">",
                "Fetch of l x.csv",
                "<a href=\"https://one.example/a.zip\">",
                "sha256:" + bag.fingerprint())) {
            assertTrue(page.contains(shown), () -> shown + " is not in\n" + page);
        }
        assertFalse(page.contains("<script"), page);
    }

    @Test
    void page_onAPhone_needsNoScrollingSideways() throws Exception {
        Path page = twice().ref().path().resolve("ro-crate-preview.html");
        Optional<Browser> started = Browser.start(temp.resolve("profile"));
        if (started.isEmpty() && "true".equals(System.getenv("CI"))) {
            fail("needs chromium and chromedriver, and found no such programs on the PATH");
        }
        Assumptions.assumeTrue(started.isPresent(), "needs chromium and chromedriver");
        try (Browser browser = started.orElseThrow()) {
            browser.devtools(
                    "Emulation.setDeviceMetricsOverride",
                    Map.of("width", 390, "height", 844, "deviceScaleFactor", 1, "mobile", true));
            browser.open(page.toUri().toString());
            int wide = browser.run("return Math.max(document.documentElement.scrollWidth,"
                            + " ...[...document.querySelectorAll('.scroll')].map(e => e.scrollWidth))")
                    .asInt();
            assertTrue(wide <= 390, () -> "the page is " + wide + " pixels wide");
        }
    }

    @Test
    void page_keepsMarkupOfAManifestAsText() throws Exception {
        byte[] csv = "1".getBytes(StandardCharsets.UTF_8);
        fixture.origin.put("/one.example/a.csv", csv);
        ManifestFile hostile = PullFixture.manifest("creators: [\"<script>alert(1)</script>, <b>\"]\n"
                + "publisher: \"</style><img src=x onerror=alert(1)>\"\nsources:\n"
                + source("one.example", pin("a.csv", csv, "md5")));
        String page = Files.readString(fixture.pull(hostile).bag().ref().path().resolve("ro-crate-preview.html"));
        assertTrue(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;, &lt;b&gt;"), page);
        assertTrue(page.contains("&lt;/style&gt;&lt;img src=x"), page);
    }

    @Test
    void bagWithoutAPage_asOlderVersionsMadeThem_isVerified_andAChangedPageIsNot() throws Exception {
        Bag bag = twice();
        Path page = bag.ref().path().resolve("ro-crate-preview.html");
        Files.writeString(page, "<p>changed</p>");
        assertFalse(fixture.verify(bag, org.histods.provenance.BagVerifier.Level.FULL)
                .ok());
        Path tags = bag.ref().path().resolve("tagmanifest-sha256.txt");
        List<String> lines = new ArrayList<>(Files.readAllLines(tags));
        lines.removeIf(line -> line.endsWith("  ro-crate-preview.html"));
        Files.write(tags, lines);
        assertEquals(List.of("ro-crate-preview.html is not in tagmanifest-sha256.txt"), recordFaults(bag));
        Files.delete(page);
        assertEquals(List.of(), recordFaults(bag));
    }

    private static List<String> recordFaults(Bag bag) throws Exception {
        return org.histods.provenance.BagVerifier.record(bag).stream()
                .map(fault -> fault.what())
                .toList();
    }

    @Test
    void crate_keepsTheRulesOfRoCrate() throws Exception {
        Bag bag = twice();
        JsonNode crate = JSON.readTree(Files.readString(bag.ref().path().resolve("ro-crate-metadata.json")));
        assertEquals(
                "https://w3id.org/ro/crate/1.2/context", crate.path("@context").asString(""));
        Map<String, JsonNode> entities = new TreeMap<>();
        for (JsonNode entity : crate.path("@graph")) {
            String id = entity.path("@id").asString("");
            assertEquals(null, entities.put(id, entity), () -> id + " is there twice");
        }
        JsonNode descriptor = entity(entities, "ro-crate-metadata.json");
        assertEquals("./", descriptor.path("about").path("@id").asString(""));
        assertEquals(
                "https://w3id.org/ro/crate/1.2",
                descriptor.path("conformsTo").path("@id").asString(""));
        JsonNode root = entity(entities, "./");
        for (String property : List.of("name", "description", "datePublished", "license")) {
            assertTrue(root.has(property), property);
        }
        List<String> dangling = new ArrayList<>();
        entities.values().forEach(e -> references(e, true, entities.keySet(), dangling));
        assertEquals(List.of(), dangling);
        int actions = 0;
        for (JsonNode entity : entities.values()) {
            if (entity.path("@type").asString("").equals("CreateAction")) {
                actions++;
                assertEquals(
                        "http://schema.org/CompletedActionStatus",
                        entity.path("actionStatus").asString(""));
                assertTrue(entity.path("startTime")
                        .asString("")
                        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\+00:00"));
            }
            if (entity.path("@type").asString("").equals("File")
                    && !entity.path("@id").asString("").contains("://")) {
                assertTrue(Files.exists(bag.ref()
                        .path()
                        .resolve(java.net
                                .URI
                                .create(entity.path("@id").asString(""))
                                .getPath())));
            }
        }
        assertTrue(actions >= 2, actions + " actions");
    }

    private static JsonNode entity(Map<String, JsonNode> entities, String id) {
        JsonNode entity = entities.get(id);
        assertNotNull(entity, id);
        return entity;
    }

    private static void references(JsonNode node, boolean top, Set<String> known, List<String> dangling) {
        if (node.isObject() && !top && node.has("@id")) {
            String id = node.path("@id").asString("");
            // What the crate conforms to is described by its own page, as the specification has it.
            if (!known.contains(id) && !id.startsWith("https://w3id.org/ro/")) {
                dangling.add(id);
            }
        }
        for (JsonNode below : node) {
            references(below, false, known, dangling);
        }
    }
}
