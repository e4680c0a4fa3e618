package org.histods.transport;

import java.time.Instant;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** What one request came to. */
sealed interface Outcome {

    record Data(Answer answer) implements Outcome {}

    record Redirected(Hop next) implements Outcome {}

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
            implements Outcome {}
}
