package org.histods.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Vocabulary.Kind;
import org.histods.source.all.Sources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code docs/manifests.md} agrees with the program. */
final class ManifestDocsTest {

    private final Vocabulary vocabulary = new Vocabulary();

    private static String page() throws IOException {
        return Files.readString(Path.of(System.getProperty("project.basedir", "."), "docs", "manifests.md"));
    }

    /** The rows of the table with that head. */
    private static List<String> rows(String head) throws IOException {
        List<String> rows = new ArrayList<>();
        boolean inside = false;
        for (String line : page().lines().toList()) {
            inside = line.startsWith(head) || (inside && line.startsWith("|"));
            if (inside && !line.startsWith(head) && !line.startsWith("|---")) {
                rows.add(line);
            }
        }
        return rows;
    }

    private static List<String> quoted(String text) {
        List<String> words = new ArrayList<>();
        Matcher matcher = Pattern.compile("`([^`]+)`").matcher(text);
        while (matcher.find()) {
            words.add(matcher.group(1));
        }
        return words;
    }

    @ParameterizedTest
    @CsvSource({"access,ACCESS", "use,USE", "relation,RELATION", "shares,SHARED", "unit,UNIT", "level,LEVEL"})
    void tableOfMeanings_isTheSchemas(String head, Kind kind) throws IOException {
        List<String> expected = vocabulary.words(kind).stream()
                .map(word ->
                        "| `" + word + "` | " + vocabulary.meaning(kind, word).orElse("") + " |")
                .toList();
        assertEquals(expected, rows("| `" + head + "` | meaning |"));
    }

    @Test
    void tableOfWords_isTheSchemas() throws IOException {
        Map<String, Kind> fields =
                Map.of("organs", Kind.ORGAN, "stains", Kind.STAIN, "tasks", Kind.TASK, "species", Kind.SPECIES);
        List<String> rows = rows("| field | words |");
        assertEquals(fields.size(), rows.size());
        for (String row : rows) {
            List<String> words = quoted(row);
            Kind kind = Objects.requireNonNull(fields.get(words.get(0)), row);
            assertEquals(List.copyOf(vocabulary.words(kind)), words.subList(1, words.size()));
        }
    }

    @Test
    void example_isSoundAndHasEveryFieldOfTheSchemasTop() throws Exception {
        Matcher example = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(page());
        assertTrue(example.find());
        ManifestReader manifests = new ManifestReader();
        assertEquals(List.of(), manifests.errors(example.group(1), "example", new DatasetId("toy-colon")));
        Manifest manifest = manifests
                .read(example.group(1), "example", new DatasetId("toy-colon"))
                .manifest();
        assertEquals(List.of(), new UsabilityRules(manifest, Sources.manifestRules(), new SpdxLicenses()).broken());
        Set<String> missing =
                new TreeSet<>(ManifestSchema.tree().path("properties").propertyNames());
        missing.removeAll(manifests.map(manifest).keySet());
        assertEquals(Set.of(), missing);
    }

    @Test
    void everyField_isExplained() throws IOException {
        String page = page();
        JsonNode schema = ManifestSchema.tree();
        Set<String> fields = new TreeSet<>(schema.path("properties").propertyNames());
        fields.addAll(schema.at("/$defs/source/properties").propertyNames());
        fields.addAll(schema.at("/$defs/file/properties").propertyNames());
        fields.addAll(schema.at("/properties/lineage/items/properties").propertyNames());
        fields.addAll(schema.at("/properties/patients/properties").propertyNames());
        fields.removeIf(field -> page.contains("`" + field + "`"));
        assertEquals(Set.of(), fields);
    }
}
