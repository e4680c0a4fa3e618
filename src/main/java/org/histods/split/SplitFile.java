package org.histods.split;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.histods.csv.CsvTable;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file or folder that defines a split: a list of files, a table, JSON, or a folder of files.
 *
 * @param split the name of its split; null if it has several, with their names
 * @param path of the file or folder
 * @param shown its name in messages
 */
public record SplitFile(@Nullable String split, Path path, String shown) {

    /**
     * Reads its entries.
     *
     * @param columns of a table
     * @throws Problem {@code USAGE} if it cannot be read, or has no splits
     */
    public List<SplitEntry> read(SplitTable.Columns columns) throws Problem {
        List<SplitEntry> entries = entries(columns);
        for (SplitEntry entry : entries) {
            if (entry.name().codePoints().anyMatch(Character::isISOControl)) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        entry.where() + ": the name '" + FilePath.printable(entry.name()) + "' has a control character",
                        "list one file per line, or per cell of a table");
            }
        }
        return entries;
    }

    private List<SplitEntry> entries(SplitTable.Columns columns) throws Problem {
        try {
            if (Files.isDirectory(path)) {
                return split == null ? folders() : folder(path, split);
            }
            String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
            String text = Files.readString(path);
            if (name.endsWith(".json")) {
                return json(text);
            }
            if (name.endsWith(".csv") || name.endsWith(".tsv")) {
                return new SplitTable(this, columns).read(CsvTable.read(text, delimiter(name, text), shown));
            }
            return lines(text);
        } catch (CharacterCodingException e) {
            throw problem("is not UTF-8 text", "save it as CSV in UTF-8");
        } catch (UncheckedIOException e) {
            throw unreadable(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private Problem unreadable(IOException e) {
        return new Problem(Problem.Kind.USAGE, "cannot read " + shown + ": " + Problem.why(e));
    }

    Problem problem(String what, String hint) {
        return new Problem(Problem.Kind.USAGE, shown + " " + what, hint);
    }

    /** The delimiter of a table. Spreadsheets use semicolons in countries with a decimal comma. */
    private static char delimiter(String name, String text) {
        String heads = text.lines().findFirst().orElse("");
        return name.endsWith(".tsv") ? '\t' : heads.contains(";") && !heads.contains(",") ? ';' : ',';
    }

    private List<SplitEntry> lines(String text) {
        String name = String.valueOf(path.getFileName());
        String of = split != null ? split : name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        List<SplitEntry> listed = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r\n|\r|\n", -1)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                listed.add(new SplitEntry(of, line.strip(), null, shown + ":" + number));
            }
        }
        return listed;
    }

    private List<SplitEntry> folders() throws IOException, Problem {
        List<SplitEntry> listed = new ArrayList<>();
        List<Path> children;
        try (Stream<Path> list = Files.list(path)) {
            children = list.filter(Files::isDirectory).sorted().toList();
        }
        if (children.size() < 2) {
            throw problem(
                    "has no folder for each split",
                    "name the split as in train=" + shown + ", or give the parent folder");
        }
        for (Path child : children) {
            listed.addAll(folder(child, String.valueOf(child.getFileName())));
        }
        return listed;
    }

    private List<SplitEntry> folder(Path folder, String of) throws IOException {
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            return walk.filter(Files::isRegularFile)
                    .sorted()
                    .map(file -> new SplitEntry(of, path.relativize(file).toString(), file, shown))
                    .toList();
        }
    }

    private List<SplitEntry> json(String text) throws Problem {
        JsonNode root;
        try {
            root = new JsonMapper().readTree(text);
        } catch (JacksonException e) {
            throw problem("is not JSON" + line(e), "write a list of paths, or an object of such lists");
        }
        List<SplitEntry> listed = new ArrayList<>();
        if (root.isArray() && split != null) {
            texts(root, split, listed);
        } else if (root.isArray()) {
            new SplitTable(this, SplitTable.Columns.NONE).objects(root, listed);
        } else {
            for (Map.Entry<String, JsonNode> entry : root.properties()) {
                texts(entry.getValue(), entry.getKey(), listed);
            }
        }
        return listed;
    }

    private static String line(JacksonException e) {
        return e.getLocation() == null ? "" : ", see line " + e.getLocation().getLineNr();
    }

    private void texts(JsonNode list, String of, List<SplitEntry> listed) throws Problem {
        for (JsonNode node : list) {
            if (!node.isString()) {
                throw problem("has a value that is not a path in the list of '" + of + "'", "write a list of strings");
            }
            listed.add(new SplitEntry(of, node.asString(""), null, shown));
        }
        if (!list.isArray()) {
            throw problem(
                    "has no list of paths under '" + of + "'", "for example {\"train\": [\"a.tif\"], \"test\": []}");
        }
    }
}
