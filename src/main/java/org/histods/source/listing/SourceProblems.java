package org.histods.source.listing;

import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.problem.Problem.Kind;
import org.jspecify.annotations.Nullable;

/** Adds the record and a next step to the failures of hosts. */
public final class SourceProblems {

    private SourceProblems() {}

    /**
     * The same problem with the subject in its message.
     *
     * @param subject what was read, such as {@code zenodo record 1214456}
     * @param page the record's page, for the hint; null if there is none
     */
    public static Problem about(String subject, @Nullable String page, Problem problem) {
        Integer status = status(problem);
        String look = page == null ? problem.hint() : "see " + page;
        if (status != null && (status == 404 || status == 410)) {
            return withMessage(problem, subject + " was not found: the host responded with status " + status, look);
        }
        if (problem.kind() == Kind.PERSON) {
            return withMessage(problem, subject + " requires a login or accepted terms: " + problem.message(), look);
        }
        return withMessage(problem, subject + " cannot be read: " + problem.message(), problem.hint());
    }

    /** The same problem with another message and hint. */
    public static Problem withMessage(Problem problem, String message, @Nullable String hint) {
        return new Problem(problem.kind(), message, hint, problem.attempts(), problem);
    }

    /** The HTTP status of the last response; null if there was none. */
    public static @Nullable Integer status(Problem problem) {
        List<Attempt> attempts = problem.attempts();
        for (int i = attempts.size() - 1; i >= 0; i--) {
            Integer status = attempts.get(i).status();
            if (status != null) {
                return status;
            }
        }
        return null;
    }

    /** Whether the host's message contains that word, such as an error code of S3. */
    public static boolean mentions(Problem problem, String word) {
        return problem.message().contains(word)
                || problem.attempts().stream().anyMatch(a -> a.cause().contains(word));
    }
}
