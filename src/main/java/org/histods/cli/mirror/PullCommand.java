package org.histods.cli.mirror;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Glob;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.FetchRecord;
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

/** {@code histods pull}: downloads datasets into the mirror. */
@Command(
        name = "pull",
        description = {
            "Download, verify and unpack datasets into the mirror",
            "",
            "Run the same command again to continue an interrupted pull. A dataset that is complete in the mirror causes"
                    + " no network request. Files that only a person can download are passed with --from. A DOI or URL"
                    + " of a dataset of the catalogue means that dataset; for any other, a manifest is drafted from what"
                    + " the host states, and kept with the dataset."
        },
        footer = {
            "",
            "Examples:",
            "  histods pull mbm",
            "  histods pull kather-2018 --only test",
            "  histods pull mhist --from ~/Downloads/images.zip",
            "  histods pull my-dataset.yaml --dry-run",
            "  histods pull https://zenodo.org/records/1214456",
            "  histods pull --group patho-bench --dry-run"
        })
public final class PullCommand implements CliCommand {

    /** How many files are downloaded in parallel if the user does not say. */
    static final int JOBS = 4;

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

    @Option(
            names = "--only",
            paramLabel = "GLOB|SPLIT,…",
            description = "download only matching files, or the files of a split")
    private List<String> only = new ArrayList<>();

    @Option(names = "--variant", paramLabel = "NAME", description = "download another variant than the default")
    private @Nullable String variant;

    @Option(names = "--source", paramLabel = "KIND", description = "use only this kind of source, such as zenodo")
    private @Nullable String source;

    @Option(
            names = "--from",
            arity = "1..*",
            paramLabel = "FILE|DIR",
            description = "use files that you downloaded yourself, or a folder that you unpacked an archive to")
    private List<Path> from = new ArrayList<>();

    @Option(names = "--keep-archives", description = "keep downloaded archives after unpacking")
    private boolean keepArchives;

    @Option(
            names = "--discard-extra",
            description = "delete your own files in the dataset's folder if the pull replaces it (default: keep them)")
    private boolean discardExtra;

    @Option(names = "--dry-run", description = "show what would be downloaded, without downloading")
    private boolean dryRun;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            description = "files to download in parallel (default: 4); of small ones, four times as many")
    private int jobs = JOBS;

    @Option(names = "--limit-rate", paramLabel = "RATE", description = "bytes per second at most, such as 20M or 500k")
    private @Nullable String rate;

    private Size planned = Size.ZERO;
    private int ofKnownSize;
    private int ofUnknownSize;

    public PullCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        for (String word : only) {
            try {
                Glob.of(word);
            } catch (IllegalArgumentException e) {
                throw new Problem(Problem.Kind.USAGE, "--only '" + FilePath.printable(word) + "': " + e.getMessage());
            }
        }
        if (jobs < 1) {
            throw new Problem(Problem.Kind.USAGE, "--jobs must be at least 1, not " + jobs);
        }
        List<String> all = names();
        if (!from.isEmpty() && all.size() > 1) {
            throw new Problem(Problem.Kind.USAGE, "--from requires a single dataset");
        }
        Long limit = rate == null ? null : bytesPerSecond(rate);
        int exit = 0;
        for (String name : all) {
            try {
                one(name, limit);
            } catch (Problem p) {
                app.console().problem(name, p);
                exit = exit == 0 ? p.kind().exit() : exit;
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    return exit;
                }
            }
        }
        if (dryRun && all.size() > 1) {
            total(all.size());
        }
        return exit;
    }

    /** The datasets given as arguments and those of the group, without duplicates. */
    private List<String> names() throws Problem {
        Set<String> all = new LinkedHashSet<>(names);
        if (group != null) {
            app.catalogue().group(group).datasets().forEach(id -> all.add(id.text()));
        }
        if (all.isEmpty()) {
            throw new Problem(Problem.Kind.USAGE, "no dataset given", "see `histods pull --help`");
        }
        return List.copyOf(all);
    }

    private void total(int datasets) {
        int failed = datasets - ofKnownSize - ofUnknownSize;
        app.console()
                .say(Count.of(datasets, "dataset") + ": " + (ofKnownSize == 0 ? Bytes.text(0) : planned.text())
                        + " to download"
                        + (ofUnknownSize == 0 ? "" : ", plus " + ofUnknownSize + " of unknown size")
                        + (failed == 0 ? "" : "; " + failed + " failed, see above"));
    }

    private static long bytesPerSecond(String text) throws Problem {
        long rate;
        try {
            rate = Bytes.parse(text.strip().replaceFirst("/s$", ""));
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.USAGE, "--limit-rate '" + text + "' is not a rate", "use 20M, 500k or 1000000");
        }
        if (rate < 1) {
            throw new Problem(Problem.Kind.USAGE, "--limit-rate must be at least 1 byte per second, not " + text);
        }
        return rate;
    }

    private void count(PullPlan plan) {
        if (plan.size().known() || plan.items().isEmpty()) {
            planned = planned.plus(plan.size());
            ofKnownSize++;
        } else {
            ofUnknownSize++;
        }
    }

    private void one(String name, @Nullable Long limit) throws Problem {
        PullView view = new PullView(app);
        ManifestFile manifest = app.manifestOrDraft(name);
        PullRequest request = new PullRequest(
                manifest,
                variant,
                FileSelection.words(only),
                source,
                from.stream().map(app::path).toList(),
                keepArchives,
                jobs,
                discardExtra);
        Puller puller = app.puller(limit);
        if (dryRun) {
            PullPlan plan = puller.plan(request);
            view.dryRun(manifest, plan);
            count(plan);
            return;
        }
        try (ProgressDisplay progress = app.progress(manifest.manifest())) {
            Puller.Result result = puller.pull(request, progress);
            progress.done();
            view.done(result);
            if (keepArchives && !result.changed()) {
                sayWhichArchivesAreLacking(result.bag());
            }
        }
    }

    /** What was unpacked and not kept cannot be kept now without another download. */
    private void sayWhichArchivesAreLacking(Bag bag) throws Problem {
        List<String> lacking = new ArrayList<>();
        for (FetchRecord fetch : bag.fetches()) {
            Checksum sum = fetch.sha256().isEmpty() ? null : new Checksum(Algorithm.SHA256, fetch.sha256());
            if (fetch.unpacked() && (sum == null || !Files.exists(app.mirror().archive(sum)))) {
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
