package org.histods.cli.catalogue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.catalogue.LineageGraph;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.catalogue.LineageGraph.Link;
import org.histods.catalogue.LineageGraph.Step;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.Console;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;

/** Prints {@code show --lineage}: how a dataset is related to the others of the catalogue. */
final class LineageView {

    private final AppContext app;

    LineageView(AppContext app) {
        this.app = app;
    }

    /**
     * Prints the lineage of a dataset.
     *
     * @param subject from the catalogue, or from a manifest file of the user's that replaces the catalogue's
     */
    void print(Manifest subject) throws Problem {
        List<Manifest> all = new ArrayList<>();
        for (Manifest other : app.catalogue().manifests()) {
            if (!other.id().equals(subject.id())) {
                all.add(other);
            }
        }
        all.add(subject);
        LineageGraph lineages = new LineageGraph(all);
        LineageJson lineageJson = new LineageJson(lineages);
        Console console = app.console();
        if (console.json()) {
            console.object(lineageJson.object(subject.id()));
            return;
        }
        console.data(console.bold(subject.title()));
        console.data(subject.id() + " " + subject.version());
        Set<Link> explained = new HashSet<>();
        Map<String, String> titles = LineageJson.titles();
        lineageJson.chains(subject.id()).forEach((name, chains) -> {
            console.data("");
            console.data(titles.getOrDefault(name, name));
            if (chains.isEmpty()) {
                console.data("  none named in the manifests (others are possible)");
            }
            chains.forEach(chain -> chain(lineages, chain, explained));
        });
        console.say("");
        for (LineageGraph.Certainty certainty : LineageGraph.Certainty.values()) {
            console.say(certainty.word() + ": " + LineageJson.meaning(certainty));
        }
    }

    /** Prints a chain; each link is explained only once, because many chains start the same way. */
    private void chain(LineageGraph lineages, Chain chain, Set<Link> explained) {
        Console console = app.console();
        String outside = lineages.inCatalogue(chain.to()) ? "" : "  (outside the catalogue)";
        console.data("  " + console.bold(chain.to()) + outside + ": "
                + chain.certainty().word() + ", " + LineageJson.shares(chain));
        for (Step step : chain.steps()) {
            console.wrap("- " + step.words(), "      ").forEach(console::data);
            Link link = step.link();
            if (!explained.add(link)) {
                continue;
            }
            if (link.note() != null) {
                console.wrap(link.note(), "        ").forEach(console::data);
            }
            if (link.evidence() != null) {
                console.wrap("evidence: " + link.evidence(), "        ").forEach(console::data);
            }
        }
    }
}
