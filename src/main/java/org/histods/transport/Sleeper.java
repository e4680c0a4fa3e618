package org.histods.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** Clock and sleep, so that tests need not wait. */
public interface Sleeper {

    Instant now();

    void sleep(Duration length) throws InterruptedException;

    /** The zone for times in messages. */
    default ZoneId zone() {
        return ZoneId.systemDefault();
    }

    /** The system clock. */
    static Sleeper system() {
        return new Sleeper() {
            @Override
            public Instant now() {
                return Instant.now();
            }

            @Override
            public void sleep(Duration length) throws InterruptedException {
                Thread.sleep(length.toMillis());
            }
        };
    }
}
