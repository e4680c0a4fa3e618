package org.histods.pull;

import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.histods.problem.Problem;

/** A step that runs beside its caller. */
final class Background {

    private Background() {}

    static <T> Future<T> run(Callable<T> step) {
        FutureTask<T> task = new FutureTask<>(step);
        Thread thread = new Thread(task, "histods-unpack");
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    /** What it gives, or the problem that it ended with. */
    static <T> T get(Future<T> future) throws Problem {
        try {
            return future.get();
        } catch (InterruptedException e) {
            future.cancel(true);
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem p) {
                throw p;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Waits until it has ended, whatever it ended with. */
    static void awaitEnd(Future<?> future) {
        try {
            future.get(10, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | CancellationException | java.util.concurrent.TimeoutException e) {
            // Its result is not wanted any more.
            return;
        }
    }
}
