package org.histods.audit.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.histods.audit.finding.FilePosition;
import org.histods.csv.TextFile;
import org.histods.dataset.DatasetId;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Finds names of datasets in code, settings and texts, with file and line. */
final class MentionSearch implements ProjectWalk.Visitor {

    /** The beginning of a report in JSON. */
    private static final Pattern JSON_REPORT =
            Pattern.compile("\\{\"project\":\"(?:[^\"\\\\]|\\\\.)*\",\"purpose\":(?:null|\"[^\"]*\"),\"lock\":");

    private static final long LIMIT = 2 << 20;
    private static final long NOTEBOOK_LIMIT = 64 << 20;

    /** The most lines of a file, and the most files, that are listed for a dataset. */
    private static final int LINES = 3;

    private static final int FILES = 20;

    /** Words next to a name that show that a dataset is meant. */
    private static final Set<String> ABOUT_DATA =
            Set.of("dataset", "datasets", "data", "challenge", "benchmark", "cohort");

    private final DatasetNames names;
    private final DatasetLinks links;
    private final DataAddresses addresses;
    private final Consumer<String> unchecked;
    private final List<Path> texts = new ArrayList<>();
    private final Map<String, List<FilePosition>> unknown = new TreeMap<>();
    private final Map<DatasetId, List<UsageEvidence>> evidence = new TreeMap<>();
    private final Map<DatasetId, Map<UsageEvidence.Kind, Integer>> files = new HashMap<>();

    MentionSearch(DatasetNames names, DatasetLinks links, DataAddresses addresses, Consumer<String> unchecked) {
        this.names = names;
        this.links = links;
        this.addresses = addresses;
        this.unchecked = unchecked;
    }

    /** A name of a dataset in a line. */
    private record Mention(SourceLines.Line line, DatasetId id, String form, boolean enough) {}

    @Override
    public void file(String path, Path file, long bytes) {
        String name = String.valueOf(file.getFileName());
        Optional<TextKind> kind = TextKind.of(name);
        if (kind.isEmpty() && TextKind.hasNoEnding(name) && isScript(path, file)) {
            kind = Optional.of(TextKind.CODE);
        }
        if (kind.isEmpty() || bytes == 0) {
            return;
        }
        if (bytes > (kind.get() == TextKind.NOTEBOOK ? NOTEBOOK_LIMIT : LIMIT)) {
            unchecked.accept(path + " is too large to be searched for names of datasets");
            return;
        }
        try {
            String text = TextFile.decode(Files.readAllBytes(file))
                    .map(TextFile::text)
                    .orElse(null);
            if (text == null) {
                unchecked.accept(path + " is not text, and was not searched for names of datasets");
                return;
            }
            if (ours(kind.get(), text)) {
                return;
            }
            if (kind.get() != TextKind.CODE) {
                texts.add(file);
            }
            SourceLines read = SourceLines.of(kind.get(), name.toLowerCase(Locale.ROOT), text);
            if (read.unread() != null) {
                unchecked.accept(path + " " + read.unread());
            }
            note(path, mentions(read.lines()));
            read.lines().stream().filter(SourceLines.Line::code).forEach(line -> addresses(path, line));
        } catch (IOException e) {
            unchecked.accept(path + " cannot be read");
        }
    }

    /** Whether histods wrote the text itself, such as an earlier audit, so that it is no evidence. */
    private static boolean ours(TextKind kind, String text) {
        String head = text.substring(0, Math.min(2000, text.length()));
        return switch (kind) {
            case TEXT -> head.startsWith("Audit of ");
            case CODE ->
                JSON_REPORT.matcher(head).lookingAt()
                        || (head.startsWith("{") && head.contains("\"bomFormat\"") && head.contains("\"histods:"));
            case NOTEBOOK -> false;
        };
    }

    /** Whether a file begins with {@code #!}. */
    private boolean isScript(String path, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return Arrays.equals(in.readNBytes(2), new byte[] {'#', '!'});
        } catch (IOException e) {
            unchecked.accept(path + " cannot be read");
            return false;
        }
    }

    @Override
    public void link(String path, Path link, @Nullable Path target) {
        // The text behind a link is not the project's own.
    }

    private void addresses(String path, SourceLines.Line line) {
        for (String address : addresses.in(line.text())) {
            if (!links.knows(address)) {
                unknown.computeIfAbsent(address, k -> new ArrayList<>()).add(new FilePosition(path, line.place()));
            }
        }
    }

    private List<Mention> mentions(List<SourceLines.Line> lines) {
        List<Mention> all = new ArrayList<>();
        Map<DatasetId, Set<String>> forms = new HashMap<>();
        for (SourceLines.Line line : lines) {
            links.in(line.text()).forEach((id, link) -> all.add(new Mention(line, id, link, true)));
            all.addAll(named(line));
        }
        all.forEach(m -> forms.computeIfAbsent(m.id(), k -> new HashSet<>())
                .add(m.form().toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]", "")));
        // Two different names in one file confirm each other.
        return all.stream()
                .filter(m -> m.enough() || forms.getOrDefault(m.id(), Set.of()).size() > 1)
                .toList();
    }

    private List<Mention> named(SourceLines.Line line) {
        List<DatasetNames.Word> words = DatasetNames.words(line.text());
        List<Mention> found = new ArrayList<>();
        for (int at = 0; at < words.size(); at++) {
            DatasetNames.Name name = names.at(words, at).orElse(null);
            if (name == null) {
                continue;
            }
            int last = Math.min(words.size(), at + DatasetNames.length(name)) - 1;
            String written =
                    line.text().substring(words.get(at).from(), words.get(last).to());
            boolean about = about(words, at, last);
            boolean exact = written.equals(name.form());
            boolean own = name.own().contains(written);
            if (name.weight() != DatasetNames.Weight.AMBIGUOUS || own) {
                boolean enough = switch (name.weight()) {
                    case STRONG -> true;
                    case EXACT -> exact;
                    case WEAK ->
                        about
                                || delimited(
                                        line.text(),
                                        words.get(at).from(),
                                        words.get(last).to());
                    case AMBIGUOUS -> about;
                };
                found.add(new Mention(line, name.id(), written, enough));
            }
            at = last;
        }
        return found;
    }

    /** Whether it is alone between quotes or slashes: a value, or a folder in a path. */
    private static boolean delimited(String line, int from, int to) {
        return from > 0
                && to < line.length()
                && "\"'/`".indexOf(line.charAt(from - 1)) >= 0
                && "\"'/`".indexOf(line.charAt(to)) >= 0;
    }

    /** Whether one of the two words before or after is about data, or the name itself is, as {@code MhistDataset}. */
    private static boolean about(List<DatasetNames.Word> words, int first, int last) {
        for (int i = Math.max(0, first - 2); i <= Math.min(words.size() - 1, last + 2); i++) {
            String word = words.get(i).text().toLowerCase(Locale.ROOT);
            boolean inside = i >= first && i <= last;
            if (inside ? word.matches(".+(?:dataset|datasets|loader|module)") : ABOUT_DATA.contains(word)) {
                return true;
            }
        }
        return false;
    }

    private static UsageEvidence named(UsageEvidence.Kind kind, FilePosition place, String form) {
        return new UsageEvidence(kind, place.shown() + " names it: " + form, place);
    }

    private void note(String path, List<Mention> mentions) {
        Map<DatasetId, Map<UsageEvidence.Kind, Map<Integer, UsageEvidence>>> byId = new TreeMap<>();
        for (Mention m : mentions) {
            UsageEvidence.Kind kind = m.line().code() ? UsageEvidence.Kind.CODE : UsageEvidence.Kind.TEXT;
            byId.computeIfAbsent(m.id(), k -> new TreeMap<>())
                    .computeIfAbsent(kind, k -> new LinkedHashMap<>())
                    .putIfAbsent(
                            m.line().number(),
                            named(kind, new FilePosition(path, m.line().place()), m.form()));
        }
        byId.forEach((id, kinds) -> kinds.forEach((kind, lines) -> {
            int before = files.computeIfAbsent(id, k -> new HashMap<>()).merge(kind, 1, Integer::sum);
            List<UsageEvidence> all = evidence.computeIfAbsent(id, k -> new ArrayList<>());
            if (before <= FILES) {
                lines.values().stream().limit(LINES).forEach(all::add);
                if (lines.size() > LINES) {
                    all.add(new UsageEvidence(
                            kind, path + " names it on " + Count.of(lines.size() - LINES, "more line")));
                }
            } else if (before == FILES + 1) {
                all.add(new UsageEvidence(kind, "further files name it"));
            }
        }));
    }

    /** The evidence, by dataset id. */
    Map<DatasetId, List<UsageEvidence>> evidence() {
        return evidence;
    }

    /** Addresses of data in code that no manifest has, each with the places where it is. */
    Map<String, List<FilePosition>> unknownAddresses() {
        return unknown;
    }

    /** The files that may have citations. */
    List<Path> texts() {
        return texts;
    }
}
