package org.histods.transport;

import java.time.Instant;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Result of one request attempt, or of one hop of it. */
sealed interface AttemptResult {

    record Data(Response response) implements AttemptResult {}

    record Redirected(RedirectHop next) implements AttemptResult {}

    /** The host refused the credentials; the same request is sent without them. */
    record CredentialsRefused() implements AttemptResult {}

    /** Whether to send the request again after a failure. */
    enum Retry {
        NEVER,
        /** The host sent something malformed: one more attempt, in case a middlebox did. */
        ONCE,
        /** As often as the {@link RetryPolicy} allows. */
        ALLOWED
    }

    /**
     * A failed attempt.
     *
     * @param kind of the problem if no retry follows
     * @param throttled whether the host reported too many requests, so that pauses are longer
     * @param notBefore when the host accepts the next request; null if it did not say
     * @param message what failed and why
     * @param hint what the user can do
     * @param attempt for the list of attempts
     * @param cause the exception, if any
     */
    record Failure(
            Problem.Kind kind,
            Retry retry,
            boolean throttled,
            @Nullable Instant notBefore,
            String message,
            @Nullable String hint,
            Problem.Attempt attempt,
            @Nullable Throwable cause)
            implements AttemptResult {

        /** This failure without any secret that the host sent back. */
        Failure redacted(Redactor redactor) {
            String next = hint == null ? null : redactor.redact(hint);
            String url = attempt.url() == null ? null : redactor.redact(attempt.url());
            Problem.Attempt safe = new Problem.Attempt(
                    redactor.redact(attempt.source()),
                    url,
                    attempt.status(),
                    attempt.bytes(),
                    redactor.redact(attempt.cause()));
            return new Failure(
                    kind, retry, throttled, notBefore, redactor.redact(message), next, safe, redactor.redact(cause));
        }
    }
}
