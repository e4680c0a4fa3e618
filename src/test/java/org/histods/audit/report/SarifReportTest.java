package org.histods.audit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.histods.testing.AuditFixtures;
import org.histods.testing.AuditProject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The report for code scanning, judged by the schema that the OASIS committee publishes. */
final class SarifReportTest {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final Schema SCHEMA = schema();

    private static Schema schema() {
        try (InputStream in =
                Objects.requireNonNull(SarifReportTest.class.getResourceAsStream("/schema/sarif-schema-2.1.0.json"))) {
            return SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7)
                    .getSchema(MAPPER.readTree(in));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static List<String> faults(String report) {
        return SCHEMA.validate(MAPPER.readTree(report)).stream()
                .map(String::valueOf)
                .toList();
    }

    private static JsonNode run(String report) {
        return MAPPER.readTree(report).path("runs").path(0);
    }

    private static JsonNode place(JsonNode result) {
        return result.at("/locations/0/physicalLocation");
    }

    private static JsonNode result(JsonNode run, String rule) {
        for (JsonNode result : run.path("results")) {
            if (result.path("ruleId").asString("").equals(rule)) {
                return result;
            }
        }
        throw new AssertionError("no result of " + rule + " in " + run.path("results"));
    }

    @Test
    void reports_areValid() throws Exception {
        for (AuditFixtures.ReportFixture reported : List.of(
                AuditFixtures.leaky(),
                AuditFixtures.empty(),
                AuditFixtures.hostile(),
                AuditFixtures.everything(),
                AuditFixtures.large())) {
            String report = new String(reported.as("sarif").getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
            assertEquals(List.of(), faults(report));
            Set<String> fingerprints = new HashSet<>();
            for (JsonNode result : run(report).path("results")) {
                assertTrue(fingerprints.add(result.at("/partialFingerprints/primaryLocationLineHash")
                        .asString("")));
                assertTrue(result.path("locations").size() > 0, result.toString());
            }
            assertEquals(reported.audit().findings().size(), fingerprints.size());
        }
    }

    /** As GitHub documents it for code scanning; the schema requires the id only. */
    @Test
    void everyRule_hasTheTextsThatGithubRequires() throws Exception {
        JsonNode rules = run(AuditFixtures.leaky().as("sarif")).at("/tool/driver/rules");
        assertFalse(rules.isEmpty());
        for (JsonNode rule : rules) {
            for (String text : List.of("shortDescription", "fullDescription", "help")) {
                assertFalse(rule.path(text).path("text").asString("").isBlank(), rule.toString());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "level" : "error"            | "level" : "fatal"
            "ruleId"                     | "rule"
            "startLine" : 3              | "startLine" : 0
            "version" : "2.1.0"          | "version" : "2.2.0"
            "kind" : "external"          | "kind" : "accepted"
            """)
    void brokenReport_isRefused(String good, String bad) throws Exception {
        String report = AuditFixtures.leaky().as("sarif");
        assertTrue(report.contains(good), good);
        assertFalse(faults(report.replace(good, bad)).isEmpty(), bad);
    }

    @Test
    void finding_hasItsEvidenceAndTheEntriesOfItsDatasets() throws Exception {
        JsonNode run = run(AuditFixtures.leaky().as("sarif"));
        JsonNode shared = result(run, "shared-patients");
        assertEquals("error", shared.path("level").asString(""));
        String message = shared.at("/message/text").asString("");
        assertTrue(message.startsWith("7 patients of the test set"), message);
        assertTrue(message.contains("\n- TCGA-00-0000 has 1 file"), message);
        assertTrue(message.contains("\nfix: Leave these patients out"), message);
        assertEquals("histods.yaml", place(shared).at("/artifactLocation/uri").asString(""));
        assertEquals(
                "eval.py",
                place(result(run, "undeclared")).at("/artifactLocation/uri").asString(""));
        assertEquals(
                40, place(result(run, "undeclared")).at("/region/startLine").asInt(0));
        assertEquals(
                "We publish a paper, no product.",
                result(run, "licence-noncommercial")
                        .at("/suppressions/0/justification")
                        .asString(""));
        assertTrue(shared.path("suppressions").isMissingNode());
        assertEquals(
                "not checked: pannuke is not pulled: its files could not be compared",
                run.at("/invocations/0/toolExecutionNotifications/0/message/text")
                        .asString(""));
    }

    @Test
    void program_namesTheLinesOfTheFilesItMeans(@TempDir Path folder) throws Exception {
        AuditProject project = new AuditProject(folder);
        project.dataset("toy");
        project.dataset("other");
        project.declares("{ id: toy, role: train }", "{ id: gone, role: test }");
        project.write("src/a b.py", "x = 1\nload('https://example.org/other')\n");
        project.write("get.py", "\n\nrun('wget https://zenodo.org/records/4812345/files/x.zip')\n");
        JsonNode run = run(project.ran(0, "audit", "--format", "sarif", "--fail-on", "never")
                .out());
        JsonNode mention = result(run, "undeclared-mention");
        assertEquals("src/a%20b.py", place(mention).at("/artifactLocation/uri").asString(""));
        assertEquals(2, place(mention).at("/region/startLine").asInt(0));
        JsonNode address = result(run, "unknown-address");
        assertEquals("get.py", place(address).at("/artifactLocation/uri").asString(""));
        assertEquals(3, place(address).at("/region/startLine").asInt(0));
        JsonNode gone = result(run, "unknown-dataset");
        assertEquals("histods.yaml", place(gone).at("/artifactLocation/uri").asString(""));
        assertEquals(4, place(gone).at("/region/startLine").asInt(0));
        // In a work tree of git, paths are from its root, as code scanning wants them.
        Files.createDirectories(folder.resolve(".git"));
        JsonNode inside = run(project.ran(0, "audit", "--format", "sarif", "--fail-on", "never")
                .out());
        assertEquals(
                "project/get.py",
                place(result(inside, "unknown-address"))
                        .at("/artifactLocation/uri")
                        .asString(""));
    }
}
