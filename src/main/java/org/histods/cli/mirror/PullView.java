package org.histods.cli.mirror;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.histods.cli.shell.AdoptionView;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.pull.PullPlan;
import org.histods.pull.Puller;
import org.histods.source.RemoteFile;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Size;

/** Shows the plan and the result of a pull. */
final class PullView {

    private final AppContext app;

    PullView(AppContext app) {
        this.app = app;
    }

    /** Prints the object of a plan for scripts. */
    void object(PullPlan plan) {
        Map<String, Object> line = ProgressDisplay.plan(plan);
        line.put("items", plan.items().stream().map(PullView::json).toList());
        app.console().object(line);
    }

    /** Shows what would be done. */
    void dryRun(ManifestFile manifest, PullPlan plan) throws Problem {
        Console console = app.console();
        if (plan.items().isEmpty()) {
            console.data(plan.dataset() + " " + plan.version() + " is in the mirror: nothing to download");
            return;
        }
        console.data(plan.dataset() + " " + plan.version() + ": "
                + Count.of(plan.items().size(), "file")
                + ", " + text(plan.size()) + ", "
                + manifest.manifest().license().shown());
        AdoptionView.show(console, plan, console::data);
        if (plan.unpacked().known()) {
            console.data("  unpacked " + plan.unpacked().text());
        }
        console.say("  " + Bytes.text(app.mirror().free()) + " are free at "
                + app.mirror().root());
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
                item.file().sums().stream().map(sum -> sum.sum().toString()).toList());
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
        return item.file().sums().stream()
                .map(s -> s.sum().algorithm().word() + " by " + s.by())
                .reduce((a, b) -> a + ", " + b)
                .orElse("no published checksum");
    }

    private static String encryption(PullPlan.Item item) {
        String scheme = item.file().uri().getScheme();
        return "http".equals(scheme) || "ftp".equals(scheme) ? "  without encryption" : "";
    }

    /** Shows the result. */
    void done(Puller.Result result) throws Problem {
        Console console = app.console();
        Bag bag = result.bag();
        double seconds = result.took().toMillis() / 1000.0;
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "done");
        line.put("dataset", bag.ref().id());
        line.put("version", bag.ref().version());
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
        if (!result.touched().isEmpty()) {
            int count = result.touched().size();
            console.warn(Count.of(count, "file") + (count == 1 ? " has" : " have")
                    + " been modified or lost since the pull, such as "
                    + result.touched().get(0) + "; `histods verify " + bag.ref().id() + " --repair` restores "
                    + (count == 1 ? "it" : "them"));
        }
        console.data(bag.ref().data().toString());
    }
}
