package org.histods.cli.mirror;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.FileSelection;
import org.histods.provenance.received.ChecksumFile;
import org.histods.pull.PullPlan;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.pull.local.Offer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods adopt}: turns a folder of files into a pulled dataset. */
@Command(
        name = "adopt",
        description = {
            "Take files that you already have into the mirror, without downloading them",
            "",
            "Files are compared with the checksums in the manifest or at the host, unpacked files of a zip with the"
                    + " zip's directory at the host (a few small requests), repositories with their git tree, and"
                    + " all files with the checksums of another bag if --against is given. Files that cannot be"
                    + " compared with anything are matched by name and recorded as unchecked. Missing files are"
                    + " downloaded."
        },
        footer = {
            "",
            "Examples:",
            "  histods adopt /data/NCT-CRC-HE-100K --as kather-2018",
            "  histods adopt /data/slides --as camelyon16 --link --no-fetch",
            "  histods adopt old/ --as midog --against colleague/manifest-sha256.txt",
            "  histods adopt /data/tiles --as kather-2018 --dry-run"
        })
public final class AdoptCommand implements CliCommand {

    private final AppContext app;

    @Parameters(paramLabel = "DIR", description = "folder with the files; it is only read, unless you give --move")
    private Path folder = Path.of(".");

    @Option(
            names = "--as",
            required = true,
            paramLabel = "ID|FILE|URL",
            description = "dataset that the files belong to, as for `histods pull`")
    private String name = "";

    @Option(
            names = "--only",
            paramLabel = "GLOB|SPLIT,…",
            description = "adopt only matching files, or the files of a split")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--variant",
            paramLabel = "NAME",
            description = "variant that the files belong to, if not the default")
    private @Nullable String variant;

    @Option(
            names = "--against",
            paramLabel = "BAG|FILE",
            description = "compare with the checksums of a bag, or of a file such as manifest-sha256.txt")
    private @Nullable Path against;

    @Option(names = "--copy", description = "copy the files (default)")
    private boolean copy;

    @Option(names = "--link", description = "make hard links, which need no space; your files become read-only")
    private boolean link;

    @Option(
            names = "--move",
            description = "like --link, and delete the names in DIR once the dataset is in the mirror")
    private boolean move;

    @Option(names = "--no-fetch", description = "do not download missing files; the dataset is then incomplete")
    private boolean noFetch;

    @Option(names = "--dry-run", description = "show what would be adopted and downloaded, without doing it")
    private boolean dryRun;

    public AdoptCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        if ((copy && link) || (copy && move) || (link && move)) {
            throw new Problem(Problem.Kind.USAGE, "give one of --copy, --link and --move");
        }
        Path files = app.path(folder);
        Path mirror = app.mirror().root();
        if (files.startsWith(mirror) || mirror.startsWith(files)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    files + (files.startsWith(mirror) ? " is in the mirror " : " holds the mirror ") + mirror,
                    "adopt a folder outside of the mirror, or use another mirror with --mirror");
        }
        Map<FilePath, Checksum> checksums = against == null ? Map.of() : ChecksumFile.read(app.path(against));
        Offer.How how = move ? Offer.How.MOVE : link ? Offer.How.LINK : Offer.How.COPY;
        ManifestFile manifest = app.datasets().manifestOrDraft(name);
        PullRequest request = new PullRequest(
                manifest,
                variant,
                FileSelection.words(only),
                null,
                List.of(),
                false,
                PullRequest.JOBS,
                false,
                new Offer(files, how, !noFetch, checksums),
                null);
        PullView view = new PullView(app);
        Puller puller = app.puller();
        if (dryRun) {
            PullPlan plan = puller.plan(request);
            view.json(plan);
            view.dryRun(manifest, plan, null);
            return 0;
        }
        try (ProgressDisplay progress = app.progress(manifest.manifest())) {
            Puller.Result result = puller.pull(request, progress);
            progress.done();
            view.done(result);
        }
        return 0;
    }
}
