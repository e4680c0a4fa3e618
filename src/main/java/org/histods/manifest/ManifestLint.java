package org.histods.manifest;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.histods.dataset.DatasetId;
import org.histods.yaml.PointerError;
import org.histods.yaml.YamlError;
import org.histods.yaml.YamlPositions;
import org.histods.yaml.YamlSyntaxError;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * Finds everything that is wrong in one manifest's text: what the schema refuses, and what it cannot see. Lists all
 * faults, in the order of their lines.
 */
public final class ManifestLint {

    private final ManifestFormat format;
    private final JsonNode schemaTree = ManifestSchema.tree();
    private final Schema schema;

    ManifestLint(ManifestFormat format) {
        this.format = format;
        this.schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(schemaTree);
    }

    /**
     * Everything that is wrong.
     *
     * @param text the YAML
     * @param file its name for messages
     * @param expectedId the id that the manifest must have; null where any id is right
     * @param more rules beside those of {@link ManifestRules}
     * @param addresses rules for the addresses in the text; null for none
     * @return empty if nothing is wrong
     */
    public List<YamlError> faults(
            String text,
            String file,
            @Nullable DatasetId expectedId,
            Function<Manifest, List<PointerError>> more,
            @Nullable UrlRules addresses) {
        JsonNode tree;
        YamlPositions lines;
        try {
            tree = format.tree(text);
            lines = new YamlPositions(format.tokens(text));
        } catch (JacksonException e) {
            return List.of(YamlSyntaxError.of(file, e));
        }
        if (!tree.isObject()) {
            String got = tree.isMissingNode() || tree.isNull() ? "the file is empty" : "this is no map of fields";
            return List.of(new YamlError(
                    file, lines.of(""), "", got + ": a manifest begins with lines such as 'id: kather-2018'"));
        }
        Set<YamlError> faults = new LinkedHashSet<>();
        for (PointerError broken : lines.traps()) {
            faults.add(fault(file, lines, broken));
        }
        if (addresses != null) {
            addresses.broken(lines.written()).forEach(broken -> faults.add(fault(file, lines, broken)));
        }
        SchemaErrorText words = new SchemaErrorText(schemaTree, tree, lines);
        List<Error> bySchema = schema.validate(tree);
        for (Error error : bySchema) {
            faults.add(fault(file, lines, new PointerError(SchemaErrorText.pointer(error), words.words(error))));
        }
        try {
            Manifest manifest = format.bind(text);
            List<PointerError> broken = new ArrayList<>(new ManifestRules(manifest, expectedId).broken());
            broken.addAll(more.apply(manifest));
            broken.forEach(b -> faults.add(fault(file, lines, b)));
        } catch (JacksonException e) {
            // Where the schema has seen the mistake already, its words are the better ones.
            if (bySchema.isEmpty() && lines.traps().isEmpty()) {
                // A record that refuses its values says why in its own words.
                String why = e.getCause() instanceof IllegalArgumentException refused
                        ? refused.getMessage()
                        : e.getOriginalMessage();
                faults.add(new YamlError(file, YamlSyntaxError.line(e), pathOf(e), YamlSyntaxError.firstLine(why)));
            }
        }
        return faults.stream()
                .sorted(Comparator.comparingInt(YamlError::line).thenComparing(YamlError::field))
                .toList();
    }

    /** Whether YAML takes something in that text for a reference to another part of it. */
    boolean references(String text) {
        return !new YamlPositions(format.tokens(text)).traps().isEmpty();
    }

    private static YamlError fault(String file, YamlPositions lines, PointerError broken) {
        return new YamlError(file, lines.of(broken.pointer()), field(broken.pointer()), broken.message());
    }

    /** The fault of a rule that looks at more than one manifest. */
    public YamlError fault(ManifestFile file, PointerError broken) {
        return fault(file.origin(), new YamlPositions(format.tokens(file.text())), broken);
    }

    private static String pathOf(JacksonException e) {
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            String name = step.getPropertyName();
            pointer.append('/').append(name == null ? String.valueOf(step.getIndex()) : YamlPositions.escape(name));
        }
        return field(pointer.toString());
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
