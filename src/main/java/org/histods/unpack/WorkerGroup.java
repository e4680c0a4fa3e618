package org.histods.unpack;

import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.histods.problem.Problem;

/** Threads that do one job together: the first that fails, or an interrupt of the caller, ends all. */
final class WorkerGroup {

    private static final long FAREWELL_SECONDS = 10;

    /** What every thread of the crew runs, until nothing is left to do or {@link #stopped}. */
    interface Job {
        void run() throws Problem;
    }

    private final ArchiveErrors diagnosis;
    private volatile boolean stopped;

    WorkerGroup(ArchiveErrors diagnosis) {
        this.diagnosis = diagnosis;
    }

    boolean stopped() {
        return stopped;
    }

    /**
     * Runs the job on so many threads and returns when all are done.
     *
     * @param wake ends reads that block, after the crew was stopped
     * @throws Problem the first that one of them had; INTERRUPTED if the caller was
     */
    void run(int threads, Job job, Runnable wake) throws Problem {
        ExecutorService pool = Executors.newFixedThreadPool(threads, work -> {
            Thread thread = new Thread(work, "unpack " + diagnosis.archive());
            thread.setDaemon(true);
            return thread;
        });
        try {
            CompletionService<Boolean> done = new ExecutorCompletionService<>(pool);
            for (int i = 0; i < threads; i++) {
                done.submit(() -> {
                    job.run();
                    return true;
                });
            }
            for (int i = 0; i < threads; i++) {
                done.take().get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw diagnosis.interrupted();
        } catch (ExecutionException e) {
            throw unwrap(e);
        } finally {
            stopped = true;
            pool.shutdownNow();
            wake.run();
            awaitEnd(pool);
        }
    }

    /** No thread should write any more when the caller deletes the folder; one that hangs will see the flag first. */
    private static void awaitEnd(ExecutorService pool) {
        boolean interrupted = Thread.interrupted();
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(FAREWELL_SECONDS);
        boolean ended = false;
        while (!ended && System.nanoTime() < deadline) {
            try {
                ended = pool.awaitTermination(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static Problem unwrap(ExecutionException e) {
        Throwable cause = e.getCause();
        if (cause instanceof Problem problem) {
            return problem;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException("unpacking failed", cause);
    }
}
