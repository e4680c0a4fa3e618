package org.histods.pull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.text.Count;

/** Combines several problems into one that reports the most important and lists all attempts. */
final class FailureSummary {

    /** The most important kinds first. */
    private static final List<Problem.Kind> ORDER = List.of(
            Problem.Kind.DISK,
            Problem.Kind.WRONG_BYTES,
            Problem.Kind.UPSTREAM_CHANGED,
            Problem.Kind.PERSON,
            Problem.Kind.NETWORK);

    private FailureSummary() {}

    /** The failures of one file at all its sources. */
    static Problem of(List<Problem> failures) {
        Problem first = mostImportant(failures);
        List<Attempt> attempts = new ArrayList<>();
        failures.forEach(p -> attempts.addAll(p.attempts()));
        return new Problem(first.kind(), first.message(), first.hint(), attempts, first);
    }

    /** The failures of several files of one dataset. */
    static Problem together(List<Problem> failures, int of) {
        if (failures.size() == 1) {
            return failures.get(0);
        }
        Problem first = mostImportant(failures);
        List<Attempt> attempts = new ArrayList<>();
        failures.forEach(p -> attempts.addAll(p.attempts()));
        StringBuilder message =
                new StringBuilder(failures.size() + " of " + Count.of(of, "file") + " could not be fetched");
        failures.stream()
                .limit(20)
                .forEach(p -> message.append("\n  ")
                        .append(p.message().lines().findFirst().orElse("")));
        if (failures.size() > 20) {
            message.append("\n  and ").append(failures.size() - 20).append(" more");
        }
        String kept = "the received files are kept; the same command fetches only what is missing";
        boolean act = first.kind() == Problem.Kind.PERSON && first.hint() != null;
        return new Problem(
                first.kind(), message.toString(), act ? first.hint() + "\n  " + kept : kept, attempts, first);
    }

    private static Problem mostImportant(List<Problem> failures) {
        return failures.stream()
                .min(Comparator.comparingInt(p -> {
                    int at = ORDER.indexOf(p.kind());
                    return at < 0 ? ORDER.size() : at;
                }))
                .orElseThrow();
    }
}
