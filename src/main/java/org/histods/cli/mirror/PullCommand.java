package org.histods.cli.mirror;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.cli.shell.SelectionOptions;
import org.histods.dataset.DatasetId;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.manifest.Access;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FetchRecord;
import org.histods.pull.PullPlan;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.pull.Shard;
import org.histods.source.all.Sources;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods pull}: downloads datasets into the mirror. */
@Command(
        name = "pull",
        description = {
            "Download, verify and unpack datasets into the mirror",
            "",
            "Run the same command again to continue an interrupted pull. If the dataset is complete in the mirror,"
                    + " no network requests are made. Use --from to pass files that only a person can download. A"
                    + " DOI or URL of a dataset in the catalogue selects that dataset; for any other record, a"
                    + " manifest is drafted from the host's record and kept with the dataset."
        },
        footer = {
            "",
            "Examples:",
            "  histods pull mbm",
            "  histods pull kather-2018 --only test",
            "  histods pull tcga --where 'project=TCGA-LUAD & n<=20' --dry-run",
            "  histods pull tcga --only-from gdc_manifest.txt",
            "  histods pull mhist --from ~/Downloads/images.zip",
            "  histods pull my-dataset.yaml --dry-run",
            "  histods pull https://zenodo.org/records/1214456",
            "  histods pull --group patho-bench --dry-run --bandwidth 1Gbit/s",
            "  histods pull tcga --shard 2/8"
        })
public final class PullCommand implements CliCommand {

    private static final Pattern BIT_RATE =
            Pattern.compile("([0-9.]+ ?[kmgt]?) ?(?:bits?/s|bps)", Pattern.CASE_INSENSITIVE);

    /** Problems that a forecast of several datasets shows in its table instead of as errors. */
    private static final Set<Problem.Kind> PLANNED =
            Set.of(Problem.Kind.PERSON, Problem.Kind.NETWORK, Problem.Kind.UPSTREAM_CHANGED);

    private final AppContext app;

    @Parameters(
            arity = "0..*",
            paramLabel = "ID|FILE|URL",
            description = "datasets, optionally as ID@VERSION, manifest files, or DOIs and URLs of records")
    private List<String> names = new ArrayList<>();

    @Option(
            names = "--group",
            paramLabel = "NAME",
            description = "download the datasets of a group, such as a benchmark")
    private @Nullable String group;

    @Mixin
    private SelectionOptions selection = new SelectionOptions();

    @Option(names = "--variant", paramLabel = "NAME", description = "download this variant instead of the default")
    private @Nullable String variant;

    @Option(names = "--source", paramLabel = "KIND", description = "use only this kind of source, such as zenodo")
    private @Nullable String source;

    @Option(
            names = "--from",
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "use files that you downloaded yourself, or folders that you unpacked archives to")
    private List<Path> from = new ArrayList<>();

    @Option(
            names = "--from-mirror",
            paramLabel = "URL",
            description = "try this mirror first: the URL of a `histods serve`, or s3://BUCKET/PREFIX; repeatable")
    private List<String> fromMirrors = new ArrayList<>();

    @Option(names = "--keep-archives", description = "keep downloaded archives after unpacking")
    private boolean keepArchives;

    @Option(
            names = "--discard-extra",
            description = "delete your own files in the dataset's folder if the pull replaces it (default: keep them)")
    private boolean discardExtra;

    @Option(names = "--dry-run", description = "show what would be downloaded, without downloading")
    private boolean dryRun;

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            description = "download shard I of N of a dataset; the last of N nodes to finish publishes it")
    private @Nullable String shard;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "number of parallel downloads (default: 4); four times as many for small files")
    private int jobs = PullRequest.JOBS;

    @Option(names = "--limit-rate", paramLabel = "RATE", description = "maximum bytes per second, such as 20M or 500k")
    private @Nullable String rate;

    @Option(names = "--all", description = "with --dry-run, plan all open datasets of the catalogue")
    private boolean everything;

    @Option(
            names = "--bandwidth",
            paramLabel = "RATE",
            description = "with --dry-run, estimate the minimum time at this rate, such as 1Gbit/s or 20M")
    private @Nullable String bandwidth;

    public PullCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        selection.check();
        if (jobs < 1) {
            throw new Problem(Problem.Kind.USAGE, "--jobs must be at least 1, not " + jobs);
        }
        if (!dryRun && (everything || bandwidth != null)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    (everything ? "--all" : "--bandwidth") + " requires --dry-run",
                    everything ? "everything open is tens of terabytes; pull datasets or a --group" : null);
        }
        List<String> all = names();
        if (!from.isEmpty() && all.size() > 1) {
            throw new Problem(Problem.Kind.USAGE, "--from requires a single dataset");
        }
        Shard mine = shard == null ? null : shard(shard);
        Long limit = rate == null ? null : Long.valueOf(bytesPerSecond("--limit-rate", rate));
        Long speed = bandwidth == null ? limit : Long.valueOf(bytesPerSecond("--bandwidth", bandwidth));
        PullForecast forecast =
                dryRun ? new PullForecast(app.settings().network().policies(Sources.policies()), speed, mine) : null;
        boolean several = all.size() > 1;
        int exit = 0;
        for (int i = 0; i < all.size(); i++) {
            String name = all.get(i);
            try {
                if (forecast == null) {
                    pull(name, limit, mine);
                } else {
                    if (several) {
                        app.console().status("planning " + (i + 1) + " of " + all.size() + ": " + name);
                    }
                    plan(name, forecast, all, mine);
                }
            } catch (Problem p) {
                boolean inTheTable = several && dryRun && PLANNED.contains(p.kind());
                if (!inTheTable || app.console().json()) {
                    app.console().problem(name, p);
                }
                exit = exit == 0 ? p.kind().exit() : exit;
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    return exit;
                }
            }
        }
        if (forecast != null) {
            app.console().endStatus();
            if (several) {
                forecast.table(app.console());
            }
            forecast.total(app.console(), all.size(), app.mirror());
        }
        return exit;
    }

    private Shard shard(String text) throws Problem {
        Shard mine = Shard.parse(text);
        if (!from.isEmpty() || !fromMirrors.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    (from.isEmpty() ? "--from-mirror" : "--from") + " cannot be used with --shard",
                    from.isEmpty()
                            ? "run it on one node without --shard: all nodes that share the mirror have the dataset then"
                            : "run it without --shard on a node that sees the files: all nodes that share the mirror have the"
                                    + " dataset then");
        }
        return mine;
    }

    /** The datasets given as arguments, those of the group, and with {@code --all} all open ones, without duplicates. */
    private List<String> names() throws Problem {
        Set<String> all = new LinkedHashSet<>(names);
        if (group != null) {
            app.catalogue().group(group).datasets().forEach(id -> all.add(id.text()));
        }
        if (everything) {
            app.catalogue().manifests().stream()
                    .filter(m -> m.terms().access().status() == Access.Status.OPEN)
                    .forEach(m -> all.add(m.id().text()));
        }
        if (all.isEmpty()) {
            throw new Problem(Problem.Kind.USAGE, "no dataset given", "see `histods pull --help`");
        }
        return List.copyOf(all);
    }

    /** @param text such as {@code 20M}, {@code 20 MB/s} or {@code 1 Gbit/s} */
    private static long bytesPerSecond(String option, String text) throws Problem {
        Matcher bits = BIT_RATE.matcher(text.strip());
        long rate;
        try {
            rate = bits.matches()
                    ? Bytes.parse(String.valueOf(bits.group(1))) / 8
                    : Bytes.parse(text.strip().replaceFirst("/s$", ""));
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.USAGE, option + " '" + text + "' is not a rate", "use 20M, 500k, 1000000 or 1Gbit/s");
        }
        if (rate < 1) {
            throw new Problem(Problem.Kind.USAGE, option + " must be at least 1 byte per second, not " + text);
        }
        return rate;
    }

    private PullRequest request(ManifestFile manifest) throws Problem {
        return new PullRequest(
                manifest,
                variant,
                selection.words(),
                source,
                from.stream().map(app::path).toList(),
                keepArchives,
                jobs,
                discardExtra,
                null,
                null);
    }

    private void pull(String name, @Nullable Long limit, @Nullable Shard mine) throws Problem {
        // Prepares the transport in the background while the manifest is read.
        app.transport();
        ManifestFile manifest = app.datasets().manifestOrDraft(name);
        Puller puller = app.puller(limit, fromMirrors, null);
        PullRequest request = selection.choose(app, puller, request(manifest));
        try (ProgressDisplay progress = app.progress(manifest.manifest())) {
            if (mine != null) {
                Puller.ShardResult result = puller.pullShard(request, mine, progress);
                progress.done();
                new PullView(app).done(mine, result);
                return;
            }
            Puller.Result result = puller.pull(request, progress);
            progress.done();
            new PullView(app).done(result);
            if (keepArchives && !result.changed()) {
                warnOfMissingArchives(result.bag());
            }
        }
    }

    private void plan(String name, PullForecast forecast, List<String> all, @Nullable Shard mine) throws Problem {
        ManifestFile manifest = app.datasets().manifestOrDraft(name);
        boolean inAnother = manifest.manifest()
                .isPartOf(all.stream()
                        .flatMap(one -> DatasetId.of(one.replaceFirst("@.*", "")).stream())
                        .toList());
        PullPlan plan;
        boolean inMirror;
        try {
            Puller puller = app.puller(null, fromMirrors, null);
            PullRequest request = selection.choose(app, puller, request(manifest));
            if (mine == null) {
                plan = puller.plan(request);
                inMirror = plan.items().isEmpty();
            } else {
                List<PullPlan> shards = puller.planShards(request, mine.count());
                if (!inAnother) {
                    forecast.add(shards);
                }
                plan = shards.get(mine.number() - 1);
                inMirror = shards.stream().allMatch(one -> one.items().isEmpty());
            }
        } catch (Problem p) {
            if (PLANNED.contains(p.kind())) {
                forecast.lacks(manifest.manifest(), p, inAnother);
            }
            throw p;
        }
        forecast.add(plan, inAnother, inMirror);
        PullView view = new PullView(app);
        view.json(plan);
        if (all.size() == 1) {
            view.dryRun(manifest, plan, inMirror ? null : mine);
        }
    }

    /** Names archives that an earlier pull unpacked and did not keep: keeping them now would need another download. */
    private void warnOfMissingArchives(Bag bag) throws Problem {
        List<String> lacking = new ArrayList<>();
        for (FetchRecord fetch : bag.fetches()) {
            Checksum checksum = fetch.sha256().isEmpty() ? null : new Checksum(Algorithm.SHA256, fetch.sha256());
            if (fetch.unpacked()
                    && (checksum == null || !Files.exists(app.mirror().archive(checksum)))) {
                lacking.add(fetch.path());
            }
        }
        if (!lacking.isEmpty()) {
            app.console()
                    .warn(Count.of(lacking.size(), "archive") + " of "
                            + bag.ref().id()
                            + " cannot be kept now, such as " + lacking.get(0)
                            + ": the pull that fetched it did not keep it; `histods remove "
                            + bag.ref().id()
                            + "` and a new pull with --keep-archives do");
        }
    }
}
