package org.histods.fetch;

/**
 * When the state that a later run resumes from is written again: after a megabyte (or a 64th of what is fetched) or 0.2 seconds,
 * whichever comes first. A kill loses at most what arrived since. Guarded by the lock of its owner.
 */
final class StateInterval {

    static final long BYTES = 1L << 20;

    private static final long NANOS = 200_000_000L;

    private long savedAt;
    private long savedTime = System.nanoTime();

    /**
     * Whether it is to be written.
     *
     * @param received how many bytes have arrived
     * @param total how many are fetched, -1 if unknown
     */
    boolean isOver(long received, long total) {
        return received - savedAt >= Math.max(BYTES, total / 64) || System.nanoTime() - savedTime >= NANOS;
    }

    /** The state is written now. */
    void restart(long received) {
        savedAt = received;
        savedTime = System.nanoTime();
    }
}
