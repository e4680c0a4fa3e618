package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The lines of a file without generated ones.
 *
 * @param unread what of it could not be read, to follow the name of the file; null if everything was
 */
record SourceLines(List<Line> lines, @Nullable String unread) {

    /** A longer line is cut into pieces, and a piece that cannot be cut is data that was embedded in text. */
    private static final int LONG = 2000;

    private static final Pattern CUT = Pattern.compile("(?<=[\\s,;{}()<>])");

    private static final Pattern CONFLICT = Pattern.compile("(?m)^(?:<{7}|>{7}) ");

    /** Lines that begin with {@code #} and act nevertheless: directives of schedulers, and the name of an interpreter. */
    private static final Pattern DIRECTIVE = Pattern.compile("\\s*#(?:SBATCH|PBS|BSUB|\\$|!).*");

    /** What shows that a script is a notebook, as jupytext and Databricks write them. */
    private static final Pattern SCRIPT_NOTEBOOK =
            Pattern.compile("(?m)^# (?:%%|\\+(?:\\s|$)|jupyter:|Databricks notebook source)");

    /** Comments in such a script: commands of a notebook, as in {@code # %cd data} and {@code # MAGIC %sh}, are none. */
    private static final Pattern HASH_OF_NOTEBOOK =
            Pattern.compile("\\s*(?:#(?!\\s?%[a-z]|\\s![a-z./]|\\sMAGIC\\b)|\"\"\").*");

    /** The beginning of a piece of code in text, as knitr, Quarto and MyST write it. */
    private static final Pattern CODE_FENCE = Pattern.compile("^[\\t >]*(?:`{3,}|~{3,})\\s*\\{.*");

    private static final Pattern FENCE = Pattern.compile("^[\\t >]*(?:`{3,}|~{3,}).*");
    private static final Pattern LANGUAGE_FENCE = Pattern.compile("^(?:`{3,}|~{3,})\\s*[A-Za-z].*");

    /** What shows that a Markdown file is a notebook: the head that jupytext writes, or a cell of MyST. */
    private static final Pattern MARKDOWN_NOTEBOOK =
            Pattern.compile("(?m)^(?:jupytext:|  jupytext:|`{3,}\\{code-cell\\}.*)\\s*$");

    private static final Pattern HASH = Pattern.compile("\\s*(?:#|\"\"\").*");
    private static final Pattern SLASHES = Pattern.compile("\\s*(?://|/\\*|\\*).*");
    private static final Pattern PERCENT = Pattern.compile("\\s*[%#].*");
    private static final Pattern SEMICOLON = Pattern.compile("\\s*[;#].*");
    private static final Pattern REMARK = Pattern.compile("(?i)\\s*(?:@?rem\\b|::).*");

    private static final Set<String> LIKE_C = Set.of(
            "java", "scala", "kt", "groovy", "c", "cc", "cpp", "h", "hpp", "cu", "cs", "go", "rs", "js", "ts", "nf",
            "json", "jsonc", "ijm", "qpproj");

    /** Cells that begin so hold text, whatever their kind. */
    private static final Pattern TEXT_CELL = Pattern.compile("(?s)\\s*%%(?:markdown|html|latex|svg)\\b.*");

    /** Metadata and outputs may have numbers that JSON has not, and images of any size. */
    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(2000)
                            .maxStringLength(Integer.MAX_VALUE)
                            .build())
                    .build())
            .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    /**
     * A line.
     *
     * @param number in the file, from 1
     * @param place the line number, or cell and line in a notebook
     * @param code whether it is code or a setting rather than text or a comment
     */
    record Line(int number, String place, String text, boolean code) {}

    /** @param name of the file, in lower case */
    static SourceLines of(TextKind kind, String name, String text) {
        if (kind == TextKind.NOTEBOOK) {
            return notebook(text);
        }
        List<Line> lines = kind == TextKind.CODE
                ? lines(text, comment(name, text))
                : isWoven(name, text) ? woven(text, name.endsWith(".md")) : lines(text, null);
        boolean conflict = CONFLICT.matcher(text).find();
        return new SourceLines(lines, conflict && kind == TextKind.CODE ? "has merge conflict markers" : null);
    }

    private static boolean isWoven(String name, String text) {
        return name.endsWith(".rmd")
                || name.endsWith(".rmarkdown")
                || name.endsWith(".qmd")
                || (name.endsWith(".md") && MARKDOWN_NOTEBOOK.matcher(text).find());
    }

    private static Pattern comment(String name, String text) {
        String ending = name.substring(name.lastIndexOf('.') + 1);
        if (LIKE_C.contains(ending)) {
            return SLASHES;
        }
        return switch (ending) {
            case "m" -> PERCENT;
            case "ini", "cfg", "conf" -> SEMICOLON;
            case "bat" -> REMARK;
            default -> SCRIPT_NOTEBOOK.matcher(text).find() ? HASH_OF_NOTEBOOK : HASH;
        };
    }

    /** @param comment what comments look like; null if everything is text */
    private static List<Line> lines(String text, @Nullable Pattern comment) {
        List<Line> lines = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r\n|\r|\n", -1)) {
            number++;
            if (line.isBlank()) {
                continue;
            }
            boolean code = comment != null
                    && (!comment.matcher(line).matches()
                            || ((comment == HASH || comment == HASH_OF_NOTEBOOK)
                                    && DIRECTIVE.matcher(line).matches()));
            for (String piece : pieces(line)) {
                lines.add(new Line(number, Integer.toString(number), piece, code));
            }
        }
        return lines;
    }

    private static List<String> pieces(String line) {
        if (line.length() < LONG) {
            return List.of(line);
        }
        List<String> pieces = new ArrayList<>();
        StringBuilder piece = new StringBuilder();
        for (String part : CUT.split(line)) {
            if (piece.length() + part.length() >= LONG && !piece.isEmpty()) {
                pieces.add(piece.toString());
                piece.setLength(0);
            }
            if (part.length() < LONG) {
                piece.append(part);
            }
        }
        pieces.add(piece.toString());
        return pieces;
    }

    /**
     * Text with pieces of code between lines such as <code>```{python}</code> and <code>```</code>.
     *
     * @param markdown whether <code>```python</code> begins code too, as in the notebooks of jupytext
     */
    private static List<Line> woven(String text, boolean markdown) {
        List<Line> lines = new ArrayList<>();
        boolean code = false;
        for (Line line : lines(text, HASH)) {
            if (FENCE.matcher(line.text()).matches()) {
                code = !code
                        && (CODE_FENCE.matcher(line.text()).matches()
                                || (markdown
                                        && LANGUAGE_FENCE.matcher(line.text()).matches()));
            } else {
                lines.add(new Line(line.number(), line.place(), line.text(), code && line.code()));
            }
        }
        return lines;
    }

    /** The cells of a notebook, without their output. Before format 4 they were in worksheets. */
    private static SourceLines notebook(String text) {
        List<Line> lines = new ArrayList<>();
        try {
            JsonNode root = MAPPER.readTree(text);
            List<JsonNode> cells =
                    new ArrayList<>(List.copyOf(root.path("cells").values()));
            root.path("worksheets")
                    .forEach(sheet -> cells.addAll(sheet.path("cells").values()));
            int number = 0;
            for (JsonNode cell : cells) {
                number++;
                String source = source(cell.path("source")) + source(cell.path("input"));
                boolean code = cell.path("cell_type").asString("").equals("code")
                        && !TEXT_CELL.matcher(source).matches();
                for (Line line : lines(source, code ? HASH : null)) {
                    String place = "cell " + number + ", line " + line.number();
                    lines.add(new Line(lines.size() + 1, place, line.text(), line.code()));
                }
            }
            boolean none =
                    !root.path("cells").isArray() && !root.path("worksheets").isArray();
            return new SourceLines(lines, none ? "is not a notebook: it has no cells" : null);
        } catch (JacksonException e) {
            boolean conflict = CONFLICT.matcher(text).find();
            return new SourceLines(
                    lines(text, null),
                    conflict
                            ? "has merge conflict markers, so its cells could not be read, only its text"
                            : "is not JSON, so its cells could not be read, only its text");
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
