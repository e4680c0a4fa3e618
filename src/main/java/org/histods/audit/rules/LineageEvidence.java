package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.catalogue.LineageGraph.Link;
import org.histods.catalogue.LineageGraph.Step;

/** The links between two datasets in the manifests, as lines of evidence. */
final class LineageEvidence {

    /** The most chains that are listed: the strongest are enough to explain an overlap. */
    private static final int CHAINS = 3;

    private LineageEvidence() {}

    /** Each chain, and each of its links once with its manifest and evidence. */
    static List<String> words(List<Chain> chains) {
        List<String> words = new ArrayList<>();
        Set<Link> listed = new LinkedHashSet<>();
        for (Chain chain : chains.subList(0, Math.min(CHAINS, chains.size()))) {
            words.add(chain + ": " + chain.certainty().word() + ", "
                    + (chain.shares() == null
                            ? "what is shared is unknown"
                            : chain.shares().word()));
            chain.steps().stream().map(Step::link).filter(listed::add).forEach(link -> words.add(source(link)));
        }
        if (chains.size() > CHAINS) {
            words.add("and " + (chains.size() - CHAINS) + " more chains; `histods show ID --lineage` lists all");
        }
        return words;
    }

    private static String source(Link link) {
        return "manifests/" + link.from() + ".yaml links to " + link.to()
                + (link.note() == null ? "" : ": " + link.note())
                + (link.evidence() == null ? "" : " (evidence: " + link.evidence() + ")");
    }
}
