package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.catalogue.LineageGraph.Link;
import org.histods.catalogue.LineageGraph.Step;

/** What manifests say of how two datasets hang together, as lines of evidence. */
final class LineageEvidence {

    /** Two datasets may be connected over many ways; the strongest are enough to see why. */
    private static final int CHAINS = 3;

    private LineageEvidence() {}

    /** Each chain in words, and each of its links once with who says so and where that is from. */
    static List<String> words(List<Chain> chains) {
        List<String> words = new ArrayList<>();
        Set<Link> told = new LinkedHashSet<>();
        for (Chain chain : chains.subList(0, Math.min(CHAINS, chains.size()))) {
            words.add(chain + ": " + chain.certainty().word() + ", "
                    + (chain.shares() == null
                            ? "what is shared is not said"
                            : chain.shares().word()));
            chain.steps().stream().map(Step::link).filter(told::add).forEach(link -> words.add(said(link)));
        }
        if (chains.size() > CHAINS) {
            words.add("and " + (chains.size() - CHAINS) + " further ways; `histods show ID --lineage` tells all");
        }
        return words;
    }

    private static String said(Link link) {
        return "manifests/" + link.from() + ".yaml says so of " + link.to()
                + (link.note() == null ? "" : ": " + link.note())
                + (link.evidence() == null ? "" : " (evidence: " + link.evidence() + ")");
    }
}
