package org.histods.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.histods.fetch.FetchCandidate;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The places that failed in a way that says something about their other files too: they gave wrong bytes, or could not
 * be reached at all. For the rest of the pull they are asked last. Safe to share between threads.
 */
final class SourceHealth {

    private final Set<String> places = ConcurrentHashMap.newKeySet();

    /** Remembers the place of a failed attempt, if the failure may be more than that file's. */
    void after(FetchCandidate candidate, Problem problem) {
        boolean wrong = problem.kind() == Problem.Kind.WRONG_BYTES || problem.kind() == Problem.Kind.UPSTREAM_CHANGED;
        boolean silent = problem.kind() == Problem.Kind.NETWORK
                && !problem.attempts().isEmpty()
                && problem.attempts().stream().allMatch(a -> a.status() == null);
        if (wrong || silent) {
            places.add(place(candidate));
        }
    }

    boolean doubts(FetchCandidate candidate) {
        return places.contains(place(candidate));
    }

    /** Those that are trusted, then the others, and at the very end {@code last} where it is not null. */
    List<FetchCandidate> ordered(List<FetchCandidate> candidates, @Nullable FetchCandidate last) {
        List<FetchCandidate> ordered = new ArrayList<>();
        candidates.stream().filter(c -> !doubts(c)).forEach(ordered::add);
        candidates.stream().filter(this::doubts).forEach(ordered::add);
        if (last != null) {
            ordered.add(last);
        }
        return ordered;
    }

    /** One source of one kind at one host. */
    private static String place(FetchCandidate candidate) {
        return candidate.source().kind() + " " + candidate.record() + " "
                + candidate.file().uri().getHost();
    }
}
