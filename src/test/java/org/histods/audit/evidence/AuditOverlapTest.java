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

/** What pulled files say of training and test data, beside what the manifests say. */
class AuditOverlapTest {

    private static final String TCGA =
            "{ pattern: '(?<id>TCGA-[A-Z0-9]{2}-[A-Z0-9]{4})', level: patient, examples: [{ path: TCGA-AA-0001.tif, id: TCGA-AA-0001 }] }";
    private static final String NUMBER =
            "{ pattern: 'p(?<id>[0-9]{4})', level: patient, examples: [{ path: p0012.tif, id: \"0012\" }] }";
    private static final String FROM_ONE =
            "[{ dataset: one, relation: derived-from, shares: [patients], evidence: the paper }]";

    @TempDir
    Path folder;

    private AuditProject world;

    @BeforeEach
    void open() throws Exception {
        world = new AuditProject(folder);
    }

    private void datasets(String rule, String lineage) throws Exception {
        world.dataset("one", Map.of("patients", rule));
        world.dataset(
                "two", lineage.isEmpty() ? Map.of("patients", rule) : Map.of("patients", rule, "lineage", lineage));
        world.declares("{ id: one, role: train }", "{ id: two, role: test }");
    }

    private JsonNode only(JsonNode audit, String rule) {
        List<JsonNode> found = AuditProject.findings(audit, rule);
        assertEquals(1, found.size(), () -> rule + " in " + audit.toPrettyString());
        return found.get(0);
    }

    @Test
    void sharedImageAndPatient_areListedWithTheirFiles() throws Exception {
        datasets(TCGA, FROM_ONE);
        world.pull("one", Map.of("TCGA-AA-0001-01Z.tif", "image", "TCGA-AA-0002-01Z.tif", "other"));
        world.pull("two", Map.of("test/TCGA-AA-0001-01Z.tif", "image", "test/TCGA-AA-0009-01Z.tif", "more"));
        JsonNode audit = world.audit();
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
        world.pull("one", Map.of("TCGA-AA-0001-01Z.tif", "a"));
        world.pull("two", Map.of("TCGA-AA-0001-99Z.png", "b"));
        JsonNode audit = world.audit();
        assertEquals("error", only(audit, "shared-patients").path("severity").asString(""));
        assertEquals(List.of(), AuditProject.findings(audit, "shared-files"));
    }

    @Test
    void sameNumberInUnlinkedDatasets_isNoPatientInCommon() throws Exception {
        datasets(NUMBER, "");
        world.pull("one", Map.of("p0012.tif", "a"));
        world.pull("two", Map.of("p0012.tif", "b"));
        JsonNode audit = world.audit();
        assertEquals(List.of(), AuditProject.findings(audit, "shared-patients"));
        assertEquals(0, audit.path("overlaps").size());
    }

    @Test
    void sameNumberInLinkedDatasetsWithOneRule_isAPatientInCommon() throws Exception {
        datasets(NUMBER, FROM_ONE);
        world.pull("one", Map.of("p0012.tif", "a", "p0013.tif", "c"));
        world.pull("two", Map.of("p0012.tif", "b"));
        String evidence =
                only(world.audit(), "shared-patients").path("evidence").toString();
        assertTrue(evidence.contains("patient 0012"), evidence);
    }

    @Test
    void likelyOverlapOfAPart_isOnlyPossibleWhereNoPatientIsInBoth() throws Exception {
        datasets(TCGA, FROM_ONE);
        world.declares("{ id: one, role: train }", "{ id: two, role: test, only: [\"test/**\"] }");
        world.pull("one", Map.of("TCGA-AA-0001-01Z.tif", "a"));
        world.pull("two", Map.of("train/TCGA-AA-0001-01Z.tif", "a", "test/TCGA-AA-0002-01Z.tif", "b"));
        JsonNode audit = world.audit();
        String evidence = only(audit, "possible-overlap").path("evidence").toString();
        assertTrue(evidence.contains("no patient is in both"), evidence);
        assertEquals(List.of(), AuditProject.findings(audit, "likely-overlap"));
        assertEquals(List.of(), AuditProject.findings(audit, "shared-patients"));
    }

    @Test
    void splitsOfOneDataset_areComparedByFilesAndPatients() throws Exception {
        world.dataset("one", Map.of("patients", NUMBER, "splits", "{ train: [\"a/**\"], test: [\"b/**\"] }"));
        world.declares(
                "{ id: one, role: train, only: [train] }", "{ id: one, name: held-out, role: test, only: [test] }");
        world.pull("one", Map.of("a/p0012.tif", "x", "a/p0013.tif", "y", "b/p0012.tif", "z", "b/p0014.tif", "y"));
        JsonNode audit = world.audit();
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
        world.dataset("one", Map.of("patients", NUMBER));
        world.declares(
                "{ id: one, role: train, only: [\"a/**\"] }",
                "{ id: one, name: held-out, role: test, only: [\"b/**\"] }");
        world.pull("one", Map.of("a/p0012.tif", "x", "b/p0014.tif", "y"));
        JsonNode audit = world.audit();
        assertEquals(0, audit.path("overlaps").size(), audit.toPrettyString());
        assertEquals(List.of(), AuditProject.findings(audit, "shared-patients"));
    }

    @Test
    void oneSelectionTwice_isTheSameFilesEvenIfNothingIsPulled() throws Exception {
        world.dataset("one");
        world.declares("{ id: one, role: train }", "{ id: one, name: again, role: test, only: [x] }");
        assertEquals(
                "error", only(world.audit(), "shared-files").path("severity").asString(""));
    }

    @Test
    void blankTileThatStandsOften_isNoImageInCommon() throws Exception {
        datasets(TCGA, "");
        Map<String, String> tiles = new HashMap<>();
        for (int i = 0; i < 10; i++) {
            tiles.put("mask" + i + ".png", "blank");
        }
        world.pull("one", tiles);
        world.pull("two", Map.of("mask.png", "blank", "LICENSE.txt", "terms"));
        assertEquals(List.of(), AuditProject.findings(world.audit(), "shared-files"));
    }

    @Test
    void copiesThatHistodsPut_areNoStrayCopiesEvenOfATwin() throws Exception {
        datasets(TCGA, FROM_ONE);
        world.pull("one", Map.of("TCGA-AA-0001-01Z.tif", "image"));
        world.pull("two", Map.of("TCGA-AA-0001-01Z.tif", "image"));
        world.ran(0, "sync", "--copy", "--offline");
        assertEquals(List.of(), AuditProject.findings(world.audit(), "stray-copy"));
        world.write("x/y.tif", AuditProject.content("image"));
        assertEquals(2, AuditProject.findings(world.audit(), "stray-copy").size());
    }

    @Test
    void failOn_decidesTheExitCode() throws Exception {
        datasets(TCGA, FROM_ONE);
        world.ran(3, "audit");
        world.ran(3, "audit", "--fail-on", "note");
        world.ran(0, "audit", "--fail-on", "never");
        world.write("histods.yaml", "purpose: research\ndatasets: [{ id: one, role: train }]\n");
        world.ran(0, "audit");
        world.ran(3, "audit", "--fail-on", "warning");
    }

    @Test
    void report_goesIntoAFileAndIsTheSameEachTime() throws Exception {
        datasets(TCGA, FROM_ONE);
        world.ran(3, "audit", "--format", "json", "--to", "one.json");
        world.ran(3, "audit", "--format", "json", "--to", "two.json");
        assertEquals(
                java.nio.file.Files.readString(world.project().resolve("one.json")),
                java.nio.file.Files.readString(world.project().resolve("two.json")));
        assertTrue(world.ran(2, "audit", "--format", "pdf").err().contains("--format must be one of text, json"));
    }
}
