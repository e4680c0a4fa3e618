package org.histods.pull;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.problem.Problem;
import org.histods.source.Narrowing;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Suggestions;
import org.jspecify.annotations.Nullable;

/**
 * Conditions on the columns of a {@link FileTable}, such as {@code project=TCGA-LUAD & size<2GB & n(patient)<=3}. All of
 * them must hold. The limits {@code n} are applied last, to the files in the order of their paths, so that the same
 * table always gives the same files.
 */
public final class FileQuery {

    /** Conditions are separated by an ampersand with space around it: {@code H&E} has none. */
    private static final Pattern SEPARATOR = Pattern.compile("\\s+&&?\\s+(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    private static final Pattern LIMIT =
            Pattern.compile("n(?:\\(\\s*([A-Za-z][\\w-]*)\\s*\\))?\\s*(<=|=|<)\\s*([0-9]{1,9})");
    private static final Pattern CONDITION =
            Pattern.compile("([A-Za-z][\\w-]*)\\s*(<=|>=|!=|==?|<|>)\\s*(\\S.*)", Pattern.DOTALL);

    /** Two conditions in one, joined in another way than with {@code " & "}. */
    private static final Pattern JOINED =
            Pattern.compile("(?i)^[^\"]*(?:&|,| and )\\s*[a-z]+(?:\\([a-z]+\\))?\\s*(?:=|!=|<|>)");

    /** How many values of a column a message lists. */
    private static final int SHOWN = 8;

    private final String text;
    private final List<Condition> conditions = new ArrayList<>();
    private final List<Limit> limits = new ArrayList<>();

    /** @param values globs or, with an order, one number */
    private record Condition(String column, String operator, List<Value> values) {}

    /** @param glob null for a number */
    private record Value(String text, @Nullable Glob glob) {}

    /** @param column whose different values are counted; empty for files */
    private record Limit(String column, int most) {}

    private FileQuery(String text) {
        this.text = text;
    }

    /**
     * Reads the values of {@code --where}.
     *
     * @throws Problem {@code USAGE} if one of them is none
     */
    public static FileQuery parse(List<String> texts) throws Problem {
        FileQuery query = new FileQuery(String.join(" & ", texts));
        for (String one : texts) {
            for (String condition : SEPARATOR.split(one.strip(), -1)) {
                query.add(condition.strip());
            }
        }
        return query;
    }

    private void add(String condition) throws Problem {
        Matcher limit = LIMIT.matcher(condition);
        if (limit.matches()) {
            int most = Integer.parseInt(limit.group(3)) - (limit.group(2).equals("<") ? 1 : 0);
            if (most < 1) {
                throw malformed(condition, "it selects nothing");
            }
            limits.add(new Limit(limit.group(1) == null ? "" : limit.group(1).toLowerCase(Locale.ROOT), most));
            return;
        }
        Matcher form = CONDITION.matcher(condition);
        if (!form.matches()) {
            throw malformed(condition, "it is not a condition");
        }
        String column = form.group(1).toLowerCase(Locale.ROOT);
        String operator = form.group(2).equals("==") ? "=" : form.group(2);
        String value = form.group(3).strip();
        if (column.equals("n")) {
            throw malformed(condition, "n is a limit");
        }
        if (JOINED.matcher(value).find()) {
            throw malformed(condition, "conditions are joined with ' & ', with a space on both sides");
        }
        if (operator.contains("<") || operator.contains(">")) {
            if (number(value) == null) {
                throw malformed(condition, "'" + value + "' is not a number or size");
            }
            conditions.add(new Condition(column, operator, List.of(new Value(value, null))));
            return;
        }
        List<Value> values = new ArrayList<>();
        for (String each : alternatives(value)) {
            String plain = each.strip();
            boolean quoted = plain.length() >= 2 && plain.startsWith("\"") && plain.endsWith("\"");
            try {
                // In most columns a slash is a letter like others.
                String glob = (quoted ? Glob.literal(plain.substring(1, plain.length() - 1)) : plain)
                        .toLowerCase(Locale.ROOT);
                values.add(new Value(plain, Glob.of(slashes(column, glob))));
            } catch (IllegalArgumentException e) {
                throw malformed(condition, String.valueOf(e.getMessage()));
            }
        }
        conditions.add(new Condition(column, operator, values));
    }

    /** Separated by commas outside of quotes, braces and brackets. */
    private static List<String> alternatives(String value) {
        List<String> all = new ArrayList<>();
        StringBuilder open = new StringBuilder();
        for (String part : Glob.splitList(value)) {
            open.append(open.isEmpty() ? "" : ",").append(part);
            if (open.chars().filter(c -> c == '"').count() % 2 == 0) {
                all.add(open.toString());
                open.setLength(0);
            }
        }
        if (!open.isEmpty()) {
            all.add(open.toString());
        }
        return all;
    }

    private static String slashes(String column, String text) {
        return FileTable.PATHS.contains(column) ? text : text.replace('/', '\u2044');
    }

    private static Problem malformed(String condition, String why) {
        return new Problem(
                Problem.Kind.USAGE,
                "--where '" + FilePath.printable(condition) + "': " + why,
                "write conditions such as 'project=TCGA-LUAD & stain=H&E & size<2GB & n<=20'; docs/selecting.md"
                        + " explains them");
    }

    private static @Nullable Double number(String text) {
        try {
            return Double.valueOf(text);
        } catch (NumberFormatException e) {
            try {
                return (double) Bytes.parse(text);
            } catch (IllegalArgumentException none) {
                return null;
            }
        }
    }

    /** As it was written. */
    @Override
    public String toString() {
        return text;
    }

    /**
     * The rows that meet the conditions, in the order of their paths.
     *
     * @param note receives what was left out because a value is unknown
     * @throws Problem {@code USAGE} if the table lacks a column, or no row is left
     */
    public List<FileTable.Row> select(FileTable table, Consumer<String> note) throws Problem {
        for (String column : columns()) {
            if (!table.columns().contains(column)) {
                throw unknown(column, table);
            }
        }
        List<FileTable.Row> rows = table.rows();
        for (Condition condition : conditions) {
            List<FileTable.Row> kept = new ArrayList<>();
            long without = 0;
            for (FileTable.Row row : rows) {
                String value = row.values().get(condition.column());
                if (value == null) {
                    without++;
                } else if (fulfils(condition, value)) {
                    kept.add(row);
                }
            }
            if (kept.isEmpty()) {
                throw nothing(condition, rows);
            }
            if (without > 0) {
                note.accept(Count.of(without, "file") + " without a " + condition.column() + " left out");
            }
            rows = kept;
        }
        return limited(rows, row -> row.values(), note);
    }

    /** The columns that the conditions use. */
    Set<String> columns() {
        Set<String> columns = new TreeSet<>();
        conditions.forEach(one -> columns.add(one.column()));
        limits.forEach(one -> columns.add(one.column()));
        columns.remove("");
        return columns;
    }

    private interface Values<T> {
        Map<String, String> of(T row);
    }

    private <T> List<T> limited(List<T> rows, Values<T> values, Consumer<String> note) {
        List<T> rest = rows;
        for (Limit limit : limits) {
            Set<String> counted = new HashSet<>();
            List<T> kept = new ArrayList<>();
            long without = 0;
            for (T row : rest) {
                String value = limit.column().isEmpty()
                        ? String.valueOf(counted.size())
                        : values.of(row).get(limit.column());
                if (value == null) {
                    without++;
                } else if (counted.contains(value) || counted.size() < limit.most()) {
                    counted.add(value);
                    kept.add(row);
                }
            }
            if (without > 0) {
                note.accept(Count.of(without, "file") + " without a " + limit.column() + " left out");
            }
            rest = kept;
        }
        return rest;
    }

    private static boolean fulfils(Condition condition, String value) {
        String operator = condition.operator();
        if (operator.equals("=") || operator.equals("!=")) {
            String plain = slashes(condition.column(), value.toLowerCase(Locale.ROOT));
            boolean equal = condition.values().stream()
                    .anyMatch(one -> one.glob() != null && one.glob().matches(plain));
            return equal == operator.equals("=");
        }
        Double left = number(value);
        Double right = number(condition.values().get(0).text());
        if (left == null || right == null) {
            return false;
        }
        return switch (operator) {
            case "<" -> left < right;
            case "<=" -> left <= right;
            case ">" -> left > right;
            default -> left >= right;
        };
    }

    private static Problem unknown(String column, FileTable table) {
        List<String> similar = Suggestions.to(column, table.columns());
        return new Problem(
                Problem.Kind.USAGE,
                "--where: the files of " + table.dataset() + " have no column '" + column + "'",
                (similar.isEmpty() ? "" : "similar: " + String.join(", ", similar) + "; ") + "the columns are "
                        + String.join(", ", table.columns()));
    }

    private static Problem nothing(Condition condition, List<FileTable.Row> rows) {
        Set<String> values = new TreeSet<>();
        for (FileTable.Row row : rows) {
            String value = row.values().get(condition.column());
            if (value != null) {
                values.add(value);
            }
        }
        String wanted = condition.column()
                + condition.operator()
                + String.join(",", condition.values().stream().map(Value::text).toList());
        return new Problem(
                Problem.Kind.USAGE,
                "--where: none of " + Count.of(rows.size(), "file") + " has " + wanted,
                values.isEmpty()
                        ? "none of them has a " + condition.column()
                        : condition.column() + " is "
                                + String.join(", ", values.stream().limit(SHOWN).toList())
                                + (values.size() > SHOWN ? " or one of " + (values.size() - SHOWN) + " more" : ""));
    }

    /** The part of a listing that the conditions can match, so that other folders need not be listed. */
    Narrowing narrowing() {
        return this::narrow;
    }

    private List<Narrowing.Folder> narrow(List<Narrowing.Folder> folders) {
        boolean decided = true;
        List<Narrowing.Folder> kept = folders;
        for (Condition condition : conditions) {
            Set<String> stated = new HashSet<>();
            folders.forEach(folder -> stated.addAll(folder.attributes().keySet()));
            if (!stated.contains(condition.column())) {
                decided = false;
                continue;
            }
            kept = kept.stream()
                    .filter(folder -> {
                        String value = folder.attributes().get(condition.column());
                        return value == null || fulfils(condition, value);
                    })
                    .toList();
        }
        boolean known = limits.stream()
                .allMatch(limit -> limit.column().isEmpty()
                        || folders.stream()
                                .allMatch(folder -> folder.attributes().containsKey(limit.column())));
        if (!decided || !known || limits.isEmpty()) {
            return kept;
        }
        // Every folder contains a file, so the first files are in the first folders.
        Map<String, Narrowing.Folder> byPath = new HashMap<>();
        kept.forEach(folder -> byPath.put(folder.path(), folder));
        List<Narrowing.Folder> sorted =
                byPath.keySet().stream().sorted().map(byPath::get).toList();
        return limited(sorted, Narrowing.Folder::attributes, note -> {});
    }
}
