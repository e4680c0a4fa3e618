package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The lines of a file without generated ones. */
final class SourceLines {

    private static final Pattern COMMENT = Pattern.compile("\\s*(?:#|//|/\\*|\\*|%|--|;|<!--|\"\"\").*");
    private static final Pattern EMBEDDED = Pattern.compile(".{2000,}", Pattern.DOTALL);
    private static final JsonMapper MAPPER = new JsonMapper();

    private SourceLines() {}

    /**
     * A line.
     *
     * @param number in the file, from 1
     * @param place the line number, or cell and line in a notebook
     * @param code whether it is code or a setting rather than text or a comment
     */
    record Line(int number, String place, String text, boolean code) {}

    static List<Line> of(TextKind kind, String text) {
        return switch (kind) {
            case CODE -> lines(text, true);
            case TEXT -> lines(text, false);
            case NOTEBOOK -> notebook(text);
        };
    }

    private static List<Line> lines(String text, boolean code) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r\n|\r|\n", -1)) {
            number++;
            if (!line.isBlank() && !EMBEDDED.matcher(line).matches()) {
                lines.add(new Line(
                        number,
                        Integer.toString(number),
                        line,
                        code && !COMMENT.matcher(line).matches()));
            }
        }
        return lines;
    }

    /** The cells of a notebook, without their output. */
    private static List<Line> notebook(String text) {
        List<Line> lines = new ArrayList<>();
        try {
            int cell = 0;
            for (JsonNode node : MAPPER.readTree(text).path("cells")) {
                cell++;
                boolean code = node.path("cell_type").asString("").equals("code");
                for (Line line : lines(source(node.path("source")), code)) {
                    String place = "cell " + cell + ", line " + line.number();
                    lines.add(new Line(lines.size() + 1, place, line.text(), line.code()));
                }
            }
            return lines;
        } catch (JacksonException e) {
            return lines(text, false);
        }
    }

    private static String source(JsonNode source) {
        if (!source.isArray()) {
            return source.asString("");
        }
        StringBuilder text = new StringBuilder();
        source.forEach(line -> text.append(line.asString("")));
        return text.toString();
    }
}
