package org.histods.transport;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.histods.problem.Problem;
import org.histods.text.Durations;
import org.jspecify.annotations.Nullable;

/** The attempts and the waiting time that one request has used. For one thread. */
final class RetryState {

    private static final Duration SLICE = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE_THROTTLED = Duration.ofSeconds(30);
    private static final Duration LONGEST_OWN_PAUSE = Duration.ofMinutes(5);

    private final RetryPolicy policy;
    private final Sleeper sleeper;
    private final TransportListener listener;
    private final DoubleSupplier random;
    private final BooleanSupplier closed;
    private final Set<String> unreachable;
    private final List<Problem.Attempt> attempts = new ArrayList<>();
    private Duration waited = Duration.ZERO;

    /**
     * @param random from 0 to 1
     * @param closed whether the transport is closed
     * @param unreachable hosts that did not respond to all attempts of an earlier request, and have not since; for all threads
     */
    RetryState(
            RetryPolicy policy,
            Sleeper sleeper,
            TransportListener listener,
            DoubleSupplier random,
            BooleanSupplier closed,
            Set<String> unreachable) {
        this.policy = policy;
        this.sleeper = sleeper;
        this.listener = listener;
        this.random = random;
        this.closed = closed;
        this.unreachable = unreachable;
    }

    Instant now() {
        return sleeper.now();
    }

    List<Problem.Attempt> attempts() {
        return attempts;
    }

    /**
     * Records a failed attempt and waits before the next one. A host that responded to none of an earlier request's attempts gets
     * one only, so that a pull of many datasets does not wait for it again and again.
     *
     * @throws Problem the failure, if no attempt is left or the wait is too long; {@code INTERRUPTED}
     */
    void afterFailure(AttemptResult.Failure failure) throws Problem {
        attempts.add(failure.attempt());
        String host = failure.attempt().source();
        boolean silent = failure.retry() == AttemptResult.Retry.ALLOWED
                && failure.attempt().status() == null;
        if (silent && unreachable.contains(host)) {
            throw exhausted(failure);
        }
        int allowed = switch (failure.retry()) {
            case NEVER -> 1;
            case ONCE -> Math.min(2, policy.attempts());
            case ALLOWED -> policy.attempts();
        };
        if (attempts.size() >= allowed) {
            if (silent) {
                unreachable.add(host);
            }
            throw exhausted(failure);
        }
        waitBeforeRetry(failure);
    }

    /**
     * Waits as long as the host asked, and not less than our own pause, which doubles with each attempt. Jitter only
     * makes it longer.
     */
    private void waitBeforeRetry(AttemptResult.Failure failure) throws Problem {
        Instant now = now();
        Instant notBefore = failure.notBefore();
        Duration first = failure.throttled() && notBefore == null ? FIRST_PAUSE_THROTTLED : FIRST_PAUSE;
        Duration own = shorter(first.multipliedBy(1L << Math.min(attempts.size() - 1, 16)), LONGEST_OWN_PAUSE);
        Duration requested =
                notBefore == null || notBefore.isBefore(now) ? Duration.ZERO : Duration.between(now, notBefore);
        Duration pause = own.compareTo(requested) > 0 ? own : requested;
        long jitter = (long) (random.getAsDouble() * Math.min(pause.toMillis() / 4, 10_000));
        if (!affordable(requested)) {
            throw tooLong(failure.attempt().source(), failure.message(), now.plus(requested), "", failure.cause());
        }
        if (!affordable(pause)) {
            throw exhausted(failure);
        }
        pause(
                failure.attempt().source(),
                pause.plusMillis(jitter),
                failure.attempt().cause());
    }

    /**
     * Waits until then; returns at once if that is past.
     *
     * @param reason completes "waiting because HOST …"
     * @param file where the pause is kept for other processes; null if it is not
     * @throws Problem {@code NETWORK} if that is too long; {@code INTERRUPTED}
     */
    void waitUntil(String host, Instant then, String reason, @Nullable Path file) throws Problem {
        Instant now = now();
        if (!then.isAfter(now)) {
            return;
        }
        Duration length = Duration.between(now, then);
        if (!affordable(length)) {
            throw tooLong(
                    host,
                    host + " asked for a pause (it " + reason + ")",
                    then,
                    file == null ? "" : "; if it no longer wants it, delete " + file,
                    null);
        }
        pause(host, length, reason);
    }

    private void pause(String host, Duration length, String reason) throws Problem {
        waited = waited.plus(length);
        listener.waiting(host, length, host + " " + reason);
        sleep(host, length);
    }

    /** Waits without counting or reporting it, as for a turn. */
    void sleep(String host, Duration length) throws Problem {
        Duration left = length;
        // In slices, to notice that the transport was closed.
        while (!left.isNegative() && !left.isZero()) {
            Duration slice = shorter(left, SLICE);
            try {
                sleeper.sleep(slice);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throwIfInterrupted(host);
            left = left.minus(slice);
        }
    }

    void notifyWaiting(String host, Duration length, String reason) {
        listener.waiting(host, length, reason);
    }

    /** The thread's interrupt flag stays set. */
    void throwIfInterrupted(String host) throws Problem {
        if (closed.getAsBoolean() || Thread.currentThread().isInterrupted()) {
            throw new Problem(
                    Problem.Kind.INTERRUPTED, "interrupted during a request to " + host, null, attempts, null);
        }
    }

    private Problem exhausted(AttemptResult.Failure failure) {
        String count = attempts.size() < 2 ? "" : " (after " + attempts.size() + " attempts)";
        return new Problem(failure.kind(), failure.message() + count, failure.hint(), attempts, failure.cause());
    }

    private boolean affordable(Duration length) {
        return waited.plus(length).compareTo(policy.maxWait()) <= 0;
    }

    /** @param other what else can be done, after the hint */
    private Problem tooLong(String host, String message, Instant then, String other, @Nullable Throwable cause) {
        String moment = moment(then);
        return new Problem(
                Problem.Kind.NETWORK,
                message + "; it accepts no request before " + moment + " (in "
                        + Durations.roundedUp(Duration.between(now(), then))
                        + "), and histods waits at most "
                        + Durations.roundedUp(policy.maxWait()) + " for a request",
                "run the same command after " + moment + "; an earlier request to " + host
                        + " only makes the pause longer" + other,
                attempts,
                cause);
    }

    private String moment(Instant then) {
        ZonedDateTime there = then.plusMillis(999).atZone(sleeper.zone());
        ZonedDateTime minute = there.plusSeconds(59).withSecond(0).withNano(0);
        boolean today = minute.toLocalDate().equals(now().atZone(sleeper.zone()).toLocalDate());
        String form = today ? "HH:mm zzz" : "uuuu-MM-dd HH:mm zzz";
        return DateTimeFormatter.ofPattern(form, Locale.ROOT).format(minute);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
