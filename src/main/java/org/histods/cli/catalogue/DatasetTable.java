package org.histods.cli.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.SizeJson;
import org.histods.cli.shell.TextTable;
import org.histods.csv.CsvTable;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/** The same rows for {@code list} and {@code search}. */
final class DatasetTable {
    private final AppContext wiring;
    private final ListCommand.Filters filters;
    private final List<String> words;

    /**
     * A listing.
     *
     * @param words each must stand somewhere in the manifest; empty for all
     */
    DatasetTable(AppContext wiring, ListCommand.Filters filters, List<String> words) {
        this.wiring = wiring;
        this.filters = filters;
        this.words = words;
    }

    /** The datasets that pass, sorted by id; says how many a limit of size leaves out because nobody knows theirs. */
    List<Manifest> chosen() throws Problem {
        Long limit = filters.maxSize();
        List<Manifest> chosen = new ArrayList<>();
        int open = 0;
        for (ManifestFile file : wiring.catalogue().all()) {
            Manifest m = file.manifest();
            if (!filters.pass(m) || !says(m) || (filters.pulled && pulled(m) == null)) {
                continue;
            }
            Size size = m.download();
            Long most = size.atMost();
            if (limit == null || (most != null && most <= limit)) {
                chosen.add(m);
            } else if (size.atLeast() <= limit) {
                open++;
            }
        }
        if (open > 0) {
            wiring.console()
                    .warn("--max-size leaves out " + Count.of(open, "dataset")
                            + " of which nobody says whether they fit; `histods list` shows them");
        }
        return chosen;
    }

    int print() throws Problem {
        List<Manifest> chosen = chosen();
        Console console = wiring.console();
        if (console.json()) {
            for (Manifest m : chosen) {
                console.object(row(m));
            }
        } else if (filters.csv) {
            csv(chosen);
        } else {
            table(chosen, wiring.catalogue().ids().size());
        }
        strange();
        return 0;
    }

    private boolean says(Manifest m) {
        if (words.isEmpty()) {
            return true;
        }
        String text = wiring.manifests().write(m).toLowerCase(Locale.ROOT);
        return words.stream().allMatch(w -> text.contains(w.toLowerCase(Locale.ROOT)));
    }

    private @Nullable String pulled(Manifest m) throws Problem {
        List<String> versions = wiring.mirror().bags(m.id()).stream()
                .map(bag -> bag.version().text())
                .toList();
        return versions.isEmpty() ? null : String.join(" ", versions);
    }

    private Map<String, Object> row(Manifest m) throws Problem {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("id", m.id());
        row.put("title", m.title());
        row.put("access", m.access().status().word());
        row.put("license", m.license().shown());
        row.put("organs", m.organs());
        row.put("stains", m.stains());
        row.put("tasks", m.tasks());
        row.put("unit", m.unit());
        row.put("year", m.year());
        row.put("sources", kinds(m));
        row.put("bytes", m.download().exactly().orElse(null));
        row.put("size", SizeJson.of(m.download()));
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

    private void table(List<Manifest> chosen, int of) throws Problem {
        Console console = wiring.console();
        TextTable table = new TextTable(
                List.of("ID", "ACCESS", "ORGANS", "STAINS", "UNIT", "YEAR", "SIZE", "LICENCE", "TASKS"), 8);
        Size sum = Size.ZERO;
        int unknown = 0;
        for (Manifest m : chosen) {
            Size size = m.download();
            sum = size.known() ? sum.plus(size) : sum;
            unknown += size.known() ? 0 : 1;
            table.add(List.of(
                    (pulled(m) == null ? "" : "* ") + m.id(),
                    m.access().status().word(),
                    few(m.organs()),
                    few(m.stains()),
                    m.unit() == null ? "unknown" : m.unit(),
                    m.year() == null ? "unknown" : String.valueOf(m.year()),
                    size.symbols(),
                    few(List.of(m.license().shown())),
                    m.tasks().isEmpty() ? "unknown" : String.join(", ", m.tasks())));
        }
        if (!chosen.isEmpty()) {
            table.lines(console.width()).forEach(console::data);
        }
        console.say("");
        console.say(chosen.size() + " of " + Count.of(of, "dataset") + "; download "
                + (sum.known() ? sum.text() : Bytes.text(0))
                + " where the size is known" + (unknown == 0 ? "" : ", unknown for " + unknown)
                + "; * is in the mirror, ≈ about, ~ extrapolated, ≥ at least");
        if (chosen.isEmpty()) {
            console.say("hint: fewer filters show more; `histods list` shows all");
        }
    }

    /** Tells of words that nothing in the catalogue has, also where others beside them found something. */
    private void strange() throws Problem {
        List<Manifest> catalogue =
                wiring.catalogue().all().stream().map(ManifestFile::manifest).toList();
        filters.strange(catalogue).forEach(wiring.console()::warn);
    }

    private static String few(List<String> words) {
        if (words.isEmpty()) {
            return "unknown";
        }
        String text = words.size() <= 2 ? String.join(", ", words) : words.get(0) + " +" + (words.size() - 1);
        return text.length() <= 22 ? text : text.substring(0, 21) + "…";
    }

    private void csv(List<Manifest> chosen) throws Problem {
        Console console = wiring.console();
        boolean head = true;
        for (Manifest m : chosen) {
            Map<String, Object> row = row(m);
            row.put("size", m.download().known() ? m.download().text() : null);
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
