package org.histods.pull;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.histods.fetch.FetchCandidate;
import org.histods.fetch.FetchListener;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.Fetcher;
import org.histods.fetch.Transfer;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.provenance.FetchResult;
import org.histods.provenance.FileSelection;
import org.histods.source.RemoteFile;
import org.jspecify.annotations.Nullable;

/**
 * Fetches and unpacks the items of one pull, several at a time. Bytes that arrived stay in the mirror's folder for
 * partial files until the bag is published and {@link #letGo} is called, so that no failure, kill or full disk before
 * that loses any of them.
 */
final class PullExecutor implements FetchListener, AutoCloseable {

    private final PullRequest request;
    private final PullPlanner planner;
    private final Fetcher fetcher;
    private final ItemUnpacker unpacking;
    private final BagAssembly assembly;
    private final PullListener listener;
    private final Map<FetchResult, Transfer> open = new ConcurrentHashMap<>();
    private final Set<String> keys = ConcurrentHashMap.newKeySet();
    private final SourceHealth distrust = new SourceHealth();

    PullExecutor(
            PullRequest request,
            PullPlanner planner,
            Fetcher fetcher,
            ItemUnpacker unpacking,
            BagAssembly assembly,
            PullListener listener) {
        this.request = request;
        this.planner = planner;
        this.fetcher = fetcher;
        this.unpacking = unpacking;
        this.assembly = assembly;
        this.listener = listener;
    }

    /** Fetches all; gives them in the order of the items. */
    List<FetchResult> all(List<PullPlan.Item> items) throws Problem {
        List<FetchResult> fetches = many(items);
        refuseNothing(fetches);
        List<FetchResult> compared = TorrentPieceVerifier.compare(
                fetches, fetch -> Objects.requireNonNull(open.get(fetch)).discard());
        for (FetchResult fetch : fetches) {
            settle(fetch);
        }
        return compared;
    }

    /** The names of all transfers that were begun, also of those that failed. */
    Set<String> keys() {
        return Set.copyOf(keys);
    }

    /** Deletes what was fetched: the bag that it is for is published. */
    void letGo() {
        open.values().forEach(Transfer::discard);
        close();
    }

    /** Ends all transfers; what was fetched and not let go is kept for a later run. */
    @Override
    public void close() {
        open.values().forEach(Transfer::close);
        open.clear();
    }

    private List<FetchResult> many(List<PullPlan.Item> items) throws Problem {
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, request.jobs()));
        List<Future<List<FetchResult>>> futures = new ArrayList<>();
        for (PullPlan.Item item : items) {
            futures.add(pool.submit(() -> one(item)));
        }
        boolean done = false;
        try {
            List<FetchResult> fetches = collect(futures);
            done = true;
            return fetches;
        } finally {
            // Interrupts each worker once: a second time would hit it while it keeps what came.
            pool.shutdownNow();
            if (!done) {
                awaitEnd(pool);
            }
        }
    }

    /** Members show only when an archive is read, so a glob that nothing matches is found out late. */
    private void refuseNothing(List<FetchResult> fetches) throws Problem {
        boolean some = fetches.stream()
                .anyMatch(f -> f.unpacked() == null || !f.unpacked().files().isEmpty());
        FileSelection asked =
                FileSelection.of(request.only(), request.manifest().manifest());
        if (!some && !assembly.keepsAnyOf(asked)) {
            throw planner.nothing();
        }
    }

    /** Also where an interrupt is why it ends: the transfers must let go of their bytes before the next pull. */
    private static void awaitEnd(ExecutorService pool) {
        boolean interrupted = Thread.interrupted();
        try {
            pool.awaitTermination(10, java.util.concurrent.TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Waits for all, also when some fail: what they bring is kept, and every failure is told. */
    private static List<FetchResult> collect(List<Future<List<FetchResult>>> futures) throws Problem {
        List<FetchResult> fetches = new ArrayList<>();
        List<Problem> failures = new ArrayList<>();
        for (Future<List<FetchResult>> future : futures) {
            try {
                fetches.addAll(future.get());
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof Problem p)) {
                    throw new IllegalStateException(e.getCause());
                }
                failures.add(p);
                if (p.kind() == Problem.Kind.DISK || p.kind() == Problem.Kind.INTERRUPTED) {
                    throw p;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Problem(
                        Problem.Kind.INTERRUPTED, "interrupted", "run the same command again to go on from there");
            }
        }
        if (!failures.isEmpty()) {
            throw FailureSummary.together(failures, futures.size());
        }
        return fetches;
    }

    /** Puts the bytes where they belong, now that all are there. */
    private void settle(FetchResult fetch) throws Problem {
        Transfer transfer = Objects.requireNonNull(open.get(fetch));
        FetchedFile file = fetch.file();
        if (fetch.unpacked() == null) {
            RemoteFile remote = file.remote();
            transfer.put(assembly.place(remote.path(), remote.path().text()), remote.executable());
        } else if (request.keepArchives() || file.origin().brought() != null) {
            transfer.put(assembly.archive(file.sha256()), false);
        }
    }

    /** One item from the first source that gives it right; those that gave wrong bytes in this pull come last. */
    private List<FetchResult> one(PullPlan.Item item) throws Problem {
        List<Problem> failures = new ArrayList<>();
        boolean doubtful = distrust.doubts(item.first());
        if (!doubtful) {
            FetchResult fetch = tried(item, item.first(), failures);
            if (fetch != null) {
                return withPointed(item, fetch);
            }
        }
        for (FetchCandidate candidate : distrust.ordered(planner.alternatives(item), doubtful ? item.first() : null)) {
            if (!failures.isEmpty() || !candidate.equals(item.first())) {
                listener.note(item.file().path() + ": trying " + candidate.shown()
                        + (failures.isEmpty()
                                ? ", since " + item.first().shown() + " did not give what it should before"
                                : " after: " + firstLine(failures)));
            }
            FetchResult fetch = tried(item, candidate, failures);
            if (fetch != null) {
                return withPointed(item, fetch);
            }
        }
        if (item.file().slice() != null) {
            try {
                List<PullPlan.Item> instead = planner.instead(item);
                if (!instead.isEmpty()) {
                    listener.note(item.file().path() + ": trying file by file after: " + firstLine(failures));
                    return many(instead);
                }
            } catch (Problem p) {
                failures.add(stopUnlessAnotherMayHelp(p));
            }
        }
        throw FailureSummary.of(failures);
    }

    /** Also what an archive only pointed to. */
    private List<FetchResult> withPointed(PullPlan.Item item, FetchResult fetch) throws Problem {
        List<PullPlan.Item> behind = unpacking.pointed(item);
        List<FetchResult> fetches = new ArrayList<>(List.of(fetch));
        if (!behind.isEmpty()) {
            listener.note(item.file().path() + ": " + behind.size() + " of its files are pointers; fetching what they"
                    + " point to");
            fetches.addAll(many(behind));
        }
        return fetches;
    }

    /** Null where another place may help; why is then the last of the failures. */
    private @Nullable FetchResult tried(PullPlan.Item item, FetchCandidate candidate, List<Problem> failures)
            throws Problem {
        try {
            return patiently(item, candidate, failures);
        } catch (Problem p) {
            failures.add(stopUnlessAnotherMayHelp(p));
            distrust.after(candidate, p);
            return null;
        }
    }

    private static String firstLine(List<Problem> failures) {
        return failures.get(failures.size() - 1).message().lines().findFirst().orElse("");
    }

    private static Problem stopUnlessAnotherMayHelp(Problem p) throws Problem {
        boolean local = EnumSet.of(Problem.Kind.DISK, Problem.Kind.INTERRUPTED, Problem.Kind.USAGE, Problem.Kind.BUSY)
                .contains(p.kind());
        if (local) {
            throw p;
        }
        return p;
    }

    /** A clean second try where wrong bytes may come from a bad join of two answers. */
    private FetchResult patiently(PullPlan.Item item, FetchCandidate candidate, List<Problem> failures) throws Problem {
        Transfer first = fetcher.start(candidate, this);
        keys.add(first.key());
        try {
            return attempt(item, first, failures);
        } catch (Problem p) {
            boolean doubtful = p.kind() == Problem.Kind.WRONG_BYTES && !first.verified();
            if (doubtful) {
                first.discard();
            }
            first.close();
            if (!doubtful || !first.pieced()) {
                throw p;
            }
            failures.add(p);
            listener.note(item.file().path() + ": the joined bytes are wrong, starting again from zero");
        }
        Transfer second = fetcher.start(candidate, this);
        try {
            return attempt(item, second, failures);
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.WRONG_BYTES && !second.verified()) {
                second.discard();
            }
            second.close();
            throw p;
        }
    }

    private FetchResult attempt(PullPlan.Item item, Transfer transfer, List<Problem> failures) throws Problem {
        FetchResult got =
                item.unpack() ? unpacking.of(item, transfer) : new FetchResult(transfer.await(), item.part(), null);
        List<Attempt> before =
                failures.stream().flatMap(p -> p.attempts().stream()).toList();
        FetchResult fetch = new FetchResult(got.file().after(before), got.part(), got.unpacked());
        transfer.closeFile();
        open.put(fetch, transfer);
        listener.fetched(fetch);
        return fetch;
    }

    @Override
    public void bytes(long count, boolean overNetwork) {
        listener.bytes(count, overNetwork);
    }

    @Override
    public void note(String text) {
        listener.note(text);
    }
}
