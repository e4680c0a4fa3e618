package org.histods.audit.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An audit of datasets of the real catalogue before anything is pulled. */
class AuditLineageTest {

    @TempDir
    Path folder;

    private ProgramRunner.Result audit(String declaration, String... options) throws Exception {
        Files.writeString(folder.resolve("histods.yaml"), declaration);
        Path manifests = Path.of(System.getProperty("project.basedir", "."), "manifests");
        String[] command = new String[options.length + 1];
        command[0] = "audit";
        System.arraycopy(options, 0, command, 1, options.length);
        return new ProgramRunner(folder, manifests).run(command);
    }

    private static String uses(String train, String test) {
        return "datasets:\n  - { id: " + train + ", role: train }\n  - { id: " + test + ", role: test }\n";
    }

    private JsonNode finding(String rule, String out) {
        for (JsonNode finding : new JsonMapper().readTree(out).path("findings")) {
            if (finding.path("rule").asString("").equals(rule)) {
                return finding;
            }
        }
        return new JsonMapper().createObjectNode();
    }

    @Test
    void trainingOnKumarAndTestingOnMonuseg_isReportedWithEvidence() throws Exception {
        ProgramRunner.Result result = audit(uses("kumar-2017", "monuseg"), "--json");
        assertEquals(3, result.exit(), result.err());
        JsonNode finding = finding("shared-files", result.out());
        assertEquals("error", finding.path("severity").asString(""), result.out());
        assertEquals("[\"kumar-2017\",\"monuseg\"]", finding.path("datasets").toString());
        assertTrue(finding.path("evidence").toString().contains("README of ruchikaverma-iitg/MoNuSeg"), result.out());
    }

    @Test
    void trainingAndTestingOnUnrelatedDatasets_isNoLeakage() throws Exception {
        ProgramRunner.Result result = audit(uses("mbm", "breakhis"), "--json");
        assertEquals(0, result.exit(), result.out());
        assertTrue(result.out().contains("no link between them is known, which proves nothing"), result.out());
    }

    @Test
    void commonOriginAlone_isANote() throws Exception {
        ProgramRunner.Result result = audit(uses("pannuke", "monuseg"), "--json");
        assertEquals(0, result.exit(), result.out());
        assertEquals(
                "note",
                finding("possible-overlap", result.out()).path("severity").asString(""),
                result.out());
    }

    @Test
    void acceptedFinding_isNoLongerOpen() throws Exception {
        String accepted =
                "accepted:\n  - rule: shared-files\n    datasets: [monuseg, kumar-2017]\n    reason: by hand\n";
        ProgramRunner.Result result = audit(uses("kumar-2017", "monuseg") + accepted, "--json");
        assertEquals(0, result.exit(), result.out());
        assertEquals(
                "by hand",
                finding("shared-files", result.out()).path("accepted").asString(""));
    }

    @Test
    void text_listsTheHeaviestFirstWithAFix() throws Exception {
        ProgramRunner.Result result = audit(uses("kumar-2017", "monuseg"));
        assertEquals(3, result.exit(), result.err());
        int error = result.out().indexOf("ERROR  shared-files");
        assertTrue(error > 0 && error < result.out().indexOf("WARNING"), result.out());
        assertTrue(result.out().contains("fix: remove the shared ones"), result.out());
    }
}
