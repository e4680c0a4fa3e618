package org.histods.yaml;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.problem.Problem;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * A value of a YAML file with the line that it stands on. Single values stay text as they are written, so that an
 * unquoted version {@code 1.10} is not read as a number.
 *
 * @param field where it stands, such as {@code datasets[0].id}; empty for the whole file
 * @param line from 1
 * @param text of a single value; null for lists, maps and an empty value
 * @param items of a list, null otherwise
 * @param fields of a map, null otherwise
 */
public record YamlNode(
        String field,
        int line,
        @Nullable String text,
        @Nullable List<YamlNode> items,
        @Nullable Map<String, YamlNode> fields) {

    /**
     * Reads a file's text.
     *
     * @param faults gets a fault for each field that stands twice and for a text that is no YAML
     * @return an empty map if the text holds nothing or is no YAML
     */
    public static YamlNode read(String text, String file, List<YamlError> faults) {
        try (YAMLParser parser = (YAMLParser) YAMLMapper.shared().createParser(new StringReader(text))) {
            JsonToken first = parser.nextToken();
            return first == null ? nothing() : new Reading(parser, file, faults).value("", first);
        } catch (JacksonException e) {
            faults.add(YamlSyntaxError.of(file, e));
            return nothing();
        }
    }

    private static YamlNode nothing() {
        return new YamlNode("", 1, null, null, Map.of());
    }

    /** Whether nothing stands there. */
    boolean empty() {
        return text == null && items == null && fields == null;
    }

    /** What is here, for a message. */
    String shown() {
        if (items != null) {
            return "a list";
        }
        if (fields != null) {
            return "a map of fields";
        }
        return text == null ? "nothing" : "'" + text + "'";
    }

    /** Refuses a file with faults, listing all. */
    public static void refuse(String file, List<YamlError> faults, String hint) throws Problem {
        if (!faults.isEmpty()) {
            StringBuilder list = new StringBuilder();
            faults.stream()
                    .sorted(java.util.Comparator.comparingInt(YamlError::line))
                    .forEach(f -> list.append("\n  ").append(f));
            throw new Problem(
                    Problem.Kind.USAGE, file + " has " + Count.orA(faults.size(), "mistake") + ":" + list, hint);
        }
    }

    private record Reading(YAMLParser parser, String file, List<YamlError> faults) {

        YamlNode value(String field, JsonToken token) {
            int line = parser.currentTokenLocation().getLineNr();
            if (token == JsonToken.START_OBJECT) {
                return new YamlNode(field, line, null, null, map(field));
            }
            if (token == JsonToken.START_ARRAY) {
                List<YamlNode> items = new ArrayList<>();
                for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                    items.add(value(field + "[" + items.size() + "]", next));
                }
                return new YamlNode(field, line, null, items, null);
            }
            if (parser.isCurrentAlias()) {
                faults.add(new YamlError(
                        file, line, field, "'*" + parser.getString() + "' is YAML for a reference: put it in quotes"));
            }
            return new YamlNode(field, line, token == JsonToken.VALUE_NULL ? null : parser.getString(), null, null);
        }

        private Map<String, YamlNode> map(String field) {
            Map<String, YamlNode> fields = new LinkedHashMap<>();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_OBJECT; next = parser.nextToken()) {
                String name = parser.currentName();
                String path = field.isEmpty() ? name : field + "." + name;
                int line = parser.currentTokenLocation().getLineNr();
                YamlNode before = fields.put(name, value(path, parser.nextToken()));
                if (before != null) {
                    faults.add(new YamlError(
                            file, line, path, "it stands on line " + before.line() + " already: keep one of the two"));
                }
            }
            return fields;
        }
    }
}
