package org.histods.concurrent;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;

/** Several files at a time. */
public final class Parallel {

    /** What is done with one file. */
    public interface Work<R> {
        R with(FilePath path) throws IOException, Problem;
    }

    private Parallel() {}

    /**
     * Does it with every file; the answers by path.
     *
     * @param doing what it is, for a message: {@code read}
     * @param folder where the files are
     * @throws Problem the first that a file met; {@code DISK} for what the disk refused; {@code INTERRUPTED}
     */
    public static <R> Map<FilePath, R> each(
            int threads, Collection<FilePath> paths, String doing, Path folder, String hint, Work<R> work)
            throws Problem {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            Map<FilePath, Future<R>> under = new TreeMap<>();
            for (FilePath path : paths) {
                under.put(path, pool.submit(() -> work.with(path)));
            }
            Map<FilePath, R> done = new TreeMap<>();
            for (Map.Entry<FilePath, Future<R>> one : under.entrySet()) {
                done.put(one.getKey(), one.getValue().get());
            }
            return done;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            String what = "cannot " + doing + " " + folder;
            throw new Problem(
                    Problem.Kind.DISK,
                    e.getCause() instanceof IOException cause
                            ? Problem.because(what, cause)
                            : what + ": " + e.getCause(),
                    hint,
                    java.util.List.of(),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted");
        } finally {
            end(pool);
        }
    }

    /** Nobody writes any more once this is over, so that what was made can be deleted. */
    private static void end(ExecutorService pool) {
        pool.shutdownNow();
        boolean interrupted = Thread.interrupted();
        try {
            while (!pool.awaitTermination(1, java.util.concurrent.TimeUnit.MINUTES)) {
                pool.shutdownNow();
            }
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
