package org.histods.yaml;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;

/** Explains why a text is not YAML, and what its author most likely has to change. */
public final class YamlSyntaxError {

    private YamlSyntaxError() {}

    /** The error of a text that the YAML parser refused, with the line that its author has to change. */
    public static YamlError of(String file, JacksonException e) {
        if (e.getCause() instanceof MarkedYamlEngineException yaml) {
            String problem = withoutAdvice(yaml.getProblem());
            return new YamlError(file, line(yaml), "", "this is not YAML: " + problem + advice(problem, yaml));
        }
        return new YamlError(file, line(e), "", "this is not YAML: " + firstLine(e.getOriginalMessage()));
    }

    /** The line to change. The parser reports an unclosed quote or bracket where it gives up, which may be far below its start. */
    private static int line(MarkedYamlEngineException e) {
        boolean open = withoutAdvice(e.getContext()).contains("flow ")
                || withoutAdvice(e.getContext()).contains("quoted scalar");
        return (open ? e.getContextMark() : e.getProblemMark())
                .or(e::getProblemMark)
                .map(Mark::getLine)
                .map(line -> line + 1)
                .orElse(0);
    }

    private static String advice(String problem, MarkedYamlEngineException e) {
        String context = withoutAdvice(e.getContext());
        if (problem.contains("mapping values are not allowed")) {
            return "; put text with a colon and a space in quotes, and the fields of one map below each other";
        }
        if (problem.contains("TAB")) {
            return "; indent with spaces";
        }
        if (context.contains("alias") || context.contains("anchor")) {
            return "; put text that begins with '*' or '&', such as *.tif, in quotes";
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
            return "; a quote that opens here is not closed";
        }
        if (context.contains("block mapping") || context.contains("block collection")) {
            return "; check that the fields of one map begin in the same column and that all quotes are closed";
        }
        return "";
    }

    /** The parser's message without its advice on indentation, which is often misleading. */
    private static String withoutAdvice(@Nullable String words) {
        String text = words == null ? "" : firstLine(words);
        int more = text.indexOf(" (Do not use");
        String cut = more < 0 ? text : text.substring(0, more);
        return cut.endsWith(".") ? cut.substring(0, cut.length() - 1) : cut;
    }

    /** The line of an error of Jackson, from 1; 0 if it has none. */
    public static int line(JacksonException e) {
        TokenStreamLocation at = e.getLocation();
        return at == null ? 0 : Math.max(0, at.getLineNr());
    }

    /** The first line of a message; empty for null. */
    public static String firstLine(@Nullable String message) {
        String text = message == null ? "" : message;
        int end = text.indexOf('\n');
        return end < 0 ? text : text.substring(0, end);
    }
}
