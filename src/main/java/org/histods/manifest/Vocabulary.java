package org.histods.manifest;

import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The controlled words of manifests, read from {@code manifests/schema.json}. Immutable. */
public final class Vocabulary {

    /** A set of words for one kind of field. */
    public enum Kind {
        ORGAN,
        STAIN,
        TASK,
        SPECIES,
        UNIT,
        ACCESS,
        USE,
        RELATION,
        SHARED,
        LEVEL;

        /** What the kind is called, such as {@code organ}: the name of its definition in the schema. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Map<Kind, Map<String, String>> words;

    /** Reads the schema in the jar. */
    public Vocabulary() {
        this(ManifestSchema.tree());
    }

    Vocabulary(JsonNode schema) {
        Map<Kind, Map<String, String>> all = new EnumMap<>(Kind.class);
        for (Kind kind : Kind.values()) {
            JsonNode definition = schema.path("$defs").path(kind.word());
            Map<String, String> meanings = new LinkedHashMap<>();
            for (int i = 0; i < definition.path("enum").size(); i++) {
                String meaning = definition.path("enumDescriptions").path(i).asString("");
                meanings.put(definition.path("enum").path(i).asString(), meaning);
            }
            all.put(kind, Collections.unmodifiableMap(meanings));
        }
        this.words = all;
    }

    /** The words of that kind, in the order of the schema; never empty. */
    public Set<String> words(Kind kind) {
        return all(kind).keySet();
    }

    /** The meaning of the word in one line; empty for a word that is unknown or needs none, such as an organ. */
    public Optional<String> meaning(Kind kind, String word) {
        return Optional.ofNullable(all(kind).get(word)).filter(text -> !text.isEmpty());
    }

    private Map<String, String> all(Kind kind) {
        return words.getOrDefault(kind, Map.of());
    }
}
