package org.histods.transport;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** What time it is, and how to let it pass. */
public interface Sleeper {

    Instant now();

    void sleep(Duration length) throws InterruptedException;

    /** The zone in which a person is told a time of day. */
    default ZoneId zone() {
        return ZoneId.systemDefault();
    }

    /** The machine's own. */
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
