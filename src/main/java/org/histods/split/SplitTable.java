package org.histods.split;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.histods.csv.CsvTable;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A table with the split of each file: with a column for the split's name, or with a column of files for each split.
 */
public final class SplitTable {

    private static final List<String> FILE = List.of(
            "path",
            "file",
            "file_path",
            "filepath",
            "filename",
            "file_name",
            "image_path",
            "image",
            "img",
            "slide_path",
            "slide",
            "slide_id",
            "wsi",
            "image_id",
            "name");
    private static final List<String> SPLIT = List.of("split", "set", "subset", "partition", "fold", "phase");
    private static final Set<String> NAMES =
            Set.of("train", "training", "val", "valid", "validation", "tune", "test", "testing");

    private final SplitFile file;
    private final Columns columns;

    SplitTable(SplitFile file, Columns columns) {
        this.file = file;
        this.columns = columns;
    }

    /**
     * The columns to use instead of those with the usual names.
     *
     * @param file of paths, names or ids of files; null for the usual names
     * @param split of names of splits; null for the usual names
     */
    public record Columns(@Nullable String file, @Nullable String split) {

        /** The usual names. */
        public static final Columns NONE = new Columns(null, null);
    }

    List<SplitEntry> read(List<CsvTable.Row> rows) throws Problem {
        if (rows.isEmpty()) {
            return List.of();
        }
        List<String> heads = rows.get(0).cells().stream().map(String::strip).toList();
        List<CsvTable.Row> body = rows.subList(1, rows.size());
        String alone = file.split();
        if (alone != null) {
            boolean bare = heads.size() == 1 && columns.file() == null && column(heads, null, FILE) < 0;
            return listed(bare ? rows : body, bare ? 0 : required(heads, columns.file(), FILE, "file"), -1, alone);
        }
        int split = column(heads, columns.split(), SPLIT);
        List<String> own = heads.stream()
                .filter(head -> NAMES.contains(head.toLowerCase(Locale.ROOT)))
                .toList();
        if (split < 0 && columns.split() == null && own.size() > 1) {
            List<SplitEntry> listed = new ArrayList<>();
            for (String name : own) {
                listed.addAll(listed(body, heads.indexOf(name), -1, name));
            }
            return listed;
        }
        return listed(
                body,
                required(heads, columns.file(), FILE, "file"),
                required(heads, columns.split(), SPLIT, "split"),
                "");
    }

    private List<SplitEntry> listed(List<CsvTable.Row> rows, int at, int split, String of) throws Problem {
        List<SplitEntry> listed = new ArrayList<>();
        for (CsvTable.Row row : rows) {
            String name = row.cell(at);
            String in = split < 0 ? of : row.cell(split);
            if (!name.isEmpty() && in.isEmpty()) {
                throw file.problem(
                        "has no split in line " + row.line() + " for " + name,
                        "remove files that are in no split, or name a split for them");
            }
            if (!name.isEmpty()) {
                listed.add(new SplitEntry(in, name, null, file.shown() + ":" + row.line()));
            }
        }
        return listed;
    }

    private static int column(List<String> heads, @Nullable String wanted, List<String> usual) {
        if (wanted != null) {
            return heads.indexOf(wanted);
        }
        List<String> lower =
                heads.stream().map(head -> head.toLowerCase(Locale.ROOT)).toList();
        return usual.stream()
                .filter(lower::contains)
                .mapToInt(lower::indexOf)
                .findFirst()
                .orElse(-1);
    }

    private int required(List<String> heads, @Nullable String wanted, List<String> usual, String what) throws Problem {
        int at = column(heads, wanted, usual);
        if (at < 0) {
            throw file.problem(
                    wanted == null ? "has no known column for the " + what : "has no column '" + wanted + "'",
                    "its columns are " + String.join(", ", heads) + "; name it with --" + what + "-column");
        }
        return at;
    }

    /** Reads a list of objects, each with a file and its split. */
    void objects(JsonNode list, List<SplitEntry> listed) throws Problem {
        for (JsonNode node : list) {
            String name = text(node, FILE);
            String split = text(node, SPLIT);
            if (name == null || split == null) {
                throw file.problem(
                        "has an entry without file or split: " + node,
                        "for example [{\"path\": \"a.tif\", \"split\": \"train\"}], or {\"train\": [\"a.tif\"]}");
            }
            listed.add(new SplitEntry(split, name, null, file.shown()));
        }
    }

    private static @Nullable String text(JsonNode node, List<String> names) {
        return names.stream()
                .map(node::path)
                .filter(JsonNode::isValueNode)
                .map(value -> value.asString(""))
                .findFirst()
                .orElse(null);
    }
}
