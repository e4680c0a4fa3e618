package org.histods.transport;

import java.time.Instant;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** What one request came to. */
sealed interface AttemptResult {

    record Data(Response answer) implements AttemptResult {}

    record Redirected(RedirectHop next) implements AttemptResult {}

    /** The login that was sent was refused, and the same is to be asked without it. */
    record LoginRefused() implements AttemptResult {}

    /**
     * Something else than data.
     *
     * @param kind who can act if this was the last attempt
     * @param again whether another attempt may end otherwise
     * @param crowded whether the host said that it is asked too much, so that longer pauses are due
     * @param notBefore when the host wants to be asked again; null if it did not say
     * @param message what was tried and what came
     * @param hint the next step
     * @param attempt for the list of attempts
     * @param cause what was thrown, if anything
     */
    record Setback(
            Problem.Kind kind,
            boolean again,
            boolean crowded,
            @Nullable Instant notBefore,
            String message,
            @Nullable String hint,
            Problem.Attempt attempt,
            @Nullable Throwable cause)
            implements AttemptResult {

        /** The same without any secret that the host sent back. */
        Setback veiled(Redactor veil) {
            String next = hint == null ? null : veil.over(hint);
            String url = attempt.url() == null ? null : veil.over(attempt.url());
            Problem.Attempt safe = new Problem.Attempt(
                    veil.over(attempt.source()), url, attempt.status(), attempt.bytes(), veil.over(attempt.cause()));
            return new Setback(kind, again, crowded, notBefore, veil.over(message), next, safe, veil.over(cause));
        }
    }
}
