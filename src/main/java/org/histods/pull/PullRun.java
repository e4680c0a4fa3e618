package org.histods.pull;

import java.time.Instant;
import java.util.Set;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * A pull or repair in progress.
 *
 * @param transfers collects the names of the transfers of all its attempts
 * @param shard the only part of the dataset that is fetched, for other nodes to add theirs; null for all of it
 */
record PullRun(
        PullSources sources,
        PullPlanner planner,
        ExistingBag present,
        Mode action,
        Set<FilePath> broken,
        Instant started,
        PullListener listener,
        Set<String> transfers,
        ShardPlan.@Nullable Planned shard) {

    /** Whether all of a dataset is pulled, or broken files of a bag are fetched again. */
    enum Mode {
        PULL,
        REPAIR
    }

    /** A pull for which the mirror has not been examined yet. */
    PullRun(
            PullSources sources,
            PullPlanner planner,
            ExistingBag present,
            Instant started,
            PullListener listener,
            Set<String> transfers) {
        this(sources, planner, present, Mode.PULL, Set.of(), started, listener, transfers, null);
    }

    PullRequest request() {
        return sources.request();
    }

    Manifest manifest() {
        return sources.manifest();
    }

    /** Which files the run is for. */
    WantedFiles wanted() throws Problem {
        return new WantedFiles(request(), present, broken);
    }

    PullRun with(ExistingBag read) {
        return new PullRun(sources, planner, read, action, broken, started, listener, transfers, shard);
    }

    PullRun only(ShardPlan.Planned one) {
        return new PullRun(sources, planner, present, action, broken, started, listener, transfers, one);
    }

    /** Whether only the record of the bag is written again. */
    boolean recordOnly() {
        return action == Mode.REPAIR && broken.isEmpty();
    }
}
