package org.histods.pull;

import java.util.List;
import java.util.Set;
import org.histods.concurrent.TaskExecutor;
import org.histods.digest.Checksum;
import org.histods.fetch.SmallFiles;
import org.histods.problem.Problem;
import org.histods.provenance.FetchLog;
import org.histods.source.RemoteFile;
import org.jspecify.annotations.Nullable;

/**
 * Fetches and unpacks the items of one pull. The bytes stay in the mirror's folder for partial files until the bag is
 * published and {@link #discardFetched} is called, so that no failure, kill or full disk before that loses any of them.
 */
final class PullExecutor implements AutoCloseable {

    private final PullRequest request;
    private final ItemFetcher fetcher;
    private final ItemQueue queue;
    private final BagAssembly assembly;
    private final FetchLog log;
    private final TaskExecutor tasks;
    private final @Nullable SmallFiles small;

    PullExecutor(
            PullRequest request,
            ItemFetcher fetcher,
            BagAssembly assembly,
            FetchLog log,
            TaskExecutor tasks,
            @Nullable SmallFiles small) {
        this.request = request;
        this.fetcher = fetcher;
        this.queue = new ItemQueue(fetcher);
        this.assembly = assembly;
        this.log = log;
        this.tasks = tasks;
        this.small = small;
    }

    /** Fetches all items and puts them in their places in staging; the results are in the order of the items. */
    List<FetchLog.Entry> fetch(List<PullPlan.Item> items) throws Problem {
        List<FetchedItem> fetched = TorrentPieceVerifier.verify(queue.fetch(items, request.jobs(), tasks), log);
        for (FetchedItem item : fetched) {
            putInPlace(item);
        }
        return fetched.stream().map(FetchedItem::entry).toList();
    }

    private void putInPlace(FetchedItem item) throws Problem {
        FetchLog.Entry entry = item.entry();
        Checksum sha256 = entry.sha256();
        if (entry.unpacked() == null) {
            RemoteFile remote = entry.remote();
            item.bytes().put(assembly.place(remote.path(), remote.path().text()), remote.executable());
        } else if (sha256 != null && !entry.local() && request.keepArchives()) {
            item.bytes().put(assembly.archive(sha256), false);
        }
    }

    /** The names of all transfers that were started, including failed ones. */
    Set<String> keys() {
        return fetcher.keys();
    }

    /** Deletes the fetched bytes: the bag is published. */
    void discardFetched() {
        if (small != null) {
            small.discard();
        }
        for (FetchedItem item : queue.takeFetched()) {
            item.bytes().discard();
            item.bytes().close();
        }
    }

    /** Ends all transfers. Bytes that were not discarded are kept for a later run. */
    @Override
    public void close() {
        queue.takeFetched().forEach(item -> item.bytes().close());
    }
}
