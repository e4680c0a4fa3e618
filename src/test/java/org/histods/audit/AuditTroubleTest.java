package org.histods.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.histods.testing.AuditProject;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Audits that are interrupted, and audits of unknown datasets. */
final class AuditTroubleTest {

    @TempDir
    Path folder;

    private AuditProject fixture;

    @BeforeEach
    void open() throws Exception {
        fixture = new AuditProject(folder);
        fixture.dataset("one");
        fixture.dataset("two");
    }

    @Test
    void interrupted_saysThatAndBlamesNoIndex() throws Exception {
        fixture.declares("{ id: one, role: train }");
        fixture.pull("one", Map.of("a.tif", "a"));
        fixture.pull("two", Map.of("b.tif", "b"));
        Thread.currentThread().interrupt();
        try {
            ProgramRunner.Result result = fixture.ran(130, "audit");
            assertEquals("", result.out());
            assertTrue(result.err().endsWith("histods: interrupted\n"), result.err());
            assertFalse(result.err().contains("index of"), result.err());
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void unknownId_isNotSynced_andUncheckedDatasetsAreReported() throws Exception {
        fixture.declares("{ id: onne, role: train }");
        JsonNode audit = fixture.audit();
        assertEquals(1, AuditProject.findings(audit, "unknown-dataset").size());
        assertEquals(List.of(), AuditProject.findings(audit, "not-pulled"));
        assertTrue(audit.toString().contains("onne: its files and patients, because the mirror has no onne"));
    }
}
