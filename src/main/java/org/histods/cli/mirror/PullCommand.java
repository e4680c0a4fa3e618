package org.histods.cli.mirror;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FileSelection;
import org.histods.pull.PullPlan;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings datasets into the mirror. */
@Command(
        name = "pull",
        description = "Bring datasets into the mirror: fetched, checked, unpacked, and recorded.",
        footer = {
            "",
            "A pull that was interrupted goes on where it stopped when the same command runs again.",
            "A pull of what is there makes no request.",
            "",
            "Examples:",
            "  histods pull mbm",
            "  histods pull kather-2018 --only test",
            "  histods pull mhist --from ~/Downloads/images.zip ~/Downloads/annotations.csv",
            "  histods pull my-dataset.yaml --dry-run"
        })
public final class PullCommand implements CliCommand {

    private final AppContext wiring;

    @Parameters(
            arity = "1..*",
            paramLabel = "ID|FILE",
            description = "ids or aliases of datasets, with @VERSION if you like, or manifest files")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--only",
            paramLabel = "GLOB|SPLIT",
            description = "only files that match, or that belong to the split")
    private List<String> only = new ArrayList<>();

    @Option(names = "--variant", paramLabel = "NAME", description = "another variant than the preferred one")
    private @Nullable String variant;

    @Option(names = "--source", paramLabel = "KIND", description = "only from this kind of source")
    private @Nullable String source;

    @Option(names = "--from", arity = "1..*", paramLabel = "FILE", description = "files that you got by hand")
    private List<Path> from = new ArrayList<>();

    @Option(names = "--keep-archives", description = "keep archives beside what they unpack to")
    private boolean keepArchives;

    @Option(
            names = "--discard-extra",
            description = "delete files in data/ that are not the dataset's where a pull replaces it (default: keep)")
    private boolean discardExtra;

    @Option(names = "--dry-run", description = "say what would be fetched, fetch nothing")
    private boolean dryRun;

    @Option(names = "--jobs", paramLabel = "N", description = "files fetched at a time (default: 4)")
    private int jobs = 4;

    @Option(names = "--limit-rate", paramLabel = "R", description = "bytes a second at most, such as 20M or 500k")
    private @Nullable String rate;

    public PullCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        if (jobs < 1) {
            throw new Problem(Problem.Kind.USAGE, "--jobs takes a number from 1, not " + jobs);
        }
        if (!from.isEmpty() && names.size() > 1) {
            throw new Problem(Problem.Kind.USAGE, "--from goes with one dataset at a time");
        }
        Long limit = rate == null ? null : bytesPerSecond(rate);
        int exit = 0;
        for (String name : names) {
            try {
                one(name, limit);
            } catch (Problem p) {
                wiring.console().problem(name, p);
                exit = exit == 0 ? p.kind().exit() : exit;
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    return exit;
                }
            }
        }
        return exit;
    }

    private static long bytesPerSecond(String text) throws Problem {
        long rate;
        try {
            rate = Bytes.parse(text.strip().replaceFirst("/s$", ""));
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.USAGE, "'" + text + "' is no rate", "such as 20M, 500k or 1000000");
        }
        if (rate < 1) {
            throw new Problem(Problem.Kind.USAGE, "--limit-rate " + text + " would never end");
        }
        return rate;
    }

    private void one(String name, @Nullable Long limit) throws Problem {
        ManifestFile manifest = wiring.manifest(name);
        PullRequest request = new PullRequest(
                manifest,
                variant,
                FileSelection.words(only),
                source,
                from.stream().map(wiring::path).toList(),
                keepArchives,
                jobs,
                discardExtra);
        Puller puller = wiring.puller(limit);
        if (dryRun) {
            dryRun(manifest, puller.plan(request));
            return;
        }
        try (ProgressDisplay progress = wiring.progress(manifest.manifest())) {
            Puller.Result result = puller.pull(request, progress);
            progress.done();
            done(result);
        }
    }

    private void dryRun(ManifestFile manifest, PullPlan plan) throws Problem {
        Console console = wiring.console();
        console.object(ProgressDisplay.plan(plan));
        if (plan.items().isEmpty()) {
            console.data(plan.dataset() + " " + plan.version() + " is in the mirror: nothing to fetch");
            return;
        }
        console.data(plan.dataset() + " " + plan.version() + ": "
                + Count.of(plan.items().size(), "file")
                + ", " + words(plan.size()) + ", "
                + manifest.manifest().license().shown());
        if (plan.unpacked().known()) {
            console.data("  unpacked " + plan.unpacked().text());
        }
        console.say("  " + Bytes.text(wiring.mirror().free()) + " are free on the disk of "
                + wiring.mirror().root());
        for (PullPlan.Item item : plan.items()) {
            String sums = item.file().sums().isEmpty() && item.file().slice() == null
                    ? "nobody publishes a checksum"
                    : item.file().slice() != null && item.file().slice().gitTree() != null
                            ? "git-tree by " + item.file().slice().gitTree().by()
                            : item.file().sums().stream()
                                    .map(s -> s.sum().algorithm().word() + " by " + s.by())
                                    .reduce((a, b) -> a + ", " + b)
                                    .orElse("nobody publishes a checksum");
            console.data("  " + item.file().path() + "  " + words(item.size()) + "  "
                    + item.first().shown() + "  " + sums + plain(item) + (item.unpack() ? "  unpacks" : "")
                    + (item.whole() ? "" : "  (only members that match)"));
        }
    }

    private static String words(Size size) {
        return size.known() ? size.text() : "unknown size";
    }

    private static String plain(PullPlan.Item item) {
        String scheme = item.file().uri().getScheme();
        return "http".equals(scheme) || "ftp".equals(scheme) ? "  without encryption" : "";
    }

    private void done(Puller.Result result) {
        Console console = wiring.console();
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
        String what = bag.ref().id() + " " + bag.ref().version() + ": " + Count.of(bag.fileCount(), "file") + ", "
                + Bytes.text(bag.bytes());
        if (result.changed()) {
            console.say(console.bold(what) + ", " + Bytes.text(result.transferred()) + " transferred in "
                    + String.format(Locale.ROOT, "%.1f s", seconds));
            console.say("  fingerprint " + bag.fingerprint().hex());
        } else {
            console.say(what + ": already in the mirror, nothing fetched");
        }
        if (!result.touched().isEmpty()) {
            int count = result.touched().size();
            console.warn(Count.of(count, "file") + (count == 1 ? " has" : " have")
                    + " been changed or lost since the pull, such as "
                    + result.touched().get(0) + "; `histods verify " + bag.ref().id() + " --repair` looks and mends");
        }
        console.data(bag.ref().data().toString());
    }
}
