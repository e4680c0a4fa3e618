package org.histods.pull;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.digest.Hasher;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.provenance.FileSelection;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/**
 * Turns lists and conditions into the words of a selection, as {@code --only} takes them. The chosen files are written as
 * paths, so that the recorded selection names the same files later, even if the host adds files.
 */
final class FileChoice {

    private static final int SHOWN = 20;

    private final Manifest manifest;
    private final List<String> only;
    private final List<ListedWord> listed;
    private final @Nullable FileQuery query;
    private final Consumer<String> note;

    FileChoice(
            Manifest manifest,
            List<String> only,
            List<ListedWord> listed,
            @Nullable FileQuery query,
            Consumer<String> note) {
        this.manifest = manifest;
        this.only = only;
        this.listed = listed;
        this.query = query;
        this.note = note;
    }

    /** The words, if each of the list is a path of these; else null. */
    @Nullable
    List<String> of(Set<FilePath> paths) {
        Set<String> words = new LinkedHashSet<>(only);
        for (ListedWord word : listed) {
            if (FilePath.fault(word.text()) != null || !paths.contains(new FilePath(word.text()))) {
                return null;
            }
            words.add(Glob.literal(word.text()));
        }
        return query == null ? List.copyOf(words) : null;
    }

    /** The globs, the lists and the conditions in words, which are the same for the same choice. */
    List<String> by() {
        List<String> by = new ArrayList<>();
        if (!only.isEmpty()) {
            by.add("only " + String.join(",", only));
        }
        if (!listed.isEmpty()) {
            StringBuilder words = new StringBuilder();
            listed.forEach(word -> words.append(word.text()).append('\n'));
            by.add("list of " + Count.of(listed.size(), "word") + ", "
                    + Hasher.sha256(words.toString().getBytes(StandardCharsets.UTF_8)));
        }
        if (query != null) {
            by.add("where " + query);
        }
        return by;
    }

    /** Whether a table, in which the columns of hosts may be missing, is enough to tell. */
    boolean isAnsweredBy(FileTable table) {
        return unmatched(table, new LinkedHashSet<>()).isEmpty()
                && (query == null || table.columns().containsAll(query.columns()));
    }

    /** Whether the table must have the files in archives. */
    boolean needsMembers(FileTable table) {
        return query != null || !unmatched(table, new LinkedHashSet<>()).isEmpty();
    }

    /**
     * The words of the selection.
     *
     * @throws Problem {@code USAGE} if a word of a list names nothing, or the conditions leave nothing
     */
    List<String> of(FileTable table) throws Problem {
        Set<String> words = new LinkedHashSet<>(only);
        List<ListedWord> unmatched = unmatched(table, words);
        if (!unmatched.isEmpty() && (table.opaque().isEmpty() || query != null)) {
            throw noMatch(
                    unmatched,
                    "",
                    "`histods show " + manifest.id() + " --files` lists its files with their ids, slides and patients");
        }
        List<ListedWord> ids =
                unmatched.stream().filter(word -> isId(word.text())).toList();
        if (!ids.isEmpty()) {
            throw noMatch(
                    ids,
                    " that is known before the download",
                    "list paths, or pull all of it: what is in "
                            + table.opaque().stream().map(FilePath::text).collect(Collectors.joining(", "))
                            + " is known only after the download, and is then searched for paths, not for ids");
        }
        // It may be a file in an archive, which is read when it has been downloaded.
        unmatched.forEach(word -> words.add(word.text()));
        if (query == null) {
            return List.copyOf(words);
        }
        FileTable rows = words.isEmpty() ? table : table.only(FileSelection.of(List.copyOf(words), manifest));
        if (rows.rows().isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE, "no file of " + manifest.id() + " matches " + String.join(", ", only));
        }
        List<String> chosen = query.select(rows, note).stream()
                .map(row -> Glob.literal(row.path().text()))
                .toList();
        note.accept(query + " selects " + Count.of(chosen.size(), "file") + " of "
                + rows.rows().size());
        return chosen;
    }

    /** Whether a word is an id or a name without an ending, rather than a path or a glob. */
    private static boolean isId(String word) {
        return word.indexOf('/') < 0
                && word.indexOf('.') < 0
                && Glob.literal(word).equals(word);
    }

    private List<ListedWord> unmatched(FileTable table, Set<String> words) {
        FileTable.Finder finder = new FileTable.Finder(table);
        List<ListedWord> unmatched = new ArrayList<>();
        for (ListedWord word : listed) {
            String text = word.text();
            if (manifest.contents().splits().containsKey(text)) {
                words.add(text);
                continue;
            }
            List<FileTable.Row> rows =
                    word.name() == null ? finder.find(text) : finder.find(text, word.name(), word.md5());
            if (!rows.isEmpty()) {
                rows.forEach(row -> words.add(Glob.literal(row.path().text())));
            } else if (matches(text, table)) {
                words.add(text);
            } else if (matches(text + "/", table)) {
                words.add(Glob.literal(text) + "/");
            } else {
                unmatched.add(word);
            }
        }
        return unmatched;
    }

    private static boolean matches(String text, FileTable table) {
        try {
            Glob glob = Glob.of(text);
            return table.rows().stream().anyMatch(row -> glob.matches(row.path()));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private Problem noMatch(List<ListedWord> words, String known, String hint) {
        StringBuilder lines = new StringBuilder();
        for (ListedWord word : words.subList(0, Math.min(SHOWN, words.size()))) {
            lines.append("\n  ").append(word.where()).append(": ").append(FilePath.printable(word.text()));
            if (word.name() != null) {
                lines.append(" (").append(FilePath.printable(word.name())).append(')');
            }
        }
        if (words.size() > SHOWN) {
            lines.append("\n  and ").append(words.size() - SHOWN).append(" more");
        }
        return new Problem(
                Problem.Kind.USAGE,
                Count.of(words.size(), "line") + " of " + listed.size() + " " + (words.size() == 1 ? "names" : "name")
                        + " no file of " + manifest.id() + known + ":" + lines,
                hint);
    }
}
