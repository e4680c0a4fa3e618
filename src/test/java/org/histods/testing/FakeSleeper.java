package org.histods.testing;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.histods.transport.Sleeper;

/** A clock that advances only when a caller sleeps, and then at once. */
public final class FakeSleeper implements Sleeper {

    public static final Instant START = Instant.parse("2026-11-23T13:05:00Z");

    private Instant now = START;

    @Override
    public synchronized Instant now() {
        return now;
    }

    @Override
    public synchronized void sleep(Duration length) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        now = now.plus(length);
    }

    @Override
    public ZoneId zone() {
        return ZoneOffset.UTC;
    }

    public synchronized Duration passed() {
        return Duration.between(START, now);
    }
}
