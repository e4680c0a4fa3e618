package org.histods.yaml;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * A value of a YAML file with its line. Single values keep the text of the file, so that an unquoted version
 * {@code 1.10} does not become the number 1.1.
 *
 * @param field its path, such as {@code datasets[0].id}; empty for the whole file
 * @param line from 1; of a field's value, the line of the field's name
 * @param text of a single value; null for lists, maps and an empty value
 * @param items of a list, null otherwise
 * @param fields of a map, null otherwise; if a field is set twice, the later value
 */
public record YamlNode(
        String field,
        int line,
        @Nullable String text,
        @Nullable List<YamlNode> items,
        @Nullable Map<String, YamlNode> fields) {

    /** The most errors that a message lists. */
    private static final int LISTED = 50;

    /**
     * Parses a text.
     *
     * @param errors gets an error for each field that is set twice, each YAML reference, and for a text that is too large
     *     or not YAML
     * @return an empty map if the text is empty or cannot be parsed
     */
    public static YamlNode read(String text, String file, List<YamlError> errors) {
        return read(text, file, errors, YamlText.LIMIT);
    }

    /** As {@link #read(String, String, List)}, with another limit in characters. */
    public static YamlNode read(String text, String file, List<YamlError> errors, int limit) {
        Optional<YamlError> oversize = YamlText.oversize(text, file, limit);
        if (oversize.isPresent()) {
            errors.add(oversize.get());
            return nothing();
        }
        try (YAMLParser parser = YamlText.parser(text, false)) {
            JsonToken first = parser.nextToken();
            if (first == null) {
                return nothing();
            }
            YamlNode root = new Reading(parser, file, errors)
                    .value("", parser.currentTokenLocation().getLineNr(), first);
            if (parser.nextToken() != null) {
                int line = parser.currentTokenLocation().getLineNr();
                errors.add(new YamlError(file, line, "", "a second document begins after '---': a file holds one"));
            }
            return root;
        } catch (JacksonException e) {
            errors.add(YamlSyntaxError.of(file, e));
            return nothing();
        }
    }

    private static YamlNode nothing() {
        return new YamlNode("", 1, null, null, Map.of());
    }

    /** The value at that JSON pointer, or the innermost value around it that exists. */
    public YamlNode nearest(String pointer) {
        YamlNode node = this;
        for (String step : pointer.split("/", -1)) {
            YamlNode next = step.isEmpty() ? node : node.child(step);
            if (next == null) {
                return node;
            }
            node = next;
        }
        return node;
    }

    private @Nullable YamlNode child(String step) {
        if (fields != null) {
            return fields.get(PointerError.name(step));
        }
        boolean index = items != null && step.matches("[0-9]{1,9}");
        return index && items != null && Integer.parseInt(step) < items.size()
                ? items.get(Integer.parseInt(step))
                : null;
    }

    /** The texts of all single values, by JSON pointer. */
    public Map<String, String> texts() {
        Map<String, String> texts = new HashMap<>();
        collect("", texts);
        return texts;
    }

    private void collect(String pointer, Map<String, String> texts) {
        if (text != null) {
            texts.put(pointer, text);
        }
        if (fields != null) {
            fields.forEach((name, value) -> value.collect(pointer + "/" + PointerError.step(name), texts));
        }
        if (items != null) {
            for (int i = 0; i < items.size(); i++) {
                items.get(i).collect(pointer + "/" + i, texts);
            }
        }
    }

    /** Whether there is no value. */
    boolean empty() {
        return text == null && items == null && fields == null;
    }

    /** The value as a message shows it. */
    String shown() {
        if (items != null) {
            return "a list";
        }
        if (fields != null) {
            return "a map of fields";
        }
        return text == null ? "nothing" : "'" + text + "'";
    }

    /** Throws if there are errors, and lists them. */
    public static void refuse(String file, List<YamlError> errors, String hint) throws Problem {
        if (!errors.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + " has " + Count.orA(errors.size(), "mistake") + ":\n" + listed(errors),
                    hint);
        }
    }

    private static String listed(List<YamlError> errors) {
        List<String> lines = new ArrayList<>();
        errors.stream()
                .sorted(Comparator.comparingInt(YamlError::line))
                .limit(LISTED)
                .forEach(error -> lines.add("  " + error));
        if (errors.size() > LISTED) {
            lines.add("  and " + (errors.size() - LISTED) + " more");
        }
        return String.join("\n", lines);
    }

    private record Reading(YAMLParser parser, String file, List<YamlError> errors) {

        YamlNode value(String field, int line, JsonToken token) {
            if (token == JsonToken.START_OBJECT) {
                return new YamlNode(field, line, null, null, map(field));
            }
            if (token == JsonToken.START_ARRAY) {
                List<YamlNode> items = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    int at = parser.currentTokenLocation().getLineNr();
                    items.add(value(field + "[" + items.size() + "]", at, next));
                }
                return new YamlNode(field, line, null, items, null);
            }
            if (parser.isCurrentAlias()) {
                errors.add(new YamlError(
                        file,
                        line,
                        field,
                        "YAML reads '*" + parser.getString() + "' as a reference: put it in quotes"));
            }
            return new YamlNode(field, line, token == JsonToken.VALUE_NULL ? null : parser.getString(), null, null);
        }

        private Map<String, YamlNode> map(String field) {
            Map<String, YamlNode> fields = new LinkedHashMap<>();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_OBJECT; next = parser.nextToken()) {
                String name = parser.currentName();
                String path = field.isEmpty() ? name : field + "." + name;
                int line = parser.currentTokenLocation().getLineNr();
                YamlNode before = fields.put(name, value(path, line, parser.nextToken()));
                if (before != null) {
                    errors.add(new YamlError(
                            file, line, path, "it is already set on line " + before.line() + ": keep one of the two"));
                }
            }
            return fields;
        }
    }
}
