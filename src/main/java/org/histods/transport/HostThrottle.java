package org.histods.transport;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Limits the requests to one host: no more open responses and no more requests per minute than its policy allows, and
 * none during a pause that the host asked for.
 */
final class HostThrottle {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration REPEAT_NOTICE = Duration.ofMinutes(1);

    private final String host;
    private final Semaphore connections;
    private final @Nullable Duration interval;
    private final @Nullable CrossProcessThrottle shared;

    private Instant nextTurn = Instant.MIN;
    private Instant pauseUntil = Instant.MIN;
    private String pauseReason = "";

    /** @param shared the same limits among all processes; null for this process alone */
    HostThrottle(String host, HostPolicy policy, @Nullable CrossProcessThrottle shared) {
        this.host = host;
        this.connections = new Semaphore(policy.connections(), true);
        this.interval =
                policy.requestsPerMinute() == 0 ? null : Duration.ofMinutes(1).dividedBy(policy.requestsPerMinute());
        this.shared = shared;
    }

    /**
     * Waits for a free connection, for the next turn, and for the end of a pause.
     *
     * @param limited false where the request goes to this machine instead of the host
     * @return a permit, to be closed once the response is read
     * @throws Problem {@code NETWORK} if the pause is longer than the retry policy allows; {@code INTERRUPTED}
     */
    Permit acquire(RetryState retries, boolean limited) throws Problem {
        acquireConnection(retries);
        CrossProcessThrottle.@Nullable Slot slot = null;
        boolean acquired = false;
        try {
            slot = limited && shared != null ? acquireSlot(retries, shared) : null;
            awaitTurn(retries, limited);
            acquired = true;
            return new Permit(connections, slot);
        } finally {
            if (!acquired) {
                new Permit(connections, slot).close();
            }
        }
    }

    /** Sends no request before then; other processes see this, too. */
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

    private void acquireConnection(RetryState retries) throws Problem {
        try {
            while (!connections.tryAcquire(200, TimeUnit.MILLISECONDS)) {
                retries.throwIfInterrupted(host);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            retries.throwIfInterrupted(host);
        }
    }

    private CrossProcessThrottle.Slot acquireSlot(RetryState retries, CrossProcessThrottle from) throws Problem {
        Instant nextNotice = Instant.MIN;
        while (true) {
            CrossProcessThrottle.Slot slot = from.take();
            if (slot != null) {
                return slot;
            }
            if (!retries.now().isBefore(nextNotice)) {
                retries.notifyWaiting(
                        host, POLL, "another histods process uses all connections that " + host + " allows");
                nextNotice = retries.now().plus(REPEAT_NOTICE);
            }
            retries.sleep(host, POLL);
        }
    }

    private void awaitTurn(RetryState retries, boolean limited) throws Problem {
        while (true) {
            retries.throwIfInterrupted(host);
            Instant until;
            String reason;
            CrossProcessThrottle.Schedule others = shared == null ? CrossProcessThrottle.Schedule.NONE : shared.read();
            synchronized (this) {
                boolean theirs = others.pauseUntil().isAfter(pauseUntil);
                until = theirs ? others.pauseUntil() : pauseUntil;
                reason = theirs ? "asked another histods process to wait" : pauseReason;
            }
            if (until.isAfter(retries.now())) {
                retries.waitUntil(host, until, reason, shared == null ? null : shared.file());
            } else if (interval == null || !limited || takeTurn(retries, interval)) {
                return;
            }
        }
    }

    /** Waits for the next turn; false if a pause began meanwhile. */
    private boolean takeTurn(RetryState retries, Duration between) throws Problem {
        Instant now = retries.now();
        Instant turn;
        Instant pausedBefore;
        synchronized (this) {
            turn = shared == null ? CrossProcessThrottle.turn(nextTurn, now) : shared.takeTurn(nextTurn, now, between);
            nextTurn = turn.plus(between);
            pausedBefore = pauseUntil;
        }
        retries.sleep(host, Duration.between(now, turn));
        synchronized (this) {
            return pausedBefore.equals(pauseUntil);
        }
    }

    /** Permission to have one response of the host open. */
    static final class Permit implements AutoCloseable {

        private final Semaphore connections;
        private final CrossProcessThrottle.@Nullable Slot slot;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Permit(Semaphore connections, CrossProcessThrottle.@Nullable Slot slot) {
            this.connections = connections;
            this.slot = slot;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                if (slot != null) {
                    slot.close();
                }
                connections.release();
            }
        }
    }
}
