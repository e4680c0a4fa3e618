package org.histods.audit.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.catalogue.LineageGraph;
import org.histods.catalogue.LineageSvg;

/** Where the images of a project's datasets come from, as a picture with the roles in it. */
final class HtmlLineage {

    private final Audit audit;
    private final LineageGraph lineages;

    HtmlLineage(Audit audit, ReportContext setting) {
        this.audit = audit;
        this.lineages = setting.lineages();
    }

    String picture() {
        Map<String, String> notes = new TreeMap<>();
        Map<String, String> addresses = new TreeMap<>();
        Set<String> shown = new TreeSet<>();
        int row = 1;
        for (AuditedDataset dataset : audit.datasets()) {
            String id = dataset.id().text();
            String roles = dataset.roles().isEmpty() ? "no role" : String.join("+", dataset.roles());
            String note = dataset.name().equals(id) ? roles : dataset.name() + ": " + roles;
            notes.merge(id, note, (one, other) -> one + "; " + other);
            addresses.putIfAbsent(id, "#dataset-" + row++);
            shown.add(id);
            lineages.ancestors(dataset.id()).forEach(chain -> shown.addAll(chain.nodes()));
        }
        audit.overlaps().forEach(o -> o.chains().stream().limit(1).forEach(chain -> shown.addAll(chain.nodes())));
        LineageGraph part = lineages.among(shown);
        Set<String> linked = part.connected();
        List<String> alone = new ArrayList<>(notes.keySet());
        alone.removeAll(linked);
        String without = alone.isEmpty()
                ? ""
                : "<p>No origin is known of "
                        + alone.stream().map(HtmlFragments::bdi).collect(Collectors.joining(", "))
                        + ", which proves nothing: it may be that nobody has looked.</p>\n";
        if (linked.isEmpty()) {
            return without;
        }
        return without
                + "<div class=\"picture\" role=\"region\" aria-label=\"Picture of the lineage; scrolls sideways\""
                + " tabindex=\"0\">" + LineageSvg.marked(part, addresses, notes) + "</div>\n" + inWords(part);
    }

    /** The picture for those who cannot see it. */
    private static String inWords(LineageGraph part) {
        List<String> lines = part.links().stream()
                .map(link -> new LineageGraph.Step(link, true).words() + ": "
                        + (link.shares() == null
                                ? "what they share is not known"
                                : "shares " + link.shares().word())
                        + (link.evidence() == null ? "" : " (" + link.evidence() + ")"))
                .toList();
        return HtmlFragments.fold("The same in words", HtmlFragments.list(lines), false);
    }
}
