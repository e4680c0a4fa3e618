package org.histods.project;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The right of one process to change a project, until it is closed. On a file system without locks, or where the project
 * cannot be written, nobody waits.
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
        boolean told = false;
        try {
            project.makeOwn();
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            boolean mine = false;
            try {
                while (!tryLock(channel)) {
                    if (!told) {
                        waiting.run();
                        told = true;
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

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Another part of this process has it.
            return false;
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
