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

/** An audit that is stopped, or of what nobody knows. */
final class AuditTroubleTest {

    @TempDir
    Path folder;

    private AuditProject world;

    @BeforeEach
    void open() throws Exception {
        world = new AuditProject(folder);
        world.dataset("one");
        world.dataset("two");
    }

    @Test
    void interrupted_saysThatAndBlamesNoIndex() throws Exception {
        world.declares("{ id: one, role: train }");
        world.pull("one", Map.of("a.tif", "a"));
        world.pull("two", Map.of("b.tif", "b"));
        Thread.currentThread().interrupt();
        try {
            ProgramRunner.Result said = world.ran(130, "audit");
            assertEquals("", said.out());
            assertTrue(said.err().endsWith("histods: interrupted\n"), said.err());
            assertFalse(said.err().contains("index of"), said.err());
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    void unknownId_isNotToBeSynced_andWhatWasNotLookedAtIsSaid() throws Exception {
        world.declares("{ id: onne, role: train }");
        JsonNode audit = world.audit();
        assertEquals(1, AuditProject.findings(audit, "unknown-dataset").size());
        assertEquals(List.of(), AuditProject.findings(audit, "not-pulled"));
        assertTrue(audit.toString().contains("onne: its files and patients, because the mirror has no onne"));
    }
}
