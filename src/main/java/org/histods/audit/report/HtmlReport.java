package org.histods.audit.report;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.Finding;
import org.histods.audit.finding.Severity;
import org.histods.html.HtmlPage;
import org.histods.text.Count;

/** An audit as one page for people. Everything is there without JavaScript, which only sorts the table. */
final class HtmlReport {

    private final Audit audit;
    private final ReportContext setting;
    private final HtmlDatasetTable datasets;

    HtmlReport(Audit audit, ReportContext setting) {
        this.audit = audit;
        this.setting = setting;
        this.datasets = new HtmlDatasetTable(audit);
    }

    String write() {
        HtmlOverlaps overlaps = new HtmlOverlaps(audit, datasets);
        Map<String, String> parts = new HashMap<>();
        parts.put("project", HtmlFragments.text(audit.project()));
        parts.put("verdict", verdict());
        parts.put("facts", facts());
        parts.put("unchecked", unchecked());
        parts.put("filters", filters());
        parts.put("findings", findings(true));
        parts.put("accepted", findings(false));
        parts.put("datasets", datasets.table());
        parts.put("matrix", overlaps.matrix());
        parts.put("overlaps", overlaps.pairs());
        parts.put("lineage", new HtmlLineage(audit, setting).picture());
        parts.put("version", HtmlFragments.text(setting.version()));
        return HtmlPage.of("audit.html", List.of("base.css", "audit.css"), List.of("audit.js"), parts);
    }

    private long open(Severity severity) {
        return audit.findings().stream()
                .filter(f -> f.open() && f.severity() == severity)
                .count();
    }

    private long accepted() {
        return audit.findings().stream().filter(f -> !f.open()).count();
    }

    private String verdict() {
        long errors = open(Severity.ERROR);
        long warnings = open(Severity.WARNING);
        String grade = errors > 0 ? "error" : warnings > 0 ? "warning" : "clear";
        String sign = errors > 0
                ? HtmlFragments.sign(Severity.ERROR)
                : warnings > 0 ? HtmlFragments.sign(Severity.WARNING) : "✓";
        String words = errors > 0
                ? ReportText.count(errors, "error") + " " + (errors == 1 ? "is" : "are") + " open"
                : warnings > 0
                        ? "No error is open, but " + ReportText.count(warnings, "warning")
                                + (warnings == 1 ? " wants" : " want") + " somebody’s eye"
                        : "Nothing was found that weighs against these data";
        String more = errors > 0
                ? "A claim that rests on this project cannot stand as it is."
                : "This holds for what the catalogue knows and what could be looked at, and for no more.";
        String missing =
                audit.unchecked().isEmpty() ? "" : " <a href=\"#unchecked\">Not everything could be checked.</a>";
        return "<div class=\"verdict " + grade + "\"><p class=\"word\"><span class=\"sign\" aria-hidden=\"true\">"
                + sign + "</span> " + words + "</p><p>" + more + missing + "</p>" + tallies() + "</div>\n";
    }

    private String tallies() {
        String counts = Stream.of(Severity.values())
                .map(s -> tally(s.word(), open(s), HtmlFragments.sign(s) + " open " + Count.noun(open(s), s.word())))
                .collect(Collectors.joining());
        return "<ul class=\"tallies\">" + counts + tally("accepted", accepted(), "accepted")
                + tally("unchecked", audit.unchecked().size(), "not checked") + "</ul>";
    }

    private static String tally(String kind, long number, String words) {
        return "<li class=\"" + kind + (number == 0 ? " zero" : "") + "\"><strong>" + ReportText.number(number)
                + "</strong> " + words + "</li>";
    }

    private String facts() {
        StringBuilder out = new StringBuilder("<dl class=\"facts\">");
        fact(out, "Project", HtmlFragments.bdi(audit.project()));
        fact(
                out,
                "Purpose",
                audit.purpose() == null
                        ? "<span class=\"unknown\">not said</span>"
                        : HtmlFragments.bdi(audit.purpose()));
        fact(
                out,
                "Lock",
                audit.lock() == null
                        ? "<span class=\"unknown\">there is none</span>"
                        : HtmlFragments.mono(audit.lock()));
        fact(out, "Datasets", ReportText.number(audit.datasets().size()));
        return out.append("</dl>\n").toString();
    }

    private static void fact(StringBuilder out, String name, String value) {
        out.append("<dt>").append(name).append("</dt><dd>").append(value).append("</dd>");
    }

    private String unchecked() {
        return audit.unchecked().isEmpty()
                ? "<p>Everything that this audit looks at could be looked at.</p>\n"
                : "<div class=\"call\">" + HtmlFragments.list(audit.unchecked()) + "</div>\n";
    }

    private String filters() {
        if (audit.findings().stream().noneMatch(Finding::open)) {
            return "";
        }
        return "<fieldset class=\"filters\"><legend>Show</legend>"
                + Stream.of(Severity.values())
                        .map(s -> "<label><input type=\"checkbox\" id=\"show-" + s.word() + "\" checked> "
                                + HtmlFragments.badge(s) + " " + ReportText.number(open(s)) + "</label>")
                        .collect(Collectors.joining(" "))
                + "</fieldset>\n";
    }

    private String findings(boolean open) {
        List<Finding> chosen =
                audit.findings().stream().filter(f -> f.open() == open).toList();
        if (chosen.isEmpty()) {
            return open ? "<p>No finding is open.</p>\n" : "<p>None.</p>\n";
        }
        return chosen.stream().map(this::finding).collect(Collectors.joining());
    }

    private String finding(Finding finding) {
        String about = finding.datasets().stream().map(datasets::link).collect(Collectors.joining(", "));
        StringBuilder out = new StringBuilder("<article class=\"finding "
                + finding.severity().word()
                + (finding.open() ? "" : " accepted") + "\">\n<p class=\"kind\">"
                + HtmlFragments.badge(finding.severity()) + " "
                + HtmlFragments.mono(finding.rule()) + (about.isEmpty() ? "" : " · " + about) + "</p>\n<h3>"
                + HtmlFragments.prose(finding.message()) + "</h3>\n");
        if (finding.accepted() != null) {
            out.append("<p class=\"reason\"><strong>Accepted:</strong> ")
                    .append(HtmlFragments.prose(finding.accepted()))
                    .append("</p>\n");
        }
        out.append(HtmlFragments.fold(
                "Evidence <span class=\"quiet\">("
                        + ReportText.number(finding.evidence().size()) + ")</span>",
                HtmlFragments.list(finding.evidence()),
                finding.evidence().size() <= 8));
        out.append("<p class=\"remedy\"><strong>Way out:</strong> ")
                .append(HtmlFragments.prose(finding.remedy()))
                .append("</p>\n");
        return out.append("</article>\n").toString();
    }
}
