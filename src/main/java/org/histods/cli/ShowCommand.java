package org.histods.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.manifest.Lineage;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.manifest.StatedSize;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.quantity.Bytes;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** All that is known of one dataset. */
@Command(name = "show", description = "Show everything that is known of a dataset.")
final class ShowCommand implements Action {

    private static final int FILES = 12;

    private final Wiring wiring;

    @Parameters(paramLabel = "ID|FILE", description = "id or alias of a dataset, or a manifest file")
    private String name = "";

    @Option(names = "--files", description = "list every pinned file")
    private boolean files;

    @Option(names = "--lineage", description = "which datasets its images come from, went into, or may share")
    private boolean lineage;

    ShowCommand(Wiring wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        Manifest m = wiring.manifest(name).manifest();
        Console console = wiring.console();
        if (lineage) {
            new LineageView(wiring).print(m);
            return 0;
        }
        if (console.json()) {
            console.object(wiring.manifests().map(m));
            return 0;
        }
        console.data(console.bold(m.title()));
        console.data(m.id() + " " + m.version()
                + (m.aliases().isEmpty() ? "" : "  (" + String.join(", ", m.aliases()) + ")"));
        if (m.description() != null) {
            console.data("");
            wrap(m.description(), "").forEach(console::data);
        }
        console.data("");
        facts(m);
        access(m);
        sources(m);
        splits(m);
        origins(m);
        list("Know before you train", m.problems());
        list("In doubt", m.doubts());
        mirror(m);
        return 0;
    }

    private void facts(Manifest m) {
        row("tissue", words(m.organs()));
        row("stain", words(m.stains()));
        row("for", words(m.tasks()));
        row("species", words(m.species()));
        row("unit", m.unit());
        row("magnification", words(m.magnification()));
        row("µm per pixel", m.mpp().isEmpty() ? null : m.mpp().toString().replaceAll("[\\[\\]]", ""));
        row("scanner", words(m.scanner()));
        row("image size", m.imageSize());
        row("formats", words(m.formats()));
        row("counts", m.counts().isEmpty() ? null : counts(m.counts()));
        row("download", m.download().known() ? m.download().text() : null);
        row("unpacked", m.unpacked() == null ? null : m.unpacked().words());
        row("year", m.year() == null ? null : String.valueOf(m.year()));
        row(
                "licence",
                m.license().shown()
                        + (m.license().url() == null ? "" : "  " + m.license().url()));
        if (m.license().doubt() != null) {
            row("", "in doubt: " + m.license().doubt());
        }
        row("dataset DOI", m.doi() == null ? null : "https://doi.org/" + m.doi());
        Manifest.Paper paper = m.paper();
        row("paper", paper == null ? null : paper.doi() != null ? "https://doi.org/" + paper.doi() : paper.url());
        row("page", m.landing());
        if (m.patients() != null) {
            String rule = m.patients().pattern() == null
                    ? "cannot be read from file names"
                    : "read from file names ("
                            + (m.patients().level() == null
                                    ? "patient"
                                    : m.patients().level()) + ")";
            row(
                    "patients",
                    m.patients().note() == null
                            ? rule
                            : rule + ". " + m.patients().note());
        }
    }

    private static String counts(Map<String, Long> counts) {
        List<String> parts = new ArrayList<>();
        counts.forEach((word, count) -> parts.add(String.format(java.util.Locale.ROOT, "%,d %s", count, word)));
        return String.join(", ", parts);
    }

    private static String size(PinnedFile f) {
        StatedSize stated = f.size();
        return stated != null ? stated.words() : f.bytes() == null ? "size unknown" : Bytes.text(f.bytes());
    }

    private static @Nullable String words(List<String> words) {
        return words.isEmpty() ? null : String.join(", ", words);
    }

    private void row(String label, @Nullable String value) {
        List<String> lines = wrap(value == null ? "unknown" : value, " ".repeat(16));
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            wiring.console().data(i == 0 ? String.format("  %-14s%s", label, line.strip()) : line);
        }
    }

    private void access(Manifest m) {
        Console console = wiring.console();
        console.data("");
        console.data("Access: " + console.bold(m.access().status().word())
                + (m.access().note() == null ? "" : ". " + m.access().note()));
        if (m.access().page() != null) {
            console.data("  page: " + m.access().page());
        }
        for (int i = 0; i < m.access().steps().size(); i++) {
            List<String> lines = wrap(m.access().steps().get(i), "     ");
            console.data("  " + (i + 1) + ". " + lines.get(0).strip());
            lines.stream().skip(1).forEach(console::data);
        }
    }

    private void sources(Manifest m) {
        Console console = wiring.console();
        console.data("");
        console.data("Sources, best first");
        for (SourceSpec s : m.sources()) {
            String how = switch (s.use()) {
                case AUTO -> "";
                case ASK -> "  only with --source " + s.kind();
                case NEVER -> "  not used";
            };
            console.data("  " + s.kind() + " " + s.record() + (s.official() ? "" : "  (third party)")
                    + (s.part().isEmpty() ? "" : "  part " + s.part()) + how);
            if (s.size() != null) {
                wrap(s.size().words(), "      ").forEach(console::data);
            }
            if (s.note() != null) {
                wrap(s.note(), "      ").forEach(console::data);
            }
            int shown = files ? s.files().size() : Math.min(FILES, s.files().size());
            for (PinnedFile f : s.files().subList(0, shown)) {
                console.data("      " + f.path() + "  "
                        + size(f)
                        + (f.variant() == null ? "" : "  variant " + f.variant())
                        + (f.role() == null ? "" : "  " + f.role()));
                if (files) {
                    f.sums().forEach(p -> console.data("        " + p.sum() + "  by " + p.by()));
                }
            }
            if (shown < s.files().size()) {
                console.data("      and " + (s.files().size() - shown) + " more; --files lists all");
            }
        }
        for (Manifest.Variant v : m.variants()) {
            console.data("  variant " + v.name() + (v.preferred() ? " (pulled by itself)" : "  --variant " + v.name())
                    + (v.title() == null ? "" : ": " + v.title()));
        }
    }

    private void splits(Manifest m) {
        if (!m.splits().isEmpty()) {
            wiring.console().data("");
            wiring.console().data("Splits");
            m.splits()
                    .forEach((name, globs) ->
                            wiring.console().data("  --only " + name + "  " + String.join(", ", globs)));
        }
    }

    private void origins(Manifest m) {
        if (m.lineage().isEmpty()) {
            return;
        }
        wiring.console().data("");
        wiring.console().data("Where its images come from");
        for (Lineage l : m.lineage()) {
            wiring.console()
                    .data("  " + l.relation().word() + " " + l.other()
                            + (l.shares().isEmpty()
                                    ? ""
                                    : ", shares "
                                            + String.join(
                                                    ", ",
                                                    l.shares().stream()
                                                            .map(Lineage.Shared::word)
                                                            .toList())));
            if (l.note() != null) {
                wrap(l.note(), "      ").forEach(wiring.console()::data);
            }
            if (l.evidence() != null) {
                wrap("evidence: " + l.evidence(), "      ").forEach(wiring.console()::data);
            }
        }
        wiring.console().data("  histods show " + m.id() + " --lineage  tells what follows from this");
    }

    private void list(String title, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        wiring.console().data("");
        wiring.console().data(title);
        for (String line : lines) {
            List<String> wrapped = wrap(line, "    ");
            wiring.console().data("  - " + wrapped.get(0).strip());
            wrapped.stream().skip(1).forEach(wiring.console()::data);
        }
    }

    private void mirror(Manifest m) throws Problem {
        wiring.console().data("");
        List<BagRef> bags = wiring.mirror().bags(m.id());
        if (bags.isEmpty()) {
            wiring.console().data("Not in the mirror. Get it: histods pull " + m.id());
        }
        for (BagRef bag : bags) {
            wiring.console().data("In the mirror: " + bag.version() + " at " + bag.data());
        }
    }

    private List<String> wrap(String text, String indent) {
        return wiring.console().wrap(text, indent);
    }
}
