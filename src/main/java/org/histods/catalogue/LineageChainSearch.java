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
 * Finds the chains of links from a dataset that show what it shares with the datasets at their other ends.
 *
 * <p>Datasets are sets of slides, or of patients. Along a chain the search tracks what is known about the first set and the
 * current one ({@link Known}); as long as they must have a common element, the chain proves sharing. Otherwise a chain counts
 * if it leads only towards origins or only away from them (likely), or first towards a common origin and then away from it,
 * through at most one overlap (possible). Any other chain is ignored: two datasets that both became part of a third need not
 * overlap.
 */
final class LineageChainSearch {

    /** What is known about the first set of a chain and the current one. */
    private enum Known {
        EQUAL,
        /** The first is a subset of the current one. */
        SUBSET,
        /** The first is a superset of the current one. */
        SUPERSET,
        /** They have a common element. */
        OVERLAPPING,
        NOTHING;

        Known then(Known step) {
            if (this == NOTHING || step == NOTHING) {
                return NOTHING;
            }
            if (this == EQUAL || step == EQUAL) {
                return this == EQUAL ? step : this;
            }
            return switch (this) {
                // The first is in the middle set; which part of that the last one has is unknown.
                case SUBSET -> step == SUBSET ? SUBSET : NOTHING;
                // The middle set is in the first, so what the last one has of it is in both.
                case SUPERSET -> step == SUPERSET ? SUPERSET : OVERLAPPING;
                default -> step == SUBSET ? OVERLAPPING : NOTHING;
            };
        }
    }

    /** The direction of a chain: towards origins, away from them, or first one and then the other. */
    private enum Direction {
        START,
        UP,
        DOWN,
        UP_THEN_DOWN,
        MIXED;

        Direction then(Step step) {
            if (step.symmetric()) {
                boolean over = step.link().relation() == Lineage.Relation.OVERLAPS;
                return !over ? this : this == START || this == UP ? UP_THEN_DOWN : MIXED;
            }
            return switch (this) {
                case START -> step.forward() ? UP : DOWN;
                case UP -> step.forward() ? UP : UP_THEN_DOWN;
                case DOWN -> step.forward() ? MIXED : DOWN;
                case UP_THEN_DOWN -> step.forward() ? MIXED : UP_THEN_DOWN;
                case MIXED -> MIXED;
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

        boolean counts() {
            return known != Known.NOTHING || direction != Direction.MIXED;
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

    /** All chains from that dataset that count and have no dataset twice; in no order. */
    List<Chain> from(String name) {
        walk(name, new LinkedHashSet<>(Set.of(name)), new ArrayList<>(), State.START);
        return found;
    }

    private void walk(String name, Set<String> visited, List<Step> path, State state) {
        for (Step step : lineages.stepsFrom(name)) {
            State next = state.then(step, known(step));
            if (!next.counts() || !visited.add(step.to())) {
                continue;
            }
            path.add(step);
            found.add(new Chain(path, next.shares(), next.certainty()));
            walk(step.to(), visited, path, next);
            path.remove(path.size() - 1);
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
            case OVERLAPS -> Known.OVERLAPPING;
            case PART_OF -> step.forward() ? Known.SUBSET : Known.SUPERSET;
            case DERIVED_FROM -> {
                if (!lineages.hasOneOrigin(link.from())) {
                    yield Known.OVERLAPPING;
                }
                yield step.forward() ? Known.SUBSET : Known.SUPERSET;
            }
        };
    }
}
