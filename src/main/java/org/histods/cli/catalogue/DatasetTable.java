package org.histods.cli.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.cli.shell.SizeJson;
import org.histods.cli.shell.TextTable;
import org.histods.cli.shell.TextTable.Column;
import org.histods.csv.CsvTable;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/** The output of {@code list} and {@code search}: a table, CSV or JSON. */
final class DatasetTable {

    private static final List<Column> COLUMNS = List.of(
            Column.fixed("ID"),
            Column.fixed("ACCESS"),
            new Column("ORGANS", 9, 0),
            new Column("STAINS", 7, 3),
            new Column("UNIT", 4, 2),
            new Column("YEAR", 4, 1),
            Column.fixed("SIZE"),
            new Column("LICENCE", 9, 0),
            new Column("TASKS", 12, 4));

    private final AppContext app;
    private final ListCommand.Filters filters;
    private final List<String> words;
    private @Nullable List<Manifest> catalogue;
    private @Nullable Map<String, String> pulled;

    /** @param words that the manifest must contain; empty for all datasets */
    DatasetTable(AppContext app, ListCommand.Filters filters, List<String> words) {
        this.app = app;
        this.filters = filters;
        this.words = words;
    }

    /** The manifests of the catalogue, sorted by id. */
    private List<Manifest> catalogue() throws Problem {
        if (catalogue == null) {
            List<Manifest> all = new ArrayList<>(app.catalogue().manifests());
            if (filters.pulled) {
                all.addAll(pulledOnly(all));
                all.sort(Comparator.comparing(Manifest::id));
            }
            catalogue = all;
        }
        return catalogue;
    }

    /** The manifests of datasets in the mirror that the catalogue does not have, such as the user's own. */
    private Collection<Manifest> pulledOnly(List<Manifest> known) throws Problem {
        Set<DatasetId> ids = new HashSet<>();
        known.forEach(manifest -> ids.add(manifest.id()));
        MirrorLookup mirror = new MirrorLookup(app);
        Map<DatasetId, Manifest> found = new TreeMap<>();
        for (BagRef bag : app.mirror().bags()) {
            if (!ids.contains(bag.id())) {
                try {
                    found.put(bag.id(), mirror.manifest(bag).manifest());
                } catch (Problem p) {
                    app.console().problem(bag.id().text(), p);
                }
            }
        }
        return found.values();
    }

    /** The matching datasets, sorted by id; warns how many {@code --max-size} leaves out because their size is unknown. */
    List<Manifest> matches() throws Problem {
        Long limit = filters.maxSize();
        Set<DatasetId> group = filters.group == null
                ? null
                : new HashSet<>(app.catalogue().group(filters.group).datasets());
        List<Manifest> matches = new ArrayList<>();
        int undecided = 0;
        for (Manifest m : catalogue()) {
            if (!filters.matches(m)
                    || !containsWords(m)
                    || (group != null && !group.contains(m.id()))
                    || (filters.pulled && pulled(m) == null)) {
                continue;
            }
            Size size = m.download();
            Long most = size.atMost();
            if (limit == null || (most != null && most <= limit)) {
                matches.add(m);
            } else if (size.atLeast() <= limit) {
                undecided++;
            }
        }
        if (undecided > 0) {
            app.console()
                    .warn("--max-size leaves out " + Count.of(undecided, "dataset")
                            + " whose size is not known well enough; `histods list` shows them");
        }
        return matches;
    }

    int print() throws Problem {
        List<Manifest> matches = matches();
        Console console = app.console();
        if (console.json()) {
            for (Manifest m : matches) {
                console.object(row(m));
            }
        } else if (filters.csv) {
            csv(matches);
        } else {
            table(matches, catalogue().size());
        }
        filters.unmatched(catalogue()).forEach(console::warn);
        return 0;
    }

    private boolean containsWords(Manifest m) {
        if (words.isEmpty()) {
            return true;
        }
        String text = app.manifests().write(m).toLowerCase(Locale.ROOT);
        return words.stream().allMatch(w -> text.contains(w.toLowerCase(Locale.ROOT)));
    }

    /** The dataset's versions in the mirror, separated by spaces; null if there is none. */
    private @Nullable String pulled(Manifest m) throws Problem {
        if (pulled == null) {
            pulled = new HashMap<>();
            for (BagRef bag : app.mirror().bags()) {
                pulled.merge(bag.id().text(), bag.version().text(), (one, next) -> one + " " + next);
            }
        }
        return pulled.get(m.id().text());
    }

    private Map<String, Object> row(Manifest m) throws Problem {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", m.id());
        row.put("title", m.title());
        row.put("access", m.terms().access().status().word());
        row.put("license", m.terms().license().shown());
        row.put("organs", m.images().organs());
        row.put("stains", m.images().stains());
        row.put("tasks", m.contents().tasks());
        row.put("unit", m.images().unit());
        row.put("year", m.publication().year());
        row.put("sources", kinds(m));
        row.put("bytes", m.download().exactly().orElse(null));
        row.put("size", SizeJson.of(m.download()));
        row.put("optional_size", SizeJson.of(m.optionalDownload()));
        row.put("pulled", pulled(m));
        return row;
    }

    private static List<String> kinds(Manifest m) {
        return m.sources().stream()
                .filter(s -> s.use() == SourceSpec.Use.AUTO)
                .map(SourceSpec::kind)
                .distinct()
                .toList();
    }

    private void table(List<Manifest> matches, int catalogueSize) throws Problem {
        Console console = app.console();
        TextTable table = new TextTable(COLUMNS);
        Size total = Size.ZERO;
        int unknown = 0;
        Set<DatasetId> ids = matches.stream().map(Manifest::id).collect(Collectors.toSet());
        List<String> parts = new ArrayList<>();
        for (Manifest m : matches) {
            Size size = m.download();
            if (m.isPartOf(ids)) {
                parts.add(m.id().text());
            } else if (size.known()) {
                total = total.plus(size);
            } else {
                unknown++;
            }
            table.add(List.of(
                    (pulled(m) == null ? "" : "* ") + m.id(),
                    m.terms().access().status().word(),
                    few(m.images().organs()),
                    few(m.images().stains()),
                    m.images().unit() == null ? "unknown" : m.images().unit(),
                    m.publication().year() == null
                            ? "unknown"
                            : String.valueOf(m.publication().year()),
                    size.known() || !m.optionalDownload().known()
                            ? size.symbols()
                            : "(" + m.optionalDownload().symbols() + ")",
                    few(List.of(m.terms().license().shown())),
                    m.contents().tasks().isEmpty()
                            ? "unknown"
                            : String.join(", ", m.contents().tasks())));
        }
        if (!matches.isEmpty()) {
            table.lines(console.tableWidth()).forEach(console::data);
        }
        console.say("");
        console.say(matches.size() + " of " + Count.of(catalogueSize, "dataset") + ", "
                + (total.known() ? total.text() : Bytes.text(0))
                + " to download" + (unknown == 0 ? "" : ", plus " + unknown + " of unknown size")
                + (parts.isEmpty()
                        ? ""
                        : "; " + String.join(", ", parts) + " counted once, with the dataset that contains them"));
        if (matches.isEmpty()) {
            console.say("hint: use fewer filters; `histods list` lists all datasets");
            return;
        }
        console.say("* in the mirror, ≈ about, ~ extrapolated, ≥ at least, ( ) only with --source");
        table.leftOut(console.tableWidth())
                .ifPresent(heads -> console.say(
                        "Columns that do not fit: " + heads + "; a wider terminal, --csv or --json shows them"));
    }

    private static String few(List<String> words) {
        if (words.isEmpty()) {
            return "unknown";
        }
        String text = words.size() <= 2 ? String.join(", ", words) : words.get(0) + " +" + (words.size() - 1);
        return text.length() <= 22 ? text : text.substring(0, 21) + "…";
    }

    private void csv(List<Manifest> matches) throws Problem {
        Console console = app.console();
        boolean head = true;
        for (Manifest m : matches) {
            Map<String, Object> row = row(m);
            row.put("size", m.download().known() ? m.download().text() : null);
            row.put(
                    "optional_size",
                    m.optionalDownload().known() ? m.optionalDownload().text() : null);
            if (head) {
                console.data(CsvTable.line(List.copyOf(row.keySet())));
                head = false;
            }
            console.data(
                    CsvTable.line(row.values().stream().map(DatasetTable::cell).toList()));
        }
    }

    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        return value instanceof List<?> list
                ? String.join("; ", list.stream().map(String::valueOf).toList())
                : String.valueOf(value);
    }
}
