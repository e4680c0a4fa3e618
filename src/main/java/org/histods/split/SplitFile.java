package org.histods.split;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.histods.csv.CsvTable;
import org.histods.csv.CsvTable.Row;
import org.histods.csv.TextFile;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

/**
 * A file or folder that defines a split: a list of files, a table, JSON, or a folder of files.
 *
 * @param split the name of its split; null if it has several, with their names
 * @param path of the file or folder
 * @param shown its name in messages
 */
public record SplitFile(@Nullable String split, Path path, String shown) {

    /** Refuses fields that are set twice: the first list would silently be lost. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** The most characters of a path in most systems. */
    private static final int LONGEST = 4096;

    /** A character that is not seen: spaces of all kinds, marks of byte order and of direction. */
    private static final Predicate<String> UNSEEN =
            Pattern.compile("[\\s\\p{Z}\\p{Cf}&&[^\\x{2028}\\x{2029}]]").asMatchPredicate();

    /** Between the words of a name: {@code internal-train}, {@code trainFiles}. */
    private static final Pattern WORDS = Pattern.compile("[^\\p{L}]+|(?<=\\p{Ll})(?=\\p{Lu})");

    /** Splits that are no part of another. */
    static final Set<String> OTHER_SPLITS = Set.of("train", "val", "tune", "dev", "test");

    private static final Set<String> SYSTEM_FILES = Set.of(".ds_store", "thumbs.db", "desktop.ini");

    /**
     * Reads its entries.
     *
     * @param columns of a table
     * @throws Problem {@code USAGE} if it cannot be read, is not understood, or has no splits
     */
    public SplitListing read(SplitTable.Columns columns) throws Problem {
        SplitListing listing = listing(columns);
        if (listing.entries().isEmpty() && split != null && listing.unread().isEmpty()) {
            return listing.withEmpty(split);
        }
        for (SplitEntry entry : listing.entries()) {
            plain(entry, "name", entry.name());
            plain(entry, "split", entry.split());
        }
        return listing;
    }

    private static void plain(SplitEntry entry, String what, String text) throws Problem {
        if (text.length() > LONGEST) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    entry.where() + ": the " + what + " '" + FilePath.printable(text.substring(0, 40))
                            + "…' is longer than any path",
                    "list one file per line, or per cell of a table");
        }
        boolean lineEnd = text.indexOf('\u2028') >= 0 || text.indexOf('\u2029') >= 0;
        if (lineEnd || text.codePoints().anyMatch(Character::isISOControl)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    entry.where() + ": the " + what + " '" + FilePath.printable(text) + "' has a control character",
                    "list one file per line, or per cell of a table");
        }
    }

    private SplitListing listing(SplitTable.Columns columns) throws Problem {
        try {
            if (Files.isDirectory(path)) {
                return split == null ? folders() : folder(path, split);
            }
        } catch (UncheckedIOException e) {
            throw unreadable(Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(e);
        }
        String name = nameOf(path).toLowerCase(Locale.ROOT);
        TextFile file = TextFile.read(path, shown);
        SplitListing listing = text(name, file.text(), columns);
        return file.guessed() == null
                ? listing
                : listing.noting(shown + " does not say its encoding, and was read as " + file.guessed());
    }

    private SplitListing text(String name, String text, SplitTable.Columns columns) throws Problem {
        if (name.endsWith(".json")) {
            return json(text, columns);
        }
        if (name.endsWith(".jsonl") || name.endsWith(".ndjson")) {
            return new SplitTable(this, columns).read(rows(jsonLines(text)));
        }
        if (name.endsWith(".yaml") || name.endsWith(".yml")) {
            throw problem(
                    "is YAML, which is not supported",
                    "write it as JSON, such as {\"train\": [\"a.tif\"], \"test\": []}");
        }
        boolean tabs = name.endsWith(".tsv") || name.endsWith(".tab");
        if (name.endsWith(".csv") || tabs) {
            return new SplitTable(this, columns).read(CsvTable.read(text, tabs ? '\t' : ',', shown));
        }
        String head = text.strip()
                .lines()
                .filter(line -> !line.toLowerCase(Locale.ROOT).contains("sep="))
                .findFirst()
                .orElse("");
        List<Row> first = CsvTable.read(head.replace("\"", ""), ',', shown);
        if (split == null && SplitTable.headed(first)) {
            return new SplitTable(this, columns).read(CsvTable.read(text, ',', shown));
        }
        boolean headed = first.stream().anyMatch(row -> SplitTable.files(row.cells()) >= 0) && !head.contains("/");
        if (headed) {
            // The heading may be the name of a file after all.
            return new SplitTable(new SplitFile(split != null ? split : ofFileName(), path, shown), columns)
                    .read(CsvTable.read(text, ',', shown))
                    .withUnused(List.of(head));
        }
        return lines(text);
    }

    private Problem unreadable(IOException e) {
        return new Problem(Problem.Kind.USAGE, "cannot read " + shown + ": " + Problem.why(e));
    }

    Problem problem(String what, String hint) {
        return new Problem(Problem.Kind.USAGE, shown + " " + what, hint);
    }

    /** The text without characters around it that are not seen. */
    static String seen(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isUnseen(text.codePointAt(from))) {
            from += Character.charCount(text.codePointAt(from));
        }
        while (from < to && isUnseen(text.codePointBefore(to))) {
            to -= Character.charCount(text.codePointBefore(to));
        }
        return text.substring(from, to);
    }

    private static boolean isUnseen(int character) {
        return (character < '!' || character > '~') && UNSEEN.test(Character.toString(character));
    }

    /** The split that a list is of, by its file name. */
    private String ofFileName() throws Problem {
        String name = nameOf(path);
        String of = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        if (!namesSplit(of)) {
            throw problem("is a list, and its name does not say of which split", "name it, such as train=" + shown);
        }
        return of;
    }

    /** The split that a table is of, by its file name, such as {@code train.csv}; empty if it names none or several. */
    Optional<String> ofTableName() {
        String name = nameOf(path);
        String of = name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
        List<String> splits = WORDS.splitAsStream(of)
                .filter(SplitTable::isUsualName)
                .map(SplitTable::meaning)
                .distinct()
                .toList();
        return splits.size() == 1 ? Optional.of(of) : Optional.empty();
    }

    private SplitListing lines(String text) throws Problem {
        String of = split != null ? split : ofFileName();
        List<SplitEntry> listed = new ArrayList<>();
        int number = 0;
        for (String line : text.split("\r\n|\r|\n", -1)) {
            number++;
            // A number behind a tab is a label.
            String plain = seen(line).replaceFirst("\t(-?[0-9]+)$", " $1").replaceFirst("^([\"'])(.+)\\1$", "$2");
            if (!plain.isEmpty()) {
                listed.add(new SplitEntry(of, plain, null, shown + ":" + number));
            }
        }
        SplitListing listing = SplitListing.of(listed);
        return listed.isEmpty() ? listing.withEmpty(of) : listing;
    }

    private SplitListing folders() throws IOException, Problem {
        List<Path> children = new ArrayList<>();
        List<String> beside = new ArrayList<>();
        try (Stream<Path> list = Files.list(path)) {
            for (Path child : list.sorted().toList()) {
                if (Files.isDirectory(child)) {
                    children.add(child);
                } else if (!ofTheSystem(child)) {
                    beside.add(nameOf(child));
                }
            }
        }
        if (children.size() < 2) {
            throw problem(
                    "has no folder for each split",
                    "name the split as in train=" + shown + ", or give the parent folder");
        }
        List<SplitEntry> listed = new ArrayList<>();
        for (Path child : children) {
            refuseSplitsBelow(child);
        }
        List<String> unread = new ArrayList<>(othersOf(
                children.stream().map(SplitFile::nameOf).toList(),
                "folder",
                "name the folders after their splits, such as train and test"));
        for (Path child : children) {
            if (!namesSplit(nameOf(child))) {
                continue;
            }
            SplitListing one = folder(child, nameOf(child));
            listed.addAll(one.entries());
            unread.addAll(one.unread());
        }
        SplitListing all = new SplitListing(listed, List.of(), unread);
        return beside.isEmpty()
                ? all
                : all.noting(shown + ": files beside the folders of the splits are in no split: " + some(beside));
    }

    /** Folders of rounds of a cross-validation, or of images and labels, are not splits: the splits are below them. */
    private void refuseSplitsBelow(Path folder) throws IOException, Problem {
        try (Stream<Path> list = Files.list(folder)) {
            List<String> below = list.filter(Files::isDirectory)
                    .map(SplitFile::nameOf)
                    .filter(SplitTable::isUsualName)
                    .sorted()
                    .toList();
            if (below.size() > 1 && !SplitTable.isUsualName(nameOf(folder))) {
                String name = shown + "/" + nameOf(folder);
                throw problem(
                        "has the splits " + String.join(", ", below) + " below " + nameOf(folder),
                        "check one folder of splits at a time, such as " + name);
            }
        }
    }

    private static String some(List<String> names) {
        return String.join(", ", names.subList(0, Math.min(3, names.size()))) + (names.size() > 3 ? ", …" : "");
    }

    /** Whether the operating system made it, such as {@code .DS_Store}. */
    private static boolean ofTheSystem(Path file) {
        String name = nameOf(file).toLowerCase(Locale.ROOT);
        return SYSTEM_FILES.contains(name) || name.startsWith("._");
    }

    private SplitListing folder(Path folder, String of) throws IOException {
        List<SplitEntry> listed = new ArrayList<>();
        List<String> unread = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file : walk.sorted().toList()) {
                String name = path.relativize(file).toString();
                if (Files.isRegularFile(file)) {
                    if (!ofTheSystem(file)) {
                        listed.add(new SplitEntry(of, name, file, shown));
                    }
                } else if (Files.isDirectory(file)) {
                    if (!file.equals(folder) && isOtherSplit(nameOf(file), of)) {
                        unread.add(shown + "/" + name + " is named after another split, and is in the folder of '" + of
                                + "'");
                    }
                } else {
                    boolean link = Files.isSymbolicLink(file) && !Files.exists(file);
                    unread.add(shown + "/" + name + (link ? " is a link to nothing" : " is not a regular file"));
                }
            }
        }
        return new SplitListing(listed, List.of(), unread);
    }

    /** Whether a folder has the name of another split; a test set may well have an {@code external} part. */
    private static boolean isOtherSplit(String folder, String of) {
        String other = SplitTable.meaning(folder);
        return OTHER_SPLITS.contains(other) && !other.equals(SplitTable.meaning(of));
    }

    private SplitListing json(String text, SplitTable.Columns columns) throws Problem {
        JsonNode root;
        try {
            root = JSON.readTree(text);
        } catch (JacksonException e) {
            throw notJson(e);
        }
        if (root.isArray() && root.valueStream().anyMatch(SplitFile::isRound)) {
            if (root.size() > 1) {
                throw problem(
                        "has " + root.size() + " rounds of a cross-validation, and is not one split but several",
                        "check one round at a time: save it as a file of its own");
            }
            root = root.get(0);
        }
        if (root.isArray()) {
            boolean objects = !root.isEmpty() && root.get(0).isObject();
            return objects
                    ? new SplitTable(this, columns).read(rows(List.copyOf(root.values())))
                    : texts(root, split != null ? split : ofFileName());
        }
        if (!root.isObject() || root.isEmpty()) {
            throw problem("has no lists of paths", "for example {\"train\": [\"a.tif\"], \"test\": []}");
        }
        List<Row> rows = new ArrayList<>(List.of(new Row(1, List.of("path", "split"))));
        List<SplitListing> lists = new ArrayList<>();
        List<String> described = new ArrayList<>();
        List<String> unused = new ArrayList<>();
        boolean several = root.properties().stream()
                        .filter(field -> field.getValue().isArray() && SplitTable.isUsualName(field.getKey()))
                        .count()
                > 1;
        List<String> unread = othersOf(
                root.properties().stream()
                        .filter(field -> field.getValue().isArray())
                        .map(Map.Entry::getKey)
                        .toList(),
                "list",
                "labels are not splits; write {\"train\": [\"a.tif\"], \"test\": []}, or a table with the columns path and"
                        + " split");
        for (Map.Entry<String, JsonNode> entry : root.properties()) {
            if (entry.getValue().isArray()) {
                if (namesSplit(entry.getKey())) {
                    lists.add(texts(entry.getValue(), entry.getKey()));
                }
            } else if (several && describes(entry.getKey(), entry.getValue())) {
                described.add(entry.getKey());
                unused.addAll(entry.getValue().propertyNames());
                List.of(entry.getValue()).forEach(value -> unused.add(value.asString("")));
                entry.getValue().values().forEach(value -> unused.add(value.asString("")));
            } else {
                rows.add(new Row(1, List.of(entry.getKey(), entry.getValue().asString(""))));
            }
        }
        SplitListing listed = SplitListing.all(lists).withUnread(unread);
        boolean ofFiles = listed.entries().isEmpty()
                && listed.empty().isEmpty()
                && !SplitTable.headed(List.of(new Row(1, List.copyOf(root.propertyNames()))))
                && root.values().stream().allMatch(value -> value.isString() || value.isIntegralNumber());
        if (ofFiles && root.values().stream().noneMatch(value -> namesSplit(value.asString()))) {
            throw problem(
                    "has '" + FilePath.printable(rows.get(1).cell(1)) + "' for '"
                            + FilePath.printable(rows.get(1).cell(0)) + "', which is not the name of a split",
                    "labels are not splits; name the split of each file, such as {\"a.tif\": \"train\", \"b.tif\": \"test\"}");
        }
        for (SplitListing list : lists) {
            listed = listed.withUnread(ofAnotherSplit(list));
        }
        if (ofFiles) {
            return new SplitTable(this, SplitTable.Columns.NONE)
                    .read(rows)
                    .noting(shown + ": each field was taken as a file, its value as its split");
        }
        if (rows.size() > 1) {
            throw problem(
                    "has no list of paths under '" + rows.get(1).cell(0) + "'",
                    "for example {\"train\": [\"a.tif\"], \"test\": []}");
        }
        return described.isEmpty()
                ? listed
                : listed.noting(shown + ": fields that describe the dataset were not read: " + some(described))
                        .withUnused(unused);
    }

    /** Whether it has lists of splits, as each element of {@code splits_final.json} of nnU-Net. */
    private static boolean isRound(JsonNode node) {
        return node.properties().stream()
                .anyMatch(field -> field.getValue().isArray() && SplitTable.isUsualName(field.getKey()));
    }

    /** A list in JSON that is given as the list of a split, but has the name of another one. */
    private List<String> ofAnotherSplit(SplitListing list) {
        return list.entries().stream()
                .map(SplitEntry::split)
                .filter(name -> split != null && !SplitTable.meaning(name).equals(SplitTable.meaning(split)))
                .limit(1)
                .map(name -> shown + " has a list of '" + FilePath.printable(name) + "', and is given as the list of '"
                        + split + "'; give it without '" + split + "='")
                .toList();
    }

    /**
     * Says which of several lists or folders have no name of a split. They may be classes, whose patients are not kept apart.
     *
     * @throws Problem {@code USAGE} if none has one
     */
    private List<String> othersOf(List<String> names, String what, String hint) throws Problem {
        List<String> others = names.stream().filter(name -> !namesSplit(name)).toList();
        if (!names.isEmpty() && others.size() == names.size()) {
            String quoted = some(others.stream()
                    .map(name -> "'" + FilePath.printable(name) + "'")
                    .toList());
            throw problem(
                    others.size() == 1
                            ? "has the " + what + " " + quoted + ", which is not the name of a split"
                            : "has the " + what + "s " + quoted + ", which are not names of splits",
                    hint);
        }
        return others.stream()
                .map(name ->
                        shown + ": the " + what + " '" + FilePath.printable(name) + "' was not read; is it a split?")
                .toList();
    }

    /** Whether a name has a common name of a split in it, such as {@code train} or {@code fold_1}; labels have none. */
    static boolean namesSplit(String name) {
        return Stream.of(WORDS.split(name)).anyMatch(SplitTable::isOfSplit);
    }

    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName());
    }

    /**
     * Whether a field beside the lists says something of the dataset, as in MONAI's {@code dataset.json}. A number such as
     * {@code numTest} does, whatever its name is.
     */
    private static boolean describes(String name, JsonNode value) {
        boolean plain = value.isValueNode() || value.values().stream().allMatch(JsonNode::isValueNode);
        return plain && !SplitTable.isUsualName(name) && (value.isNumber() || !namesSplit(name));
    }

    private Problem notJson(JacksonException e) {
        String line =
                e.getLocation() == null ? "" : ", see line " + e.getLocation().getLineNr();
        boolean twice = String.valueOf(e.getOriginalMessage()).startsWith("Duplicate Object property");
        return problem(
                twice ? "has a field twice" + line : "is not JSON" + line,
                "write a list of paths, or an object of such lists");
    }

    private List<JsonNode> jsonLines(String text) throws Problem {
        try (MappingIterator<JsonNode> lines = JSON.readerFor(JsonNode.class).readValues(text)) {
            return lines.readAll();
        } catch (JacksonException e) {
            throw notJson(e);
        }
    }

    /** Objects as rows of a table, with their fields as columns. */
    private List<Row> rows(List<JsonNode> objects) throws Problem {
        Set<String> heads = new LinkedHashSet<>();
        for (JsonNode object : objects) {
            if (!object.isObject()) {
                throw problem(
                        "has an entry without file or split: " + FilePath.printable(object.toString()),
                        "for example [{\"path\": \"a.tif\", \"split\": \"train\"}], or {\"train\": [\"a.tif\"]}");
            }
            heads.addAll(object.propertyNames());
        }
        List<Row> rows = new ArrayList<>();
        if (!heads.isEmpty()) {
            rows.add(new Row(0, List.copyOf(heads)));
        }
        for (JsonNode object : objects) {
            List<String> cells = new ArrayList<>();
            for (String head : heads) {
                JsonNode value = object.path(head);
                if (value.isContainer() && (value.isArray() || heads.size() < 3)) {
                    throw problem(
                            "has no single value under '" + head + "' of an entry",
                            "write one entry for each file, with its split; put alternative splits into separate"
                                    + " files");
                }
                cells.add(value.isObject() ? value.toString() : value.isNull() ? "" : value.asString(""));
            }
            rows.add(new Row(rows.size(), cells));
        }
        return rows;
    }

    /** The paths or ids of a list; an object stands for the file that it names. */
    private SplitListing texts(JsonNode list, String of) throws Problem {
        List<SplitEntry> listed = new ArrayList<>();
        List<JsonNode> objects = new ArrayList<>();
        for (JsonNode node : list) {
            if (node.isObject()) {
                objects.add(node);
            } else if (node.isString() || node.isIntegralNumber()) {
                listed.add(new SplitEntry(of, node.asString(), null, shown, false, false, SplitEntry.Beside.NOTHING));
            } else if (node.size() == 2 && node.get(0).isString() && node.get(1).isIntegralNumber()) {
                String labelled = node.get(0).asString() + " " + node.get(1).asString();
                listed.add(new SplitEntry(of, labelled, null, shown, false, false, SplitEntry.Beside.NOTHING));
            } else {
                throw problem(
                        "has " + FilePath.printable(node.toString()) + " in the list of '" + of
                                + "', which is not a path or id",
                        "write a list of strings");
            }
        }
        SplitListing listing = SplitListing.of(listed);
        if (!objects.isEmpty()) {
            SplitFile alone = new SplitFile(of, path, shown);
            listing = SplitListing.all(
                    List.of(listing, new SplitTable(alone, SplitTable.Columns.NONE).read(rows(objects))));
        }
        return listing.entries().isEmpty() ? listing.withEmpty(of) : listing;
    }
}
