package org.histods.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.jspecify.annotations.Nullable;

/** Takes a map of YAML apart strictly: what is unknown, missing or of a wrong kind becomes a fault. */
public final class YamlFields {

    private final YamlNode node;
    private final String file;
    private final List<YamlError> faults;
    private final Map<String, YamlNode> fields;

    /** @param known the names that may stand there */
    public YamlFields(YamlNode node, String file, List<YamlError> faults, List<String> known) {
        this.node = node;
        this.file = file;
        this.faults = faults;
        Map<String, YamlNode> given = node.fields();
        if (given == null && !(node.empty() && node.field().isEmpty())) {
            fault(node, "here should be a map of fields, not " + node.shown());
        }
        this.fields = given == null ? Map.of() : given;
        Set<String> names = Set.copyOf(known);
        fields.forEach((name, value) -> {
            if (!names.contains(name)) {
                fault(value, "there is no field '" + name + "'; it takes " + String.join(", ", known));
            }
        });
    }

    public void fault(YamlNode at, String message) {
        faults.add(new YamlError(file, at.line(), at.field(), message));
    }

    /** The node of that field, or of the whole where the field is not there. */
    public YamlNode at(String name) {
        return fields.getOrDefault(name, node);
    }

    public boolean has(String name) {
        YamlNode value = fields.get(name);
        return value != null && !value.empty();
    }

    /** A single value that may be left out. */
    public @Nullable String text(String name) {
        YamlNode value = fields.get(name);
        return value == null || value.empty() ? null : single(value);
    }

    /** A single value that must be there; empty after a fault. */
    public String required(String name) {
        String text = text(name);
        if (text == null) {
            if (!has(name)) {
                fault(at(name), "the field '" + name + "' is missing");
            }
            return "";
        }
        return text;
    }

    /** The id of a dataset that must be there; null after a fault. */
    public @Nullable DatasetId id(String name) {
        if (!has(name)) {
            required(name);
            return null;
        }
        return id(at(name));
    }

    /** The id of a dataset; null after a fault. */
    public @Nullable DatasetId id(YamlNode value) {
        String text = single(value);
        if (text == null) {
            return null;
        }
        String fault = DatasetId.fault(text);
        if (fault != null) {
            fault(value, fault + "; `histods show '" + text + "'` prints the id of that name");
        }
        return DatasetId.of(text).orElse(null);
    }

    /** A version that may be left out; null after a fault. The variant has a field of its own. */
    public @Nullable DatasetVersion version(String name) {
        String text = text(name);
        return text == null ? null : version(at(name), text);
    }

    /** A version that must be there; null after a fault. */
    public @Nullable DatasetVersion requiredVersion(String name) {
        String text = required(name);
        return text.isEmpty() ? null : version(at(name), text);
    }

    private @Nullable DatasetVersion version(YamlNode node, String text) {
        try {
            return new DatasetVersion(text, null);
        } catch (IllegalArgumentException e) {
            fault(node, String.valueOf(e.getMessage()));
            return null;
        }
    }

    /** The name of a variant that may be left out. */
    public @Nullable String variant(String name) {
        String text = text(name);
        String fault = text == null ? null : DatasetVersion.variantFault(text);
        if (fault != null) {
            fault(at(name), fault);
        }
        return text;
    }

    /** A whole number from 0 that must be there; 0 after a fault. */
    public long number(String name) {
        String text = required(name);
        if (!text.isEmpty() && !text.matches("[0-9]{1,18}")) {
            fault(at(name), "'" + text + "' is no whole number");
            return 0;
        }
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    /** A list of single values; one value alone is a list of one. */
    public List<String> words(String name) {
        List<String> words = new ArrayList<>();
        for (YamlNode item : list(name, true)) {
            String word = single(item);
            if (word != null && words.contains(word)) {
                fault(item, "'" + word + "' stands twice");
            } else if (word != null) {
                words.add(word);
            }
        }
        return words;
    }

    /** The items of a list that may be left out. */
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
        fault(value, "here should be a list, such as [one, two], not " + value.shown());
        return List.of();
    }

    private @Nullable String single(YamlNode value) {
        String text = value.text();
        if (text == null) {
            fault(value, "here should be text, not " + value.shown());
            return null;
        }
        if (text.isBlank()) {
            fault(value, "here should be text, and it is empty");
            return null;
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            fault(value, "text here must stand on one line, without control characters");
            return null;
        }
        return text;
    }
}
