package org.histods.cli.setup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.histods.testing.InstalledPrograms;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The completion script, loaded and called by a real bash. */
final class CompletionCommandTest {

    /** Calls the function that bash calls when the tab key is pressed. */
    private static final String TAB = """
            source ./script
            COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 ))
            called=$(complete -p histods); called=${called#*-F }
            ${called%% *} histods "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}" 2> /dev/null
            echo "${COMPREPLY[*]}"
            """;

    @TempDir
    Path folder;

    private ProgramRunner faces;

    @BeforeEach
    void catalogue() throws Exception {
        Path manifests = Files.createDirectories(folder.resolve("manifests"));
        for (String id : new String[] {"one-tissue", "two-tissues", "two-stains"}) {
            Files.writeString(manifests.resolve(id + ".yaml"), "id: " + id + "\n");
        }
        Files.writeString(manifests.resolve("three-folds.yaml"), """
                id: three-folds
                title: Three folds
                version: "1"
                license: {}
                access: { status: unknown }
                splits: { fold-1: ["1/*"], fold-2: ["2/*"], "$(touch hit)": ["3/*"] }
                variants: [{ name: normalised, preferred: true }, { name: raw }]
                sources: []
                """);
        Files.writeString(
                Files.createDirectories(manifests.resolve("groups")).resolve("benchmark-1.yaml"), "id: benchmark-1\n");
        faces = new ProgramRunner(folder, manifests);
    }

    private String bash(String... words) throws Exception {
        Process process = new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        try (InputStream out = process.getInputStream()) {
            String result = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, process.waitFor(), result);
            return result.strip();
        }
    }

    private void script(String shell) throws Exception {
        ProgramRunner.Result result = faces.run("completion", shell);
        assertEquals(0, result.exit(), result.err());
        assertEquals("", result.err());
        Files.writeString(folder.resolve("script"), result.out());
    }

    @ParameterizedTest
    @CsvSource({"bash", "zsh"})
    void script_isValidInBash(String shell) throws Exception {
        script(shell);
        assertEquals("", bash("bash", "-n", "script"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "histods pul | pull",
                "histods pull --dr | --dry-run",
                "histods pull --off | --offline",
                "histods pull two | two-stains two-tissues",
                "histods pull one-tissue --only test two-s | two-stains",
                "histods pull my | my-slides.yaml",
                "histods show my | my-slides.yaml",
                "histods pull --source my | ''",
                "histods add one | one-tissue",
                "histods manifest li | lint",
                "histods manifest lint one | one-tissue",
                "histods export --format ro | ro-crate",
                "histods audit --fail-on w | warning",
                "histods verify ./scr | ./script",
                "histods list --organ colo | colon",
                "histods list --access agr | agreement",
                "histods pull --source zen | zenodo",
                "histods audit --format cyc | cyclonedx",
                "histods add --role te | test",
                "histods pull --group ben | benchmark-1",
                "histods list --group ben | benchmark-1",
                "histods pull three-folds --variant r | raw",
                "histods pull three-folds --only fo | fold-1 fold-2",
                "histods add three-folds --only fo | fold-1 fold-2",
                "histods pull three-folds --variant = | normalised raw",
                "histods pull three-folds --variant = r | raw",
                "histods pull --group = ben | benchmark-1",
                "histods path p | pulled-only",
                "histods remove --dry-run p | pulled-only",
                "histods verify p | pulled-only",
                "histods path two | ''",
                "histods export p | pulled-only"
            })
    void tab_completesCommandsOptionsIdsAndValues(String typed, String completed) throws Exception {
        script("bash");
        Files.createDirectories(folder.resolve("mirror/datasets/pulled-only"));
        Files.writeString(folder.resolve("my-slides.yaml"), "");
        assertEquals(completed, tab(folder.resolve("mirror").toString(), typed.split(" ")));
    }

    @ParameterizedTest
    @CsvSource({"bash", "fish"})
    void splitWhoseNameIsACommand_isNotInTheScript(String shell) throws Exception {
        script(shell);
        String script = Files.readString(folder.resolve("script"));
        assertTrue(script.contains("fold-2"));
        assertFalse(script.contains("touch hit"));
    }

    /** The words that bash offers for the last of these. */
    private String tab(String mirror, String... words) throws Exception {
        Files.writeString(folder.resolve("tab"), "export HISTODS_MIRROR=\"" + mirror + "\"\n" + TAB);
        String[] command = new String[words.length + 2];
        command[0] = "bash";
        command[1] = "tab";
        System.arraycopy(words, 0, command, 2, words.length);
        return bash(command);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "histods pul | pull",
                "histods --mirror pull li | list",
                "histods pull --dr | --dry-run",
                "histods pull --off | --offline",
                "histods pull two | two-stains two-tissues",
                "histods pull one-tissue --only test two-s | two-stains",
                "histods manifest li | lint",
                "histods manifest lint one | one-tissue",
                "histods export --format ro | ro-crate",
                "histods export --format=ro | --format=ro-crate",
                "histods list --organ colo | colon",
                "histods pull --group ben | benchmark-1",
                "histods pull three-folds --variant r | raw",
                "histods pull three-folds --only fo | fold-1 fold-2",
                "histods remove p | pulled-only",
                "histods path two | ''",
                "histods verify ./scr | ./script",
                "histods pull --from ./scr | ./script",
                "histods completion scr | ''"
            })
    void tabInFish_completesCommandsOptionsIdsAndValues(String typed, String completed) throws Exception {
        script("fish");
        Files.createDirectories(folder.resolve("mirror/datasets/pulled-only"));
        assertEquals(completed == null ? "" : completed, fish(typed));
    }

    @Test
    void idsOfAllMirrorsOfAList_areCompleted() throws Exception {
        Files.createDirectories(folder.resolve("mine/datasets/pulled-by-me"));
        Files.createDirectories(folder.resolve("the lab's/datasets/pulled-by-lab"));
        Files.createDirectories(folder.resolve("one:two/datasets/pulled-into-one"));
        String list = folder.resolve("mine") + ":" + folder.resolve("the lab's") + ":" + folder.resolve("none");
        String one = folder.resolve("one:two").toString();
        script("bash");
        assertEquals("pulled-by-me pulled-by-lab", tab(list, "histods", "path", "p"));
        assertEquals("pulled-into-one", tab(one, "histods", "path", "p"));
        script("fish");
        assertEquals("pulled-by-lab pulled-by-me", names(fishLines("histods path p", list)));
        assertEquals("pulled-into-one", names(fishLines("histods path p", one)));
    }

    @Test
    void fishScript_describesCommands_andSaysNothingWithoutAMirror() throws Exception {
        script("fish");
        assertEquals("pull\tDownload, verify and unpack datasets into the mirror", fishLines("histods pul"));
        assertEquals("", fishLines("histods path p"));
    }

    /** The words that fish offers for a line, sorted. */
    private String fish(String line) throws Exception {
        return names(fishLines(line));
    }

    private static String names(String lines) {
        return lines.lines().map(candidate -> candidate.split("\t")[0]).sorted().collect(Collectors.joining(" "));
    }

    private String fishLines(String line) throws Exception {
        return fishLines(line, folder.resolve("mirror").toString());
    }

    private String fishLines(String line, String mirror) throws Exception {
        InstalledPrograms.assumeUnlessCi("fish");
        Files.writeString(
                folder.resolve("tab.fish"),
                "set -x HISTODS_MIRROR \"" + mirror + "\"\nsource ./script\ncomplete -C '" + line + "'\n");
        return bash("fish", "--no-config", "tab.fish");
    }

    @Test
    void unknownShell_listsTheSupportedOnes() {
        ProgramRunner.Result result = faces.run("completion", "tcsh");
        assertEquals(2, result.exit());
        assertTrue(result.err().contains("supported shells: bash, zsh, fish"), result.err());
    }
}
