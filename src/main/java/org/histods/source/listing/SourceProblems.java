package org.histods.source.listing;

import java.util.List;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.problem.Problem.Kind;
import org.jspecify.annotations.Nullable;

/** Says of a host's failure which record it was about, and what a person can make of it. */
public final class SourceProblems {

    private SourceProblems() {}

    /**
     * The same problem, of the same kind, about that subject.
     *
     * @param subject what was being read, such as {@code zenodo record 1214456}
     * @param page where a person can look, null if there is no such page
     */
    public static Problem about(String subject, @Nullable String page, Problem problem) {
        Integer status = status(problem);
        String look = page == null ? problem.hint() : "look at " + page;
        if (status != null && (status == 404 || status == 410)) {
            return like(problem, subject + " is not there: the host answered " + status, look);
        }
        if (problem.kind() == Kind.PERSON) {
            return like(problem, subject + " wants a login or accepted terms: " + problem.message(), look);
        }
        return like(problem, subject + " cannot be read: " + problem.message(), problem.hint());
    }

    /** The same kind and attempts with another message and hint. */
    public static Problem like(Problem problem, String message, @Nullable String hint) {
        return new Problem(problem.kind(), message, hint, problem.attempts(), problem);
    }

    /** The HTTP status of the last answer that came, null if none did. */
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

    /** Whether what the host said holds that word, such as an error code of S3. */
    public static boolean says(Problem problem, String word) {
        return problem.message().contains(word)
                || problem.attempts().stream().anyMatch(a -> a.cause().contains(word));
    }

    /** Up to {@code most} of the names, and how many more there are. */
    public static String some(List<String> names, int most) {
        String shown = String.join(", ", names.subList(0, Math.min(most, names.size())));
        return names.size() <= most ? shown : shown + " and " + (names.size() - most) + " more";
    }
}
