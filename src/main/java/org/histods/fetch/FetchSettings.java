package org.histods.fetch;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.function.ToIntFunction;

/**
 * How files are fetched.
 *
 * @param segments how many connections one file may be fetched over from that address at a time
 * @param rate limits all transfers together
 * @param pause waits before a broken connection is taken up
 * @param threads runs the transfers; must start a new thread where none is idle
 */
public record FetchSettings(ToIntFunction<URI> segments, Rate rate, Pause pause, ExecutorService threads) {

    /** Waits between two tries. */
    public interface Pause {

        /** Waits longer the more tries failed in a row; returns at once when the thread is interrupted. */
        void before(int tries);

        /** A second, doubled with each try, at most a minute. */
        static Pause usual() {
            return tries -> {
                try {
                    Thread.sleep(Duration.ofSeconds(Math.min(60, 1L << Math.min(6, Math.max(0, tries - 1))))
                            .toMillis());
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            };
        }
    }

    /** Holds transfers back. */
    public interface Rate {

        /** Returns when that many bytes may pass. */
        void spend(int bytes);

        /** No limit. */
        static Rate unlimited() {
            return bytes -> {};
        }

        /** So many bytes a second, all transfers together. */
        static Rate perSecond(long bytesPerSecond) {
            return new Rate() {
                private long freeAt = System.nanoTime();

                @Override
                public void spend(int bytes) {
                    long wait;
                    synchronized (this) {
                        long now = System.nanoTime();
                        freeAt = Math.max(freeAt, now) + (long) (bytes * 1e9 / bytesPerSecond);
                        wait = freeAt - now - 100_000_000L;
                    }
                    if (wait > 0) {
                        java.util.concurrent.locks.LockSupport.parkNanos(wait);
                    }
                }
            };
        }
    }
}
