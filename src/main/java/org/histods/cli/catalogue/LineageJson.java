package org.histods.cli.catalogue;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.catalogue.LineageGraph;
import org.histods.catalogue.LineageGraph.Certainty;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.catalogue.LineageGraph.Link;
import org.histods.catalogue.LineageGraph.Step;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Lineage;
import org.jspecify.annotations.Nullable;

/** The lineage of a dataset as maps and lists for JSON, and the texts used with it. */
final class LineageJson {

    private final LineageGraph lineages;

    LineageJson(LineageGraph lineages) {
        this.lineages = lineages;
    }

    /**
     * The chains to other datasets, in the three lists of {@link #titles}. A dataset is in the first list that applies; a
     * list is empty if the manifests name no dataset for it.
     */
    Map<String, List<Chain>> chains(DatasetId id) {
        List<Chain> ancestors = lineages.ancestors(id);
        List<Chain> descendants = lineages.descendants(id);
        Set<String> listed = new HashSet<>();
        ancestors.forEach(chain -> listed.add(chain.to()));
        descendants.forEach(chain -> listed.add(chain.to()));
        Map<String, List<Chain>> chains = new LinkedHashMap<>();
        chains.put("ancestors", ancestors);
        chains.put("descendants", descendants);
        chains.put(
                "related",
                lineages.related(id).stream()
                        .filter(chain -> !listed.contains(chain.to()))
                        .toList());
        return chains;
    }

    /** The title of each list of {@link #chains}, in display order. */
    static Map<String, String> titles() {
        Map<String, String> titles = new LinkedHashMap<>();
        titles.put("ancestors", "Its images come from");
        titles.put("descendants", "Its images went into");
        titles.put("related", "Shares, or may share, data with");
        return titles;
    }

    /** {@code {dataset, ancestors, descendants, related}}. */
    Map<String, Object> object(DatasetId id) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("dataset", id.text());
        chains(id)
                .forEach((name, chains) ->
                        object.put(name, chains.stream().map(this::object).toList()));
        return object;
    }

    private Map<String, Object> object(Chain chain) {
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("dataset", chain.to());
        object.put("in_catalogue", lineages.inCatalogue(chain.to()));
        object.put(
                "shares",
                chain.sharedLevels().stream().map(Lineage.Shared::word).toList());
        object.put("certainty", chain.certainty().word());
        object.put("steps", chain.steps().stream().map(LineageJson::object).toList());
        return object;
    }

    private static Map<String, Object> object(Step step) {
        Link link = step.link();
        Map<String, Object> object = new LinkedHashMap<>();
        object.put("words", step.words());
        object.put("said_by", link.from());
        object.put("relation", link.relation().word());
        object.put("of", link.to());
        object.put("shares", word(link.shares()));
        object.put("note", link.note());
        object.put("evidence", link.evidence());
        return object;
    }

    /** The meaning of a certainty, in one line. */
    static String meaning(Certainty certainty) {
        return switch (certainty) {
            case PROVEN -> "follows from the manifests";
            case LIKELY -> "one comes from the other through a dataset that also has other origins";
            case POSSIBLE -> "both use the same origin, perhaps different images of it, or what they share is unknown";
        };
    }

    /** What the two ends of a chain share, in words. */
    static String shares(Chain chain) {
        List<String> levels =
                chain.sharedLevels().stream().map(Lineage.Shared::word).toList();
        if (levels.isEmpty()) {
            return "unknown what they share";
        }
        String verb = switch (chain.certainty()) {
            case PROVEN -> "shares ";
            case LIKELY, POSSIBLE -> "may share ";
        };
        return verb + String.join(", ", levels);
    }

    static @Nullable String word(Lineage.@Nullable Shared shared) {
        return shared == null ? null : shared.word();
    }
}
