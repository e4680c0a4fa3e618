package org.histods.cli.mirror;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.SizeJson;
import org.histods.cli.shell.TextTable;
import org.histods.cli.shell.TextTable.Column;
import org.histods.fetch.Fetcher;
import org.histods.manifest.Manifest;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.pull.PullPlan;
import org.histods.pull.Shard;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Durations;
import org.histods.text.Size;
import org.histods.transport.HostPolicies;
import org.histods.transport.HostPolicy;
import org.jspecify.annotations.Nullable;

/**
 * Forecast of a pull: the size of each dataset, the requests to each host compared with its limits, and the minimum
 * duration. Redirects, retries and listings are not counted.
 */
final class PullForecast {

    /** A dataset: how many files, how large, and from which hosts, or why from none. */
    private record Row(String dataset, String files, Size size, String from) {}

    /** What one of several nodes downloads of all datasets. */
    private static final class Load {

        private long files;
        private Size size = Size.ZERO;
        private final Map<String, Long> requests = new TreeMap<>();
    }

    private final HostPolicies policies;
    private final @Nullable Long bandwidth;
    private final List<Row> rows = new ArrayList<>();
    private final List<String> contained = new ArrayList<>();
    private final List<String> byHand = new ArrayList<>();
    private final List<String> notListed = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final Map<String, Long> requests = new TreeMap<>();
    private Size planned = Size.ZERO;
    private Size unlisted = Size.ZERO;
    private int ofKnownSize;
    private int ofUnknownSize;
    private double seconds;
    private final @Nullable Shard shard;
    private final List<Load> loads;
    private boolean shared;

    /**
     * @param bandwidth in bytes per second, null if unknown
     * @param shard whose downloads are added; null for those of a single node
     */
    PullForecast(HostPolicies policies, @Nullable Long bandwidth, @Nullable Shard shard) {
        this.policies = policies;
        this.bandwidth = bandwidth;
        this.shard = shard;
        this.loads = shard == null
                ? List.of()
                : Stream.generate(Load::new).limit(shard.count()).toList();
    }

    /** Adds what each of several nodes downloads of a dataset. */
    void add(List<PullPlan> shards) {
        shared = true;
        for (int i = 0; i < shards.size(); i++) {
            Load load = loads.get(i);
            load.files += shards.get(i).items().size();
            load.size = load.size.plus(shards.get(i).size());
            hosts(shards.get(i)).forEach((host, count) -> load.requests.merge(host, count, Long::sum));
        }
    }

    /** The number of requests to each host. */
    private Map<String, Long> hosts(PullPlan plan) {
        Map<String, Long> hosts = new TreeMap<>();
        for (PullPlan.Item item : plan.items()) {
            hosts.merge(host(item.file().uri()), requests(item), Long::sum);
        }
        return hosts;
    }

    /**
     * Adds a dataset whose files are known. Datasets are pulled one after the other.
     *
     * @param inAnother whether another of the datasets has all its files, so that they are downloaded once
     * @param inMirror whether the mirror has it; otherwise a plan without files is that of a node with nothing to do
     */
    void add(PullPlan plan, boolean inAnother, boolean inMirror) {
        if (inAnother && !plan.items().isEmpty()) {
            contained.add(plan.dataset().text());
            rows.add(new Row(
                    plan.dataset().text(), String.valueOf(plan.items().size()), plan.size(), "with what contains it"));
            return;
        }
        Map<String, Long> hosts = hosts(plan);
        hosts.forEach((host, count) -> requests.merge(host, count, Long::sum));
        planned = planned.plus(plan.size());
        if (plan.size().known() || plan.items().isEmpty()) {
            ofKnownSize++;
        } else {
            ofUnknownSize++;
        }
        double slowest = bandwidth == null ? 0 : (double) plan.size().atLeast() / bandwidth;
        for (Map.Entry<String, Long> host : hosts.entrySet()) {
            int perMinute = policies.of(host.getKey()).requestsPerMinute();
            slowest = Math.max(slowest, perMinute == 0 ? 0 : (host.getValue() - 1) * 60.0 / perMinute);
        }
        seconds += slowest;
        rows.add(new Row(
                plan.dataset().text(),
                String.valueOf(plan.items().size()),
                plan.size(),
                inMirror
                        ? "in the mirror"
                        : hosts.isEmpty() ? "nothing for shard " + shard : String.join(", ", hosts.keySet())));
    }

    /**
     * Adds a dataset that only a person can get, or whose host did not list its files.
     *
     * @param inAnother whether another of the datasets has all its files, so that they are counted with it
     */
    void lacks(Manifest manifest, Problem problem, boolean inAnother) {
        boolean person = problem.kind() == Problem.Kind.PERSON;
        (person ? byHand : notListed).add(manifest.id().text());
        if (!person) {
            unlisted = inAnother ? unlisted : unlisted.plus(manifest.download());
            reasons.add(
                    manifest.id() + ": " + problem.message().lines().findFirst().orElse(""));
        }
        rows.add(new Row(manifest.id().text(), "?", manifest.download(), person ? "by hand" : "not listed"));
    }

    private static String host(URI uri) {
        return uri.getHost() == null ? String.valueOf(uri.getScheme()) : uri.getHost();
    }

    private long requests(PullPlan.Item item) {
        if (item.members() != null) {
            return Math.max(1, item.members().contents().members().size());
        }
        int segments = policies.of(host(item.file().uri())).segments();
        return item.size()
                .exactly()
                .map(bytes -> Fetcher.requests(bytes, segments))
                .orElse(1L);
    }

    /** Prints a row for each dataset. */
    void table(Console console) {
        TextTable table = new TextTable(
                List.of(Column.fixed("ID"), Column.fixed("FILES"), Column.fixed("SIZE"), new Column("FROM", 12, 0)));
        rows.forEach(
                row -> table.add(List.of(row.dataset(), row.files(), row.size().symbols(), row.from())));
        table.lines(console.tableWidth()).forEach(console::data);
        if (!console.json()) {
            // As JSON, each is a problem of its own.
            reasons.forEach(reason -> console.say("not listed: " + reason));
        }
    }

    /** Prints how many bytes are free, and whether that is too little for these. */
    static void space(Console console, Size planned, Mirror mirror) {
        long free = mirror.files().free();
        console.say("  " + Bytes.text(free) + " are free at " + mirror.root()
                + (planned.atLeast() > free ? ", which is too little" : ""));
    }

    /** Prints the totals. */
    void total(Console console, int datasets, Mirror mirror) throws Problem {
        if (datasets > 1) {
            int failed = datasets - ofKnownSize - ofUnknownSize - contained.size() - byHand.size() - notListed.size();
            console.say(Count.of(datasets, "dataset") + (shard == null ? "" : ", shard " + shard) + ": "
                    + (ofKnownSize == 0 ? Bytes.text(0) : planned.text())
                    + " to download"
                    + (ofUnknownSize == 0 ? "" : ", plus " + ofUnknownSize + " of unknown size")
                    + (contained.isEmpty()
                            ? ""
                            : "; " + String.join(", ", contained)
                                    + " counted once, with the dataset that contains them")
                    + (byHand.isEmpty() ? "" : "; " + byHand.size() + " by hand (`histods show ID` lists the steps)")
                    + (notListed.isEmpty() ? "" : "; " + notListed.size() + " not listed")
                    + (unlisted.equals(Size.ZERO) || !unlisted.known()
                            ? ""
                            : ", " + unlisted.text() + " by their manifests")
                    + (failed == 0 ? "" : "; " + failed + " failed, see above"));
            space(console, planned, mirror);
        }
        requests.forEach((host, count) ->
                console.say("  " + host + ": " + Count.of(count, "request") + limits(policies.of(host))));
        Duration least = Duration.ofMillis((long) (seconds * 1000));
        if (bandwidth != null) {
            console.say("  at least " + Durations.text(least) + " at " + Bytes.text(bandwidth) + "/s");
        } else if (least.toMinutes() > 0) {
            console.say("  at least " + Durations.text(least)
                    + " because of the hosts' limits; with --bandwidth the bytes are counted too");
        }
        if (shard != null && shared) {
            shards(console, shard);
        }
        console.object(json(datasets));
    }

    /** Prints what each node downloads. Every node prints the same. */
    private void shards(Console console, Shard mine) {
        TextTable table = new TextTable(
                List.of(Column.fixed("SHARD"), Column.fixed("FILES"), Column.fixed("SIZE"), Column.fixed("REQUESTS")));
        for (int i = 0; i < loads.size(); i++) {
            Load load = loads.get(i);
            long all = load.requests.values().stream().mapToLong(count -> count).sum();
            table.add(List.of(
                    i + 1 + "/" + mine.count(), Long.toString(load.files), load.size.symbols(), Long.toString(all)));
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("event", "shard");
            line.put("shard", i + 1);
            line.put("of", mine.count());
            line.put("files", load.files);
            line.put("size", SizeJson.of(load.size));
            line.put(
                    "hosts",
                    load.requests.entrySet().stream()
                            .map(host -> {
                                Map<String, Object> one = new LinkedHashMap<>();
                                one.put("host", host.getKey());
                                one.put("requests", host.getValue());
                                return one;
                            })
                            .toList());
            console.object(line);
        }
        table.lines(console.tableWidth()).forEach(console::data);
    }

    private static String limits(HostPolicy policy) {
        return (policy.requestsPerMinute() == 0 ? "" : ", at most " + policy.requestsPerMinute() + " a minute") + ", "
                + policy.connections() + " at a time";
    }

    private Map<String, Object> json(int datasets) {
        Map<String, Object> total = new LinkedHashMap<>();
        total.put("event", "total");
        total.put("datasets", datasets);
        total.put("size", ofKnownSize == 0 ? null : SizeJson.of(planned));
        total.put("unknown", ofUnknownSize);
        total.put("by_hand", byHand);
        total.put("not_listed", notListed);
        List<Map<String, Object>> hosts = new ArrayList<>();
        requests.forEach((host, count) -> {
            HostPolicy policy = policies.of(host);
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("host", host);
            one.put("requests", count);
            one.put("per_minute", policy.requestsPerMinute() == 0 ? null : policy.requestsPerMinute());
            one.put("connections", policy.connections());
            hosts.add(one);
        });
        total.put("hosts", hosts);
        total.put("seconds", Math.round(seconds));
        return total;
    }
}
