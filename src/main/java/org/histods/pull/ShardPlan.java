package org.histods.pull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.digest.Hasher;
import org.histods.mirror.ShardSet;
import org.histods.source.RemoteFile;

/**
 * Distribution of the files of a pull among nodes. Every node computes it independently and gets the same result from
 * the same listing: starting with the largest file, each file goes to the shard with the fewest bytes so far. Files,
 * archives and torrents (whose pieces span files) are never split.
 *
 * @param set where the shards are kept; it is named by everything that the shards depend on, so that those of nodes that
 *     were shown another listing never meet
 * @param shards the items of each shard, in the order of the plan; empty for those beyond the number of files
 */
record ShardPlan(ShardSet set, List<List<PullPlan.Item>> shards) {

    /** Changes with everything that changes which file is in which shard. */
    private static final String FORMAT = "histods-shards 1";

    private static final int NAME = 16;

    ShardPlan {
        shards = shards.stream().map(List::copyOf).toList();
    }

    /** The shard of one node. */
    record Planned(ShardPlan plan, int number) {

        List<PullPlan.Item> items() {
            return plan.items(number);
        }

        @Override
        public String toString() {
            return number + " of " + plan.set().count();
        }
    }

    /** Items that are not split. */
    private record Unit(String path, long bytes, List<PullPlan.Item> items) {}

    private static final class Load {

        private final int shard;
        private final List<PullPlan.Item> items = new ArrayList<>();
        private long bytes;

        Load(int shard) {
            this.shard = shard;
        }
    }

    /** @param present what the mirror has already */
    static ShardPlan of(PullPlan plan, int count, PullSources sources, ExistingBag present) {
        PriorityQueue<Load> loads = new PriorityQueue<>(Comparator.<Load>comparingLong(load -> load.bytes)
                .thenComparingInt(load -> load.items.size())
                .thenComparingInt(load -> load.shard));
        for (int i = 0; i < count; i++) {
            loads.add(new Load(i));
        }
        for (Unit unit : units(plan.items())) {
            Load least = loads.remove();
            least.items.addAll(unit.items());
            least.bytes += unit.bytes();
            loads.add(least);
        }
        List<List<PullPlan.Item>> shards = loads.stream()
                .sorted(Comparator.comparingInt(load -> load.shard))
                .map(load -> inOrder(load.items, plan.items()))
                .toList();
        return new ShardPlan(
                new ShardSet(plan.dataset(), plan.version(), fingerprint(plan, sources, present), count), shards);
    }

    private static List<PullPlan.Item> inOrder(List<PullPlan.Item> some, List<PullPlan.Item> all) {
        Set<String> paths = some.stream().map(ShardPlan::path).collect(Collectors.toSet());
        return all.stream().filter(item -> paths.contains(path(item))).toList();
    }

    private static String path(PullPlan.Item item) {
        return item.file().path().text();
    }

    private static long bytes(PullPlan.Item item) {
        return item.size().exactly().orElse(item.size().atLeast());
    }

    /** The largest first; of equal size in the order of their paths. */
    private static List<Unit> units(List<PullPlan.Item> items) {
        Map<String, List<PullPlan.Item>> together = new LinkedHashMap<>();
        for (PullPlan.Item item : items) {
            RemoteFile.Span span = item.file().span();
            String name = span == null
                    ? "file " + path(item)
                    : "torrent " + span.pieces().name();
            together.computeIfAbsent(name, k -> new ArrayList<>()).add(item);
        }
        return together.values().stream()
                .map(some -> new Unit(
                        some.stream()
                                .map(ShardPlan::path)
                                .min(Comparator.naturalOrder())
                                .orElseThrow(),
                        some.stream().mapToLong(ShardPlan::bytes).sum(),
                        some))
                .sorted(Comparator.comparingLong(Unit::bytes).reversed().thenComparing(Unit::path))
                .toList();
    }

    /** Of the request, the files as they were listed, and the bag that they are added to. */
    private static String fingerprint(PullPlan plan, PullSources sources, ExistingBag present) {
        PullRequest request = sources.request();
        StringBuilder text = new StringBuilder(FORMAT).append('\n');
        text.append(request.manifest().sha256().hex()).append('\n');
        text.append(plan.version()).append(' ').append(sources.variant()).append('\n');
        text.append(request.keepArchives()).append(' ').append(present.state()).append('\n');
        request.only().forEach(word -> text.append("only ").append(word).append('\n'));
        plan.items().stream().map(ShardPlan::line).sorted().forEach(text::append);
        return Hasher.sha256(text.toString()).hex().substring(0, NAME);
    }

    /** What is the same for every node that is shown the same file, also by another source. */
    private static String line(PullPlan.Item item) {
        String checksums = item.file().checksums().stream()
                .map(stated -> stated.checksum().toString())
                .sorted()
                .collect(Collectors.joining(" "));
        return path(item) + "\t" + bytes(item) + "\t" + item.part() + "\t" + item.unpack() + "\t" + item.into() + "\t"
                + item.whole() + "\t" + checksums + "\n";
    }

    /** The items of the shard with that number, from 1. */
    List<PullPlan.Item> items(int number) {
        return shards.get(number - 1);
    }

    /** How many shards hold something; the others come after them. */
    int used() {
        return (int) shards.stream().filter(shard -> !shard.isEmpty()).count();
    }
}
