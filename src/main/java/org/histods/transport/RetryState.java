package org.histods.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import java.util.function.DoubleSupplier;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** What one request has used of its patience: its attempts and its waiting. For one thread. */
final class RetryState {

    private static final Duration SLICE = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration FIRST_PAUSE_CROWDED = Duration.ofSeconds(30);
    private static final Duration LONGEST_OWN_PAUSE = Duration.ofMinutes(5);

    private final RetryPolicy patience;
    private final Sleeper time;
    private final TransportListener listener;
    private final DoubleSupplier random;
    private final BooleanSupplier closed;
    private final List<Problem.Attempt> attempts = new ArrayList<>();
    private Duration waited = Duration.ZERO;

    /** @param random from 0 to 1 */
    RetryState(
            RetryPolicy patience,
            Sleeper time,
            TransportListener listener,
            DoubleSupplier random,
            BooleanSupplier closed) {
        this.patience = patience;
        this.time = time;
        this.listener = listener;
        this.random = random;
        this.closed = closed;
    }

    Instant now() {
        return time.now();
    }

    boolean closed() {
        return closed.getAsBoolean();
    }

    List<Problem.Attempt> attempts() {
        return attempts;
    }

    void note(Problem.Attempt attempt) {
        attempts.add(attempt);
    }

    boolean spent() {
        return attempts.size() >= patience.attempts();
    }

    /**
     * Waits before the next attempt: as long as the host asked and not less than our own pause, which doubles with each
     * attempt. Chance only ever makes it longer.
     *
     * @throws Problem {@code NETWORK} if that is longer than the patience; {@code INTERRUPTED}
     */
    void pauseAfter(AttemptResult.Setback setback) throws Problem {
        Instant now = time.now();
        Instant wish = setback.notBefore();
        Duration first = setback.crowded() && wish == null ? FIRST_PAUSE_CROWDED : FIRST_PAUSE;
        Duration own = first.multipliedBy(1L << Math.min(attempts.size() - 1, 16));
        own = shorter(own, LONGEST_OWN_PAUSE);
        Duration asked = wish == null || wish.isBefore(now) ? Duration.ZERO : Duration.between(now, wish);
        Duration pause = own.compareTo(asked) > 0 ? own : asked;
        long jitter = (long) (random.getAsDouble() * Math.min(pause.toMillis() / 4, 10_000));
        if (!affordable(asked)) {
            throw tooLong(setback.attempt().source(), setback.message(), now.plus(asked), setback.cause());
        }
        if (!affordable(pause)) {
            throw new Problem(setback.kind(), setback.message() + tries(), setback.hint(), attempts, setback.cause());
        }
        pause(
                setback.attempt().source(),
                pause.plusMillis(jitter),
                setback.attempt().cause());
    }

    /**
     * Waits until then, if then is not yet.
     *
     * @param reason completes "waiting because"
     * @throws Problem {@code NETWORK} if that is longer than the patience; {@code INTERRUPTED}
     */
    void pauseUntil(String host, Instant then, String reason) throws Problem {
        Instant now = time.now();
        if (!then.isAfter(now)) {
            return;
        }
        Duration length = Duration.between(now, then);
        if (!affordable(length)) {
            throw tooLong(host, host + " asked for a pause (" + reason + ")", then, null);
        }
        pause(host, length, reason);
    }

    private void pause(String host, Duration length, String reason) throws Problem {
        waited = waited.plus(length);
        listener.waiting(host, length, host + " " + reason);
        rest(host, length);
    }

    /** Waits without counting it and without telling, as for one's turn. */
    void rest(String host, Duration length) throws Problem {
        Duration left = length;
        // In slices, so that closing the transport is noticed.
        while (!left.isNegative() && !left.isZero()) {
            Duration slice = shorter(left, SLICE);
            try {
                time.sleep(slice);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            throwIfInterrupted(host);
            left = left.minus(slice);
        }
    }

    void tell(String host, Duration length, String reason) {
        listener.waiting(host, length, reason);
    }

    /** The thread stays marked as interrupted. */
    void throwIfInterrupted(String host) throws Problem {
        if (closed() || Thread.currentThread().isInterrupted()) {
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted while asking " + host, null, attempts, null);
        }
    }

    String tries() {
        return attempts.size() < 2 ? "" : " (attempt " + attempts.size() + ", the last)";
    }

    private boolean affordable(Duration length) {
        return waited.plus(length).compareTo(patience.waiting()) <= 0;
    }

    private Problem tooLong(String host, String message, Instant then, @Nullable Throwable cause) {
        String moment = moment(then);
        return new Problem(
                Problem.Kind.NETWORK,
                message + "; it wants no request before " + moment + " (in "
                        + RateLimitHeaders.inWords(Duration.between(time.now(), then))
                        + "), and a request waits at most "
                        + RateLimitHeaders.inWords(patience.waiting()),
                "run the same command again after " + moment + "; asking " + host
                        + " earlier only makes the pause longer",
                attempts,
                cause);
    }

    private String moment(Instant then) {
        ZonedDateTime there = then.plusMillis(999).atZone(time.zone());
        ZonedDateTime minute = there.plusSeconds(59).withSecond(0).withNano(0);
        boolean today =
                minute.toLocalDate().equals(time.now().atZone(time.zone()).toLocalDate());
        String form = today ? "HH:mm zzz" : "uuuu-MM-dd HH:mm zzz";
        return DateTimeFormatter.ofPattern(form, Locale.ROOT).format(minute);
    }

    private static Duration shorter(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
