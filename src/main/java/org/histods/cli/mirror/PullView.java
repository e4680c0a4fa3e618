package org.histods.cli.mirror;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.histods.cli.shell.AdoptionView;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.pull.PullPlan;
import org.histods.pull.Puller;
import org.histods.pull.Shard;
import org.histods.source.RemoteFile;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/** Shows the plan and the result of a pull. */
final class PullView {

    /** The most missing shards that are named. */
    private static final int MAX_NAMED = 10;

    private final AppContext app;

    PullView(AppContext app) {
        this.app = app;
    }

    /** Prints a plan as a JSON line. */
    void json(PullPlan plan) {
        Map<String, Object> line = ProgressDisplay.plan(plan);
        line.put("items", plan.items().stream().map(PullView::json).toList());
        app.console().object(line);
    }

    /**
     * Prints a plan for people.
     *
     * @param shard the node that it is for; null for a single node, and if the mirror has the dataset
     */
    void dryRun(ManifestFile manifest, PullPlan plan, @Nullable Shard shard) throws Problem {
        Console console = app.console();
        String name = plan.dataset() + " " + plan.version();
        if (plan.items().isEmpty()) {
            console.data(
                    shard == null
                            ? name + " is in the mirror: nothing to download"
                            : name + ", shard " + shard + ": nothing to download");
            return;
        }
        console.data(name + (shard == null ? "" : ", shard " + shard) + ": "
                + Count.of(plan.items().size(), "file")
                + ", " + text(plan.size()) + ", "
                + manifest.manifest().terms().license().shown());
        AdoptionView.show(console, plan, console::data);
        if (plan.unpacked().known()) {
            console.data("  unpacked " + plan.unpacked().text());
        }
        for (PullPlan.Item item : plan.items()) {
            if (item.inMirror() != null && item.members() == null) {
                console.data(
                        "  " + item.file().path() + "  nothing to download: in the mirror with " + item.inMirror());
                continue;
            }
            if (plan.adoption() != null && item.size().equals(Size.ZERO)) {
                continue;
            }
            console.data("  " + item.file().path() + "  " + text(item.size()) + "  "
                    + item.first().shown() + "  " + checksums(item) + encryption(item)
                    + (item.unpack() ? "  to unpack" : "") + entries(item));
        }
        PullForecast.space(console, plan.size(), app.mirror());
    }

    private static String entries(PullPlan.Item item) {
        if (item.members() != null && item.inMirror() != null) {
            return "  (" + Count.of(item.members().contents().members().size(), "file")
                    + " of the archive; the others are in the mirror with " + item.inMirror() + ")";
        }
        if (item.members() != null) {
            return "  (" + Count.of(item.members().contents().members().size(), "file") + " of the archive, "
                    + Bytes.text(item.members().unpackedBytes()) + " unpacked)";
        }
        String all = item.entirely() == null ? "" : ", but all of it is downloaded, because " + item.entirely();
        return item.whole() ? "" : "  (only matching entries" + all + ")";
    }

    private static Map<String, Object> json(PullPlan.Item item) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("path", item.file().path().text());
        line.put("bytes", item.size().exactly().orElse(null));
        line.put("source", item.first().source().kind());
        line.put("url", item.file().uri().toString());
        line.put(
                "sums",
                item.file().checksums().stream()
                        .map(checksum -> checksum.checksum().toString())
                        .toList());
        line.put("unpack", item.unpack());
        line.put("whole", item.whole());
        return line;
    }

    private static String text(Size size) {
        return size.known() ? size.text() : "unknown size";
    }

    private static String checksums(PullPlan.Item item) {
        RemoteFile.Slice slice = item.file().slice();
        if (slice != null && slice.gitTree() != null) {
            return "git-tree by " + slice.gitTree().by();
        }
        return item.file().checksums().stream()
                .map(s -> s.checksum().algorithm().word() + " by " + s.by())
                .reduce((a, b) -> a + ", " + b)
                .orElse("no published checksum");
    }

    private static String encryption(PullPlan.Item item) {
        String scheme = item.file().uri().getScheme();
        return "http".equals(scheme) || "ftp".equals(scheme) ? "  without encryption" : "";
    }

    /** Shows the result of pulling a shard. */
    void done(Shard shard, Puller.ShardResult result) throws Problem {
        Console console = app.console();
        PullPlan plan = result.plan();
        double seconds = result.took().toMillis() / 1000.0;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "shard-done");
        line.put("dataset", plan.dataset());
        line.put("version", plan.version());
        line.put("shard", shard.number());
        line.put("of", shard.count());
        line.put("files", plan.items().size());
        line.put("missing", result.missing());
        line.put("others", result.others());
        line.put("transferred", result.transferred());
        line.put("seconds", seconds);
        line.put("published", result.published() != null);
        console.object(line);
        if (result.published() == null || result.published().changed()) {
            console.say(console.bold("shard " + shard + " of " + plan.dataset() + " " + plan.version()) + ": "
                    + Count.of(plan.items().size(), "file") + ", " + text(plan.size()) + ", "
                    + Bytes.text(result.transferred()) + " transferred in "
                    + String.format(Locale.ROOT, "%.1f s", seconds));
        }
        if (result.published() != null) {
            done(result.published());
            return;
        }
        console.say("  not finished yet: " + numbers(result.missing()) + " of " + shard.count()
                + "; the last to finish publishes the dataset");
        if (result.others() > 0) {
            console.warn(Count.of(result.others(), "finished shard") + " of this dataset "
                    + (result.others() == 1 ? "is" : "are") + " of another plan and not used: another N, selection or"
                    + " manifest, or the host listed other files to that node");
        }
    }

    private static String numbers(List<Integer> numbers) {
        return (numbers.size() == 1 ? "shard " : "shards ")
                + Count.shortened(numbers.stream().map(String::valueOf).toList(), MAX_NAMED);
    }

    /**
     * Shows the result of a pull.
     *
     * @throws Problem {@code WRONG_BYTES} if files of the dataset were modified or lost since they were pulled
     */
    void done(Puller.Result result) throws Problem {
        if (!result.touched().isEmpty()) {
            new MirrorLookup(app).requireUnmodified(result.bag());
        }
        Console console = app.console();
        Bag bag = result.bag();
        double seconds = result.took().toMillis() / 1000.0;
        Map<String, Object> line = MirrorLookup.event("done", bag.ref());
        line.put("path", bag.ref().data().toString());
        line.put("files", bag.fileCount());
        line.put("bytes", bag.bytes());
        line.put("fingerprint", bag.fingerprint().hex());
        line.put("transferred", result.transferred());
        line.put("seconds", seconds);
        line.put("extra", result.extra());
        console.object(line);
        String summary = bag.ref().id() + " " + bag.ref().version() + ": " + Count.of(bag.fileCount(), "file") + ", "
                + Bytes.text(bag.bytes());
        if (result.changed()) {
            console.say(console.bold(summary) + ", " + Bytes.text(result.transferred()) + " transferred in "
                    + String.format(Locale.ROOT, "%.1f s", seconds));
            console.say("  fingerprint " + bag.fingerprint().hex());
        } else {
            console.say(summary + ": already in the mirror, nothing to download");
        }
        console.data(bag.ref().data().toString());
    }
}
