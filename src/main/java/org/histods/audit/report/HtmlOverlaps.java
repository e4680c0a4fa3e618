package org.histods.audit.report;

import static org.histods.audit.report.HtmlFragments.bdi;
import static org.histods.audit.report.HtmlFragments.mono;
import static org.histods.audit.report.HtmlFragments.prose;
import static org.histods.audit.report.HtmlFragments.quiet;
import static org.histods.html.Html.element;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.audit.finding.Finding;
import org.histods.audit.finding.Overlap;
import org.histods.audit.finding.Overlap.Certainty;
import org.histods.audit.finding.Overlap.CommonFile;
import org.histods.audit.finding.Overlap.CommonPatient;
import org.histods.audit.finding.Severity;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.catalogue.LineageGraph.Step;
import org.histods.html.Html;
import org.histods.manifest.Lineage.Shared;
import org.jspecify.annotations.Nullable;

/** The overlaps of an audit's datasets as HTML: a matrix of all pairs, and each pair in detail. */
final class HtmlOverlaps {

    /** Lists of up to so many rows are open at first. */
    private static final int OPEN = 12;

    private final Audit audit;
    private final HtmlDatasetTable datasets;
    private final List<Overlap> overlaps;

    HtmlOverlaps(Audit audit, HtmlDatasetTable datasets) {
        this.audit = audit;
        this.datasets = datasets;
        this.overlaps = audit.overlaps().stream()
                .sorted(Comparator.comparing((Overlap o) ->
                                severity(o).map(Severity::ordinal).orElse(9))
                        .thenComparing(Overlap::certainty))
                .toList();
    }

    /** The most severe open finding that is about this pair and no other dataset. */
    private Optional<Severity> severity(Overlap o) {
        return audit.findings().stream()
                .filter(f ->
                        f.open() && f.datasets().size() == 2 && f.datasets().containsAll(List.of(o.a(), o.b())))
                .map(Finding::severity)
                .min(Comparator.naturalOrder());
    }

    Html matrix() {
        if (overlaps.isEmpty()) {
            return element("p")
                    .text("No two of these datasets are known to have anything in common. That proves nothing: perhaps"
                            + " nobody has checked.");
        }
        TreeSet<String> involved = new TreeSet<>();
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < overlaps.size(); i++) {
            Overlap o = overlaps.get(i);
            involved.addAll(List.of(o.a(), o.b()));
            places.putIfAbsent(o.a() + "\0" + o.b(), i);
            places.putIfAbsent(o.b() + "\0" + o.a(), i);
        }
        List<String> names = audit.datasets().stream()
                .map(AuditedDataset::name)
                .filter(involved::remove)
                .collect(Collectors.toCollection(ArrayList::new));
        names.addAll(involved);
        Html heads = element("tr").add(element("td"));
        names.forEach(name -> heads.add(HtmlFragments.head(element("span").add(bdi(name)), false)));
        Html rows = element("tbody");
        for (String row : names) {
            Html cells = element("tr")
                    .add(element("th")
                            .attribute("scope", "row")
                            .add(datasets.link(row))
                            .text(" ")
                            .add(roles(row)));
            names.forEach(column -> cells.add(cell(row, column, places.get(row + "\0" + column))));
            rows.add(cells);
        }
        return Html.sequence(
                HtmlFragments.wide(
                        "Matrix of the overlaps",
                        element("table", "matrix").add(element("thead").add(heads), rows)),
                legend());
    }

    private Html roles(String name) {
        return datasets.named(name).map(HtmlFragments::roles).orElseGet(Html::sequence);
    }

    private Html cell(String row, String column, @Nullable Integer place) {
        if (row.equals(column)) {
            return element("td", "same");
        }
        if (place == null) {
            return element("td", "nothing").add(element("span", "unseen").text("nothing known"));
        }
        Overlap o = overlaps.get(place);
        Severity severity = severity(o).orElse(null);
        String label = row + " and " + column + ": " + o.certainty().word() + ", " + ReportText.shares(o.shares())
                + (severity == null ? "" : ", open " + severity.word());
        Html link = element("a")
                .attribute("href", "#overlap-" + (place + 1))
                .attribute("title", label)
                .attribute("aria-label", label)
                .text(letter(o.shares()));
        if (severity != null) {
            link.add(sign(severity).attribute("aria-hidden", "true"));
        }
        return element("td", o.certainty().word()).add(link);
    }

    private static Html sign(Severity severity) {
        return element("span", "sign " + severity.word()).text(HtmlFragments.sign(severity));
    }

    private static String letter(@Nullable Shared shares) {
        return shares == null ? "?" : shares.word().substring(0, 1).toUpperCase(Locale.ROOT);
    }

    private static Html legend() {
        Html legend = element("ul", "legend").attribute("aria-label", "What the marks mean");
        for (Shared shared : Shared.values()) {
            legend.add(element("li").add(element("strong").text(letter(shared))).text(" " + shared.word()));
        }
        legend.add(element("li").add(element("strong").text("?")).text(" not known what"));
        for (Certainty certainty : Certainty.values()) {
            legend.add(element("li")
                    .add(element("span", "key " + certainty.word()))
                    .text(" " + certainty.word() + ": " + meaning(certainty)));
        }
        for (Severity severity : Severity.values()) {
            legend.add(element("li").add(sign(severity)).text(" an open " + severity.word() + " is about the pair"));
        }
        return legend;
    }

    private static String meaning(Certainty certainty) {
        return switch (certainty) {
            case SEEN -> "found in the pulled files themselves";
            case PROVEN -> "follows from the manifests";
            case LIKELY -> "the manifests make it likely";
            case POSSIBLE -> "the manifests allow it";
        };
    }

    Html pairs() {
        Html pairs = Html.sequence();
        for (int i = 0; i < overlaps.size(); i++) {
            pairs.add(pair(overlaps.get(i), i + 1));
        }
        return pairs;
    }

    private Html pair(Overlap o, int number) {
        Severity severity = severity(o).orElse(null);
        Html summary = element("summary")
                .add(element("span", "pair-names").add(bdi(o.a())).text(" and ").add(bdi(o.b())))
                .text(" ")
                .add(HtmlFragments.badge(o.certainty().word()))
                .text(" ")
                .add(
                        o.shares() == null
                                ? quiet("not known what they share")
                                : Html.of("shared " + o.shares().word()));
        if (severity != null) {
            summary.text(" ").add(HtmlFragments.badge(severity));
        }
        return element("details", "overlap")
                .attribute("id", "overlap-" + number)
                .flag("open", o.certainty() == Certainty.SEEN || severity == Severity.ERROR)
                .add(
                        summary,
                        element("div", "body")
                                .add(
                                        compared(
                                                o,
                                                "patient",
                                                o.patients().compared(),
                                                o.patients().count(),
                                                AuditedDataset::patients),
                                        patients(o),
                                        compared(
                                                o,
                                                "file",
                                                o.files().compared(),
                                                o.files().count(),
                                                HtmlOverlaps::fileCount),
                                        files(o),
                                        chains(o)));
    }

    private Html compared(
            Overlap o, String what, boolean compared, long common, Function<AuditedDataset, @Nullable Long> of) {
        if (!compared) {
            return element("p", "quiet").text("Their " + what + "s were not compared.");
        }
        if (common == 0) {
            return element("p").text("Their " + what + "s were compared: none is in both.");
        }
        Long a = datasets.named(o.a()).map(of).orElse(null);
        Long b = datasets.named(o.b()).map(of).orElse(null);
        if (a == null || b == null || a < common || b < common) {
            return element("p")
                    .add(element("strong").text(ReportText.count(common, what)))
                    .text(" in both; how many each has was not counted.");
        }
        return new OverlapBars(what, side(o.a(), a, what), side(o.b(), b, what), a, b, common).html();
    }

    private static @Nullable Long fileCount(AuditedDataset dataset) {
        return dataset.locked() == null ? null : dataset.locked().files();
    }

    private Html side(String name, long total, String what) {
        return Html.sequence(datasets.link(name), Html.of(" "), roles(name)).text(" " + ReportText.count(total, what));
    }

    private static Html patients(Overlap o) {
        Html rows = element("tbody");
        for (CommonPatient p : o.patients().listed()) {
            rows.add(element("tr")
                    .add(
                            element("th").attribute("scope", "row").add(mono(p.id())),
                            element("td", "number").text(ReportText.number(p.inA())),
                            element("td", "number").text(ReportText.number(p.inB())),
                            element("td").add(mono(p.exampleA())),
                            element("td").add(mono(p.exampleB()))));
        }
        Html heads = element("tr")
                .add(
                        HtmlFragments.head(Html.of("Patient"), false),
                        HtmlFragments.head(Html.of("files in ").add(bdi(o.a())), true),
                        HtmlFragments.head(Html.of("files in ").add(bdi(o.b())), true),
                        HtmlFragments.head(Html.of("for example, in ").add(bdi(o.a())), false),
                        HtmlFragments.head(Html.of("for example, in ").add(bdi(o.b())), false));
        return common(
                "common patient", o.patients().listed().size(), o.patients().count(), heads, rows);
    }

    private static Html files(Overlap o) {
        Html rows = element("tbody");
        for (CommonFile f : o.files().listed()) {
            rows.add(element("tr")
                    .add(
                            element("td").add(mono(f.inA())),
                            element("td").add(mono(f.inB())),
                            element("td").add(mono(f.sha256()))));
        }
        Html heads = element("tr")
                .add(
                        HtmlFragments.head(Html.of("in ").add(bdi(o.a())), false),
                        HtmlFragments.head(Html.of("in ").add(bdi(o.b())), false),
                        HtmlFragments.head(Html.of("SHA-256"), false));
        return common("common file", o.files().listed().size(), o.files().count(), heads, rows);
    }

    /** A list of what both have; nothing if it is empty. */
    private static Html common(String what, int listed, long all, Html heads, Html rows) {
        if (listed == 0) {
            return Html.sequence();
        }
        Html body = Html.sequence();
        if (listed < all) {
            body.add(element("p")
                    .text("The first " + ReportText.number(listed) + " of " + ReportText.number(all)
                            + " are listed here."));
        }
        Html table = element("table", "common").add(element("thead").add(heads), rows);
        return HtmlFragments.fold(
                Html.of(ReportText.count(all, what)), body.add(HtmlFragments.wide(table)), listed <= OPEN);
    }

    private static Html chains(Overlap o) {
        if (o.chains().isEmpty()) {
            return element("p", "quiet").text("No manifest says so.");
        }
        return Html.sequence(
                element("p").text("The manifests say:"),
                element("ul", "chains")
                        .add(o.chains().stream().map(HtmlOverlaps::chain).toList()));
    }

    private static Html chain(Chain chain) {
        return element("li", "chain")
                .add(HtmlFragments.badge(chain.certainty().word()))
                .text(" ")
                .add(
                        quiet(ReportText.shares(chain.shares())),
                        element("ul")
                                .add(chain.steps().stream()
                                        .map(HtmlOverlaps::step)
                                        .toList()));
    }

    private static Html step(Step step) {
        Html item = element("li").add(bdi(step.words()));
        String note = step.link().note();
        if (note != null) {
            item.add(element("div").add(prose(note)));
        }
        String evidence = step.link().evidence();
        if (evidence != null) {
            item.add(element("div", "quiet").text("Evidence: ").add(prose(evidence)));
        }
        return item;
    }
}
