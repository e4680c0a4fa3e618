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
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;

/** How one dataset hangs together with the others of the catalogue, for {@code show --lineage}. */
final class LineageView {

    private final AppContext wiring;

    LineageView(AppContext wiring) {
        this.wiring = wiring;
    }

    /**
     * Prints it.
     *
     * @param asked from the catalogue, or from a file of the user's: what that says counts then
     */
    void print(Manifest asked) throws Problem {
        List<Manifest> all = new ArrayList<>();
        for (ManifestFile file : wiring.catalogue().all()) {
            if (!file.manifest().id().equals(asked.id())) {
                all.add(file.manifest());
            }
        }
        all.add(asked);
        LineageGraph lineages = new LineageGraph(all);
        LineageJson kinship = new LineageJson(lineages);
        Console console = wiring.console();
        if (console.json()) {
            console.object(kinship.object(asked.id()));
            return;
        }
        console.data(console.bold(asked.title()));
        console.data(asked.id() + " " + asked.version());
        Set<Link> told = new HashSet<>();
        Map<String, String> titles = LineageJson.titles();
        kinship.chains(asked.id()).forEach((name, chains) -> {
            console.data("");
            console.data(titles.getOrDefault(name, name));
            if (chains.isEmpty()) {
                console.data("  none that the manifests name, which proves nothing");
            }
            chains.forEach(chain -> chain(lineages, chain, told));
        });
        console.say("");
        for (LineageGraph.Certainty certainty : LineageGraph.Certainty.values()) {
            console.say(certainty.word() + ": " + LineageJson.meaning(certainty));
        }
    }

    /** Each link is explained where it first occurs; many chains begin alike. */
    private void chain(LineageGraph lineages, Chain chain, Set<Link> told) {
        Console console = wiring.console();
        String outside = lineages.inCatalogue(chain.to()) ? "" : "  (outside the catalogue)";
        console.data("  " + console.bold(chain.to()) + outside + ": "
                + chain.certainty().word() + ", " + LineageJson.shares(chain));
        for (Step step : chain.steps()) {
            console.wrap("- " + step.words(), "      ").forEach(console::data);
            Link link = step.link();
            if (!told.add(link)) {
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
