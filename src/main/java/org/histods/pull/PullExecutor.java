package org.histods.pull;

import java.util.List;
import java.util.Set;
import org.histods.concurrent.TaskExecutor;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.SmallFiles;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;
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
    private final TaskExecutor tasks;
    private final @Nullable SmallFiles small;

    PullExecutor(
            PullRequest request,
            ItemFetcher fetcher,
            BagAssembly assembly,
            TaskExecutor tasks,
            @Nullable SmallFiles small) {
        this.request = request;
        this.fetcher = fetcher;
        this.queue = new ItemQueue(fetcher);
        this.assembly = assembly;
        this.tasks = tasks;
        this.small = small;
    }

    /** Fetches all items and puts them in their places in staging; the results are in the order of the items. */
    List<FetchResult> fetch(List<PullPlan.Item> items) throws Problem {
        List<FetchedItem> fetched = TorrentPieceVerifier.verify(queue.fetch(items, request.jobs(), tasks));
        for (FetchedItem item : fetched) {
            putInPlace(item);
        }
        return fetched.stream().map(FetchedItem::result).toList();
    }

    private void putInPlace(FetchedItem item) throws Problem {
        FetchedFile file = item.result().file();
        if (item.result().unpacked() == null) {
            RemoteFile remote = file.remote();
            item.bytes().put(assembly.place(remote.path(), remote.path().text()), remote.executable());
        } else if (file.ranges() == null && item.result().local() == null && request.keepArchives()) {
            item.bytes().put(assembly.archive(file.sha256()), false);
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
