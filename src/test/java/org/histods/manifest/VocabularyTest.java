package org.histods.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Vocabulary.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class VocabularyTest {

    private final Vocabulary vocabulary = new Vocabulary();

    private void assertSame(Kind kind, Stream<String> ours) {
        assertEquals(List.copyOf(vocabulary.words(kind)), ours.toList());
    }

    @Test
    void wordsThatTheCodeKnows_areThoseOfTheSchema() {
        assertSame(Kind.ACCESS, Stream.of(Access.Status.values()).map(Access.Status::word));
        assertSame(
                Kind.USE,
                Stream.of(SourceSpec.Use.values()).map(use -> use.name().toLowerCase(Locale.ROOT)));
        assertSame(Kind.RELATION, Stream.of(Lineage.Relation.values()).map(Lineage.Relation::word));
        assertSame(Kind.SHARED, Stream.of(Lineage.Shared.values()).map(Lineage.Shared::word));
    }

    @Test
    void idsVersionsAndVariants_haveTheFormThatTheSchemaStates() {
        assertForm("/$defs/id", DatasetId.FORM, DatasetId.LONGEST);
        assertForm("/properties/version", DatasetVersion.FORM, DatasetVersion.LONGEST);
        assertForm("/$defs/word", DatasetVersion.VARIANT, DatasetVersion.LONGEST);
        assertEquals(
                "#/$defs/word",
                ManifestSchema.tree()
                        .at("/properties/variants/items/properties/name/$ref")
                        .asString(""));
    }

    private static void assertForm(String pointer, String form, int longest) {
        assertEquals(
                "^" + form + "$", ManifestSchema.tree().at(pointer + "/pattern").asString(""));
        assertEquals(longest, ManifestSchema.tree().at(pointer + "/maxLength").asInt(0));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKind_hasWords(Kind kind) {
        assertFalse(vocabulary.words(kind).isEmpty());
    }

    @ParameterizedTest
    @EnumSource(Access.Status.class)
    void everyAccessWord_hasAMeaningOfOneLine(Access.Status status) {
        String meaning = vocabulary.meaning(Kind.ACCESS, status.word()).orElse("");
        assertTrue(meaning.endsWith(".") && !meaning.contains("\n"), meaning);
    }

    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"UNIT", "ACCESS", "USE", "RELATION", "SHARED", "LEVEL"})
    void everyWordThatDoesNotExplainItself_hasAMeaning(Kind kind) {
        for (String word : vocabulary.words(kind)) {
            assertTrue(vocabulary.meaning(kind, word).isPresent(), word);
        }
    }
}
