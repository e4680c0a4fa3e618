package org.histods.source.listing;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;

/** Many questions of one kind, asked several at a time. */
public final class ParallelRequests {

    private ParallelRequests() {}

    /** One question. */
    public interface Question<A, B> {
        B ask(A about) throws Problem;
    }

    /**
     * The answer to each, in their order.
     *
     * @throws Problem the first one that came up
     */
    public static <A, B> List<B> each(List<A> all, int atOnce, Question<A, B> question) throws Problem {
        ExecutorService threads = Executors.newFixedThreadPool(atOnce);
        try {
            List<Future<B>> asked = new ArrayList<>(all.size());
            for (A one : all) {
                asked.add(threads.submit(() -> question.ask(one)));
            }
            List<B> answered = new ArrayList<>(all.size());
            for (Future<B> one : asked) {
                answered.add(one.get());
            }
            return answered;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Problem(Kind.INTERRUPTED, "interrupted while a listing was asked for");
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Problem problem) {
                throw problem;
            }
            throw new IllegalStateException(e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }
}
