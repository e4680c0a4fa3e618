package org.histods.audit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.histods.audit.finding.AuditedDataset;
import org.histods.outside.Validators;
import org.histods.testing.AuditFixtures;
import org.histods.testing.CycloneDxSchema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The bill of materials, judged by the CycloneDX project's own library. */
final class CycloneDxReportTest {

    private static final String MISSING =
            "needs target/cyclonedx, which `mvn generate-test-resources` fills, and it is not there";

    private static @Nullable CycloneDxSchema started;

    @BeforeAll
    static void load() throws Exception {
        if (CycloneDxSchema.there()) {
            started = new CycloneDxSchema();
        } else if ("true".equals(System.getenv("CI"))) {
            fail(MISSING);
        }
    }

    @BeforeEach
    void loaded() {
        Assumptions.assumeTrue(started != null, MISSING);
    }

    @Test
    void validator_isTheOneThatCycloneDxWasBuiltWith() throws Exception {
        assertEquals(
                "cyclonedx",
                String.valueOf(Objects.requireNonNull(project().validator().getParent())
                        .getFileName()));
    }

    @AfterAll
    static void close() throws Exception {
        if (started != null) {
            started.close();
        }
    }

    private static CycloneDxSchema project() {
        if (started == null) {
            throw new IllegalStateException("not loaded");
        }
        return started;
    }

    private static JsonNode read(String text) {
        return new JsonMapper().readTree(text);
    }

    private static JsonNode component(JsonNode document, String reference) {
        for (JsonNode component : document.path("components")) {
            if (component.path("bom-ref").asString().equals(reference)) {
                return component;
            }
        }
        throw new AssertionError(reference + " is not in " + document);
    }

    private static List<String> property(JsonNode holder, String name) {
        List<String> values = new ArrayList<>();
        for (JsonNode property : holder.path("properties")) {
            if (property.path("name").asString().equals(name)) {
                values.add(property.path("value").asString());
            }
        }
        return values;
    }

    @Test
    void documents_validateAndSurviveTheProjectsOwnObjects() throws Exception {
        for (AuditFixtures.ReportFixture report : List.of(
                AuditFixtures.leaky(), AuditFixtures.empty(), AuditFixtures.hostile(), AuditFixtures.everything())) {
            String text = report.as("cyclonedx");
            assertEquals(List.of(), project().faults(text));
            JsonNode again = read(project().readAndWrite(text));
            assertEquals(
                    read(text).path("components").size(),
                    again.path("components").size());
            assertEquals(read(text).path("serialNumber"), again.path("serialNumber"));
        }
    }

    @Test
    void documents_satisfyTheProjectsJavaScriptLibraryToo(@TempDir Path folder) throws Exception {
        Validators validators = Validators.installed();
        Path file = folder.resolve("audit.cdx.json");
        for (AuditFixtures.ReportFixture reported : List.of(
                AuditFixtures.leaky(), AuditFixtures.empty(), AuditFixtures.hostile(), AuditFixtures.everything())) {
            Files.write(file, reported.as("cyclonedx").getBytes(StandardCharsets.UTF_8));
            assertEquals(List.of(), validators.cycloneDx("1.6", file));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "type" : "data"           | "type" : "dataset"
            "alg" : "SHA-256"         | "alg" : "SHA-257"
            "specVersion" : "1.6"     | "specVersion" : 1.6
            "bom-ref" : "project"     | "bom-reference" : "project"
            "type" : "distribution"   | "type" : "download"
            "id" : "CC-BY-NC-SA-4.0"  | "id" : "CC-BY-NC-SA-4.0.0"
            urn:uuid:                 | uuid:
            """)
    void brokenDocument_isRefused(String good, String bad) throws Exception {
        String text = AuditFixtures.leaky().as("cyclonedx");
        assertTrue(text.contains(good), good);
        assertFalse(project().faults(text.replace(good, bad)).isEmpty(), bad);
    }

    @Test
    void dataset_saysWhatIsKnownOfIt() throws Exception {
        JsonNode document = read(AuditFixtures.leaky().as("cyclonedx"));
        JsonNode monuseg = component(document, "dataset:monuseg-test");
        assertEquals("data", monuseg.path("type").asString());
        assertEquals("monuseg", monuseg.path("name").asString());
        assertFalse(monuseg.has("version"), "upstream has none");
        assertEquals("cd".repeat(32), monuseg.at("/hashes/0/content").asString());
        assertEquals("CC-BY-NC-SA-4.0", monuseg.at("/licenses/0/license/id").asString());
        assertEquals("dataset", monuseg.at("/data/0/type").asString());
        assertEquals(
                "https://monuseg.grand-challenge.org/Data/",
                monuseg.at("/data/0/contents/url").asString());
        assertEquals(List.of("test"), property(monuseg, "histods:role"));
        assertEquals(List.of("test", "more/**"), property(monuseg, "histods:only"));
        assertEquals(List.of("28"), property(monuseg, "histods:files"));
        assertEquals(
                List.of("error: 7 patients of the test set monuseg-test are in the training set kumar-2017."),
                property(monuseg, "histods:finding:shared-patients"));
        assertTrue(property(monuseg, "histods:finding:licence-noncommercial")
                .get(0)
                .startsWith("warning (accepted: We publish a paper, no product.): "));
        List<String> ancestors = new ArrayList<>();
        monuseg.at("/pedigree/ancestors")
                .forEach(a -> ancestors.add(a.path("name").asString()));
        assertTrue(ancestors.containsAll(List.of("kumar-2017", "tcga")), ancestors.toString());
        assertFalse(component(document, "dataset:pannuke").has("hashes"), "nothing is locked");
        assertEquals(
                List.of("pannuke is not pulled: its files could not be compared"),
                property(document, "histods:unchecked"));
    }

    @Test
    void sameAudit_givesTheSameBytesAndAnotherGivesAnotherSerialNumber() throws Exception {
        String text = AuditFixtures.leaky().as("cyclonedx");
        assertEquals(text, AuditFixtures.leaky().as("cyclonedx"));
        assertNotEquals(
                read(text).path("serialNumber"),
                read(AuditFixtures.everything().as("cyclonedx")).path("serialNumber"));
        assertFalse(text.contains("timestamp"));
    }

    @Test
    void twoDatasetsOfOneName_areDistinguished() throws Exception {
        AuditFixtures.ReportFixture leaky = AuditFixtures.leaky();
        AuditedDataset first = leaky.audit().datasets().get(0);
        AuditedDataset second = AuditFixtures.dataset(
                first.name(), leaky.audit().datasets().get(1).manifest(), null);
        String text = leaky.with(List.of(first, second)).as("cyclonedx");
        assertEquals(List.of(), project().faults(text));
        assertEquals(
                "monuseg",
                component(read(text), "dataset:kumar-2017#2").path("name").asString());
    }
}
