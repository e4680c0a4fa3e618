package org.histods.mirror;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.histods.concurrent.FileLocker;
import org.histods.problem.Problem;
import org.histods.text.Durations;
import org.jspecify.annotations.Nullable;

/**
 * Locks that avoid duplicate work. Nothing depends on them for correctness, and on a file system without locks they do
 * nothing. Lock files are never deleted: a waiting process would get a lock on a file that no other process sees.
 */
final class MirrorLocks {

    /** Whether locks are used. */
    enum Mode {
        ON,
        OFF
    }

    private static final Duration POLL = Duration.ofMillis(200);

    private final Path folder;
    private final FileOperations disk;
    private final OwnerProcess self;
    private final Mode mode;
    private final FileLocker locker;
    private final Map<String, ReentrantLock> inProcess = new ConcurrentHashMap<>();

    MirrorLocks(Path folder, FileOperations disk, OwnerProcess self, Mode mode) {
        this.folder = folder;
        this.disk = disk;
        this.self = self;
        this.mode = mode;
        this.locker = new FileLocker(disk.lockTimeout(), disk::lock);
    }

    /**
     * Waits for a lock.
     *
     * @param atMost how long to wait
     * @param notes receives what the user may want to know: who holds the lock, or that the file system does not respond
     * @throws Problem {@code BUSY} if it is held for longer; {@code INTERRUPTED}
     */
    Lease lock(String name, Duration atMost, Consumer<String> notes) throws Problem {
        ReentrantLock inside = inProcess.computeIfAbsent(name, k -> new ReentrantLock());
        long until = System.nanoTime() + atMost.toNanos();
        try {
            if (!inside.tryLock(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
                throw busy(name, "another part of this process");
            }
            boolean locked = false;
            try {
                Lease lease = new Lease(inside, mode == Mode.OFF ? null : acrossProcesses(name, atMost, until, notes));
                locked = true;
                return lease;
            } finally {
                if (!locked) {
                    inside.unlock();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted while waiting for " + name);
        }
    }

    @SuppressWarnings("ThreadJoinLoop")
    private @Nullable FileChannel acrossProcesses(String name, Duration atMost, long until, Consumer<String> notes)
            throws Problem, InterruptedException {
        FileChannel channel;
        try {
            disk.makeFolder(folder);
            // Read and write: NFSv4 gives an exclusive lock only on a handle that can write.
            Path file = folder.resolve(name + ".lock");
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileOperations.share(file);
        } catch (IOException e) {
            return null;
        }
        boolean notified = false;
        long pause = 5;
        while (true) {
            try {
                if (locker.lock(channel)) {
                    disk.writeUnsynced(folder.resolve(name + ".owner"), self.text());
                    return channel;
                }
            } catch (FileLocker.NoResponseException e) {
                notes.accept(e.getMessage() + "; continuing without locks");
                return null;
            } catch (IOException e) {
                // This file system has no locks; two processes may do the same work twice, with the right result.
                close(channel);
                return null;
            }
            String holder = holder(name).map(OwnerProcess::toString).orElse("another process");
            if (!notified) {
                notified = true;
                notes.accept(
                        "waiting for " + holder + " to finish " + name + ", at most " + Durations.roundedUp(atMost));
            }
            if (System.nanoTime() > until) {
                close(channel);
                throw busy(name, holder);
            }
            Thread.sleep(pause);
            pause = Math.min(POLL.toMillis(), pause * 2);
        }
    }

    private Problem busy(String name, String holder) {
        return new Problem(
                Problem.Kind.BUSY,
                name + " is held by " + holder,
                "wait until it has ended, or set HISTODS_LOCK=off to work without locks");
    }

    private Optional<OwnerProcess> holder(String name) {
        try {
            return Optional.of(OwnerProcess.parse(FileOperations.text(folder.resolve(name + ".owner"))));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Nothing was written through it.
            return;
        }
    }
}
