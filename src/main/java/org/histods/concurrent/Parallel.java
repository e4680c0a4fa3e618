package org.histods.concurrent;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Applies work to a list of items on several threads. */
public final class Parallel {

    /**
     * The work for one item. It should end soon after its thread is interrupted.
     *
     * @param <E> what it throws besides {@link Problem}, such as {@code IOException}; inferred
     */
    @FunctionalInterface
    public interface Task<A, B, E extends Exception> {
        B apply(A item) throws Problem, E;
    }

    private final AtomicInteger next = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
    private final List<Thread> workers = new ArrayList<>();

    private Parallel() {}

    /**
     * Returns the results in the order of the items. The first failure interrupts the other workers and is thrown, also
     * if it is an unchecked exception. All workers have ended when this method returns or throws.
     *
     * @param threads the most workers, at least 1
     * @throws Problem the first failure; {@link Problem#interrupted} if the caller is interrupted, whose interrupt status
     *     is set again
     */
    public static <A, B, E extends Exception> List<B> map(int threads, List<A> items, Task<A, B, E> work)
            throws Problem, E {
        @Nullable Object[] results = new Object[items.size()];
        Parallel run = new Parallel();
        for (int i = 0; i < Math.min(threads, items.size()); i++) {
            Thread worker = new Thread(() -> run.work(items, results, work), "histods-parallel-" + i);
            worker.setDaemon(true);
            run.workers.add(worker);
        }
        run.workers.forEach(Thread::start);
        run.awaitEnd();
        run.throwFailure();
        @SuppressWarnings("unchecked")
        List<B> all = (List<B>) Arrays.asList(results);
        return all;
    }

    private <A, B, E extends Exception> void work(List<A> items, @Nullable Object[] results, Task<A, B, E> work) {
        try {
            for (int i = next.getAndIncrement();
                    i < results.length && failure.get() == null;
                    i = next.getAndIncrement()) {
                results[i] = work.apply(items.get(i));
            }
        } catch (Throwable e) {
            stop(e);
        }
    }

    private void stop(Throwable cause) {
        if (failure.compareAndSet(null, cause)) {
            workers.forEach(Thread::interrupt);
        }
    }

    private void awaitEnd() {
        boolean interrupted = false;
        for (Thread worker : workers) {
            while (worker.isAlive()) {
                try {
                    worker.join();
                } catch (InterruptedException e) {
                    interrupted = true;
                    stop(Problem.interrupted());
                }
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private <E extends Exception> void throwFailure() throws Problem, E {
        Throwable first = failure.get();
        if (first instanceof Problem problem) {
            throw problem;
        }
        if (first instanceof RuntimeException exception) {
            throw exception;
        }
        if (first instanceof Error error) {
            throw error;
        }
        if (first != null) {
            @SuppressWarnings("unchecked")
            E checked = (E) first;
            throw checked;
        }
    }
}
