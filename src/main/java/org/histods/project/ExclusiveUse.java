package org.histods.project;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.histods.concurrent.FileLocker;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The lock with which one process at a time changes a project; released by {@link #close}. On a file system without locks,
 * or if the project cannot be written, there is no lock and nobody waits.
 */
public final class ExclusiveUse implements AutoCloseable {

    private static final long POLL_MILLIS = 100;

    private final @Nullable FileChannel channel;

    private ExclusiveUse(@Nullable FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits until no other process changes the project.
     *
     * @param waiting called once if there is one
     * @throws Problem {@code INTERRUPTED}
     */
    public static ExclusiveUse of(Project project, Runnable waiting) throws Problem {
        // A file of its own: Linux drops a lock as soon as the same process closes the file anywhere. It is never
        // deleted.
        Path file = project.own("places.json.lock");
        boolean notified = false;
        try {
            project.makeOwn();
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            boolean mine = false;
            try {
                while (!FileLocker.tryLock(channel)) {
                    if (!notified) {
                        waiting.run();
                        notified = true;
                    }
                    Thread.sleep(POLL_MILLIS);
                }
                mine = true;
                return new ExclusiveUse(channel);
            } finally {
                if (!mine) {
                    channel.close();
                }
            }
        } catch (IOException e) {
            return new ExclusiveUse(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.interrupted();
        }
    }

    @Override
    public void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // Nothing was written through it.
                return;
            }
        }
    }
}
