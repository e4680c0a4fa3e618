package org.histods.manifest;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.manifest.PinnedFile.Published;
import org.histods.yaml.YamlNode;

/**
 * A change of one field in the text of a manifest. All other lines stay as they are, with their comments and order.
 *
 * @param pointer the JSON pointer of the source or of the pinned file, such as {@code /sources/0/files/2}
 * @param field the field to set
 * @param values in YAML: a single value, or the items of a list
 * @param kind how the field is changed
 */
public record ManifestEdit(String pointer, String field, List<String> values, Kind kind) {

    /** How a field is changed. */
    public enum Kind {
        /** The value replaces the field's. */
        VALUE,
        /** The items replace those of the list. */
        LIST,
        /** The items are added at the end of the list. */
        APPEND
    }

    /** The order in which new fields are written: those of a source, then those of a pinned file. */
    private static final List<String> ORDER =
            List.of(("kind record official part use note options checksum-list include exclude path at bytes "
                            + "size sums files")
                    .split(" "));

    private static final Pattern START = Pattern.compile("( *(?:- +)*)(.*)");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9 ./_()+-]*");

    public ManifestEdit {
        values = List.copyOf(values);
    }

    /** Sets a text. */
    public static ManifestEdit set(String pointer, String field, String text) {
        return new ManifestEdit(pointer, field, List.of(quoted(text)), Kind.VALUE);
    }

    /** Sets the exact size of a file, in place of an approximate one. */
    public static ManifestEdit bytes(String pointer, long bytes) {
        return new ManifestEdit(pointer, "bytes", List.of(String.valueOf(bytes)), Kind.VALUE);
    }

    /** Sets the exact size of a source. */
    public static ManifestEdit size(String pointer, long bytes, String by) {
        return new ManifestEdit(
                pointer, "size", List.of("{ exact: " + bytes + ", by: " + plain(by) + " }"), Kind.VALUE);
    }

    /** Adds a checksum to a file. */
    public static ManifestEdit sum(String pointer, Published checksum) {
        return new ManifestEdit(pointer, "sums", List.of(item(checksum)), Kind.APPEND);
    }

    /** Sets the checksums of a file, in place of those it has. */
    public static ManifestEdit checksums(String pointer, List<Published> checksums) {
        return new ManifestEdit(
                pointer, "sums", checksums.stream().map(ManifestEdit::item).toList(), Kind.LIST);
    }

    private static String item(Published checksum) {
        return "{ sum: " + quoted(checksum.checksum().toString()) + ", by: " + plain(checksum.by()) + " }";
    }

    private static String plain(String text) {
        return PLAIN.matcher(text).matches() ? text : quoted(text);
    }

    private static String quoted(String text) {
        return "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /**
     * The text with this change.
     *
     * @throws IllegalArgumentException if the change cannot be made without touching something else, such as in a map that
     *     is written in braces over several lines
     */
    public String apply(String text) {
        YamlNode before = parsed(text);
        YamlNode map = before.nearest(pointer);
        if (map.fields() == null || !pointed(before)) {
            throw new IllegalArgumentException("the manifest has nothing at " + pointer);
        }
        List<String> lines = new ArrayList<>(Arrays.asList(text.split("\n", -1)));
        Matcher start = START.matcher(lines.get(map.line() - 1));
        if (start.matches() && start.group(2).startsWith("{")) {
            inBraces(lines, map.line() - 1, String.valueOf(start.group(1)), String.valueOf(start.group(2)));
        } else {
            block(lines, map);
        }
        String after = String.join("\n", lines);
        if (!others(before).equals(others(parsed(after)))) {
            throw new IllegalArgumentException("the lines around " + pointer + "/" + field + " have an unusual form");
        }
        return after;
    }

    private static YamlNode parsed(String text) {
        List<org.histods.yaml.YamlError> errors = new ArrayList<>();
        YamlNode node = YamlNode.read(text, "manifest", errors);
        if (!errors.isEmpty()) {
            throw new IllegalArgumentException(errors.get(0).message());
        }
        return node;
    }

    private boolean pointed(YamlNode root) {
        String at = pointer.substring(1).replaceAll("/([0-9]+)", "[$1]").replace('/', '.');
        return root.nearest(pointer).field().equals(at);
    }

    /** All values but those of the field. */
    private Map<String, String> others(YamlNode root) {
        Map<String, String> texts = new TreeMap<>(root.texts());
        String own = pointer + "/" + field;
        String size = pointer + "/size";
        texts.keySet()
                .removeIf(at -> at.equals(own)
                        || at.startsWith(own + "/")
                        || (field.equals("bytes") && (at.equals(size) || at.startsWith(size + "/"))));
        return texts;
    }

    private void block(List<String> lines, YamlNode map) {
        Map<String, YamlNode> fields = fields(map);
        YamlNode present = fields.get(field);
        if (present == null) {
            insert(lines, map, fields);
        } else if (kind == Kind.APPEND) {
            append(lines, present.line() - 1);
        } else {
            int first = present.line() - 1;
            String head = head(lines.get(first));
            replace(lines, first, end(lines, first), rendered(head));
        }
        YamlNode size = fields.get("size");
        if (field.equals("bytes") && size != null) {
            int at = size.line() - 1 + (present == null && line(fields) < size.line() ? 1 : 0);
            replace(lines, at, end(lines, at), List.of());
        }
    }

    private static Map<String, YamlNode> fields(YamlNode map) {
        Map<String, YamlNode> fields = map.fields();
        return fields == null ? Map.of() : fields;
    }

    /** The line after which the new field goes. */
    private int line(Map<String, YamlNode> fields) {
        int line = 0;
        for (String name : ORDER.subList(0, Math.max(0, ORDER.indexOf(field)))) {
            YamlNode earlier = fields.get(name);
            line = earlier == null ? line : Math.max(line, earlier.line());
        }
        return line;
    }

    private void insert(List<String> lines, YamlNode map, Map<String, YamlNode> fields) {
        int after = line(fields);
        String indent = " ".repeat(head(lines.get(map.line() - 1)).length());
        int at = after == 0 ? end(lines, map.line() - 1) : end(lines, after - 1);
        lines.addAll(at, rendered(indent));
    }

    private void append(List<String> lines, int first) {
        String line = lines.get(first);
        int end = end(lines, first);
        if (line.matches(".*:\\s*\\[.*\\]\\s*")) {
            int close = line.lastIndexOf(']');
            lines.set(first, line.substring(0, close) + ", " + String.join(", ", values) + line.substring(close));
            return;
        }
        Matcher item = START.matcher(first + 1 < end ? lines.get(first + 1) : "");
        if (!item.matches() || !item.group(1).contains("-")) {
            throw new IllegalArgumentException("the list " + field + " at " + pointer + " has an unusual form");
        }
        lines.addAll(end, values.stream().map(value -> item.group(1) + value).toList());
    }

    /** The field in YAML, below a text that stands before its name on its first line. */
    private List<String> rendered(String head) {
        if (kind == Kind.VALUE) {
            return List.of(head + field + ": " + values.get(0));
        }
        if (values.isEmpty()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of(head + field + ":"));
        String indent = " ".repeat(head.length()) + "  - ";
        values.forEach(value -> lines.add(indent + value));
        return lines;
    }

    private static void replace(List<String> lines, int from, int to, List<String> others) {
        List<String> part = lines.subList(from, to);
        part.clear();
        part.addAll(others);
    }

    /** What stands before the name of a field: blanks, and the dash of a list. */
    private static String head(String line) {
        Matcher start = START.matcher(line);
        return start.matches() ? String.valueOf(start.group(1)) : "";
    }

    /** The index after the last line of the field that starts on that line. */
    private static int end(List<String> lines, int first) {
        int column = head(lines.get(first)).length();
        int end = first + 1;
        for (int i = first + 1; i < lines.size(); i++) {
            String line = lines.get(i);
            int indent = line.length() - line.stripLeading().length();
            if (line.isBlank()) {
                continue;
            }
            if (indent < column || (indent == column && !line.strip().startsWith("- "))) {
                break;
            }
            end = i + 1;
        }
        return end;
    }

    /** Changes a map in braces on one line. */
    private void inBraces(List<String> lines, int at, String head, String map) {
        int close = map.lastIndexOf('}');
        if (close < 0 || !map.substring(close + 1).matches("\\s*(?:#.*)?")) {
            throw new IllegalArgumentException("the map at " + pointer + " is written over several lines");
        }
        List<String> entries = new ArrayList<>(entries(map.substring(1, close)));
        int index = -1;
        int before = 0;
        for (int i = 0; i < entries.size(); i++) {
            String name = entries.get(i).replaceFirst(":.*", "").strip();
            index = name.equals(field) ? i : index;
            before = ORDER.indexOf(name) >= 0 && ORDER.indexOf(name) < ORDER.indexOf(field) ? i + 1 : before;
        }
        String list = "[" + String.join(", ", values) + "]";
        if (index >= 0 && kind == Kind.APPEND) {
            String entry = entries.get(index);
            int end = entry.lastIndexOf(']');
            entries.set(index, entry.substring(0, end) + ", " + String.join(", ", values) + entry.substring(end));
        } else {
            String entry = field + ": " + (kind == Kind.VALUE ? values.get(0) : list);
            if (index >= 0) {
                entries.set(index, entry);
            } else {
                entries.add(before, entry);
            }
        }
        if (field.equals("bytes")) {
            entries.removeIf(entry -> entry.startsWith("size:"));
        }
        lines.set(at, head + entries.stream().collect(Collectors.joining(", ", "{ ", " }")) + map.substring(close + 1));
    }

    /** Splits at the commas that are neither in quotes nor in brackets. */
    private static List<String> entries(String text) {
        List<String> entries = new ArrayList<>();
        int depth = 0;
        char quote = 0;
        int from = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote != 0) {
                quote = c == quote ? 0 : quote;
            } else if (c == '"' || c == '\'') {
                quote = c;
            } else if (c == '[' || c == '{') {
                depth++;
            } else if (c == ']' || c == '}') {
                depth--;
            } else if (c == ',' && depth == 0) {
                entries.add(text.substring(from, i).strip());
                from = i + 1;
            }
        }
        entries.add(text.substring(from).strip());
        entries.removeIf(String::isEmpty);
        return entries;
    }
}
