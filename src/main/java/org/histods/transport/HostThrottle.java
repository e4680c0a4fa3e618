package org.histods.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests to one host through: no more answers open at once than its policy says, no faster than it says, and
 * none while the host wants a pause.
 */
final class HostThrottle {

    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
    private static final Duration TELL_AGAIN = Duration.ofMinutes(1);

    private final String host;
    private final Semaphore places;
    private final @Nullable Duration gap;
    private final @Nullable CrossProcessThrottle shared;

    private Instant nextTurn = Instant.MIN;
    private Instant pauseUntil = Instant.MIN;
    private String pauseReason = "";

    /** @param shared with other processes; null where there are none to share with */
    HostThrottle(String host, HostPolicy policy, @Nullable CrossProcessThrottle shared) {
        this.host = host;
        this.places = new Semaphore(policy.connections(), true);
        this.gap =
                policy.requestsPerMinute() == 0 ? null : Duration.ofMinutes(1).dividedBy(policy.requestsPerMinute());
        this.shared = shared;
    }

    /**
     * Waits for a free place, for one's turn, and for the end of a pause.
     *
     * @param paced false where the request does not really go to the host, but to this machine
     * @return to be closed when the answer is read
     * @throws Problem {@code NETWORK} if the pause is longer than the patience; {@code INTERRUPTED}
     */
    Place enter(RetryState budget, boolean paced) throws Problem {
        takePlace(budget);
        CrossProcessThrottle.@Nullable Slot slot = null;
        boolean entered = false;
        try {
            slot = paced && shared != null ? takeSlot(budget, shared) : null;
            pass(budget, paced);
            entered = true;
            return new Place(places, slot);
        } finally {
            if (!entered) {
                new Place(places, slot).close();
            }
        }
    }

    /** The host wants no request before then; other processes are told too. */
    void pause(Instant until, String reason) {
        synchronized (this) {
            if (!until.isAfter(pauseUntil)) {
                return;
            }
            pauseUntil = until;
            pauseReason = reason;
        }
        if (shared != null) {
            shared.pause(until);
        }
    }

    private void takePlace(RetryState budget) throws Problem {
        try {
            while (!places.tryAcquire(200, TimeUnit.MILLISECONDS)) {
                budget.throwIfInterrupted(host);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            budget.throwIfInterrupted(host);
        }
    }

    private CrossProcessThrottle.Slot takeSlot(RetryState budget, CrossProcessThrottle with) throws Problem {
        Instant told = Instant.MIN;
        while (true) {
            CrossProcessThrottle.Slot slot = with.take();
            if (slot != null) {
                return slot;
            }
            if (!budget.now().isBefore(told)) {
                budget.tell(host, LOOK_AGAIN, "another histods uses all connections that " + host + " allows");
                told = budget.now().plus(TELL_AGAIN);
            }
            budget.rest(host, LOOK_AGAIN);
        }
    }

    private void pass(RetryState budget, boolean paced) throws Problem {
        while (true) {
            budget.throwIfInterrupted(host);
            Instant until;
            String reason;
            CrossProcessThrottle.Moments others = shared == null ? CrossProcessThrottle.Moments.NONE : shared.read();
            synchronized (this) {
                boolean theirs = others.pauseUntil().isAfter(pauseUntil);
                until = theirs ? others.pauseUntil() : pauseUntil;
                reason = theirs ? "told another histods to wait" : pauseReason;
            }
            if (until.isAfter(budget.now())) {
                budget.pauseUntil(host, until, reason);
            } else if (gap == null || !paced || myTurn(budget, gap)) {
                return;
            }
        }
    }

    /** Waits for the turn; false if a pause was ordered meanwhile. */
    private boolean myTurn(RetryState budget, Duration between) throws Problem {
        Instant now = budget.now();
        Instant turn;
        Instant pausedBefore;
        synchronized (this) {
            turn = shared == null ? CrossProcessThrottle.turn(nextTurn, now) : shared.takeTurn(nextTurn, now, between);
            nextTurn = turn.plus(between);
            pausedBefore = pauseUntil;
        }
        budget.rest(host, Duration.between(now, turn));
        synchronized (this) {
            return pausedBefore.equals(pauseUntil);
        }
    }

    /** The right to have one answer of the host open. */
    static final class Place implements AutoCloseable {

        private final Semaphore places;
        private final CrossProcessThrottle.@Nullable Slot slot;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Place(Semaphore places, CrossProcessThrottle.@Nullable Slot slot) {
            this.places = places;
            this.slot = slot;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                if (slot != null) {
                    slot.close();
                }
                places.release();
            }
        }
    }
}
