package org.histods.cli.mirror;

import java.nio.file.Path;
import java.util.List;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;
import org.histods.pull.Importer;
import org.histods.pull.PullListener;
import org.histods.pull.PullPlan;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.pull.local.Offer;
import org.histods.yaml.YamlText;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods import}: takes a bag that somebody else made into the mirror. */
@Command(
        name = "import",
        description = {
            "Take a bag from a colleague or a paper into the mirror",
            "",
            "The bag is copied, files listed in its fetch.txt are downloaded, and everything is verified before it"
                    + " is added to the mirror. A bag made by histods, also with `histods export`, keeps its"
                    + " receipts and is compared with the catalogue. For any other BagIt bag, --as names the"
                    + " dataset, and its files are compared as by `histods adopt`. Your bag is only read."
        },
        footer = {
            "",
            "Examples:",
            "  histods import ./kather-2018-bag --fingerprint b2bdd32fe7cb",
            "  histods import /media/usb/bag --as camelyon16"
        })
public final class ImportCommand implements CliCommand {

    private final AppContext app;

    @Parameters(paramLabel = "BAG", description = "folder with bagit.txt")
    private Path bag = Path.of(".");

    @Option(
            names = "--fingerprint",
            paramLabel = "HEX",
            description = "expected fingerprint, from a paper or a lock file; the first 8 digits are enough")
    private @Nullable String fingerprint;

    @Option(
            names = "--as",
            paramLabel = "ID|FILE|URL",
            description = "dataset that the files belong to; required for a bag that histods did not make")
    private @Nullable String name;

    public ImportCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        String expected = fingerprint == null ? null : VerifyCommand.fingerprint(fingerprint);
        ManifestFile as = name == null ? null : app.datasets().manifestOrDraft(name);
        Importer importer = app.importer();
        PullView view = new PullView(app);
        try (Importer.Received received = importer.receive(app.path(bag), expected, new Notes(app.console()))) {
            if (as == null && !received.ours()) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        bag + " is a bag that histods did not make",
                        "name the dataset that the files belong to with --as");
            }
            ManifestFile foreign = received.ours() ? null : as;
            ManifestFile manifest = foreign != null ? foreign : manifest(received);
            if (as != null && !manifest.manifest().id().equals(as.manifest().id())) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        bag + " is a bag of " + manifest.manifest().id() + ", not of "
                                + as.manifest().id());
            }
            try (ProgressDisplay progress = app.progress(manifest.manifest())) {
                Puller.Result result = foreign != null
                        ? app.puller().pull(adopting(received, manifest), progress)
                        : importer.publish(
                                received,
                                manifest,
                                app.catalogue()
                                        .find(manifest.manifest().id())
                                        .map(ManifestFile::manifest)
                                        .orElse(null),
                                progress);
                progress.done();
                view.done(result);
            }
            if (expected == null) {
                app.console()
                        .say("the files match the bag's own checksums; to confirm where they come from, give the"
                                + " fingerprint of a paper or lock file with --fingerprint");
            }
        }
        return 0;
    }

    private ManifestFile manifest(Importer.Received received) throws Problem {
        try {
            return app.manifests().read(YamlText.read(received.manifest()), "manifest.yaml of the bag", null);
        } catch (Problem p) {
            throw new Problem(Problem.Kind.WRONG_BYTES, p.message(), p.hint(), p);
        }
    }

    private static PullRequest adopting(Importer.Received received, ManifestFile manifest) throws Problem {
        Offer offer = new Offer(received.data(), Offer.How.LINK, true, received.checksums());
        return new PullRequest(manifest, null, List.of(), null, List.of(), false, PullRequest.JOBS, false, offer, null);
    }

    /** Shows notes while a bag is received; its files are shown once it is in the mirror. */
    private record Notes(Console console) implements PullListener {
        @Override
        public void planned(PullPlan plan) {}

        @Override
        public void fetched(FetchResult fetch) {}

        @Override
        public void bytes(long count, boolean overNetwork) {}

        @Override
        public void note(String text) {
            console.say("  " + text);
        }
    }
}
