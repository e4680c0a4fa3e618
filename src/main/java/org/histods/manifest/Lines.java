package org.histods.manifest;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** On which line of a YAML text each value starts, by JSON pointer ({@code /sources/0/kind}). */
final class Lines {

    private static final class Level {
        private final String path;
        private final boolean list;
        private int index = -1;

        Level(String path, boolean list) {
            this.path = path;
            this.list = list;
        }
    }

    private final Map<String, Integer> lines = new HashMap<>();

    Lines(JsonParser parser) {
        Deque<Level> levels = new ArrayDeque<>();
        String name = "";
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            if (token == JsonToken.PROPERTY_NAME) {
                name = parser.currentName();
                String path = levels.element().path + "/" + escape(name);
                lines.putIfAbsent(path, parser.currentTokenLocation().getLineNr());
            } else if (token.isStructEnd()) {
                levels.pop();
            } else {
                String path = levels.isEmpty() ? "" : below(levels.element(), name);
                lines.putIfAbsent(path, parser.currentTokenLocation().getLineNr());
                if (token.isStructStart()) {
                    levels.push(new Level(path, token == JsonToken.START_ARRAY));
                }
            }
        }
    }

    private static String below(Level level, String name) {
        if (level.list) {
            level.index++;
            return level.path + "/" + level.index;
        }
        return level.path + "/" + escape(name);
    }

    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** The line of that value, of the nearest value around it that has one, or 0. */
    int of(String pointer) {
        String path = pointer;
        while (true) {
            Integer line = lines.get(path);
            if (line != null) {
                return line;
            }
            if (path.isEmpty()) {
                return 0;
            }
            path = path.substring(0, path.lastIndexOf('/'));
        }
    }
}
