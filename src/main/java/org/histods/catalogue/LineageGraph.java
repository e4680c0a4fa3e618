package org.histods.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Lineage;
import org.histods.manifest.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * The relations between datasets: the lineage that manifests state, and what follows from it for any two datasets. A dataset
 * outside the catalogue is identified by its name. Immutable.
 */
public final class LineageGraph {

    /**
     * A relation that a manifest states.
     *
     * @param from the dataset of the manifest
     * @param to the other's id, or its name if it is not in the catalogue
     * @param relation how {@code from} is related to {@code to}
     * @param shares the strongest level that the two have in common; null if unknown
     * @param note a remark; null if none
     * @param evidence the source of the fact; null if none
     */
    public record Link(
            String from,
            String to,
            Lineage.Relation relation,
            Lineage.@Nullable Shared shares,
            @Nullable String note,
            @Nullable String evidence) {}

    private final Set<String> catalogued = new TreeSet<>();
    private final List<Link> links = new ArrayList<>();
    private final Map<String, List<Step>> steps = new TreeMap<>();

    /** @param manifests of the whole catalogue; all other datasets that they name are outside it */
    public LineageGraph(Collection<Manifest> manifests) {
        Map<String, String> names = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            String id = manifest.id().text();
            catalogued.add(id);
            manifest.names().aliases().forEach(alias -> names.put(Catalogue.normalised(alias), id));
        }
        catalogued.forEach(id -> names.put(id, id));
        for (Manifest manifest : manifests) {
            String id = manifest.id().text();
            for (Lineage entry : manifest.contents().lineage()) {
                String to = names.getOrDefault(Catalogue.normalised(entry.other()), entry.other());
                if (!to.equals(id) && !to.isEmpty()) {
                    Lineage.Shared shares = entry.shares().stream()
                            .min(Comparator.naturalOrder())
                            .orElse(null);
                    links.add(new Link(id, to, entry.relation(), shares, entry.note(), entry.evidence()));
                }
            }
        }
        links.sort(Comparator.comparing(Link::from).thenComparing(Link::to).thenComparing(Link::relation));
        index();
    }

    private LineageGraph(Set<String> catalogued, List<Link> links) {
        this.catalogued.addAll(catalogued);
        this.links.addAll(links);
        index();
    }

    private void index() {
        for (Link link : links) {
            steps.computeIfAbsent(link.from(), k -> new ArrayList<>()).add(new Step(link, true));
            steps.computeIfAbsent(link.to(), k -> new ArrayList<>()).add(new Step(link, false));
        }
    }

    /** The part with the links between these datasets. */
    public LineageGraph among(Set<String> names) {
        return new LineageGraph(
                catalogued,
                links.stream()
                        .filter(link -> names.contains(link.from()) && names.contains(link.to()))
                        .toList());
    }

    /** All links, sorted by the two names. */
    public List<Link> links() {
        return List.copyOf(links);
    }

    /** The names of all datasets with links, sorted. */
    public Set<String> connected() {
        return Collections.unmodifiableSet(new TreeSet<>(steps.keySet()));
    }

    /** Whether that name is an id of the catalogue. */
    public boolean inCatalogue(String name) {
        return catalogued.contains(name);
    }

    List<Step> stepsFrom(String name) {
        return steps.getOrDefault(name, List.of());
    }

    /** Whether all images of that dataset come from one other, according to its manifest. */
    boolean hasOneOrigin(String name) {
        return stepsFrom(name).stream()
                        .filter(step -> step.forward() && step.link().relation() == Lineage.Relation.DERIVED_FROM)
                        .map(step -> step.link().to())
                        .distinct()
                        .count()
                <= 1;
    }

    /**
     * The datasets that its images come from, directly or through others: for each the strongest chain, nearest first.
     *
     * @return empty if there are none
     */
    public List<Chain> ancestors(DatasetId id) {
        return nearestFirst(best(new LineageChainSearch(this).from(id.text()), chain -> chain.goes(true)));
    }

    /** The datasets with images from this one, directly or through others; as {@link #ancestors}. */
    public List<Chain> descendants(DatasetId id) {
        return nearestFirst(best(new LineageChainSearch(this).from(id.text()), chain -> chain.goes(false)));
    }

    /** For each dataset that this one shares or may share something with, the strongest chain; strongest first. */
    public List<Chain> related(DatasetId id) {
        return best(new LineageChainSearch(this).from(id.text()), chain -> true);
    }

    /**
     * Why two datasets share, or may share, files, slides or patients.
     *
     * @return every chain of links between them that no shorter chain makes redundant, strongest first; empty if the
     *     manifests have none, which proves nothing
     */
    public List<Chain> overlaps(DatasetId a, DatasetId b) {
        List<Chain> found = new ArrayList<>();
        for (Chain chain : sorted(new LineageChainSearch(this).from(a.text()))) {
            if (chain.to().equals(b.text())
                    && found.stream().noneMatch(shorter -> chain.nodes().containsAll(shorter.nodes()))) {
                found.add(chain);
            }
        }
        return List.copyOf(found);
    }

    private static List<Chain> sorted(List<Chain> chains) {
        return chains.stream().sorted(Chain.STRONGEST_FIRST).toList();
    }

    private static List<Chain> best(List<Chain> chains, Predicate<Chain> wanted) {
        Map<String, Chain> best = new LinkedHashMap<>();
        sorted(chains).stream().filter(wanted).forEach(chain -> best.putIfAbsent(chain.to(), chain));
        return List.copyOf(best.values());
    }

    private static List<Chain> nearestFirst(List<Chain> chains) {
        return chains.stream()
                .sorted(Comparator.comparingInt((Chain c) -> c.steps().size()).thenComparing(Chain::to))
                .toList();
    }

    /**
     * A link in one of its directions.
     *
     * @param forward from the dataset of the manifest to the other, which is towards the origin
     */
    public record Step(Link link, boolean forward) {

        public String from() {
            return forward ? link.from() : link.to();
        }

        public String to() {
            return forward ? link.to() : link.from();
        }

        /** Whether the relation is symmetric. */
        public boolean symmetric() {
            return !link.relation().fromOther();
        }

        /** The step in words, such as {@code monuseg is derived from kumar-2017}. */
        public String words() {
            String verb = switch (link.relation()) {
                case DERIVED_FROM -> forward ? " is derived from " : " is an origin of ";
                case PART_OF -> forward ? " is part of " : " contains ";
                case VARIANT_OF -> " is a variant of ";
                case IDENTICAL_TO -> " is identical to ";
                case OVERLAPS -> " overlaps ";
            };
            return from() + verb + to();
        }
    }

    /** How certain it is that the two ends of a chain have something in common. */
    public enum Certainty {
        /** It follows from the manifests. */
        PROVEN,
        /** One comes from the other through a dataset with further origins, so that the images may come from those. */
        LIKELY,
        /** Both have a common origin, or it is unknown what a link shares; their images may differ. */
        POSSIBLE;

        /** The word in output, such as {@code possible}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A path of links from one dataset to another.
     *
     * @param steps at least one; each begins where the previous one ends
     * @param shares the strongest level that the two ends can have in common: the weakest of its links. Same files implies
     *     same slides, same slides implies same patients. Null if a link does not have it
     */
    public record Chain(List<Step> steps, Lineage.@Nullable Shared shares, Certainty certainty) {

        static final Comparator<Chain> STRONGEST_FIRST = Comparator.comparing(Chain::certainty)
                .thenComparing(Chain::shares, Comparator.nullsLast(Comparator.naturalOrder()))
                .thenComparingInt(c -> c.steps().size())
                .thenComparing(Chain::toString);

        public Chain {
            steps = List.copyOf(steps);
        }

        public String from() {
            return steps.get(0).from();
        }

        public String to() {
            return steps.get(steps.size() - 1).to();
        }

        /** The names along the path, both ends included. */
        public List<String> nodes() {
            List<String> nodes = new ArrayList<>(List.of(from()));
            steps.forEach(step -> nodes.add(step.to()));
            return nodes;
        }

        /** All shared levels, strongest first: shared files imply shared slides and patients. Empty if unknown. */
        public List<Lineage.Shared> sharedLevels() {
            return Optional.ofNullable(shares).stream()
                    .flatMap(first ->
                            List.of(Lineage.Shared.values()).stream().filter(level -> level.compareTo(first) >= 0))
                    .toList();
        }

        /** Whether all its steps lead towards origins ({@code up}), or all away from them; symmetric steps do both. */
        boolean goes(boolean up) {
            return steps.stream().anyMatch(step -> !step.symmetric())
                    && steps.stream()
                            .allMatch(step -> step.symmetric()
                                    ? step.link().relation() != Lineage.Relation.OVERLAPS
                                    : step.forward() == up);
        }

        /** The chain in words: {@code a is derived from b, b is part of c}. */
        @Override
        public String toString() {
            return String.join(", ", steps.stream().map(Step::words).toList());
        }
    }
}
