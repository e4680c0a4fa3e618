package org.histods.pull;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.histods.problem.Problem;

/** A step that runs beside its caller. */
final class BackgroundTask<T> {

    private final FutureTask<T> task;
    private final Thread thread;

    private BackgroundTask(Callable<T> step) {
        task = new FutureTask<>(step);
        thread = new Thread(task, "histods-unpack");
        thread.setDaemon(true);
    }

    static <T> BackgroundTask<T> run(Callable<T> step) {
        BackgroundTask<T> started = new BackgroundTask<>(step);
        started.thread.start();
        return started;
    }

    /** What it gives, or the problem that it ended with. */
    T get() throws Problem {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem p) {
                throw p;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /** Ends it if it has not ended, and waits until it writes no more, also where an interrupt is why it ends. */
    void stop() {
        boolean interrupted = Thread.interrupted();
        task.cancel(true);
        try {
            thread.join(10_000);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
