package org.histods.audit.report;

import static org.histods.audit.report.HtmlFragments.bdi;
import static org.histods.audit.report.HtmlFragments.mono;
import static org.histods.audit.report.HtmlFragments.prose;
import static org.histods.audit.report.HtmlFragments.unknown;
import static org.histods.html.Html.element;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.digest.Fingerprint;
import org.histods.html.Html;
import org.histods.project.Lock;
import org.histods.text.Bytes;
import org.jspecify.annotations.Nullable;

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

    /** The name as a link to its row; without a link if the table has none. */
    Html link(String name) {
        int at = List.copyOf(byName.keySet()).indexOf(name);
        return at < 0
                ? bdi(name)
                : element("a").attribute("href", "#dataset-" + (at + 1)).add(bdi(name));
    }

    Html table() {
        if (audit.datasets().isEmpty()) {
            return element("p").text("None is declared, and none was found.");
        }
        Html heads = element("tr")
                .add(HEADS.stream()
                        .map(head -> HtmlFragments.head(Html.of(head), head.equals("Files")))
                        .toList());
        Html rows = element("tbody");
        int number = 1;
        for (AuditedDataset dataset : audit.datasets()) {
            rows.add(row(dataset, number++));
        }
        return HtmlFragments.wide(
                "Table of the datasets",
                element("table", "sortable")
                        .attribute("id", "datasets-table")
                        .add(element("thead").add(heads), rows));
    }

    private Html row(AuditedDataset d, int number) {
        Lock.Content locked = d.locked();
        return element("tr")
                .attribute("id", "dataset-" + number)
                .add(
                        name(d),
                        cell("Role", HtmlFragments.roles(d)),
                        cell("Version", version(d)),
                        cell("Licence", license(d)),
                        cell("State", state(d)),
                        element("td", "number")
                                .attribute("data-label", "Files")
                                .attribute("data-sort", locked == null ? -1 : locked.files())
                                .add(files(locked)),
                        cell("Fingerprint", fingerprint(locked)));
    }

    /** A cell that names its column, for screens on which a row is a card. */
    private static Html cell(String label, Html content) {
        return element("td").attribute("data-label", label).add(content);
    }

    private static Html name(AuditedDataset d) {
        Html name = element("th").attribute("scope", "row").add(bdi(d.name()));
        if (!d.name().equals(d.id().text())) {
            name.text(" ").add(element("span", "quiet").text("is ").add(mono(d.id().text())));
        }
        name.add(element("div", "title").add(bdi(d.manifest().title())));
        if (!d.evidence().isEmpty()) {
            name.add(HtmlFragments.fold(Html.of("How it is known"), HtmlFragments.list(d.evidence()), false));
        }
        return name;
    }

    private static Html version(AuditedDataset d) {
        Html version = Html.sequence(
                ReportText.versioned(d) ? bdi(d.selection().version().text()) : unknown("unversioned"));
        String variant = d.selection().variant();
        if (variant != null) {
            version.add(element("div", "quiet").text("variant ").add(bdi(variant)));
        }
        List<String> only = d.selection().only();
        if (!only.isEmpty()) {
            version.add(element("div", "quiet")
                    .text("only ")
                    .add(only.stream().map(HtmlFragments::mono).toList(), ", "));
        }
        return version;
    }

    private static Html license(AuditedDataset d) {
        Html license = Html.sequence(bdi(d.license()));
        String doubt = d.manifest().terms().license().doubt();
        return doubt == null
                ? license
                : license.add(element("div", "doubt").text("Doubtful: ").add(prose(doubt)));
    }

    private static Html state(AuditedDataset d) {
        AuditedDataset.State state = d.state();
        Html declared = state.declared()
                ? Html.of("declared")
                : state.used() ? element("strong").text("not declared") : Html.of("only mentioned");
        return Html.sequence(
                declared,
                element("br"),
                Html.of(d.locked() == null ? "not locked" : "locked"),
                element("br"),
                Html.of(state.pulled() ? "pulled" : "not pulled"));
    }

    private static Html files(Lock.@Nullable Content locked) {
        return locked == null
                ? unknown("unknown")
                : Html.sequence(
                        Html.of(ReportText.number(locked.files())),
                        element("div", "quiet").text(Bytes.text(locked.bytes())));
    }

    private static Html fingerprint(Lock.@Nullable Content locked) {
        if (locked == null) {
            return unknown("none");
        }
        Fingerprint fingerprint = locked.fingerprint();
        return element("details", "print")
                .add(
                        element("summary")
                                .add(element("span", "mono")
                                        .text(fingerprint.hex().substring(0, 12) + "…")),
                        element("span", "mono full").text(ReportText.sha256(fingerprint)));
    }
}
