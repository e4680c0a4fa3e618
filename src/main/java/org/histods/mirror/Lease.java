package org.histods.mirror;

import java.nio.channels.FileChannel;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** A lock that is held until it is closed. */
public final class Lease implements AutoCloseable {

    private final ReentrantLock inside;
    private final @Nullable FileChannel channel;

    Lease(ReentrantLock inside, @Nullable FileChannel channel) {
        this.inside = inside;
        this.channel = channel;
    }

    @Override
    public void close() {
        if (channel != null) {
            MirrorLocks.close(channel);
        }
        inside.unlock();
    }
}
