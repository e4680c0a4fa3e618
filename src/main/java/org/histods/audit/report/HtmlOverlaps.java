package org.histods.audit.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
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
import org.histods.manifest.Lineage.Shared;
import org.jspecify.annotations.Nullable;

/** What datasets of an audit have in common: a matrix of all pairs, and each pair by itself. */
final class HtmlOverlaps {

    private final Audit audit;
    private final HtmlDatasetTable datasets;
    private final List<Overlap> overlaps;

    HtmlOverlaps(Audit audit, HtmlDatasetTable datasets) {
        this.audit = audit;
        this.datasets = datasets;
        this.overlaps = audit.overlaps().stream()
                .sorted(Comparator.comparing(
                                (Overlap o) -> weight(o).map(Severity::ordinal).orElse(9))
                        .thenComparing(Overlap::certainty))
                .toList();
    }

    /** The heaviest open finding that is about this pair and no other dataset. */
    private Optional<Severity> weight(Overlap o) {
        return audit.findings().stream()
                .filter(f ->
                        f.open() && f.datasets().size() == 2 && f.datasets().containsAll(List.of(o.a(), o.b())))
                .map(Finding::severity)
                .min(Comparator.naturalOrder());
    }

    String matrix() {
        if (overlaps.isEmpty()) {
            return "<p>No two of these datasets are known to have anything in common. That nothing is known proves"
                    + " nothing: it may be that nobody has looked.</p>\n";
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
        StringBuilder out =
                new StringBuilder("<div class=\"wide\" role=\"region\" aria-label=\"Matrix of the overlaps\""
                        + " tabindex=\"0\"><table class=\"matrix\"><thead><tr><td></td>");
        names.forEach(name -> out.append("<th scope=\"col\"><span>" + HtmlFragments.bdi(name) + "</span></th>"));
        out.append("</tr></thead><tbody>\n");
        for (String row : names) {
            out.append("<tr><th scope=\"row\">" + datasets.link(row) + " "
                    + datasets.named(row).map(HtmlFragments::roles).orElse("") + "</th>");
            names.forEach(column -> out.append(cell(row, column, places.get(row + "\0" + column))));
            out.append("</tr>\n");
        }
        return out.append("</tbody></table></div>\n").append(legend()).toString();
    }

    private String cell(String row, String column, @Nullable Integer place) {
        if (row.equals(column)) {
            return "<td class=\"same\"></td>";
        }
        if (place == null) {
            return "<td class=\"nothing\"><span class=\"unseen\">nothing known</span></td>";
        }
        Overlap o = overlaps.get(place);
        String words = row + " and " + column + ": " + o.certainty().word() + ", " + ReportText.shares(o.shares());
        String sign = weight(o)
                .map(s -> "<span class=\"sign " + s.word() + "\" aria-hidden=\"true\">" + HtmlFragments.sign(s)
                        + "</span>")
                .orElse("");
        String told = weight(o).map(s -> ", open " + s.word()).orElse("");
        return "<td class=\"" + o.certainty().word() + "\"><a href=\"#overlap-" + (place + 1) + "\" title=\""
                + HtmlFragments.text(words + told) + "\" aria-label=\"" + HtmlFragments.text(words + told) + "\">"
                + letter(o.shares())
                + sign + "</a></td>";
    }

    private static String letter(@Nullable Shared shares) {
        return shares == null ? "?" : shares.word().substring(0, 1).toUpperCase(java.util.Locale.ROOT);
    }

    private static String legend() {
        StringBuilder out = new StringBuilder("<ul class=\"legend\" aria-label=\"What the marks mean\">");
        for (Shared shared : Shared.values()) {
            out.append("<li><strong>")
                    .append(letter(shared))
                    .append("</strong> ")
                    .append(shared.word())
                    .append("</li>");
        }
        out.append("<li><strong>?</strong> not known what</li>");
        for (Certainty certainty : Certainty.values()) {
            out.append("<li><span class=\"key ").append(certainty.word()).append("\"></span> ");
            out.append(certainty.word()).append(": ").append(meaning(certainty)).append("</li>");
        }
        for (Severity severity : Severity.values()) {
            out.append("<li><span class=\"sign ")
                    .append(severity.word())
                    .append("\">")
                    .append(HtmlFragments.sign(severity));
            out.append("</span> an open ").append(severity.word()).append(" is about the pair</li>");
        }
        return out.append("</ul>\n").toString();
    }

    private static String meaning(Certainty certainty) {
        return switch (certainty) {
            case SEEN -> "in the pulled files themselves";
            case PROVEN -> "follows from what the manifests say";
            case LIKELY -> "the manifests make it likely";
            case POSSIBLE -> "the manifests allow it";
        };
    }

    String pairs() {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < overlaps.size(); i++) {
            out.append(pair(overlaps.get(i), i + 1));
        }
        return out.toString();
    }

    private String pair(Overlap o, int number) {
        boolean open = o.certainty() == Certainty.SEEN
                || weight(o).filter(s -> s == Severity.ERROR).isPresent();
        String head = "<span class=\"pair-names\">" + HtmlFragments.bdi(o.a()) + " and " + HtmlFragments.bdi(o.b())
                + "</span> <span class=\"badge "
                + o.certainty().word() + "\">" + o.certainty().word() + "</span> "
                + (o.shares() == null
                        ? "<span class=\"quiet\">not known what they share</span>"
                        : "shared " + o.shares().word())
                + weight(o).map(s -> " " + HtmlFragments.badge(s)).orElse("");
        return "<details class=\"overlap\" id=\"overlap-" + number + "\"" + (open ? " open" : "") + "><summary>" + head
                + "</summary>\n<div class=\"body\">\n"
                + compared(o, "patient", o.patientsCompared(), o.patientCount(), AuditedDataset::patients)
                + patients(o) + compared(o, "file", o.filesCompared(), o.fileCount(), HtmlOverlaps::fileCount)
                + files(o)
                + chains(o)
                + "</div></details>\n";
    }

    private String compared(
            Overlap o,
            String what,
            boolean compared,
            long common,
            java.util.function.Function<AuditedDataset, @Nullable Long> of) {
        if (!compared) {
            return "<p class=\"quiet\">Their " + what + "s were not compared.</p>\n";
        }
        if (common == 0) {
            return "<p>Their " + what + "s were compared: none is in both.</p>\n";
        }
        Long a = datasets.named(o.a()).map(of).orElse(null);
        Long b = datasets.named(o.b()).map(of).orElse(null);
        if (a == null || b == null || a < common || b < common) {
            return "<p><strong>" + ReportText.count(common, what)
                    + "</strong> in both; how many each has was not counted.</p>\n";
        }
        return new OverlapBars(what, side(o.a(), a, what), side(o.b(), b, what), a, b, common).html();
    }

    private static @Nullable Long fileCount(AuditedDataset dataset) {
        return dataset.locked() == null ? null : dataset.locked().files();
    }

    private String side(String name, long total, String what) {
        return datasets.link(name) + " "
                + datasets.named(name).map(HtmlFragments::roles).orElse("") + " " + ReportText.count(total, what);
    }

    private String patients(Overlap o) {
        if (o.patients().isEmpty()) {
            return "";
        }
        StringBuilder rows = new StringBuilder(
                rest(o.patients().size(), o.patientCount()) + "<div class=\"wide\"><table class=\"common\">"
                        + "<thead><tr><th scope=\"col\">Patient</th><th scope=\"col\" class=\"number\">files in "
                        + HtmlFragments.bdi(o.a())
                        + "</th><th scope=\"col\" class=\"number\">files in " + HtmlFragments.bdi(o.b())
                        + "</th><th scope=\"col\">such as, in "
                        + HtmlFragments.bdi(o.a()) + "</th><th scope=\"col\">such as, in " + HtmlFragments.bdi(o.b())
                        + "</th></tr></thead><tbody>\n");
        for (CommonPatient p : o.patients()) {
            rows.append("<tr><th scope=\"row\">" + HtmlFragments.mono(p.id()) + "</th><td class=\"number\">"
                    + ReportText.number(p.inA())
                    + "</td><td class=\"number\">" + ReportText.number(p.inB()) + "</td><td>"
                    + HtmlFragments.mono(p.exampleA())
                    + "</td><td>" + HtmlFragments.mono(p.exampleB()) + "</td></tr>\n");
        }
        return HtmlFragments.fold(
                ReportText.count(o.patientCount(), "common patient"),
                rows.append("</tbody></table></div>\n").toString(),
                o.patients().size() <= 12);
    }

    private String files(Overlap o) {
        if (o.files().isEmpty()) {
            return "";
        }
        StringBuilder rows = new StringBuilder(rest(o.files().size(), o.fileCount())
                + "<div class=\"wide\"><table class=\"common\">"
                + "<thead><tr><th scope=\"col\">in " + HtmlFragments.bdi(o.a()) + "</th><th scope=\"col\">in "
                + HtmlFragments.bdi(o.b())
                + "</th><th scope=\"col\">SHA-256</th></tr></thead><tbody>\n");
        for (CommonFile f : o.files()) {
            rows.append("<tr><td>" + HtmlFragments.mono(f.inA()) + "</td><td>" + HtmlFragments.mono(f.inB())
                    + "</td><td>" + HtmlFragments.mono(f.sha256()) + "</td></tr>\n");
        }
        return HtmlFragments.fold(
                ReportText.count(o.fileCount(), "common file"),
                rows.append("</tbody></table></div>\n").toString(),
                o.files().size() <= 12);
    }

    private static String rest(long listed, long all) {
        return listed >= all
                ? ""
                : "<p>The first " + ReportText.number(listed) + " of " + ReportText.number(all)
                        + " are listed here.</p>\n";
    }

    private static String chains(Overlap o) {
        if (o.chains().isEmpty()) {
            return "<p class=\"quiet\">No manifest says so.</p>\n";
        }
        return "<p>The manifests say:</p>\n<ul class=\"chains\">"
                + o.chains().stream().map(HtmlOverlaps::chain).collect(Collectors.joining()) + "</ul>\n";
    }

    private static String chain(Chain chain) {
        return "<li class=\"chain\"><span class=\"badge " + chain.certainty().word() + "\">"
                + chain.certainty().word()
                + "</span> <span class=\"quiet\">" + ReportText.shares(chain.shares()) + "</span><ul>"
                + chain.steps().stream().map(HtmlOverlaps::step).collect(Collectors.joining()) + "</ul></li>\n";
    }

    private static String step(Step step) {
        String note = step.link().note();
        String evidence = step.link().evidence();
        return "<li>" + HtmlFragments.bdi(step.words())
                + (note == null ? "" : "<div>" + HtmlFragments.prose(note) + "</div>")
                + (evidence == null ? "" : "<div class=\"quiet\">Evidence: " + HtmlFragments.prose(evidence) + "</div>")
                + "</li>";
    }
}
