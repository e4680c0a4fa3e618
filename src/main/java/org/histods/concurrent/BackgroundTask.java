package org.histods.concurrent;

import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.histods.problem.Problem;

/** A task that runs beside its caller; {@link TaskExecutor#start} makes one. Unlike that of a future, its end can be awaited. */
public final class BackgroundTask<T> implements Runnable {

    private static final long END_SECONDS = 10;

    private final FutureTask<T> task;
    private final CountDownLatch ended = new CountDownLatch(1);

    BackgroundTask(Callable<T> step) {
        task = new FutureTask<>(step);
    }

    /** For the executor. */
    @Override
    public void run() {
        try {
            task.run();
        } finally {
            ended.countDown();
        }
    }

    /**
     * Waits for the result.
     *
     * @throws Problem the one that the task ended with; {@code INTERRUPTED} if the caller is interrupted
     * @throws IllegalStateException if it ended with anything else
     */
    public T get() throws Problem {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.interrupted();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem p) {
                throw p;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Interrupts the task if it has not ended. Once only: a second interrupt could hit it while it cleans up. */
    public void cancel() {
        task.cancel(true);
    }

    /**
     * Waits up to 10 seconds until the task no longer runs, also when the caller is interrupted.
     *
     * @return false if it still runs
     */
    public boolean awaitEnd() {
        boolean interrupted = Thread.interrupted();
        try {
            return ended.await(END_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
            return ended.getCount() == 0;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
