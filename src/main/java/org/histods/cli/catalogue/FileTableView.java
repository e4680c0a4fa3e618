package org.histods.cli.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.cli.shell.Console;
import org.histods.digest.FilePath;
import org.histods.pull.FileTable;
import org.histods.text.Bytes;
import org.histods.text.Count;

/** Prints the table of a dataset's files, one file per line. */
final class FileTableView {

    /** Columns whose values are at the beginning of the line. */
    private static final Set<String> SHOWN = Set.of("path", "name", "folder", "size");

    private final Console console;

    FileTableView(Console console) {
        this.console = console;
    }

    void print(FileTable table) {
        console.data("");
        console.data("Files; --where selects by " + String.join(", ", table.columns()));
        long bytes = 0;
        long unknown = 0;
        for (FileTable.Row row : table.rows()) {
            Long size = row.bytes();
            bytes += size == null ? 0 : size;
            unknown += size == null ? 1 : 0;
            console.object(json(row));
            List<String> cells = new ArrayList<>();
            for (String column : table.columns()) {
                String value = row.values().get(column);
                if (value != null && !SHOWN.contains(column)) {
                    cells.add(column + "=" + FilePath.printable(value));
                }
            }
            console.data("  " + row.path() + "  " + (size == null ? "size unknown" : Bytes.text(size))
                    + (cells.isEmpty() ? "" : "  " + String.join("  ", cells)));
        }
        for (FilePath archive : table.opaque()) {
            console.say("the files in " + archive + " are not known before it is downloaded");
        }
        console.data("  " + Count.of(table.rows().size(), "file") + ", " + Bytes.text(bytes)
                + (unknown == 0 ? "" : ", plus " + unknown + " of unknown size"));
    }

    private static Map<String, Object> json(FileTable.Row row) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("path", row.path().text());
        line.put("bytes", row.bytes());
        Map<String, String> columns = new LinkedHashMap<>(row.values());
        columns.keySet().removeAll(List.of("path", "size"));
        line.put("columns", columns);
        return line;
    }
}
