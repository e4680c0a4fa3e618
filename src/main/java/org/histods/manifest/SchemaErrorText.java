package org.histods.manifest;

import com.networknt.schema.Error;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.histods.digest.Checksum;
import org.histods.text.Suggestions;
import org.histods.yaml.PointerError;
import org.histods.yaml.YamlNode;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Explains errors of a JSON Schema validator to authors of manifests. */
final class SchemaErrorText {

    /** The most known words that a message lists. */
    private static final int MOST_LISTED = 12;

    private final JsonNode schema;
    private final JsonNode tree;
    private final YamlNode root;

    SchemaErrorText(JsonNode schema, JsonNode tree, YamlNode root) {
        this.schema = schema;
        this.tree = tree;
        this.root = root;
    }

    /** The pointer to the wrong value, or to the unknown field. */
    static String pointer(Error error) {
        String at = error.getInstanceLocation().toString();
        String property = error.getProperty();
        boolean named = "additionalProperties".equals(error.getKeyword()) && property != null;
        return named ? at + "/" + PointerError.step(property) : at;
    }

    String message(Error error) {
        String at = error.getInstanceLocation().toString();
        JsonNode value = tree.at(at);
        if (value.isNull()) {
            return "it is empty: give it a value or leave the field out";
        }
        String got = "'" + Objects.requireNonNullElse(root.nearest(at).text(), "") + "'";
        return switch (String.valueOf(error.getKeyword())) {
            case "additionalProperties" ->
                "there is no field of that name" + fields(String.valueOf(error.getProperty()), error);
            case "required" -> "the field '" + error.getProperty() + "' is missing";
            case "enum" -> enumWords(error, value, got);
            case "pattern" -> pattern(error, got);
            case "type" -> type(error, value, got);
            case "minLength" -> "it is empty: give it a value or leave the field out";
            case "maxLength" -> "it is too long: " + text(error.getSchemaNode()) + " characters at most";
            case "minItems" -> "the list is empty: give it an entry or leave the field out";
            case "uniqueItems" -> "an entry is listed twice";
            case "propertyNames" -> "names here are lower-case letters, digits, dashes, dots and underscores";
            case "minimum" -> got + " is too small: the least is " + text(error.getSchemaNode());
            case "maximum" -> got + " is too large: the most is " + text(error.getSchemaNode());
            case "exclusiveMinimum" -> got + " is too small: it must be more than " + text(error.getSchemaNode());
            default -> error.getMessage();
        };
    }

    private static String enumWords(Error error, JsonNode value, String got) {
        List<String> known = new ArrayList<>();
        JsonNode words = error.getSchemaNode();
        if (words != null) {
            words.forEach(node -> known.add(node.asString("")));
        }
        String problem = value.isValueNode() ? got + " is not a known word" : "this should be one word";
        return problem + suggestion(value.asString(""), known);
    }

    private String fields(String property, Error error) {
        String location = String.valueOf(error.getSchemaLocation().getFragment());
        String parent = location.substring(0, Math.max(0, location.lastIndexOf('/')));
        List<String> known =
                new ArrayList<>(schema.at(parent).path("properties").propertyNames());
        return suggestion(property, known);
    }

    private static String suggestion(String word, List<String> known) {
        List<String> near = Suggestions.to(word, known);
        if (!near.isEmpty()) {
            return "; did you mean '" + near.get(0) + "'?";
        }
        if (known.size() > MOST_LISTED) {
            return "; docs/manifests.md lists them";
        }
        return known.isEmpty() ? "" : "; known are " + String.join(", ", known);
    }

    private String pattern(Error error, String got) {
        String location = String.valueOf(error.getSchemaLocation().getFragment());
        JsonNode rule = schema.at(location.substring(0, Math.max(0, location.lastIndexOf('/'))));
        if (rule.path("pattern").asString("").contains("md5:")) {
            return checksum(got.substring(1, got.length() - 1));
        }
        String example = rule.path("examples").path(0).asString("");
        String form = rule.path("description").asString("");
        String should =
                example.isEmpty() ? "the form " + rule.path("pattern").asString("") : "a form such as " + example;
        return got + " should have " + should + (form.isEmpty() ? "" : ". " + form);
    }

    private static String checksum(String text) {
        try {
            Checksum checksum = Checksum.parse(text);
            return "'" + text + "' should be written as " + checksum;
        } catch (IllegalArgumentException e) {
            return e.getMessage() == null ? "this is not a checksum" : e.getMessage();
        }
    }

    private String type(Error error, JsonNode value, String got) {
        if (error.getSchemaNode() != null && error.getSchemaNode().isArray()) {
            return pattern(error, got);
        }
        String expected = kind(text(error.getSchemaNode()));
        if (!value.isValueNode()) {
            return "this should be " + expected + ", not " + (value.isArray() ? "a list" : "a map of fields");
        }
        boolean quotes = expected.equals("text");
        return got + " should be " + expected + (quotes ? ": put it in quotes" : "");
    }

    private static String text(@Nullable JsonNode node) {
        return node == null ? "" : node.asString("");
    }

    private static String kind(String type) {
        return switch (type) {
            case "string" -> "text";
            case "integer" -> "a whole number, without quotes";
            case "number" -> "a number, without quotes";
            case "array" -> "a list, such as [one, two]";
            case "object" -> "a map of fields";
            case "boolean" -> "true or false";
            default -> type;
        };
    }
}
