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
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What the processes of one machine, or of one shared state directory, tell each other about a host: until when it
 * wants a pause, when the next request is due, and how many answers are open. All of it is courtesy: where the disk
 * fails, each process goes on alone, and no request fails for it.
 *
 * <p>{@code HOST.pace} holds two instants, one a line. {@code HOST.0}, {@code HOST.1}… are locked for as long as an
 * answer is open; the system unlocks those of a process that dies.
 */
final class SharedPace {

    /**
     * @param pauseUntil no request before
     * @param nextTurn when the next request is due
     */
    record Moments(Instant pauseUntil, Instant nextTurn) {
        static final Moments NONE = new Moments(Instant.EPOCH, Instant.EPOCH);

        Moments merge(Moments other) {
            return new Moments(
                    pauseUntil.isAfter(other.pauseUntil) ? pauseUntil : other.pauseUntil,
                    nextTurn.isAfter(other.nextTurn) ? nextTurn : other.nextTurn);
        }
    }

    private final Path dir;
    private final String name;
    private final boolean[] ours;

    SharedPace(Path dir, String host, int connections) {
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
        write(new Moments(until, Instant.EPOCH));
    }

    void nextTurn(Instant turn) {
        write(new Moments(Instant.EPOCH, turn));
    }

    private synchronized void write(Moments news) {
        Moments all = read().merge(news);
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
    synchronized @Nullable Slot take() {
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
        try {
            channel.close();
        } catch (IOException ignored) {
            // The system unlocks at the latest when we end.
        }
        ours[index] = false;
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException ignored) {
            // Courtesy only.
        }
    }

    /** One of the host's connections, among all processes. */
    static final class Slot {

        private final SharedPace pace;
        private final int index;
        private final @Nullable FileChannel channel;

        private Slot(SharedPace pace, int index, @Nullable FileChannel channel) {
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
