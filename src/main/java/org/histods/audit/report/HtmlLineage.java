package org.histods.audit.report;

import static org.histods.html.Html.element;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.histods.audit.finding.Audit;
import org.histods.audit.finding.AuditedDataset;
import org.histods.catalogue.LineageGraph;
import org.histods.catalogue.LineageSvg;
import org.histods.html.Html;

/** A picture of where the images of a project's datasets come from, with the datasets' roles. */
final class HtmlLineage {

    private final Audit audit;
    private final LineageGraph lineages;

    HtmlLineage(Audit audit, ReportContext context) {
        this.audit = audit;
        this.lineages = context.lineages();
    }

    Html picture() {
        Map<String, String> notes = new TreeMap<>();
        Map<String, String> urls = new TreeMap<>();
        Set<String> shown = new TreeSet<>();
        int row = 1;
        for (AuditedDataset dataset : audit.datasets()) {
            String id = dataset.id().text();
            String roles = dataset.roles().isEmpty() ? "no role" : String.join("+", dataset.roles());
            String note = dataset.name().equals(id) ? roles : dataset.name() + ": " + roles;
            notes.merge(id, note, (one, other) -> one + "; " + other);
            urls.putIfAbsent(id, "#dataset-" + row++);
            shown.add(id);
            lineages.ancestors(dataset.id()).forEach(chain -> shown.addAll(chain.nodes()));
        }
        audit.overlaps().forEach(o -> o.chains().stream().limit(1).forEach(chain -> shown.addAll(chain.nodes())));
        LineageGraph part = lineages.among(shown);
        Set<String> linked = part.connected();
        List<String> alone = new ArrayList<>(notes.keySet());
        alone.removeAll(linked);
        Html picture = Html.sequence();
        if (!alone.isEmpty()) {
            picture.add(element("p")
                    .text("No origin is known of ")
                    .add(alone.stream().map(HtmlFragments::bdi).toList(), ", ")
                    .text(". That proves nothing: perhaps nobody has checked."));
        }
        if (!linked.isEmpty()) {
            picture.add(
                    element("div", "picture")
                            .attribute("role", "region")
                            .attribute("aria-label", "Picture of the lineage; scrolls sideways")
                            .attribute("tabindex", "0")
                            .add(LineageSvg.marked(part, urls, notes)),
                    asText(part));
        }
        return picture;
    }

    /** The picture for readers who cannot see it. */
    private static Html asText(LineageGraph part) {
        List<String> lines = part.links().stream()
                .map(link -> new LineageGraph.Step(link, true).words() + ": "
                        + (link.shares() == null
                                ? "what they share is not known"
                                : "shares " + link.shares().word())
                        + (link.evidence() == null ? "" : " (" + link.evidence() + ")"))
                .toList();
        return HtmlFragments.fold(Html.of("The same as text"), HtmlFragments.list(lines), false);
    }
}
