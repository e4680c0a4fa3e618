package org.histods.project;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.dataset.DatasetVersion;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.yaml.YamlNode;

/**
 * Edits the text of {@code histods.yaml} and keeps its author's comments and order. Each result is parsed again and refused
 * unless it is exactly the wanted declaration.
 */
final class DeclarationEdit {

    private static final Pattern DATASETS = Pattern.compile("\ufeff?datasets:\\s*(\\[\\s*])?\\s*(#.*)?");
    private static final Pattern VERSION = Pattern.compile("^([\\s-]*version:\\s*)[^\\s#]+(\\s*(?:#.*)?)$");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9._/-]*");
    private static final Set<String> NOT_TEXT = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    /** The most words of a selection that are written on one line; more are written one per line. */
    private static final int MOST_ON_ONE_LINE = 3;

    private final String text;
    private final List<String> lines;
    private final Declaration before;

    /** @throws Problem if the text has mistakes */
    DeclarationEdit(String text) throws Problem {
        this.text = text;
        this.lines = new ArrayList<>(text.lines().toList());
        this.before = DeclarationFormat.read(text, Declaration.FILE);
    }

    /** The text with one more dataset at the end of the list. */
    String add(Declared declared) throws Problem {
        refuseTakenPath(declared);
        List<Declared> datasets = new ArrayList<>(before.datasets());
        datasets.add(declared);
        int key = key();
        if (key < 0) {
            lines.add("datasets:");
            key = lines.size() - 1;
        } else if (before.datasets().isEmpty()) {
            lines.set(key, lines.get(key).replaceFirst("\\[\\s*]", "").stripTrailing());
        }
        int last = last(key + 1, end(key));
        String indent = before.datasets().isEmpty() ? "  " : indent(key);
        lines.addAll(last, entry(declared, indent));
        return checked(datasets, "add this by hand:\n" + String.join("\n", entry(declared, "  ")));
    }

    private void refuseTakenPath(Declared declared) throws Problem {
        for (Declared other : before.datasets()) {
            String path = declared.path();
            String theirs = other.path();
            if (path.equals(theirs) || path.startsWith(theirs + "/") || theirs.startsWith(path + "/")) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "cannot add " + declared.name() + " at " + path + ": " + other.name() + " is at " + theirs,
                        "choose another folder with --path");
            }
        }
    }

    /** The text without the dataset of that name and the comments in its entry. */
    String drop(String name) throws Problem {
        List<YamlNode> items = DeclarationFormat.entries(text, Declaration.FILE);
        int index = before.datasets().stream().map(Declared::name).toList().indexOf(name);
        int from = items.get(index).line() - 1;
        int to = index + 1 < items.size() ? items.get(index + 1).line() - 1 : end(key());
        int last = last(from, to);
        List<Declared> datasets = new ArrayList<>(before.datasets());
        datasets.remove(index);
        if (last > from) {
            lines.subList(from, last).clear();
        }
        return checked(datasets, "remove the entry of '" + name + "' by hand");
    }

    /** The text with another version in the entry of the dataset of that name, which has one. */
    String version(String name, DatasetVersion version) throws Problem {
        List<YamlNode> items = DeclarationFormat.entries(text, Declaration.FILE);
        int index = before.datasets().stream().map(Declared::name).toList().indexOf(name);
        int from = items.get(index).line() - 1;
        int to = index + 1 < items.size() ? items.get(index + 1).line() - 1 : lines.size();
        for (int i = from; i < to; i++) {
            lines.set(
                    i,
                    VERSION.matcher(lines.get(i))
                            .replaceFirst("$1" + Matcher.quoteReplacement(scalar(version.text())) + "$2"));
        }
        List<Declared> datasets = new ArrayList<>(before.datasets());
        Declared old = datasets.get(index);
        datasets.set(
                index, new Declared(old.name(), old.id(), version, old.variant(), old.only(), old.roles(), old.path()));
        return checked(datasets, "write version: " + version + " in the entry of '" + name + "' by hand");
    }

    private String checked(List<Declared> datasets, String byHand) throws Problem {
        String edited = edited();
        Declaration wanted = new Declaration(before.purpose(), datasets, before.accepted());
        Problem cause;
        try {
            if (DeclarationFormat.read(edited, Declaration.FILE).equals(wanted)) {
                return edited;
            }
            cause = null;
        } catch (Problem p) {
            cause = p;
        }
        throw new Problem(
                Problem.Kind.USAGE,
                Declaration.FILE + " has a layout that histods cannot edit"
                        + (cause == null ? "" : ": " + cause.message()),
                byHand);
    }

    /** The text with the edited lines. What is not edited keeps its line ends; new lines get that of the first line. */
    private String edited() {
        List<String> old = text.lines().toList();
        List<String> written = List.of(text.split("(?<=\n)|(?<=\r)(?!\n)"));
        String end = text.lines().count() > 1 && !old.get(0).equals(written.get(0))
                ? written.get(0).substring(old.get(0).length())
                : "\n";
        int most = Math.min(old.size(), lines.size());
        int same = 0;
        while (same < most && old.get(same).equals(lines.get(same))) {
            same++;
        }
        int after = 0;
        while (after < most - same && old.get(old.size() - 1 - after).equals(lines.get(lines.size() - 1 - after))) {
            after++;
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < lines.size(); i++) {
            int before = i < same ? i : i >= lines.size() - after ? i - lines.size() + old.size() : -1;
            boolean ended = before >= 0 && !written.get(before).equals(old.get(before));
            out.append(lines.get(i))
                    .append(
                            ended
                                    ? written.get(before)
                                            .substring(old.get(before).length())
                                    : end);
        }
        return out.toString();
    }

    /** The line of the list's key; -1 if there is none or the list is on the same line. */
    private int key() {
        for (int i = 0; i < lines.size(); i++) {
            if (DATASETS.matcher(lines.get(i)).matches()) {
                return i;
            }
        }
        return -1;
    }

    /** The line of the first field after the list, or the number of lines. */
    private int end(int key) {
        for (int i = key + 1; i < lines.size(); i++) {
            if (lines.get(i).matches("[^\\s#-].*|---.*|\\.\\.\\..*")) {
                return i;
            }
        }
        return lines.size();
    }

    /** The line after the last content between two lines. */
    private int last(int from, int to) {
        int last = from;
        for (int i = from; i < to; i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                last = i + 1;
            }
        }
        return last;
    }

    private String indent(int key) {
        for (int i = key + 1; i < lines.size(); i++) {
            int dash = lines.get(i).indexOf('-');
            if (dash >= 0 && lines.get(i).substring(0, dash).isBlank()) {
                return lines.get(i).substring(0, dash);
            }
        }
        return "  ";
    }

    private static List<String> entry(Declared declared, String indent) {
        List<String> entry = new ArrayList<>();
        entry.add(indent + "- id: " + scalar(declared.id().text()));
        String more = indent + "  ";
        if (!declared.name().equals(declared.id().text())) {
            entry.add(more + "name: " + scalar(declared.name()));
        }
        if (declared.version() != null) {
            entry.add(more + "version: " + scalar(declared.version().text()));
        }
        if (declared.variant() != null) {
            entry.add(more + "variant: " + scalar(declared.variant()));
        }
        if (!declared.only().isEmpty()) {
            if (declared.only().size() <= MOST_ON_ONE_LINE) {
                entry.add(more + "only: " + list(declared.only()));
            } else {
                entry.add(more + "only:");
                declared.only().forEach(word -> entry.add(more + "  - " + scalar(word)));
            }
        }
        if (!declared.roles().isEmpty()) {
            entry.add(more + "role: " + list(declared.roles()));
        }
        if (!declared.path().equals(Declared.defaultPath(declared.name()))) {
            entry.add(more + "path: " + scalar(declared.path()));
        }
        return entry;
    }

    private static String list(List<String> words) {
        return words.stream().map(DeclarationEdit::scalar).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String scalar(String word) {
        boolean plain = PLAIN.matcher(word).matches() && !NOT_TEXT.contains(word.toLowerCase(Locale.ROOT));
        return plain ? word : '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
