package org.histods.manifest;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.yaml.YamlText;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.cfg.MapperBuilder;
import tools.jackson.databind.deser.std.StdDeserializer;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/**
 * Converts manifests from and to YAML 1.2, with dashes in field names and enum words. Unknown and repeated fields are errors, so
 * that a mistyped name never loses a fact silently. Tokens are bound to records directly, without a tree, in which an
 * unquoted {@code 12345678e9} would be a number.
 */
final class ManifestFormat {

    /** Leaves out {@code false} in YAML; JSON output has it, so that its readers need no defaults. */
    interface WithoutFalse {
        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean optional();

        @JsonInclude(JsonInclude.Include.NON_DEFAULT)
        boolean preferred();
    }

    private final YAMLMapper yaml;
    private final JsonMapper json;

    ManifestFormat() {
        yaml = configured(YAMLMapper.builder()
                        .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
                        .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
                        .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                        .disable(YAMLWriteFeature.SPLIT_LINES)
                        .addMixIn(PinnedFile.class, WithoutFalse.class)
                        .addMixIn(Manifest.Variant.class, WithoutFalse.class))
                .build();
        json = configured(JsonMapper.builder()).build();
    }

    private static <M extends ObjectMapper, B extends MapperBuilder<M, B>> B configured(B builder) {
        return builder.propertyNamingStrategy(PropertyNamingStrategies.KEBAB_CASE)
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
                .changeDefaultPropertyInclusion(v -> v.withValueInclusion(JsonInclude.Include.NON_EMPTY))
                .addModule(words());
    }

    private static SimpleModule words() {
        SimpleModule module = new SimpleModule();
        enumWords(module, Access.Status.class, Access.Status.values());
        enumWords(module, SourceSpec.Use.class, SourceSpec.Use.values());
        enumWords(module, Lineage.Relation.class, Lineage.Relation.values());
        enumWords(module, Lineage.Shared.class, Lineage.Shared.values());
        text(module, Checksum.class, Checksum::parse);
        text(module, DatasetId.class, DatasetId::new);
        text(module, DatasetVersion.class, DatasetVersion::new);
        text(module, PathPattern.class, PathPattern::of);
        return module;
    }

    private static <E extends Enum<E>> void enumWords(SimpleModule module, Class<E> type, E[] values) {
        text(module, type, word -> {
            for (E value : values) {
                if (word(value).equals(word)) {
                    return value;
                }
            }
            throw new IllegalArgumentException("'" + word + "' is not one of "
                    + String.join(
                            ", ",
                            Arrays.stream(values).map(ManifestFormat::word).toList()));
        });
    }

    private static String word(Object value) {
        return value instanceof Enum<?> e ? e.name().toLowerCase(Locale.ROOT).replace('_', '-') : String.valueOf(value);
    }

    private interface FromText<T> {
        T read(String text);
    }

    private static <T> void text(SimpleModule module, Class<T> type, FromText<T> reader) {
        module.addDeserializer(type, new StdDeserializer<T>(type) {
            @Override
            public T deserialize(JsonParser parser, DeserializationContext context) {
                try {
                    return reader.read(parser.getString());
                } catch (IllegalArgumentException e) {
                    return context.reportInputMismatch(this, "%s", e.getMessage());
                }
            }
        });
        module.addSerializer(type, new StdSerializer<T>(type) {
            @Override
            public void serialize(T value, JsonGenerator generator, SerializationContext context) {
                generator.writeString(word(value));
            }
        });
    }

    /**
     * Reads a manifest.
     *
     * @param text no larger than {@link YamlText} allows
     */
    Manifest bind(String text) {
        try (YAMLParser parser = YamlText.parser(text, true)) {
            return yaml.readValue(parser, Manifest.class);
        }
    }

    String yaml(Manifest manifest) {
        return "# yaml-language-server: $schema=schema.json\n" + yaml.writeValueAsString(manifest);
    }

    /** The manifest as nested maps, lists, text and numbers, with the field names of the YAML. */
    @SuppressWarnings("unchecked")
    Map<String, Object> map(Manifest manifest) {
        return json.convertValue(manifest, Map.class);
    }
}
