package org.histods.catalogue;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.histods.catalogue.LineageGraph.Certainty;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.catalogue.LineageGraph.Step;
import org.histods.manifest.Lineage;
import org.jspecify.annotations.Nullable;

/**
 * Finds the chains of links from a dataset that say something about what it shares with their other ends.
 *
 * <p>Datasets are seen as sets of slides, or of patients. Along a chain the search keeps what it knows of the first set
 * and the one that it has come to ({@link Known}); while it knows that they have an element in common, the chain proves
 * sharing. Else a chain counts if it goes only towards origins or only from them (likely), or first towards a common
 * origin and then from it, over at most one overlap (possible). Any other way says nothing: that two datasets both went
 * into a third does not make them overlap.
 */
final class LineageChainSearch {

    /** What is known of the first set of a chain, seen from the one that it has come to. */
    private enum Known {
        EQUAL,
        /** It lies within the other. */
        WITHIN,
        /** It holds all of the other. */
        HOLDS,
        /** They have something in common. */
        MEETS,
        NOTHING;

        Known then(Known step) {
            if (this == NOTHING || step == NOTHING) {
                return NOTHING;
            }
            if (this == EQUAL || step == EQUAL) {
                return this == EQUAL ? step : this;
            }
            return switch (this) {
                // All of the first lies in the middle set; which part of that the last one has is open.
                case WITHIN -> step == WITHIN ? WITHIN : NOTHING;
                // The middle set lies in the first; whatever of it is in the last is in both.
                case HOLDS -> step == HOLDS ? HOLDS : MEETS;
                default -> step == WITHIN ? MEETS : NOTHING;
            };
        }
    }

    /** Whether a chain may still be one towards an origin, or towards a common one and from it. */
    private enum Direction {
        START,
        UP,
        DOWN,
        UP_THEN_DOWN,
        ASTRAY;

        Direction then(Step step) {
            if (step.even()) {
                boolean over = step.link().relation() == Lineage.Relation.OVERLAPS;
                return !over ? this : this == START || this == UP ? UP_THEN_DOWN : ASTRAY;
            }
            return switch (this) {
                case START -> step.forward() ? UP : DOWN;
                case UP -> step.forward() ? UP : UP_THEN_DOWN;
                case DOWN -> step.forward() ? ASTRAY : DOWN;
                case UP_THEN_DOWN -> step.forward() ? ASTRAY : UP_THEN_DOWN;
                case ASTRAY -> ASTRAY;
            };
        }
    }

    private record State(Known known, Direction direction, boolean levelsKnown, Lineage.@Nullable Shared shares) {

        static final State START = new State(Known.EQUAL, Direction.START, true, null);

        State then(Step step, Known ofStep) {
            Lineage.Shared next = step.link().shares();
            boolean levels = levelsKnown && next != null;
            Lineage.Shared weakest = shares == null || (next != null && next.compareTo(shares) > 0) ? next : shares;
            return new State(known.then(ofStep), direction.then(step), levels, levels ? weakest : null);
        }

        boolean says() {
            return known != Known.NOTHING || direction != Direction.ASTRAY;
        }

        Certainty certainty() {
            if (!levelsKnown) {
                return Certainty.POSSIBLE;
            }
            if (known != Known.NOTHING) {
                return Certainty.PROVEN;
            }
            return direction == Direction.UP || direction == Direction.DOWN ? Certainty.LIKELY : Certainty.POSSIBLE;
        }
    }

    private final LineageGraph lineages;
    private final List<Chain> found = new ArrayList<>();

    LineageChainSearch(LineageGraph lineages) {
        this.lineages = lineages;
    }

    /** Every chain from that dataset that says something and visits none twice; in no order. */
    List<Chain> from(String name) {
        walk(name, new LinkedHashSet<>(Set.of(name)), new ArrayList<>(), State.START);
        return found;
    }

    private void walk(String name, Set<String> visited, List<Step> way, State state) {
        for (Step step : lineages.stepsFrom(name)) {
            State next = state.then(step, known(step));
            if (!next.says() || !visited.add(step.to())) {
                continue;
            }
            way.add(step);
            found.add(new Chain(way, next.shares(), next.certainty()));
            walk(step.to(), visited, way, next);
            way.remove(way.size() - 1);
            visited.remove(step.to());
        }
    }

    private Known known(Step step) {
        LineageGraph.Link link = step.link();
        if (link.shares() == null) {
            return Known.NOTHING;
        }
        return switch (link.relation()) {
            case IDENTICAL_TO, VARIANT_OF -> Known.EQUAL;
            case OVERLAPS -> Known.MEETS;
            case PART_OF -> step.forward() ? Known.WITHIN : Known.HOLDS;
            case DERIVED_FROM -> {
                if (!lineages.pure(link.from())) {
                    yield Known.MEETS;
                }
                yield step.forward() ? Known.WITHIN : Known.HOLDS;
            }
        };
    }
}
