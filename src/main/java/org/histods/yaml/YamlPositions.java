package org.histods.yaml;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.yaml.YAMLParser;

/**
 * Where each value of a YAML text starts, by JSON pointer ({@code /sources/0/kind}), and how it is written there: a tree
 * has {@code 1.1} where the text has {@code 1.10}, forgets which fields stand twice, and takes an unquoted glob such
 * as {@code *.tif} for a reference.
 */
public final class YamlPositions {

    private static final class Level {
        private final String path;
        private final boolean list;
        private final Set<String> names = new HashSet<>();
        private int index = -1;

        Level(String path, boolean list) {
            this.path = path;
            this.list = list;
        }
    }

    private final Map<String, Integer> lines = new HashMap<>();
    private final Map<String, String> written = new HashMap<>();
    private final List<PointerError> traps = new ArrayList<>();

    /** @param parser at the start of a document, and not itself strict about repeated names */
    public YamlPositions(YAMLParser parser) {
        Deque<Level> levels = new ArrayDeque<>();
        String name = "";
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            int line = parser.currentTokenLocation().getLineNr();
            if (token == JsonToken.PROPERTY_NAME) {
                name = parser.currentName();
                name(levels.element(), name, line);
            } else if (token.isStructEnd()) {
                levels.pop();
            } else {
                String path = levels.isEmpty() ? "" : below(levels.element(), name);
                lines.putIfAbsent(path, line);
                if (token.isStructStart()) {
                    levels.push(new Level(path, token == JsonToken.START_ARRAY));
                } else {
                    written.put(path, parser.getString());
                    if (parser.isCurrentAlias()) {
                        trap(path, "'*" + parser.getString() + "' is YAML for a reference: put it in quotes");
                    }
                }
            }
        }
    }

    private void name(Level level, String name, int line) {
        String path = level.path + "/" + escape(name);
        Integer first = lines.putIfAbsent(path, line);
        if (!level.names.add(name)) {
            trap(path, "it stands on line " + first + " already: keep one of the two");
            // The second is where the author has to look.
            lines.put(path, line);
        }
    }

    private void trap(String pointer, String message) {
        traps.add(new PointerError(pointer, message));
    }

    private static String below(Level level, String name) {
        if (level.list) {
            level.index++;
            return level.path + "/" + level.index;
        }
        return level.path + "/" + escape(name);
    }

    public static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    /** The line of that value, of the nearest value around it that has one, or 0. */
    public int of(String pointer) {
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

    /** The text of that value as it is written, without quotes; empty for maps, lists and values that are not there. */
    public Optional<String> written(String pointer) {
        return Optional.ofNullable(written.get(pointer));
    }

    /** All single values by pointer, in no order. */
    public Map<String, String> written() {
        return Map.copyOf(written);
    }

    /** What the text says to YAML and hardly means: fields that stand twice in a map, and references. */
    public List<PointerError> traps() {
        return List.copyOf(traps);
    }
}
