package org.histods.transport;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
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
import org.jspecify.annotations.Nullable;

/**
 * What the processes of one machine, or of one shared state directory, tell each other about a host: until when it
 * wants a pause, when the next request is due, and how many answers are open. All of it is courtesy: where the disk
 * fails, each process goes on alone, and no request fails for it.
 *
 * <p>{@code HOST.pace} holds two instants, one a line; {@code HOST.turn} is locked while they are changed. {@code HOST.0}, {@code HOST.1}… are locked for as long as an
 * answer is open; the system unlocks those of a process that dies.
 */
public final class CrossProcessThrottle {

    /**
     * @param pauseUntil no request before
     * @param nextTurn when the next request is due
     */
    record Moments(Instant pauseUntil, Instant nextTurn) {
        static final Moments NONE = new Moments(Instant.EPOCH, Instant.EPOCH);
    }

    private static final Duration LONGEST_QUEUE = Duration.ofMinutes(10);

    /** Reading and writing two lines takes a moment; whoever holds them for a second is stopped. */
    private static final int MOST_LOOKS = 500;

    private static final long LOOK_NANOS = 2_000_000;

    private final Path dir;
    private final String name;
    private final boolean[] ours;

    public CrossProcessThrottle(Path dir, String host, int connections) {
        this.dir = dir;
        this.name = host.replaceAll("[^\\w.-]", "_");
        this.ours = new boolean[connections];
    }

    /** What the others said last; {@link Moments#NONE} where nobody did or it cannot be read. */
    Moments read() {
        try {
            String[] lines = Files.readString(dir.resolve(name + ".pace")).split("\n");
            return lines.length < 2 ? Moments.NONE : new Moments(Instant.parse(lines[0]), Instant.parse(lines[1]));
        } catch (IOException | DateTimeException ignored) {
            // Not there yet, or half of it on a file system without atomic renames.
            return Moments.NONE;
        }
    }

    void pause(Instant until) {
        alone(() -> {
            Moments all = read();
            write(new Moments(until.isAfter(all.pauseUntil()) ? until : all.pauseUntil(), all.nextTurn()));
            return until;
        });
    }

    /**
     * The next free turn, which nobody else gets.
     *
     * @param earliest not before
     * @param between how long after it the one after it is
     */
    public Instant takeTurn(Instant earliest, Instant now, Duration between) {
        return alone(() -> {
            Moments all = read();
            Instant turn = turn(all.nextTurn().isAfter(earliest) ? all.nextTurn() : earliest, now);
            write(new Moments(all.pauseUntil(), turn.plus(between)));
            return turn;
        });
    }

    /** When a turn that is free from then on can be taken. */
    static Instant turn(Instant free, Instant now) {
        // A clock that was set back must not make us wait for long.
        return free.isBefore(now) || free.isAfter(now.plus(LONGEST_QUEUE)) ? now : free;
    }

    /** Does it while no other process does, or, where locks fail or somebody keeps one for long, all the same. */
    private synchronized Instant alone(Supplier<Instant> work) {
        FileChannel held = null;
        try {
            for (int i = 0; held == null && i < MOST_LOOKS; i++) {
                held = lock(dir.resolve(name + ".turn"));
                if (held == null) {
                    LockSupport.parkNanos(LOOK_NANOS);
                }
            }
            return work.get();
        } catch (IOException e) {
            // No locks here.
            return work.get();
        } finally {
            closeQuietly(held);
        }
    }

    private void write(Moments all) {
        Path temp = dir.resolve(name + "." + UUID.randomUUID() + ".tmp");
        try {
            Files.createDirectories(dir);
            Files.writeString(temp, all.pauseUntil() + "\n" + all.nextTurn() + "\n");
            try {
                Files.move(temp, dir.resolve(name + ".pace"), StandardCopyOption.ATOMIC_MOVE);
            } catch (AtomicMoveNotSupportedException e) {
                Files.move(temp, dir.resolve(name + ".pace"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException ignored) {
            // Courtesy only.
            deleteQuietly(temp);
        }
    }

    /** A place among all processes; null if the others have them all. */
    public synchronized @Nullable Slot take() {
        for (int i = 0; i < ours.length; i++) {
            // A file that is ours is not even opened: closing any channel to it would drop the lock on POSIX systems.
            if (ours[i]) {
                continue;
            }
            try {
                FileChannel channel = lock(dir.resolve(name + "." + i));
                if (channel != null) {
                    ours[i] = true;
                    return new Slot(this, i, channel);
                }
            } catch (IOException e) {
                // No locks here, so nobody to wait for.
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
            kept = channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            kept = false;
        } finally {
            if (!kept) {
                channel.close();
            }
        }
        return kept ? channel : null;
    }

    private synchronized void release(int index, FileChannel channel) {
        closeQuietly(channel);
        ours[index] = false;
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException ignored) {
            // The system unlocks at the latest when we end.
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException ignored) {
            // Courtesy only.
        }
    }

    /** One of the host's connections, among all processes. */
    public static final class Slot {

        private final CrossProcessThrottle pace;
        private final int index;
        private final @Nullable FileChannel channel;

        private Slot(CrossProcessThrottle pace, int index, @Nullable FileChannel channel) {
            this.pace = pace;
            this.index = index;
            this.channel = channel;
        }

        void close() {
            if (channel != null) {
                pace.release(index, channel);
            }
        }
    }
}
