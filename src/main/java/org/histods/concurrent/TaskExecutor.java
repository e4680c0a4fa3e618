package org.histods.concurrent;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * All threads of one piece of work, such as a pull. A task never waits for an idle thread, so tasks may wait for each
 * other. The threads are daemons and end with {@link #close}.
 */
public final class TaskExecutor implements AutoCloseable {

    private static final long END_SECONDS = 10;

    private final ExecutorService threads;

    /** @param name the name of the threads, for thread dumps */
    public TaskExecutor(String name) {
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts a task at once. */
    public <T> BackgroundTask<T> start(Callable<T> task) {
        BackgroundTask<T> started = new BackgroundTask<>(task);
        threads.execute(started);
        return started;
    }

    /** Interrupts what still runs and waits up to 10 seconds for its end. Keeps the caller's interrupt flag. */
    @Override
    public void close() {
        threads.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            threads.awaitTermination(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
