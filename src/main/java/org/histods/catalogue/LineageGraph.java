package org.histods.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Lineage;
import org.histods.manifest.Manifest;
import org.jspecify.annotations.Nullable;

/**
 * How datasets hang together: what each manifest says of where its images come from, and what follows from that for
 * any two of them. A dataset outside the catalogue has its place here by its name; two manifests that name it alike mean
 * the same. Immutable.
 */
public final class LineageGraph {

    /**
     * What one manifest says of one other dataset.
     *
     * @param from the dataset whose manifest says it
     * @param to the other's id, or its name where it is not in the catalogue
     * @param relation how {@code from} is related to {@code to}
     * @param shares the strongest thing that the two have in common; null where nobody knows
     * @param note in words
     * @param evidence where this is said
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

    /** @param manifests of the whole catalogue; a dataset that is named in one and not among them counts as outside */
    public LineageGraph(Collection<Manifest> manifests) {
        Map<String, String> names = new LinkedHashMap<>();
        for (Manifest manifest : manifests) {
            String id = manifest.id().text();
            catalogued.add(id);
            manifest.aliases().forEach(alias -> names.put(Catalogue.plain(alias), id));
        }
        catalogued.forEach(id -> names.put(id, id));
        for (Manifest manifest : manifests) {
            String id = manifest.id().text();
            for (Lineage entry : manifest.lineage()) {
                String to = names.getOrDefault(Catalogue.plain(entry.other()), entry.other());
                if (!to.equals(id) && !to.isEmpty()) {
                    Lineage.Shared shares = entry.shares().stream()
                            .min(Comparator.naturalOrder())
                            .orElse(null);
                    links.add(new Link(id, to, entry.relation(), shares, entry.note(), entry.evidence()));
                }
            }
        }
        links.sort(Comparator.comparing(Link::from).thenComparing(Link::to).thenComparing(Link::relation));
        walk();
    }

    private LineageGraph(Set<String> catalogued, List<Link> links) {
        this.catalogued.addAll(catalogued);
        this.links.addAll(links);
        walk();
    }

    private void walk() {
        for (Link link : links) {
            steps.computeIfAbsent(link.from(), k -> new ArrayList<>()).add(new Step(link, true));
            steps.computeIfAbsent(link.to(), k -> new ArrayList<>()).add(new Step(link, false));
        }
    }

    /** Only what is said of these datasets among each other. */
    public LineageGraph among(Set<String> names) {
        return new LineageGraph(
                catalogued,
                links.stream()
                        .filter(link -> names.contains(link.from()) && names.contains(link.to()))
                        .toList());
    }

    /** All that the manifests say, sorted by the two names. */
    public List<Link> links() {
        return List.copyOf(links);
    }

    /** The names of all datasets that are linked to another, sorted. */
    public Set<String> connected() {
        return java.util.Collections.unmodifiableSet(new TreeSet<>(steps.keySet()));
    }

    /** Whether that name is the id of a dataset of the catalogue. */
    public boolean inCatalogue(String name) {
        return catalogued.contains(name);
    }

    List<Step> stepsFrom(String name) {
        return steps.getOrDefault(name, List.of());
    }

    /** Whether all images of that dataset come from one other, so far as its manifest says. */
    boolean pure(String name) {
        return stepsFrom(name).stream()
                        .filter(step -> step.forward() && step.link().relation() == Lineage.Relation.DERIVED_FROM)
                        .map(step -> step.link().to())
                        .distinct()
                        .count()
                <= 1;
    }

    /**
     * The datasets that its images come from, directly or over others: for each the strongest way there, the nearest
     * first.
     *
     * @return empty where it comes from none, or is unknown
     */
    public List<Chain> ancestors(DatasetId id) {
        return nearestFirst(best(new LineageChainSearch(this).from(id.text()), chain -> chain.goes(true)));
    }

    /** The datasets that images of this one went into, directly or over others; as {@link #ancestors}. */
    public List<Chain> descendants(DatasetId id) {
        return nearestFirst(best(new LineageChainSearch(this).from(id.text()), chain -> chain.goes(false)));
    }

    /** For each dataset that this one shares or may share something with, the strongest chain there; strongest first. */
    public List<Chain> related(DatasetId id) {
        return best(new LineageChainSearch(this).from(id.text()), chain -> true);
    }

    /**
     * Why two datasets share files, slides or patients, or may do so.
     *
     * @return every chain of links that says so and of which no part says as much by itself, strongest first; empty
     *     where the manifests give no reason to think so, which proves nothing
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

    private static List<Chain> best(List<Chain> chains, java.util.function.Predicate<Chain> wanted) {
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
     * A link, walked from one end to the other.
     *
     * @param forward from the dataset whose manifest says it to the other: against the way that images went
     */
    public record Step(Link link, boolean forward) {

        public String from() {
            return forward ? link.from() : link.to();
        }

        public String to() {
            return forward ? link.to() : link.from();
        }

        /** Whether the relation holds in both directions. */
        public boolean even() {
            return !link.relation().fromOther();
        }

        /** The step in words, such as {@code monuseg is derived from kumar-2017}. */
        public String words() {
            String said = switch (link.relation()) {
                case DERIVED_FROM -> forward ? " is derived from " : " is an origin of ";
                case PART_OF -> forward ? " is part of " : " contains ";
                case VARIANT_OF -> " is a variant of ";
                case IDENTICAL_TO -> " is identical to ";
                case OVERLAPS -> " overlaps ";
            };
            return from() + said + to();
        }
    }

    /** How sure it is that the two ends of a chain have something in common. */
    public enum Certainty {
        /** It follows from what the manifests say. */
        PROVEN,
        /**
         * One comes from the other over a dataset that has further origins too; nobody has said that this part of it went
         * all the way.
         */
        LIKELY,
        /** Both have an origin in common, or what a link shares is not known; they may have drawn different images. */
        POSSIBLE;

        /** The word in output, such as {@code possible}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A way from one dataset to another over what manifests say.
     *
     * @param steps at least one; each begins where the one before ends
     * @param shares the strongest thing that the two ends can have in common along this way: the weakest of its links'.
     *     Same files implies same slides, same slides implies same patients. Null where a link does not say
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

        /** The names along the way, both ends included. */
        public List<String> nodes() {
            List<String> nodes = new ArrayList<>(List.of(from()));
            steps.forEach(step -> nodes.add(step.to()));
            return nodes;
        }

        /** Everything that is shared, strongest first: files bring slides and patients along. Empty where unknown. */
        public List<Lineage.Shared> sharedLevels() {
            return Optional.ofNullable(shares).stream()
                    .flatMap(first ->
                            List.of(Lineage.Shared.values()).stream().filter(level -> level.compareTo(first) >= 0))
                    .toList();
        }

        /** Whether it goes all the way towards origins ({@code up}), or all the way from them; even steps do both. */
        boolean goes(boolean up) {
            return steps.stream().anyMatch(step -> !step.even())
                    && steps.stream()
                            .allMatch(step -> step.even()
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
