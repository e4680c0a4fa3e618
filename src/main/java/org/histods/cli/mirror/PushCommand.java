package org.histods.cli.mirror;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.dataset.DatasetRef;
import org.histods.manifest.Access;
import org.histods.manifest.Manifest;
import org.histods.mirror.BagRef;
import org.histods.objectstore.BagPush;
import org.histods.objectstore.ObjectStore;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods push}: uploads pulled datasets to an object store. */
@Command(
        name = "push",
        description = {
            "Upload pulled datasets to an object store (S3)",
            "",
            "Each file is uploaded once, and only if the store does not have it. Run the same command again to"
                    + " continue an interrupted push. The dataset becomes visible once the store has all of its"
                    + " files; others can then pull it with --from-mirror. Endpoint, region and credentials are"
                    + " taken from the settings file or from Amazon's tools: AWS_ENDPOINT_URL, AWS_REGION,"
                    + " AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE and ~/.aws."
        },
        footer = {
            "",
            "Examples:",
            "  histods push kather-2018 --to s3://our-lab/histods",
            "  histods push kather-2018 --to s3://our-lab/histods --dry-run",
            "  histods pull kather-2018 --from-mirror s3://our-lab/histods"
        })
public final class PushCommand implements CliCommand {

    /** How many requests are sent in parallel by default. */
    private static final int JOBS = 8;

    private final AppContext app;

    @Parameters(arity = "1..*", paramLabel = "ID[@VERSION]", description = "pulled datasets")
    private List<String> names = new ArrayList<>();

    @Option(names = "--to", required = true, paramLabel = "URL", description = "bucket and folder: s3://BUCKET/PREFIX")
    private String to = "";

    @Option(names = "--private", description = "confirm that only people who may have the dataset can read the bucket")
    private boolean privateStore;

    @Option(
            names = "--replace",
            description = "replace the store's copy of the dataset even if it has files that yours lacks")
    private boolean replace;

    @Option(names = "--dry-run", description = "show what would be uploaded, without uploading")
    private boolean dryRun;

    @Option(names = "--jobs", paramLabel = "N", description = "requests to send in parallel (default: 8)")
    private int jobs = JOBS;

    public PushCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        if (jobs < 1) {
            throw new Problem(Problem.Kind.USAGE, "--jobs must be at least 1, not " + jobs);
        }
        ObjectStore store = app.objectStore(to);
        MirrorLookup lookup = new MirrorLookup(app);
        int exit = 0;
        for (String name : names) {
            try {
                BagRef ref = lookup.one(name);
                requirePermission(lookup.manifest(ref).manifest());
                push(store, Bag.read(ref));
            } catch (Problem p) {
                app.console().endStatus();
                app.console().problem(name, p);
                exit = exit == 0 ? p.kind().exit() : exit;
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    return exit;
                }
            }
        }
        return exit;
    }

    /** Stops unless the catalogue says that anybody may have the dataset and share it. */
    private void requirePermission(Manifest manifest) throws Problem {
        String reason = reason(manifest);
        if (reason != null && !privateStore) {
            throw new Problem(
                    Problem.Kind.PERSON,
                    manifest.id() + " was not pushed: " + reason,
                    "read the terms (`histods show " + manifest.id()
                            + "`); if they allow it and only people who may have the dataset can read the bucket, use"
                            + " --private");
        }
    }

    /** Why the dataset may not be shared; null if it may. */
    private static @Nullable String reason(Manifest manifest) {
        Access.Status status = manifest.terms().access().status();
        if (status != Access.Status.OPEN) {
            return "not everybody may have it (access: " + status.word() + ")";
        }
        if (manifest.terms().license().unknown()) {
            return "its licence is unknown, so sharing it may not be permitted";
        }
        return manifest.terms().license().spdx() == null
                ? "histods cannot judge whether its terms allow sharing it: "
                        + manifest.terms().license().shown()
                : null;
    }

    private void push(ObjectStore store, Bag bag) throws Problem {
        Console console = app.console();
        String dataset = bag.ref().id() + " " + bag.ref().version();
        BagPush push = new BagPush(store, bag, replace, jobs);
        if (dryRun) {
            BagPush.Plan plan = push.plan();
            console.object(json(bag, new BagPush.Done(plan, 0, 0, 0, false)));
            console.data(
                    plan.done()
                            ? dataset + ": nothing to upload, " + to + " has it"
                            : dataset + ": " + Count.of(plan.missing(), "file") + " of "
                                    + plan.files() + " to upload, " + Bytes.text(plan.missingBytes()) + " of "
                                    + Bytes.text(plan.bytes()) + ", to " + to);
            return;
        }
        console.status("comparing " + dataset + " with " + to);
        BagPush.Done done = push.run((sent, of) ->
                console.status("uploading " + dataset + ": " + Bytes.text(sent) + " of " + Bytes.text(of)));
        console.endStatus();
        console.object(json(bag, done));
        if (done.plan().done()) {
            console.say(dataset + ": nothing to upload, " + to + " has it");
        } else {
            console.say(dataset + ": uploaded " + Count.of(done.files(), "file") + ", " + Bytes.text(done.bytes())
                    + (done.kept() == 0 ? "" : ", continued after " + Bytes.text(done.kept()))
                    + (done.published() ? "" : "; the record in the store is kept"));
        }
        console.data(new DatasetRef(bag.ref().id(), bag.ref().version()) + " "
                + bag.fingerprint().hex());
    }

    private Map<String, Object> json(Bag bag, BagPush.Done done) {
        Map<String, Object> line = MirrorLookup.event("push", bag.ref());
        line.put("to", to);
        line.put("fingerprint", bag.fingerprint().hex());
        line.put("dry_run", dryRun);
        line.put("files", done.plan().files());
        line.put("bytes", done.plan().bytes());
        line.put("missing_files", done.plan().missing());
        line.put("missing_bytes", done.plan().missingBytes());
        line.put("sent_files", done.files());
        line.put("sent_bytes", done.bytes());
        line.put("kept_bytes", done.kept());
        line.put("published", done.published());
        return line;
    }
}
