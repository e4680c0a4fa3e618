package org.histods.cli.catalogue;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;
import org.histods.testing.RandomFiles;
import org.histods.testing.SimulatedHosts;
import org.histods.testing.SimulatedRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The report, the exit codes, and a check that was interrupted; {@link CheckOfEachKindTest} has the kinds of change. */
class CheckCommandTest {

    @TempDir
    Path folder;

    private SimulatedHosts hosts;
    private ProgramRunner histods;

    @BeforeEach
    void setUp() throws Exception {
        hosts = new SimulatedHosts();
        histods = hosts.runner(folder);
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private static Set<String> outcomes(Result ran) {
        Set<String> outcomes = new TreeSet<>();
        for (String line : ran.out().lines().toList()) {
            JsonNode node = new JsonMapper().readTree(line);
            if (node.has("outcome")) {
                outcomes.add(node.path("outcome").asString());
            }
        }
        return outcomes;
    }

    private Result run(String... command) {
        return histods.run(command);
    }

    private String draft(String name) throws Exception {
        SimulatedRecord setup =
                requireNonNull(SimulatedRecord.kinds().get(name)).simulate(new RandomFiles(77), hosts);
        Result draft = run("manifest", "new", setup.address());
        assertEquals(0, draft.exit(), draft::toString);
        return draft.out();
    }

    private Result check(String text, String... options) throws Exception {
        Files.writeString(folder.resolve("draft.yaml"), text);
        List<String> command = new ArrayList<>(List.of("manifest", "check", "draft.yaml", "--json"));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    @Test
    void checkThatWasKilled_goesOnWhereItStopped() throws Exception {
        Path manifests = folder.resolve("manifests");
        Files.writeString(manifests.resolve("zenodo-one.yaml"), named(draft("zenodo"), "zenodo-one"));
        Files.writeString(manifests.resolve("figshare-two.yaml"), named(draft("figshare"), "figshare-two"));
        assertEquals(0, run("manifest", "check", "--report", "out").exit());
        Path findings = folder.resolve("out/findings.jsonl");
        List<String> lines = Files.readAllLines(findings);
        assertEquals(4, lines.size(), lines::toString);

        // As a kill leaves it: one dataset is done, the line of the other is torn.
        Files.writeString(
                findings,
                lines.get(0) + "\n" + lines.get(1) + "\n" + lines.get(2).substring(0, 30));
        Files.delete(folder.resolve("out/report.md"));
        Result again = run("manifest", "check", "--report", "out", "--offline", "--json");

        assertTrue(again.out().contains("\"figshare-two\",\"outcome\":\"same\""), again::toString);
        assertTrue(again.out().contains("\"zenodo-one\",\"outcome\":\"not-checked\""), again::toString);
        assertEquals(4, again.exit(), again::toString);
        assertTrue(Files.readString(folder.resolve("out/report.md")).contains("## Could not be checked"));
    }

    private static String named(String draft, String id) {
        return draft.replaceFirst("(?m)^id: .*", "id: " + id);
    }

    @Test
    void folderWithOtherFiles_isLeftAlone() throws Exception {
        String draft = draft("zenodo");
        Path mine = Files.createDirectories(folder.resolve("mine"));
        Files.writeString(mine.resolve("thesis.tex"), "words", StandardOpenOption.CREATE_NEW);

        Result ran = check(draft, "--report", "mine");

        assertEquals(2, ran.exit(), ran::toString);
        assertTrue(ran.out().contains("thesis.tex") || ran.err().contains("thesis.tex"), ran::toString);
        assertEquals("words", Files.readString(mine.resolve("thesis.tex")));
        assertFalse(Files.exists(mine.resolve("findings.jsonl")));
    }

    @Test
    void datasetThatOnlyAPersonCanGet_endsWithCode3AndNotWith0() throws Exception {
        Result ran = check("""
                id: by-hand
                title: By hand
                version: "1"
                license: { doubt: not known }
                access: { status: registration, steps: [ask] }
                sources:
                  - { kind: manual, record: "https://example.org/x", official: true }
                """);

        assertEquals(Set.of("gone"), outcomes(ran), ran::toString);
        assertEquals(6, ran.exit());
        assertEquals(
                3,
                check(Files.readString(folder.resolve("draft.yaml")), "--offline")
                        .exit());
    }
}
