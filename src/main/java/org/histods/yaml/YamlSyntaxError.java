package org.histods.yaml;

import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** Says what is wrong with a text that is no YAML, and what its author most likely has to change. */
public final class YamlSyntaxError {

    private YamlSyntaxError() {}

    /** The fault of a text that a YAML parser refused, with the line that its author has to change. */
    public static YamlError of(String file, JacksonException e) {
        if (e.getCause() instanceof MarkedYamlEngineException yaml) {
            String problem = plain(yaml.getProblem());
            return new YamlError(file, line(yaml), "", "this is not YAML: " + problem + advice(problem, yaml));
        }
        return new YamlError(file, line(e), "", "this is not YAML: " + firstLine(e.getOriginalMessage()));
    }

    /** An unclosed quote or bracket is noticed at its end, often far below; the author looks for its start. */
    private static int line(MarkedYamlEngineException e) {
        boolean open =
                plain(e.getContext()).contains("flow ") || plain(e.getContext()).contains("quoted scalar");
        return (open ? e.getContextMark() : e.getProblemMark())
                .or(e::getProblemMark)
                .map(Mark::getLine)
                .map(line -> line + 1)
                .orElse(0);
    }

    private static String advice(String problem, MarkedYamlEngineException e) {
        String context = plain(e.getContext());
        if (problem.contains("mapping values are not allowed")) {
            return "; text that holds a colon and a space must stand in quotes, and fields of one map below each other";
        }
        if (problem.contains("TAB")) {
            return "; indent with spaces";
        }
        if (context.contains("alias") || context.contains("anchor")) {
            return "; text that begins with '*' or '&', such as *.tif, must stand in quotes";
        }
        if (problem.contains("cannot start any token")) {
            return "; put the text in quotes";
        }
        if (context.contains("flow sequence")) {
            return "; a list that begins with '[' here must end with ']'";
        }
        if (context.contains("flow mapping")) {
            return "; a map that begins with '{' here must end with '}'";
        }
        if (context.contains("quoted scalar")) {
            return "; a quote that opens here does not close";
        }
        if (context.contains("block mapping") || context.contains("block collection")) {
            return "; check that the fields of one map begin in the same column and that quotes close";
        }
        return "";
    }

    /** The parser's words without the sentence that it adds on indentation, which misleads where none is meant. */
    private static String plain(@org.jspecify.annotations.Nullable String words) {
        String text = words == null ? "" : firstLine(words);
        int more = text.indexOf(" (Do not use");
        String cut = more < 0 ? text : text.substring(0, more);
        return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
    }

    public static int line(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null ? 0 : Math.max(0, at.getLineNr());
    }

    public static String firstLine(@org.jspecify.annotations.Nullable String message) {
        String text = message == null ? "" : message;
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
