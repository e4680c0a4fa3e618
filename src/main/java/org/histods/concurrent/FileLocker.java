package org.histods.concurrent;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Locks files without ever hanging: the lock call of a network file system whose lock service is gone may not return, even
 * if it should not wait. It runs in a thread of its own, and after one call that did not return no other is made.
 */
public final class FileLocker {

    /** Time limit of a lock call that should not wait. */
    public static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** Locks a file, or returns false if another holds the lock. */
    @FunctionalInterface
    public interface LockCall {
        boolean lock(FileChannel channel) throws IOException;
    }

    /** A lock call did not return. */
    public static final class NoResponseException extends IOException {

        private static final long serialVersionUID = 1;

        private NoResponseException() {
            super("the file system does not respond to lock requests");
        }
    }

    private final Duration atMost;
    private final LockCall call;
    private volatile boolean hangs;

    /** @param atMost how long a call may take */
    public FileLocker(Duration atMost, LockCall call) {
        this.atMost = atMost;
        this.call = call;
    }

    /** The lock call of the system. */
    public static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            // Another part of this process holds it.
            return false;
        }
    }

    /**
     * Locks the file of a channel, for as long as the channel is open.
     *
     * @return false if another holds the lock
     * @throws NoResponseException if the call does not return in time, or an earlier one did not. The caller must then
     *     leave the channel open, because closing it would hang too; it is closed when the call returns
     * @throws IOException if the file system has no locks
     */
    public boolean lock(FileChannel channel) throws IOException, InterruptedException {
        if (hangs) {
            channel.close();
            throw new NoResponseException();
        }
        CompletableFuture<Boolean> result = new CompletableFuture<>();
        Thread thread = new Thread(() -> run(channel, result), "histods-lock");
        thread.setDaemon(true);
        thread.start();
        try {
            return result.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            if (result.cancel(false)) {
                hangs = true;
                throw new NoResponseException();
            }
            return returned(result);
        } catch (ExecutionException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            result.cancel(false);
            throw e;
        }
    }

    private void run(FileChannel channel, CompletableFuture<Boolean> result) {
        try {
            if (!result.complete(call.lock(channel))) {
                channel.close();
            }
        } catch (IOException | RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private static boolean returned(CompletableFuture<Boolean> result) throws IOException, InterruptedException {
        try {
            return result.get();
        } catch (ExecutionException e) {
            throw failure(e);
        }
    }

    private static IOException failure(ExecutionException e) {
        return e.getCause() instanceof IOException io ? io : new IOException(e.getCause());
    }
}
