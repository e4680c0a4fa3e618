package org.histods.audit.report;

import static org.histods.audit.report.HtmlFragments.bdi;
import static org.histods.audit.report.HtmlFragments.mono;
import static org.histods.audit.report.HtmlFragments.prose;
import static org.histods.audit.report.HtmlFragments.unknown;
import static org.histods.html.Html.element;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.Finding;
import org.histods.audit.finding.Severity;
import org.histods.html.Html;
import org.histods.html.HtmlPage;
import org.histods.text.Count;

/** An audit as one HTML page. It is complete without JavaScript, which only sorts the table. */
final class HtmlReport {

    /** The most lines of evidence for an error that are not folded. */
    private static final int SHORT = 3;

    private final Audit audit;
    private final ReportContext context;
    private final HtmlDatasetTable datasets;

    HtmlReport(Audit audit, ReportContext context) {
        this.audit = audit;
        this.context = context;
        this.datasets = new HtmlDatasetTable(audit);
    }

    String write() {
        HtmlOverlaps overlaps = new HtmlOverlaps(audit, datasets);
        Map<String, Html> parts = new HashMap<>();
        parts.put("project", Html.of(audit.project()));
        parts.put("verdict", verdict());
        parts.put("facts", facts());
        parts.put("unchecked", unchecked());
        parts.put("filters", filters());
        parts.put("findings", findings(true));
        parts.put("accepted", findings(false));
        parts.put("datasets", datasets.table());
        parts.put("matrix", overlaps.matrix());
        parts.put("overlaps", overlaps.pairs());
        parts.put("lineage", new HtmlLineage(audit, context).picture());
        parts.put("version", Html.of(context.version()));
        return HtmlPage.of("audit.html", List.of("base.css", "audit.css"), List.of("audit.js"), parts);
    }

    private long open(Severity severity) {
        return audit.findings().stream()
                .filter(f -> f.open() && f.severity() == severity)
                .count();
    }

    private Html verdict() {
        long errors = open(Severity.ERROR);
        long warnings = open(Severity.WARNING);
        if (errors > 0) {
            return verdict(
                    "error",
                    HtmlFragments.sign(Severity.ERROR),
                    ReportText.count(errors, "error") + " " + (errors == 1 ? "is" : "are") + " open",
                    "Claims that rely on this project are not valid as they are.");
        }
        String limits = "This verdict covers only what the catalogue knows and what could be checked.";
        return warnings > 0
                ? verdict(
                        "warning",
                        HtmlFragments.sign(Severity.WARNING),
                        "No error is open, but " + ReportText.count(warnings, "warning")
                                + (warnings == 1 ? " needs" : " need") + " review",
                        limits)
                : audit.unchecked().isEmpty()
                        ? verdict("clear", "✓", "Nothing was found against the use of these data", limits)
                        : verdict("partial", "●", "Nothing was found in what could be checked", limits);
    }

    private Html verdict(String grade, String sign, String summary, String meaning) {
        Html more = element("p").text(meaning);
        if (!audit.unchecked().isEmpty()) {
            more.text(" ").add(element("a").attribute("href", "#unchecked").text("Not everything could be checked."));
        }
        return element("div", "verdict " + grade)
                .add(
                        element("p", "word")
                                .add(element("span", "sign")
                                        .attribute("aria-hidden", "true")
                                        .text(sign))
                                .text(" " + summary),
                        more,
                        tallies());
    }

    private Html tallies() {
        long accepted = audit.findings().stream().filter(f -> !f.open()).count();
        return element("ul", "tallies")
                .add(Stream.of(Severity.values())
                        .map(s -> tally(
                                s.word(), open(s), HtmlFragments.sign(s) + " open " + Count.noun(open(s), s.word())))
                        .toList())
                .add(
                        tally("accepted", accepted, "accepted"),
                        tally("unchecked", audit.unchecked().size(), "not checked"));
    }

    private static Html tally(String kind, long number, String label) {
        return element("li", kind + (number == 0 ? " zero" : ""))
                .add(element("strong").text(ReportText.number(number)))
                .text(" " + label);
    }

    private Html facts() {
        return element("dl", "facts")
                .add(
                        fact("Project", bdi(audit.project())),
                        fact("Purpose", audit.purpose() == null ? unknown("not stated") : bdi(audit.purpose())),
                        fact("Lock", audit.lock() == null ? unknown("none") : mono(audit.lock())),
                        fact(
                                "Datasets",
                                Html.of(ReportText.number(audit.datasets().size()))));
    }

    private static Html fact(String name, Html value) {
        return Html.sequence(element("dt").text(name), element("dd").add(value));
    }

    private Html unchecked() {
        return audit.unchecked().isEmpty()
                ? element("p").text("Everything that this audit covers could be checked.")
                : element("div", "call").add(HtmlFragments.list(audit.unchecked()));
    }

    private Html filters() {
        if (audit.findings().stream().noneMatch(Finding::open)) {
            return Html.sequence();
        }
        return element("fieldset", "filters")
                .add(element("legend").text("Show"))
                .add(
                        Stream.of(Severity.values())
                                .map(s -> element("label")
                                        .add(element("input")
                                                .attribute("type", "checkbox")
                                                .attribute("id", "show-" + s.word())
                                                .flag("checked", true))
                                        .text(" ")
                                        .add(HtmlFragments.badge(s))
                                        .text(" " + ReportText.number(open(s))))
                                .toList(),
                        " ");
    }

    /** The findings, those of one rule together. */
    private Html findings(boolean open) {
        Map<String, List<Finding>> byRule = new LinkedHashMap<>();
        audit.findings().stream()
                .filter(f -> f.open() == open)
                .forEach(f ->
                        byRule.computeIfAbsent(f.rule(), k -> new ArrayList<>()).add(f));
        return byRule.isEmpty()
                ? element("p").text(open ? "No finding is open." : "None.")
                : Html.sequence().add(byRule.values().stream().map(this::group).toList());
    }

    private Html group(List<Finding> findings) {
        Finding first = findings.get(0);
        Html kind = element("p", "kind")
                .add(HtmlFragments.badge(first.severity()))
                .text(" ")
                .add(mono(first.rule()));
        if (findings.size() > 1) {
            kind.text(" × " + ReportText.number(findings.size()));
        }
        List<Html> names = findings.stream()
                .flatMap(f -> f.datasets().stream())
                .distinct()
                .map(datasets::link)
                .toList();
        if (!names.isEmpty()) {
            kind.text(" · ").add(names, ", ");
        }
        Html article = element("article", "finding " + first.severity().word() + (first.open() ? "" : " accepted"))
                .add(kind);
        for (int i = 0; i < findings.size(); i++) {
            Finding finding = findings.get(i);
            boolean sameRemedy = i + 1 < findings.size()
                    && first.open()
                    && findings.get(i + 1).remedy().equals(finding.remedy());
            article.add(finding(finding, findings.size() == 1, !sameRemedy));
        }
        return article;
    }

    private static Html finding(Finding finding, boolean alone, boolean remedy) {
        Html part = element("div").add(element("h3").add(prose(finding.message())));
        if (finding.accepted() != null) {
            part.add(element("p", "reason")
                    .add(element("strong").text("Accepted:"))
                    .text(" ")
                    .add(prose(finding.accepted())));
        }
        int facts = finding.evidence().size();
        part.add(HtmlFragments.fold(
                Html.of("Evidence ").add(HtmlFragments.quiet("(" + ReportText.number(facts) + ")")),
                HtmlFragments.list(finding.evidence()),
                alone && facts <= SHORT && finding.severity() == Severity.ERROR));
        return remedy
                ? part.add(element("p", "remedy")
                        .add(element("strong").text("Fix:"))
                        .text(" ")
                        .add(prose(finding.remedy())))
                : part;
    }
}
