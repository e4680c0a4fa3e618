package org.histods.audit.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.digest.Fingerprint;
import org.histods.project.Lock;
import org.histods.text.Bytes;

/** The datasets of an audit as a table, and links to its rows. */
final class HtmlDatasetTable {

    private static final List<String> HEADS =
            List.of("Dataset", "Role", "Version", "Licence", "State", "Files", "Fingerprint");

    private final Audit audit;
    private final Map<String, AuditedDataset> byName = new LinkedHashMap<>();

    HtmlDatasetTable(Audit audit) {
        this.audit = audit;
        audit.datasets().forEach(d -> byName.putIfAbsent(d.name(), d));
    }

    Optional<AuditedDataset> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** The name as a link to its row; plain where there is none. */
    String link(String name) {
        int at = List.copyOf(byName.keySet()).indexOf(name);
        return at < 0
                ? HtmlFragments.bdi(name)
                : "<a href=\"#dataset-" + (at + 1) + "\">" + HtmlFragments.bdi(name) + "</a>";
    }

    String table() {
        if (audit.datasets().isEmpty()) {
            return "<p>None is declared, and none was found.</p>\n";
        }
        StringBuilder out = new StringBuilder("<div class=\"wide\" role=\"region\" aria-label=\"Table of the datasets\""
                + " tabindex=\"0\"><table class=\"sortable\" id=\"datasets-table\"><thead><tr>");
        HEADS.forEach(head -> out.append(
                "<th scope=\"col\"" + (head.equals("Files") ? " class=\"number\"" : "") + ">" + head + "</th>"));
        out.append("</tr></thead><tbody>\n");
        int row = 1;
        for (AuditedDataset dataset : audit.datasets()) {
            out.append(row(dataset, row++));
        }
        return out.append("</tbody></table></div>\n").toString();
    }

    private String row(AuditedDataset d, int number) {
        Lock.Content locked = d.locked();
        String files = locked == null
                ? "<span class=\"unknown\">unknown</span>"
                : ReportText.number(locked.files()) + "<div class=\"quiet\">" + Bytes.text(locked.bytes()) + "</div>";
        String doubt = d.manifest().license().doubt();
        return "<tr id=\"dataset-" + number + "\"><th scope=\"row\">" + HtmlFragments.bdi(d.name())
                + (d.name().equals(d.id().text())
                        ? ""
                        : " <span class=\"quiet\">is " + HtmlFragments.mono(d.id().text()) + "</span>")
                + "<div class=\"title\">" + HtmlFragments.bdi(d.manifest().title()) + "</div>" + known(d) + "</th>"
                + "<td>" + HtmlFragments.roles(d) + "</td><td>" + version(d) + "</td><td>"
                + HtmlFragments.bdi(d.license())
                + (doubt == null ? "" : "<div class=\"doubt\">In doubt: " + HtmlFragments.prose(doubt) + "</div>")
                + "</td><td>"
                + state(d) + "</td><td class=\"number\" data-sort=\""
                + (locked == null ? -1 : locked.files()) + "\">" + files
                + "</td><td>" + print(locked == null ? null : locked.fingerprint()) + "</td></tr>\n";
    }

    private static String known(AuditedDataset d) {
        return d.evidence().isEmpty()
                ? ""
                : HtmlFragments.fold("How it is known", HtmlFragments.list(d.evidence()), false);
    }

    private static String version(AuditedDataset d) {
        return (ReportText.versioned(d)
                        ? HtmlFragments.bdi(d.selection().version().text())
                        : "<span class=\"unknown\">unversioned</span>")
                + (d.selection().variant() == null
                        ? ""
                        : "<div class=\"quiet\">variant "
                                + HtmlFragments.bdi(d.selection().variant()) + "</div>")
                + (d.selection().only().isEmpty()
                        ? ""
                        : "<div class=\"quiet\">only "
                                + d.selection().only().stream()
                                        .map(HtmlFragments::mono)
                                        .collect(Collectors.joining(", "))
                                + "</div>");
    }

    private static String state(AuditedDataset d) {
        List<String> states = new ArrayList<>();
        states.add(
                d.state().declared() ? "declared" : d.state().used() ? "<strong>not declared</strong>" : "only named");
        states.add(d.locked() == null ? "not locked" : "locked");
        states.add(d.state().pulled() ? "pulled" : "not pulled");
        return String.join("<br>", states);
    }

    private static String print(@org.jspecify.annotations.Nullable Fingerprint print) {
        if (print == null) {
            return "<span class=\"unknown\">none</span>";
        }
        return "<details class=\"print\"><summary><span class=\"mono\">"
                + print.hex().substring(0, 12) + "…</span></summary><span class=\"mono full\">"
                + ReportText.sha256(print)
                + "</span></details>";
    }
}
