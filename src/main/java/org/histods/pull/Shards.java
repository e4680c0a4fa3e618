package org.histods.pull;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.histods.fetch.Fetcher;
import org.histods.mirror.BagRef;
import org.histods.mirror.Lease;
import org.histods.mirror.Mirror;
import org.histods.mirror.ShardSet;
import org.histods.problem.Problem;
import org.histods.provenance.BagVerifier;

/** Fetches shards of a dataset, and joins finished shards. */
final class Shards {

    private final Mirror mirror;
    private final Duration lockTimeout;
    private final RunPlanner plans;
    private final Stager stager;
    private final RunPublisher publisher;

    Shards(Mirror mirror, Duration lockTimeout, RunPlanner plans, Stager stager, RunPublisher publisher) {
        this.mirror = mirror;
        this.lockTimeout = lockTimeout;
        this.plans = plans;
        this.stager = stager;
        this.publisher = publisher;
    }

    /**
     * What is there and all shards, if several nodes have finished some for the same plan; those that are missing are fetched.
     * Empty if another process deleted them meanwhile, such as because it published the dataset.
     */
    Optional<ExistingBag> join(PullRun run) throws Problem {
        PullRequest request = run.request();
        boolean usual = run.action() == PullRun.Mode.PULL
                && run.sources().served() == null
                && request.offer() == null
                && request.localFiles().isEmpty();
        List<ShardSet> sets =
                usual ? mirror.shardSets(run.manifest().id(), run.sources().version()) : List.of();
        if (sets.isEmpty()) {
            return Optional.of(run.present());
        }
        PullPlan whole = plans.missing(run.sources(), run.planner(), run.present(), Set.of(), Map.of());
        ShardPlan best = sets.stream()
                .map(set -> ShardPlan.of(whole, set.count(), run.sources(), run.present()))
                .filter(plan -> sets.contains(plan.set()))
                .min(Comparator.comparingLong(plan -> missing(plan).stream()
                        .flatMap(number -> plan.items(number).stream())
                        .mapToLong(item -> item.size().atLeast())
                        .sum()))
                .orElse(null);
        if (best == null) {
            return Optional.of(run.present());
        }
        for (int number : missing(best)) {
            fetch(run.only(new ShardPlan.Planned(best, number)));
        }
        // Leftovers of nodes that were killed while finishing their shard.
        best.shards().forEach(items -> items.forEach(item -> run.transfers().add(Fetcher.key(item.first()))));
        for (int number = 1; number <= best.used(); number++) {
            run.transfers()
                    .add(Fetcher.smallFilesKey(Stager.smallFilesName(whole, new ShardPlan.Planned(best, number))));
        }
        Collection<BagRef> finished = mirror.finishedShards(best.set()).values();
        if (finished.size() < best.used()) {
            return Optional.empty();
        }
        try {
            return Optional.of(run.present().with(best.set(), finished));
        } catch (Problem p) {
            if (p.kind() != Problem.Kind.INTERRUPTED && !missing(best).isEmpty()) {
                return Optional.empty();
            }
            throw p;
        }
    }

    /**
     * Rejects shards whose record was changed, because the bag would confirm the changed record. A shard has only its
     * own receipt.
     */
    static void refuseChanged(ExistingBag present) throws Problem {
        for (ExistingBag.Held held : present.held()) {
            if (held.shard()) {
                List<BagVerifier.Fault> faults = BagVerifier.record(held.bag()).stream()
                        .filter(fault -> !fault.file().equals("receipts"))
                        .toList();
                if (!faults.isEmpty()) {
                    throw new Problem(
                            Problem.Kind.WRONG_BYTES,
                            "the record of a shard was changed: " + faults.get(0) + " in "
                                    + held.bag().ref().path(),
                            "delete that folder, then run the same command again");
                }
            }
        }
    }

    /** The numbers of the shards that are not finished. */
    List<Integer> missing(ShardPlan plan) {
        Set<Integer> finished = mirror.finishedShards(plan.set()).keySet();
        return IntStream.rangeClosed(1, plan.used())
                .filter(number -> !finished.contains(number))
                .boxed()
                .toList();
    }

    /**
     * Fetches a shard and keeps it in the mirror, unless it is there already.
     *
     * @return how many bytes arrived over the network
     */
    long fetch(PullRun run) throws Problem {
        ShardPlan.Planned shard = Objects.requireNonNull(run.shard());
        ShardSet set = shard.plan().set();
        String name = set.id() + "@" + set.version() + "." + shard.number() + "-of-" + set.count();
        if (shard.items().isEmpty()) {
            return 0;
        }
        try (Lease lease = mirror.lock(name, lockTimeout, run.listener()::note)) {
            if (mirror.finishedShards(set).containsKey(shard.number())) {
                return 0;
            }
            return stager.stage(run, staged -> publisher.keep(run, shard, staged));
        }
    }
}
