package org.histods.audit.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.testing.AuditProject;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What pulled files show of training and test data, in addition to the manifests. */
class AuditOverlapTest {

    private static final String TCGA =
            "{ pattern: '(?<id>TCGA-[A-Z0-9]{2}-[A-Z0-9]{4})', level: patient, examples: [{ path: TCGA-AA-0001.tif, id: TCGA-AA-0001 }] }";
    private static final String NUMBER =
            "{ pattern: 'p(?<id>[0-9]{4})', level: patient, examples: [{ path: p0012.tif, id: \"0012\" }] }";
    private static final String FROM_ONE =
            "[{ dataset: one, relation: derived-from, shares: [patients], evidence: the paper }]";

    @TempDir
    Path folder;

    private AuditProject fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new AuditProject(folder);
    }

    private void datasets(String rule, String lineage) throws Exception {
        fixture.dataset("one", Map.of("patients", rule));
        fixture.dataset(
                "two", lineage.isEmpty() ? Map.of("patients", rule) : Map.of("patients", rule, "lineage", lineage));
        fixture.declares("{ id: one, role: train }", "{ id: two, role: test }");
    }

    private JsonNode only(JsonNode audit, String rule) {
        List<JsonNode> found = AuditProject.findings(audit, rule);
        assertEquals(1, found.size(), () -> rule + " in " + audit.toPrettyString());
        return found.get(0);
    }

    @Test
    void sharedImageAndPatient_areListedWithTheirFiles() throws Exception {
        datasets(TCGA, FROM_ONE);
        fixture.pull("one", Map.of("TCGA-AA-0001-01Z.tif", "image", "TCGA-AA-0002-01Z.tif", "other"));
        fixture.pull("two", Map.of("test/TCGA-AA-0001-01Z.tif", "image", "test/TCGA-AA-0009-01Z.tif", "more"));
        JsonNode audit = fixture.audit();
        String files = only(audit, "shared-files").path("evidence").toString();
        assertTrue(files.contains("one/TCGA-AA-0001-01Z.tif = two/test/TCGA-AA-0001-01Z.tif, sha256 "), files);
        String patients = only(audit, "shared-patients").path("evidence").toString();
        assertTrue(patients.contains("patient TCGA-AA-0001: 1 file of one such as TCGA-AA-0001-01Z.tif"), patients);
        assertTrue(
                patients.contains("two is derived from one") || patients.contains("one is an origin of two"), patients);
        JsonNode overlap = audit.path("overlaps").get(0);
        assertEquals("seen", overlap.path("certainty").asString(""));
        assertEquals(1, overlap.path("files").asInt());
        assertEquals(
                "TCGA-AA-0001",
                overlap.path("common_patients").get(0).path("id").asString(""));
    }

    @Test
    void samePatientInUnlinkedDatasets_isSeenByTheBarcode() throws Exception {
        datasets(TCGA, "");
        fixture.pull("one", Map.of("TCGA-AA-0001-01Z.tif", "a"));
        fixture.pull("two", Map.of("TCGA-AA-0001-99Z.png", "b"));
        JsonNode audit = fixture.audit();
        assertEquals("error", only(audit, "shared-patients").path("severity").asString(""));
        assertEquals(List.of(), AuditProject.findings(audit, "shared-files"));
    }

    @Test
    void sameNumberInUnlinkedDatasets_isNoPatientInCommon() throws Exception {
        datasets(NUMBER, "");
        fixture.pull("one", Map.of("p0012.tif", "a"));
        fixture.pull("two", Map.of("p0012.tif", "b"));
        JsonNode audit = fixture.audit();
        assertEquals(List.of(), AuditProject.findings(audit, "shared-patients"));
        assertEquals(0, audit.path("overlaps").size());
    }

    @Test
    void sameNumberInLinkedDatasetsWithOneRule_isAPatientInCommon() throws Exception {
        datasets(NUMBER, FROM_ONE);
        fixture.pull("one", Map.of("p0012.tif", "a", "p0013.tif", "c"));
        fixture.pull("two", Map.of("p0012.tif", "b"));
        String evidence =
                only(fixture.audit(), "shared-patients").path("evidence").toString();
        assertTrue(evidence.contains("patient 0012"), evidence);
    }

    @Test
    void likelyOverlapOfAPart_isOnlyPossibleWhereNoPatientIsInBoth() throws Exception {
        datasets(TCGA, FROM_ONE);
        fixture.declares("{ id: one, role: train }", "{ id: two, role: test, only: [\"test/**\"] }");
        fixture.pull("one", Map.of("TCGA-AA-0001-01Z.tif", "a"));
        fixture.pull("two", Map.of("train/TCGA-AA-0001-01Z.tif", "a", "test/TCGA-AA-0002-01Z.tif", "b"));
        JsonNode audit = fixture.audit();
        String evidence = only(audit, "possible-overlap").path("evidence").toString();
        assertTrue(evidence.contains("no patient is in both"), evidence);
        assertEquals(List.of(), AuditProject.findings(audit, "likely-overlap"));
        assertEquals(List.of(), AuditProject.findings(audit, "shared-patients"));
    }

    @Test
    void splitsOfOneDataset_areComparedByFilesAndPatients() throws Exception {
        fixture.dataset("one", Map.of("patients", NUMBER, "splits", "{ train: [\"a/**\"], test: [\"b/**\"] }"));
        fixture.declares(
                "{ id: one, role: train, only: [train] }", "{ id: one, name: held-out, role: test, only: [test] }");
        fixture.pull("one", Map.of("a/p0012.tif", "x", "a/p0013.tif", "y", "b/p0012.tif", "z", "b/p0014.tif", "y"));
        JsonNode audit = fixture.audit();
        assertTrue(
                only(audit, "shared-patients").path("evidence").toString().contains("patient 0012"),
                audit.toPrettyString());
        assertTrue(
                only(audit, "shared-files")
                                .path("evidence")
                                .toString()
                                .contains("held-out/b/p0014.tif = one/a/p0013.tif")
                        || only(audit, "shared-files")
                                .path("evidence")
                                .toString()
                                .contains("one/a/p0013.tif = held-out/b/p0014.tif"),
                audit.toPrettyString());
    }

    @Test
    void splitsWithoutACommonPatient_areLeftAlone() throws Exception {
        fixture.dataset("one", Map.of("patients", NUMBER));
        fixture.declares(
                "{ id: one, role: train, only: [\"a/**\"] }",
                "{ id: one, name: held-out, role: test, only: [\"b/**\"] }");
        fixture.pull("one", Map.of("a/p0012.tif", "x", "b/p0014.tif", "y"));
        JsonNode audit = fixture.audit();
        assertEquals(0, audit.path("overlaps").size(), audit.toPrettyString());
        assertEquals(List.of(), AuditProject.findings(audit, "shared-patients"));
    }

    @Test
    void oneSelectionTwice_isTheSameFilesEvenIfNothingIsPulled() throws Exception {
        fixture.dataset("one");
        fixture.declares("{ id: one, role: train }", "{ id: one, name: again, role: test, only: [x] }");
        assertEquals(
                "error", only(fixture.audit(), "shared-files").path("severity").asString(""));
    }

    @Test
    void blankTileThatIsRepeated_isNoImageInCommon() throws Exception {
        datasets(TCGA, "");
        Map<String, String> tiles = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            tiles.put("mask" + i + ".png", "blank");
        }
        fixture.pull("one", tiles);
        fixture.pull("two", Map.of("mask.png", "blank", "LICENSE.txt", "terms"));
        assertEquals(List.of(), AuditProject.findings(fixture.audit(), "shared-files"));
    }

    @Test
    void copiesThatHistodsPut_areNoStrayCopiesEvenOfATwin() throws Exception {
        datasets(TCGA, FROM_ONE);
        fixture.pull("one", Map.of("TCGA-AA-0001-01Z.tif", "image"));
        fixture.pull("two", Map.of("TCGA-AA-0001-01Z.tif", "image"));
        fixture.ran(0, "sync", "--copy", "--offline");
        assertEquals(List.of(), AuditProject.findings(fixture.audit(), "stray-copy"));
        fixture.write("x/y.tif", AuditProject.content("image"));
        assertEquals(2, AuditProject.findings(fixture.audit(), "stray-copy").size());
    }

    @Test
    void failOn_decidesTheExitCode() throws Exception {
        datasets(TCGA, FROM_ONE);
        fixture.ran(3, "audit");
        fixture.ran(3, "audit", "--fail-on", "note");
        fixture.ran(0, "audit", "--fail-on", "never");
        fixture.write("histods.yaml", "purpose: research\ndatasets: [{ id: one, role: train }]\n");
        fixture.ran(0, "audit");
        fixture.ran(3, "audit", "--fail-on", "warning");
    }

    @Test
    void report_goesIntoAFileAndIsTheSameEachTime() throws Exception {
        datasets(TCGA, FROM_ONE);
        fixture.ran(3, "audit", "--format", "json", "--to", "one.json");
        fixture.ran(3, "audit", "--format", "json", "--to", "two.json");
        assertEquals(
                java.nio.file.Files.readString(fixture.project().resolve("one.json")),
                java.nio.file.Files.readString(fixture.project().resolve("two.json")));
        assertTrue(fixture.ran(2, "audit", "--format", "pdf").err().contains("--format must be one of text, json"));
    }
}
