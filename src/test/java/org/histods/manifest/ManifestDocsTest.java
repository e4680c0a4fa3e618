package org.histods.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
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
import org.histods.testing.DocsTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** {@code docs/manifests.md} agrees with the program. */
final class ManifestDocsTest {

    private final Vocabulary vocabulary = new Vocabulary();

    @ParameterizedTest
    @CsvSource({"access,ACCESS", "use,USE", "relation,RELATION", "shares,SHARED", "unit,UNIT", "level,LEVEL"})
    void tableOfMeanings_isTheSchemas(String head, Kind kind) throws IOException {
        List<String> expected = vocabulary.words(kind).stream()
                .map(word ->
                        "| `" + word + "` | " + vocabulary.meaning(kind, word).orElse("") + " |")
                .toList();
        assertEquals(expected, DocsTable.rows("manifests.md", "| `" + head + "` | meaning |"));
    }

    @Test
    void tableOfWords_isTheSchemas() throws IOException {
        Map<String, Kind> fields =
                Map.of("organs", Kind.ORGAN, "stains", Kind.STAIN, "tasks", Kind.TASK, "species", Kind.SPECIES);
        List<String> rows = DocsTable.rows("manifests.md", "| field | words |");
        assertEquals(fields.size(), rows.size());
        for (String row : rows) {
            List<String> words = DocsTable.quoted(row);
            Kind kind = Objects.requireNonNull(fields.get(words.get(0)), row);
            assertEquals(List.copyOf(vocabulary.words(kind)), words.subList(1, words.size()));
        }
    }

    @Test
    void example_isSoundAndHasEveryFieldOfTheSchemasTop() throws Exception {
        Matcher example = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL).matcher(DocsTable.text("manifests.md"));
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
        String page = DocsTable.text("manifests.md");
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
