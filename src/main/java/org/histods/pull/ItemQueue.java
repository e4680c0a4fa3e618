package org.histods.pull;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.histods.concurrent.BackgroundTask;
import org.histods.concurrent.TaskExecutor;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Fetches items, and further items that result from them, with a fixed number of workers; small files have their own
 * workers. If an item fails, the others are still fetched, so that as much as possible is kept. Only a full disk, an
 * interrupt or an internal error stops all of them.
 */
final class ItemQueue {

    /** How many small files are fetched for each of the other workers. A host's policy may allow fewer. */
    private static final int SMALL_FILES = 4;

    private final ItemFetcher fetcher;
    private final Deque<Entry> waiting = new ArrayDeque<>();
    private final Deque<Entry> smallWaiting = new ArrayDeque<>();
    private final List<FetchedItem> fetched = new ArrayList<>();
    private int unfinished;
    private @Nullable Throwable fatal;

    ItemQueue(ItemFetcher fetcher) {
        this.fetcher = fetcher;
    }

    /** An item and how its fetch ended; guarded by the queue's lock. */
    private static final class Entry {

        private final PullPlan.Item item;
        private @Nullable FetchedItem fetched;
        private List<Problem> failures = List.of();
        private List<Entry> next = List.of();
        private boolean failed;

        Entry(PullPlan.Item item) {
            this.item = item;
        }
    }

    /**
     * Fetches all items.
     *
     * @param workers how many at a time; four times as many if they are small
     * @return in the order of the items, each followed by what it led to
     * @throws Problem a summary of all failures
     */
    List<FetchedItem> fetch(List<PullPlan.Item> items, int workers, TaskExecutor tasks) throws Problem {
        List<Entry> nodes = add(items);
        List<BackgroundTask<Boolean>> running = new ArrayList<>();
        try {
            long small = items.stream().filter(fetcher::isSmall).count();
            for (int i = 0; i < Math.min(workers, items.size()); i++) {
                running.add(tasks.start(() -> work(waiting)));
            }
            for (int i = 0; i < Math.min(workers == 1 ? 1 : workers * SMALL_FILES, small); i++) {
                running.add(tasks.start(this::workOnSmall));
            }
            awaitAll();
        } finally {
            running.forEach(BackgroundTask::cancel);
            running.forEach(BackgroundTask::awaitEnd);
        }
        return results(nodes);
    }

    /** Returns what was fetched, also if {@link #fetch} failed; the caller closes the transfers. */
    synchronized List<FetchedItem> takeFetched() {
        List<FetchedItem> taken = List.copyOf(fetched);
        fetched.clear();
        return taken;
    }

    /** Adds items in front of those that wait. */
    private synchronized List<Entry> add(List<PullPlan.Item> items) {
        List<Entry> nodes = items.stream().map(Entry::new).toList();
        for (int i = nodes.size() - 1; i >= 0; i--) {
            Entry node = nodes.get(i);
            (fetcher.isSmall(node.item) ? smallWaiting : waiting).addFirst(node);
        }
        unfinished += nodes.size();
        if (!nodes.isEmpty()) {
            notifyAll();
        }
        return nodes;
    }

    /**
     * With a low priority, which the launcher makes count: while the code is new, so many threads would otherwise leave too
     * little of the processors to the compilers of the JVM.
     */
    @SuppressWarnings("ThreadPriorityCheck") // Nothing but speed depends on it.
    private boolean workOnSmall() throws InterruptedException {
        Thread thread = Thread.currentThread();
        int before = thread.getPriority();
        thread.setPriority(Thread.MIN_PRIORITY);
        try {
            return work(smallWaiting);
        } finally {
            thread.setPriority(before);
        }
    }

    private boolean work(Deque<Entry> queue) throws InterruptedException {
        for (Entry node = next(queue); node != null; node = next(queue)) {
            try {
                ItemFetcher.Result outcome = fetcher.fetch(node.item);
                finished(node, outcome);
            } catch (Problem p) {
                failed(node, p);
            } catch (RuntimeException | Error e) {
                end(e);
            }
        }
        return true;
    }

    /** The next item; null if all are finished or the queue has ended. */
    private synchronized @Nullable Entry next(Deque<Entry> queue) throws InterruptedException {
        while (queue.isEmpty() && unfinished > 0 && fatal == null) {
            wait();
        }
        return fatal == null ? queue.pollFirst() : null;
    }

    private synchronized void finished(Entry node, ItemFetcher.Result outcome) {
        outcome.fetched().ifPresent(item -> {
            node.fetched = item;
            fetched.add(item);
        });
        node.failures = List.copyOf(outcome.failures());
        node.next = add(outcome.next());
        finishedOne();
    }

    private synchronized void failed(Entry node, Problem problem) {
        node.failed = true;
        node.failures = List.of(problem);
        if (problem.kind() == Problem.Kind.DISK || problem.kind() == Problem.Kind.INTERRUPTED) {
            end(problem);
        }
        finishedOne();
    }

    private void finishedOne() {
        unfinished--;
        if (unfinished == 0) {
            notifyAll();
        }
    }

    private synchronized void end(Throwable cause) {
        if (fatal == null) {
            fatal = cause;
        }
        notifyAll();
    }

    private synchronized void awaitAll() throws Problem {
        try {
            while (unfinished > 0 && fatal == null) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end(e);
            throw new Problem(Problem.Kind.INTERRUPTED, "interrupted", "run the same command again to resume");
        }
        if (fatal instanceof Problem p) {
            throw p;
        }
        if (fatal != null) {
            throw new IllegalStateException(fatal);
        }
    }

    private synchronized List<FetchedItem> results(List<Entry> nodes) throws Problem {
        List<FetchedItem> all = new ArrayList<>();
        List<Problem> failures = new ArrayList<>();
        for (Entry node : nodes) {
            try {
                all.addAll(results(node));
            } catch (Problem p) {
                failures.add(p);
            }
        }
        if (!failures.isEmpty()) {
            throw FailureSummary.together(failures, nodes.size());
        }
        return all;
    }

    private List<FetchedItem> results(Entry node) throws Problem {
        if (node.failed) {
            throw node.failures.get(0);
        }
        if (node.fetched != null && node.next.isEmpty()) {
            return List.of(node.fetched);
        }
        List<FetchedItem> all = new ArrayList<>();
        if (node.fetched != null) {
            all.add(node.fetched);
        }
        try {
            all.addAll(results(node.next));
        } catch (Problem p) {
            if (node.fetched != null) {
                throw p;
            }
            List<Problem> both = new ArrayList<>(node.failures);
            both.add(p);
            throw FailureSummary.of(both);
        }
        return all;
    }
}
