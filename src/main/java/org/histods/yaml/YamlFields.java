package org.histods.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.jspecify.annotations.Nullable;

/** Reads the fields of a YAML map; each that is unknown, missing or of a wrong type becomes an error. */
public final class YamlFields {

    private final YamlNode node;
    private final String file;
    private final List<YamlError> errors;
    private final Map<String, YamlNode> fields;

    /**
     * The fields of that value.
     *
     * @param known all fields that the map may have
     */
    public YamlFields(YamlNode node, String file, List<YamlError> errors, List<String> known) {
        this(node, file, errors);
        Set<String> names = Set.copyOf(known);
        fields.forEach((name, value) -> {
            if (!names.contains(name)) {
                error(value, "there is no field '" + name + "'; the fields are " + String.join(", ", known));
            }
        });
    }

    private YamlFields(YamlNode node, String file, List<YamlError> errors) {
        this.node = node;
        this.file = file;
        this.errors = errors;
        Map<String, YamlNode> given = node.fields();
        if (given == null && !(node.empty() && node.field().isEmpty())) {
            error(node, "this should be a map of fields, not " + node.shown());
        }
        this.fields = given == null ? Map.of() : given;
    }

    /** Adds an error at that value. */
    public void error(YamlNode at, String message) {
        errors.add(new YamlError(file, at.line(), at.field(), message));
    }

    /** The value of that field; the whole map if it has none. */
    public YamlNode at(String name) {
        return fields.getOrDefault(name, node);
    }

    /** Whether that field has a value. */
    public boolean has(String name) {
        YamlNode value = fields.get(name);
        return value != null && !value.empty();
    }

    /** The names of all fields in the order of the file. */
    public Set<String> names() {
        return fields.keySet();
    }

    /** The fields of an optional map; none if it is missing. */
    public YamlFields map(String name, List<String> known) {
        return new YamlFields(optional(name), file, errors, known);
    }

    /** The fields of an optional map that may have any names. */
    public YamlFields map(String name) {
        return new YamlFields(optional(name), file, errors);
    }

    private YamlNode optional(String name) {
        return has(name) ? at(name) : new YamlNode("", node.line(), null, null, Map.of());
    }

    /** An optional single value; null if it is missing, and after an error. */
    public @Nullable String text(String name) {
        YamlNode value = fields.get(name);
        return value == null || value.empty() ? null : single(value);
    }

    /** A required single value; empty after an error. */
    public String required(String name) {
        String text = text(name);
        if (text == null) {
            if (!has(name)) {
                error(at(name), "the field '" + name + "' is missing");
            }
            return "";
        }
        return text;
    }

    /** The required id of a dataset; null after an error. */
    public @Nullable DatasetId id() {
        if (!has("id")) {
            required("id");
            return null;
        }
        return id(at("id"));
    }

    /** The id of a dataset; null after an error. */
    public @Nullable DatasetId id(YamlNode value) {
        String text = single(value);
        if (text == null) {
            return null;
        }
        String error = DatasetId.fault(text);
        if (error != null) {
            error(value, error + "; `histods show '" + text + "'` prints the id of that name");
        }
        return DatasetId.of(text).orElse(null);
    }

    /** An optional version; null if it is missing, and after an error. The variant has a field of its own. */
    public @Nullable DatasetVersion version() {
        String text = text("version");
        return text == null ? null : version(at("version"), text);
    }

    /** A required version; null after an error. */
    public @Nullable DatasetVersion requiredVersion() {
        String text = required("version");
        return text.isEmpty() ? null : version(at("version"), text);
    }

    private @Nullable DatasetVersion version(YamlNode value, String text) {
        try {
            return new DatasetVersion(text, null);
        } catch (IllegalArgumentException e) {
            error(value, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** The optional name of a variant; null if it is missing. */
    public @Nullable String variant() {
        String text = text("variant");
        String error = text == null ? null : DatasetVersion.variantFault(text);
        if (error != null) {
            error(at("variant"), error);
        }
        return text;
    }

    /** A required whole number, at least 0; 0 after an error. */
    public long number(String name) {
        String text = required(name);
        if (!text.isEmpty() && !text.matches("[0-9]{1,18}")) {
            error(at(name), "this should be a whole number, not '" + text + "'");
            return 0;
        }
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /** An optional whole number; null if it is missing, and after an error. */
    public @Nullable Integer integer(String name) {
        String text = text(name);
        if (text != null && !text.matches("-?[0-9]{1,9}")) {
            error(at(name), "this should be a whole number, not '" + text + "'");
            return null;
        }
        return text == null ? null : Integer.valueOf(text);
    }

    /** An optional {@code true} or {@code false}; null if it is missing, and after an error. */
    public @Nullable Boolean flag(String name) {
        String text = text(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            error(at(name), "this should be true or false, not '" + text + "'");
            return null;
        }
        return text == null ? null : Boolean.valueOf(text);
    }

    /** A list of single values; one value alone is a list of one. */
    public List<String> words(String name) {
        List<String> words = new ArrayList<>();
        for (YamlNode item : list(name, true)) {
            String word = single(item);
            if (word != null && words.contains(word)) {
                error(item, "'" + word + "' is listed twice");
            } else if (word != null) {
                words.add(word);
            }
        }
        return words;
    }

    /** The items of an optional list. */
    public List<YamlNode> list(String name) {
        return list(name, false);
    }

    private List<YamlNode> list(String name, boolean single) {
        YamlNode value = fields.get(name);
        if (value == null || value.empty()) {
            return List.of();
        }
        List<YamlNode> items = value.items();
        if (items != null) {
            return items;
        }
        if (single && value.text() != null) {
            return List.of(value);
        }
        error(value, "this should be a list, such as [one, two], not " + value.shown());
        return List.of();
    }

    private @Nullable String single(YamlNode value) {
        String text = value.text();
        if (text == null) {
            error(value, "this should be text, not " + value.shown());
            return null;
        }
        if (text.isBlank()) {
            error(value, "this should be text, but it is empty");
            return null;
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            error(value, "this should be one line of text without control characters");
            return null;
        }
        return text;
    }
}
