package org.histods.audit.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The reports of {@code histods audit}, as they come out of the program. */
final class AuditReportsTest {

    @TempDir
    private Path folder;

    private ProgramRunner project() {
        ProgramRunner faces = new ProgramRunner(folder, Path.of("manifests"));
        for (String[] command : List.of(
                new String[] {"init", "--purpose", "research"},
                new String[] {"add", "kumar-2017", "--role", "train"},
                new String[] {"add", "monuseg", "--role", "test"})) {
            ProgramRunner.Result result = faces.run(command);
            assertEquals(0, result.exit(), result.err());
        }
        return faces;
    }

    @Test
    void everyForm_goesIntoAFileAsItIsPrinted() throws Exception {
        ProgramRunner faces = project();
        Map<String, String> begins = new TreeMap<>(Map.of(
                "html", "<!doctype html>",
                "sarif", "{",
                "cyclonedx", "{",
                "bibtex", "@misc{kumar-2017,",
                "data", "We used ",
                "latex", "We used "));
        for (Map.Entry<String, String> form : begins.entrySet()) {
            ProgramRunner.Result result = faces.run("audit", "--fail-on", "never", "--format", form.getKey());
            assertEquals(0, result.exit(), result.err());
            assertTrue(result.out().startsWith(form.getValue()), result.out());
            assertEquals(
                    0,
                    faces.run("audit", "--fail-on", "never", "--format", form.getKey(), "--to", "report")
                            .exit());
            assertEquals(result.out(), Files.readString(folder.resolve("report")));
            Files.delete(folder.resolve("report"));
        }
    }

    @Test
    void reportInPlaceOfTheProjectsOwnFile_isRefused() throws Exception {
        ProgramRunner faces = project();
        String declared = Files.readString(folder.resolve("histods.yaml"));
        for (String name : List.of("histods.yaml", "histods.lock", ".histods/uses.jsonl")) {
            assertEquals(2, faces.run("audit", "--to", name).exit(), name);
        }
        assertEquals(declared, Files.readString(folder.resolve("histods.yaml")));
    }

    @Test
    void purposeThatIsMistyped_isRefusedAndTheWordsAreNamed() {
        ProgramRunner.Result result = project().run("audit", "--purpose", "comercial");
        assertEquals(2, result.exit());
        assertTrue(result.err().contains("comercial") && result.err().contains("commercial"), result.err());
    }

    @Test
    void billOfMaterials_holdsWhatTheAuditFound() {
        ProgramRunner faces = project();
        JsonNode audit = read(faces.run("audit", "--format", "json"));
        JsonNode bill = read(faces.run("audit", "--format", "cyclonedx"));
        assertEquals(audit.path("datasets").size(), bill.path("components").size());
        long findings = 0;
        for (JsonNode property : bill.path("properties")) {
            findings += property.path("name").asString().startsWith("histods:finding:") ? 1 : 0;
        }
        assertEquals(audit.path("findings").size(), findings);
        assertTrue(findings > 0);
    }

    private static JsonNode read(ProgramRunner.Result result) {
        return new JsonMapper().readTree(result.out());
    }

    @Test
    void unknownForm_isAUsageProblemThatNamesThemAll() {
        ProgramRunner.Result result = project().run("audit", "--format", "pdf");
        assertEquals(2, result.exit());
        assertTrue(
                result.err().contains("text, json, html, sarif, cyclonedx, bibtex, data, latex, not 'pdf'"),
                result.err());
    }
}
