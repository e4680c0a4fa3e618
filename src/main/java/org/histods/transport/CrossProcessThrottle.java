package org.histods.transport;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.histods.concurrent.FileLocker;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one host among all processes that share a state directory: the end of a pause, the time of the next
 * request, and the number of open responses. Best effort: where the disk fails, each process keeps the limits alone, and
 * no request fails.
 *
 * <p>{@code HOST.pace} holds two instants, one per line; {@code HOST.turn} is locked while they change. {@code HOST.0},
 * {@code HOST.1}… are each locked while a response is open; the system unlocks those of a process that dies.
 */
public final class CrossProcessThrottle {

    /**
     * What the processes share.
     *
     * @param pauseUntil no request before then
     * @param nextTurn the time of the next request
     */
    record Schedule(Instant pauseUntil, Instant nextTurn) {
        static final Schedule NONE = new Schedule(Instant.EPOCH, Instant.EPOCH);
    }

    private static final Duration LONGEST_QUEUE = Duration.ofMinutes(10);

    /** The lock is held for milliseconds; a process that holds it for a second is stopped or hangs. */
    private static final int MAX_POLLS = 500;

    private static final long POLL_NANOS = 2_000_000;

    private final Path dir;
    private final String name;
    private final File pace;
    private final boolean[] taken;
    private final FileLocker locker = new FileLocker(FileLocker.TIMEOUT, FileLocker::tryLock);

    public CrossProcessThrottle(Path dir, String host, int connections) {
        this.dir = dir;
        this.name = host.replaceAll("[^\\w.-]", "_");
        this.pace = dir.resolve(name + ".pace").toFile();
        this.taken = new boolean[connections];
    }

    /** Where the pause is written that all processes keep. */
    Path file() {
        return pace.toPath();
    }

    /** What the processes wrote last; {@link Schedule#NONE} where there is nothing or it cannot be read. */
    Schedule read() {
        // Before each request; this is cheaper than an exception.
        if (!pace.exists()) {
            return Schedule.NONE;
        }
        try {
            String[] lines = Files.readString(pace.toPath()).split("\n");
            return lines.length < 2 ? Schedule.NONE : new Schedule(Instant.parse(lines[0]), Instant.parse(lines[1]));
        } catch (IOException | DateTimeException ignored) {
            // Missing, or half written on a file system without atomic renames.
            return Schedule.NONE;
        }
    }

    void pause(Instant until) {
        locked(() -> {
            Schedule all = read();
            write(new Schedule(until.isAfter(all.pauseUntil()) ? until : all.pauseUntil(), all.nextTurn()));
            return until;
        });
    }

    /**
     * Takes the next free turn; no other process gets the same one.
     *
     * @param earliest no turn before then
     * @param between the time between two turns
     */
    public Instant takeTurn(Instant earliest, Instant now, Duration between) {
        return locked(() -> {
            Schedule all = read();
            Instant turn = turn(all.nextTurn().isAfter(earliest) ? all.nextTurn() : earliest, now);
            write(new Schedule(all.pauseUntil(), turn.plus(between)));
            return turn;
        });
    }

    /** The time of the turn, if turns are free from {@code free} on. */
    static Instant turn(Instant free, Instant now) {
        // A clock that was set back must not cause a long wait.
        return free.isBefore(now) || free.isAfter(now.plus(LONGEST_QUEUE)) ? now : free;
    }

    /** Runs the work under the lock, or without it where locks fail or a process keeps it for long. */
    private synchronized Instant locked(Supplier<Instant> work) {
        FileChannel held = null;
        try {
            for (int i = 0; held == null && i < MAX_POLLS; i++) {
                held = lock(dir.resolve(name + ".turn"));
                if (held == null) {
                    LockSupport.parkNanos(POLL_NANOS);
                }
            }
            return work.get();
        } catch (IOException e) {
            // This file system has no locks.
            return work.get();
        } finally {
            closeQuietly(held);
        }
    }

    private void write(Schedule all) {
        Path temp = dir.resolve(name + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(dir);
            Files.writeString(temp, all.pauseUntil() + "\n" + all.nextTurn() + "\n");
            try {
                Files.move(temp, pace.toPath(), StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temp, pace.toPath(), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException ignored) {
            // Best effort.
            deleteQuietly(temp);
        }
    }

    /** Takes one of the host's connections; null if other processes use all of them. */
    public synchronized @Nullable Slot take() {
        for (int i = 0; i < taken.length; i++) {
            // On POSIX systems, closing any channel to a file that this process has locked drops the lock.
            if (taken[i]) {
                continue;
            }
            try {
                FileChannel channel = lock(dir.resolve(name + "." + i));
                if (channel != null) {
                    taken[i] = true;
                    return new Slot(this, i, channel);
                }
            } catch (IOException e) {
                // This file system has no locks: other processes cannot be seen.
                return new Slot(this, -1, null);
            }
        }
        return null;
    }

    private @Nullable FileChannel lock(Path file) throws IOException {
        Files.createDirectories(dir);
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        boolean kept = false;
        try {
            kept = locker.lock(channel);
        } catch (FileLocker.NoResponseException e) {
            // The locker closes the channel.
            kept = true;
            throw e;
        } catch (InterruptedException e) {
            kept = true;
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while locking " + file);
        } finally {
            if (!kept) {
                channel.close();
            }
        }
        return kept ? channel : null;
    }

    private synchronized void release(int index, FileChannel channel) {
        closeQuietly(channel);
        taken[index] = false;
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // The system unlocks it when the process ends.
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException ignored) {
            // Best effort.
        }
    }

    /** One of the host's connections, among all processes. */
    public static final class Slot {

        private final CrossProcessThrottle owner;
        private final int index;
        private final @Nullable FileChannel channel;

        private Slot(CrossProcessThrottle owner, int index, @Nullable FileChannel channel) {
            this.owner = owner;
            this.index = index;
            this.channel = channel;
        }

        void close() {
            if (channel != null) {
                owner.release(index, channel);
            }
        }
    }
}
