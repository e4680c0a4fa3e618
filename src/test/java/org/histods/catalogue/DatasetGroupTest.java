package org.histods.catalogue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetId;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.histods.source.all.Sources;
import org.histods.yaml.YamlError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DatasetGroupTest {

    private static final String TOY = """
            id: toy-bench
            title: Toy Bench
            url: https://example.org/bench
            evidence: >-
              table 2 of
              its paper
            datasets:
              - a
              - b
            """;

    @TempDir
    Path folder;

    private Catalogue catalogue() {
        return new Catalogue(folder, new ManifestReader());
    }

    private void group(String id, String text) throws IOException {
        Files.createDirectories(folder.resolve("groups"));
        Files.writeString(folder.resolve("groups").resolve(id + ".yaml"), text);
    }

    private void manifest(String id) throws IOException {
        Files.writeString(folder.resolve(id + ".yaml"), """
                id: ID
                title: Toy
                version: "1"
                license: { spdx: CC0-1.0 }
                access: { status: unknown }
                sources: []
                """.replace("ID", id));
    }

    @Test
    void catalogueWithoutGroups_hasNone() throws Exception {
        assertEquals(List.of(), catalogue().groups());
        Problem problem = assertThrows(Problem.class, () -> catalogue().group("x"));
        assertEquals(Problem.Kind.USAGE, problem.kind());
    }

    @Test
    void group_isReadWithAllItsFields_underItsIdInAnyCase() throws Exception {
        group("toy-bench", TOY);
        DatasetGroup expected = new DatasetGroup(
                "toy-bench",
                "Toy Bench",
                "https://example.org/bench",
                "table 2 of its paper",
                List.of(new DatasetId("a"), new DatasetId("b")));
        assertEquals(List.of(expected), catalogue().groups());
        assertEquals(expected, catalogue().group("Toy-Bench"));
    }

    @Test
    void unknownGroup_isRefusedWithTheNearestName() throws Exception {
        group("toy-bench", TOY);
        Problem problem = assertThrows(Problem.class, () -> catalogue().group("toy-bensh"));
        assertEquals("there is no group 'toy-bensh'", problem.message());
        assertEquals("did you mean toy-bench?", problem.hint());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "title: Toy Bench|tittle: Toy|manifests/groups/toy-bench.yaml:2: tittle: there is no field 'tittle'",
                "id: toy-bench|id: other|manifests/groups/toy-bench.yaml:1: id: 'other' should be 'toy-bench'",
                "- b|- a|manifests/groups/toy-bench.yaml:9: datasets[1]: 'a' is listed twice",
                "- b|- B x|manifests/groups/toy-bench.yaml:9: datasets[1]: 'B x' is not a dataset id",
                "url: https|url: htps|manifests/groups/toy-bench.yaml:3: url: ",
                "title: Toy Bench|datasets: [a]|manifests/groups/toy-bench.yaml:7: datasets: ",
            })
    void mistake_isNamedWithFileAndLine_byLintAndByReading(String from, String to, String expected) throws Exception {
        manifest("a");
        manifest("b");
        group("toy-bench", TOY.replace(from, to));
        String message = assertThrows(Problem.class, () -> catalogue().groups()).message();
        assertTrue(message.contains(expected), message);
        List<String> errors = errors();
        assertTrue(errors.stream().anyMatch(e -> e.startsWith(expected)), errors::toString);
    }

    @Test
    void datasetThatIsNotInTheCatalogue_isFoundByLint() throws Exception {
        manifest("a");
        manifest("bb-2020");
        group("toy-bench", TOY.replace("- b", "- bb-2021"));
        assertEquals(
                List.of(
                        "manifests/groups/toy-bench.yaml:9: datasets[1]: no dataset of the catalogue has the id 'bb-2021';"
                                + " did you mean bb-2020?"),
                errors());
    }

    private List<String> errors() throws Problem {
        return catalogue().lint(Sources.manifestRules()).stream()
                .map(YamlError::toString)
                .toList();
    }

    @Test
    void exampleInTheDocs_isSound() throws Exception {
        String page = Files.readString(Path.of(System.getProperty("project.basedir", "."), "docs", "manifests.md"));
        Matcher example =
                Pattern.compile("## Groups.*?```yaml\n(.*?)```", Pattern.DOTALL).matcher(page);
        assertTrue(example.find());
        group("toy-bench", example.group(1));
        assertEquals(2, catalogue().group("toy-bench").datasets().size());
    }
}
