package org.histods.fetch;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToIntFunction;
import org.histods.transport.Sleeper;

/**
 * Settings for fetching files.
 *
 * @param segments how many connections to that URL one file may use at a time
 * @param rate the limit for all transfers together
 * @param pause the wait before a broken connection is resumed
 */
public record FetchSettings(ToIntFunction<URI> segments, Rate rate, Pause pause) {

    /** The wait between two attempts. */
    public interface Pause {

        /**
         * Waits before the next attempt; longer, the more attempts failed in a row. Returns at once if the thread is
         * interrupted.
         */
        void before(int attempts);

        /** One second, doubled with each attempt, at most a minute. */
        static Pause backOff(Sleeper sleeper) {
            return attempts -> {
                try {
                    sleeper.sleep(Duration.ofSeconds(Math.min(60, 1L << Math.min(6, Math.max(0, attempts - 1)))));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
        }
    }

    /** A rate limit. */
    public interface Rate {

        /** Shorter waits are added up, because a thread cannot sleep for such a short time. */
        long SHORTEST_WAIT_NANOS = 10_000_000L;

        /** Returns when this many bytes may be transferred. */
        void spend(int bytes);

        /** No limit. */
        static Rate unlimited() {
            return bytes -> {};
        }

        /** A limit in bytes per second. */
        static Rate perSecond(long bytesPerSecond) {
            return new Rate() {
                private long freeAt = System.nanoTime();

                @Override
                public void spend(int bytes) {
                    long wait;
                    synchronized (this) {
                        long now = System.nanoTime();
                        freeAt = Math.max(freeAt, now) + (long) (bytes * 1e9 / bytesPerSecond);
                        wait = freeAt - now - SHORTEST_WAIT_NANOS;
                    }
                    if (wait > 0) {
                        LockSupport.parkNanos(wait);
                    }
                }
            };
        }
    }
}
