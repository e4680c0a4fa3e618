package org.histods.cli.catalogue;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.histods.testing.PlayedHosts;
import org.histods.testing.PlayedKinds;
import org.histods.testing.PlayedSetup;
import org.histods.testing.ProgramRunner;
import org.histods.testing.ProgramRunner.Result;
import org.histods.testing.SeededMirror;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Checking manifests against played hosts of every kind: each kind of change, the report, the patch and the exit codes. */
class CheckCommandTest {

    /** Kinds whose drafts pin no file, a file of unknown size, or a folder. */
    private static final Set<String> WITHOUT_FIGURES = Set.of("tcia", "github folder", "torrent", "ftp");

    @TempDir
    Path folder;

    private PlayedHosts hosts;
    private ProgramRunner histods;

    static Stream<String> names() {
        return PlayedKinds.hosts().keySet().stream();
    }

    @BeforeEach
    void world() throws Exception {
        hosts = new PlayedHosts();
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
        PlayedSetup play = requireNonNull(PlayedKinds.hosts().get(name)).play(new SeededMirror(77), hosts);
        Result draft = run("manifest", "new", play.address());
        assertEquals(0, draft.exit(), draft::toString);
        return draft.out();
    }

    private Result check(String text, String... options) throws Exception {
        Files.writeString(folder.resolve("draft.yaml"), text);
        List<String> command = new ArrayList<>(List.of("manifest", "check", "draft.yaml", "--json"));
        command.addAll(List.of(options));
        return run(command.toArray(String[]::new));
    }

    /** Applies the patch of the report as a person would. */
    private String patched(String report) throws Exception {
        Process patch = new ProcessBuilder(
                        "git",
                        "apply",
                        "--unidiff-zero",
                        folder.resolve(report).resolve("changes.patch").toString())
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(patch.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, patch.waitFor(), said);
        return Files.readString(folder.resolve("draft.yaml"));
    }

    /** The manifest fits its host, and the lint finds nothing. */
    private void fits(String text) throws Exception {
        Result ran = check(text);
        Set<String> left = new TreeSet<>(outcomes(ran));
        left.retainAll(Set.of("changed", "known", "gone", "moved"));
        assertEquals(Set.of(), left, () -> text + "\n" + ran);
        Result lint = run("manifest", "lint", "draft.yaml");
        assertEquals(0, lint.exit(), lint::toString);
    }

    @ParameterizedTest
    @MethodSource("names")
    void recordAsDrafted_isTheSame(String name) throws Exception {
        Result ran = check(draft(name));

        Set<String> other = new TreeSet<>(outcomes(ran));
        other.removeAll(Set.of("same", "known", "not-checked"));
        assertEquals(Set.of(), other, ran::toString);
        boolean unchecked = outcomes(ran).contains("not-checked");
        assertEquals(unchecked ? 4 : 0, ran.exit(), ran::toString);
        assertTrue(outcomes(ran).contains("same") || unchecked, ran::toString);
    }

    @ParameterizedTest
    @MethodSource("names")
    void recordThatIsNotThereAnyMore_isNeverTheSame(String name) throws Exception {
        String draft = draft(name);
        hosts.close();
        hosts = new PlayedHosts();
        histods = hosts.runner(folder);

        Result ran = check(draft);

        assertFalse(outcomes(ran).contains("same"), ran::toString);
        assertEquals(outcomes(ran).contains("gone") ? 6 : 4, ran.exit(), ran::toString);
    }

    @ParameterizedTest
    @MethodSource("names")
    void hostThatIsNotAsked_isNotChecked(String name) throws Exception {
        String draft = draft(name);

        Result ran = check(draft, "--offline");

        assertEquals(Set.of("not-checked"), outcomes(ran), ran::toString);
        assertEquals(4, ran.exit(), ran::toString);
    }

    @ParameterizedTest
    @MethodSource("names")
    void otherBytesAtTheHost_areChangedAndThePatchHasWhatTheHostStates(String name) throws Exception {
        String draft = draft(name);
        String other = draft.replaceAll("(bytes: )([1-9][0-9]*)", "$19$2");
        if (WITHOUT_FIGURES.contains(name) || other.equals(draft)) {
            return;
        }

        Result ran = check(other, "--report", "out", "--write");

        assertTrue(outcomes(ran).contains("changed"), ran::toString);
        assertEquals(6, ran.exit(), ran::toString);
        fits(patched("out"));
        assertTrue(Files.readString(folder.resolve("out/report.md")).contains("## Changed"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void sizesThatTheManifestLacks_areKnownAndThePatchAddsThem(String name) throws Exception {
        String draft = draft(name);
        String other = draft.replaceAll("(?m)^ +bytes: .*\n", "").replaceAll(", bytes: [0-9]+", "");
        if (WITHOUT_FIGURES.contains(name) || other.equals(draft)) {
            return;
        }

        Result ran = check("# a remark that stays\n" + other, "--report", "out", "--write");

        assertTrue(outcomes(ran).contains("known"), ran::toString);
        String patched = patched("out");
        assertTrue(patched.startsWith("# a remark that stays\n"), patched);
        fits(patched);
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
