package org.histods.manifest;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.histods.dataset.DatasetId;
import org.histods.yaml.PointerError;
import org.histods.yaml.YamlError;
import org.histods.yaml.YamlNode;
import org.histods.yaml.YamlSyntaxError;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Finds everything that is wrong in the text of one manifest: by the schema, and by rules that a schema cannot state. */
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
     * What was found in a text.
     *
     * @param errors everything that is wrong, sorted by line
     * @param manifest what the text says; null if it cannot be read
     */
    public record Result(List<YamlError> errors, @Nullable Manifest manifest) {

        public Result {
            errors = List.copyOf(errors);
        }

        static Result unreadable(YamlError error) {
            return new Result(List.of(error), null);
        }
    }

    /**
     * Finds everything that is wrong.
     *
     * @param text the YAML
     * @param file its name for messages
     * @param expectedId the id that the manifest must have; null for any
     * @param more rules beside those of {@link ManifestRules}
     * @param urls rules for the URLs in the text; null for none
     */
    public Result check(
            String text,
            String file,
            @Nullable DatasetId expectedId,
            Function<Manifest, List<PointerError>> more,
            @Nullable UrlRules urls) {
        Optional<YamlError> oversize = YamlText.oversize(text, file);
        if (oversize.isPresent()) {
            return Result.unreadable(oversize.get());
        }
        JsonNode tree;
        try {
            tree = YamlText.tree(text);
        } catch (JacksonException e) {
            return Result.unreadable(YamlSyntaxError.of(file, e));
        }
        List<YamlError> traps = new ArrayList<>();
        YamlNode root = YamlNode.read(text, file, traps);
        if (!tree.isObject()) {
            String got = tree.isMissingNode() || tree.isNull() ? "the file is empty" : "this is not a map of fields";
            return Result.unreadable(new YamlError(
                    file, root.line(), "", got + ": a manifest begins with lines such as 'id: kather-2018'"));
        }
        Set<YamlError> errors = new LinkedHashSet<>(traps);
        if (urls != null) {
            urls.broken(root.texts()).forEach(broken -> errors.add(error(file, root, broken)));
        }
        SchemaErrorText messages = new SchemaErrorText(schemaTree, tree, root);
        List<Error> bySchema = schema.validate(tree);
        for (Error error : bySchema) {
            errors.add(error(file, root, new PointerError(SchemaErrorText.pointer(error), messages.message(error))));
        }
        Manifest manifest = null;
        try {
            manifest = format.bind(text);
            List<PointerError> broken = new ArrayList<>(new ManifestRules(manifest, expectedId).broken());
            broken.addAll(more.apply(manifest));
            broken.forEach(b -> errors.add(error(file, root, b)));
        } catch (JacksonException e) {
            // If the schema has found the mistake too, its message is the better one.
            if (bySchema.isEmpty() && traps.isEmpty()) {
                // A record that refuses its values says why.
                String why = e.getCause() instanceof IllegalArgumentException refused
                        ? refused.getMessage()
                        : e.getOriginalMessage();
                errors.add(new YamlError(file, YamlSyntaxError.line(e), pathOf(e), YamlSyntaxError.firstLine(why)));
            }
        }
        List<YamlError> sorted = errors.stream()
                .sorted(Comparator.comparingInt(YamlError::line).thenComparing(YamlError::field))
                .toList();
        return new Result(sorted, manifest);
    }

    /** Whether the text has fields that are set twice, or YAML references. */
    boolean hasTraps(String text) {
        List<YamlError> traps = new ArrayList<>();
        YamlNode.read(text, "", traps);
        return !traps.isEmpty();
    }

    private static YamlError error(String file, YamlNode root, PointerError broken) {
        return new YamlError(file, root.nearest(broken.pointer()).line(), field(broken.pointer()), broken.message());
    }

    /** The error of a rule that looks at more than one manifest. */
    public YamlError error(ManifestFile file, PointerError broken) {
        return error(file.origin(), YamlNode.read(file.text(), file.origin(), new ArrayList<>()), broken);
    }

    private static String pathOf(JacksonException e) {
        StringBuilder pointer = new StringBuilder();
        for (JacksonException.Reference step : e.getPath()) {
            String name = step.getPropertyName();
            pointer.append('/').append(name == null ? String.valueOf(step.getIndex()) : PointerError.step(name));
        }
        return field(pointer.toString());
    }

    /** A JSON pointer such as {@code /sources/0/kind} as {@code sources[0].kind}. */
    static String field(String pointer) {
        StringBuilder out = new StringBuilder();
        for (String step : pointer.split("/")) {
            if (step.isEmpty()) {
                continue;
            }
            if (step.chars().allMatch(Character::isDigit)) {
                out.append('[').append(step).append(']');
            } else {
                out.append(out.isEmpty() ? "" : ".").append(PointerError.name(step));
            }
        }
        return out.toString();
    }
}
