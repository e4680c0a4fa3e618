package org.histods.manifest;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;

/**
 * Finds everything that is wrong in one manifest's text: what the schema refuses, and what it cannot see. Lists all
 * faults, in the order of their lines.
 */
final class ManifestLint {

    private final ManifestFormat format;
    private final Schema schema;

    ManifestLint(ManifestFormat format) {
        this.format = format;
        this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schemaText());
    }

    static String schemaText() {
        try (InputStream in = ManifestLint.class.getResourceAsStream("/manifests/schema.json")) {
            if (in == null) {
                throw new IllegalStateException("the program was built without manifests/schema.json");
            }
            return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /**
     * Everything that is wrong.
     *
     * @param text the YAML
     * @param file its name for messages; where it ends with {@code .yaml} in a folder {@code manifests} its stem must be
     *     the manifest's id, which the caller says with {@code expectedId}
     * @param expectedId null where any id is right
     * @return empty if nothing is wrong
     */
    List<Fault> faults(String text, String file, @org.jspecify.annotations.Nullable String expectedId) {
        JsonNode tree;
        Lines lines;
        try {
            tree = format.tree(text);
            lines = new Lines(format.tokens(text));
        } catch (JacksonException e) {
            return List.of(new Fault(file, line(e), "", "not readable as YAML: " + firstLine(e.getOriginalMessage())));
        }
        TreeMap<Integer, List<Fault>> byLine = new TreeMap<>();
        Set<String> seen = new LinkedHashSet<>();
        for (Error error : schema.validate(tree)) {
            String pointer = pointer(error);
            String message = words(error, tree);
            if (seen.add(pointer + message)) {
                int line = lines.of(pointer);
                byLine.computeIfAbsent(line, k -> new ArrayList<>())
                        .add(new Fault(file, line, field(pointer), message));
            }
        }
        if (byLine.isEmpty()) {
            try {
                Manifest manifest = format.bind(text);
                for (ManifestRules.Broken broken : new ManifestRules(manifest, expectedId).broken()) {
                    int line = lines.of(broken.pointer());
                    byLine.computeIfAbsent(line, k -> new ArrayList<>())
                            .add(new Fault(file, line, field(broken.pointer()), broken.message()));
                }
            } catch (JacksonException e) {
                byLine.computeIfAbsent(line(e), k -> new ArrayList<>())
                        .add(new Fault(file, line(e), "", firstLine(e.getOriginalMessage())));
            }
        }
        return byLine.values().stream().flatMap(List::stream).toList();
    }

    private static int line(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null ? 0 : Math.max(0, at.getLineNr());
    }

    private static String firstLine(@org.jspecify.annotations.Nullable String message) {
        String text = message == null ? "" : message;
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }

    /** The pointer to the value that is wrong; for a field that is not known, to that field. */
    private static String pointer(Error error) {
        String at = error.getInstanceLocation().toString();
        String property = error.getProperty();
        boolean named = "additionalProperties".equals(error.getKeyword()) && property != null;
        return named ? at + "/" + Lines.escape(property) : at;
    }

    private String words(Error error, JsonNode tree) {
        String keyword = String.valueOf(error.getKeyword());
        JsonNode value = tree.at(error.getInstanceLocation().toString());
        String got = value.isValueNode() ? "'" + value.asString() + "'" : "this";
        return switch (keyword) {
            case "additionalProperties" ->
                "no field of that name is known here" + suggestion(error.getProperty(), error.getSchemaNode());
            case "required" -> "the field '" + error.getProperty() + "' is missing";
            case "enum" -> got + " is none of the known words" + suggestion(value.asString(""), error.getSchemaNode());
            case "pattern" ->
                got + " has not the right form (" + error.getSchemaNode().asString("") + ")";
            case "type" -> got + " should be " + kind(error.getSchemaNode().asString(""));
            default -> error.getMessage();
        };
    }

    private static String kind(String type) {
        return switch (type) {
            case "string" -> "text (quote it)";
            case "integer" -> "a whole number";
            case "number" -> "a number";
            case "array" -> "a list";
            case "object" -> "a map of fields";
            case "boolean" -> "true or false";
            default -> type;
        };
    }

    private static String suggestion(
            @org.jspecify.annotations.Nullable String word, @org.jspecify.annotations.Nullable JsonNode known) {
        List<String> words = new ArrayList<>();
        if (known != null && known.isArray()) {
            known.forEach(node -> words.add(node.asString("")));
        }
        List<String> near = Nearest.to(word == null ? "" : word, words);
        if (!near.isEmpty()) {
            return "; did you mean '" + near.get(0) + "'?";
        }
        return words.isEmpty() ? "" : " (" + String.join(", ", words) + ")";
    }

    /** {@code /sources/0/kind} as people write it: {@code sources[0].kind}. */
    static String field(String pointer) {
        StringBuilder out = new StringBuilder();
        for (String step : pointer.split("/")) {
            if (step.isEmpty()) {
                continue;
            }
            if (step.chars().allMatch(Character::isDigit)) {
                out.append('[').append(step).append(']');
            } else {
                out.append(out.isEmpty() ? "" : ".")
                        .append(step.replace("~1", "/").replace("~0", "~"));
            }
        }
        return out.toString();
    }
}
