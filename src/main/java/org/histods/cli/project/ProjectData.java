package org.histods.cli.project;

import java.util.List;
import java.util.Optional;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.MirrorLookup;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock.Locked;
import org.histods.project.LockBuilder;
import org.histods.project.LockCheck;
import org.histods.project.Project;
import org.histods.project.SelectedFiles;
import org.histods.provenance.Bag;
import org.histods.provenance.BagSelection;
import org.histods.provenance.BagVerifier;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Provides the datasets of a project in the mirror. */
final class ProjectData {

    /**
     * A dataset in the mirror.
     *
     * @param locked its entry in the lock file
     * @param subset the files that the project selects
     */
    record Ready(Declared declared, Locked locked, Bag bag, BagSelection subset) {}

    private final AppContext app;

    ProjectData(AppContext app) {
        this.app = app;
    }

    /** Records that a project uses the mirror, so that {@code remove} can name it. */
    void remember(Project project) throws Problem {
        if (app.settings().recordsUser()) {
            app.mirror().projects().add(project.folder());
        }
    }

    /** The dataset as the catalogue describes it now, pulled if necessary. */
    Ready asDeclared(Declared declared) throws Problem {
        ManifestFile manifest = app.catalogue().get(declared.id());
        if (!manifest.manifest().id().equals(declared.id())) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "'" + declared.id() + "' is an alias of "
                            + manifest.manifest().id() + ", but " + Declaration.FILE + " requires ids",
                    "write id: " + manifest.manifest().id() + ", and name: " + declared.name() + " to keep the name");
        }
        DatasetVersion version = manifest.manifest().version();
        if (declared.version() != null && !declared.version().equals(version)) {
            Bag older = inMirror(declared.id(), declared.version(), declared.variant())
                    .orElseThrow(() -> new Problem(
                            Problem.Kind.USAGE,
                            "the catalogue has version " + version + " of " + declared.id() + ", but "
                                    + Declaration.FILE + " requires " + declared.version(),
                            "use an older catalogue with --manifests, or change the version in " + Declaration.FILE));
            return ready(declared, manifest(older), older);
        }
        Bag bag = pull(declared, declared.variant(), manifest);
        return ready(declared, manifest, bag);
    }

    /** The dataset exactly as locked, pulled if necessary. */
    Ready asLocked(Declared declared, Locked locked) throws Problem {
        requireAgreement(declared, locked);
        Optional<Bag> bagInMirror = inMirror(locked.id(), locked.version(), locked.variant());
        ManifestFile catalogue = app.catalogue().find(locked.id()).orElse(null);
        if (catalogue == null || !catalogue.sha256().equals(locked.stated().manifest())) {
            app.console()
                    .say(locked.name() + ": "
                            + (catalogue == null
                                    ? "the catalogue no longer contains " + locked.id()
                                    : "the catalogue entry has changed since the lock was written"));
        }
        if (bagInMirror.isPresent()) {
            boolean sameVersion =
                    catalogue != null && catalogue.manifest().version().equals(locked.version());
            ManifestFile manifest = catalogue != null && sameVersion ? catalogue : manifest(bagInMirror.get());
            BagSelection subset = BagSelection.of(bagInMirror.get(), declared.only(), manifest.manifest());
            if (LockBuilder.fingerprint(subset).equals(locked.fingerprint())) {
                verify(bagInMirror.get());
                return new Ready(declared, locked, bagInMirror.get(), subset);
            }
        }
        if (catalogue == null) {
            throw new Problem(
                    Problem.Kind.UPSTREAM_CHANGED,
                    "the catalogue no longer contains " + locked.id()
                            + ", and the mirror does not have the locked files",
                    "use an older catalogue with --manifests");
        }
        LockCheck.checkPins(locked, catalogue);
        Bag bag = pull(declared, locked.variant(), catalogue);
        Ready ready = ready(declared, catalogue, bag);
        LockCheck.checkFiles(locked, ready.locked(), bag, catalogue);
        verify(bag);
        return new Ready(declared, locked, bag, ready.subset());
    }

    private static void requireAgreement(Declared declared, Locked locked) throws Problem {
        boolean agree = declared.id().equals(locked.id())
                && (declared.version() == null || declared.version().equals(locked.version()))
                && (declared.variant() == null || declared.variant().equals(locked.variant()))
                && declared.only().equals(locked.only());
        if (!agree) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    declared.name() + " in " + Declaration.FILE + " has changed since the lock was written",
                    "`histods lock` updates the lock");
        }
    }

    private Ready ready(Declared declared, ManifestFile manifest, Bag bag) throws Problem {
        Locked locked = LockBuilder.entry(declared, manifest, bag);
        return new Ready(declared, locked, bag, BagSelection.of(bag, declared.only(), manifest.manifest()));
    }

    private Bag pull(Declared declared, @Nullable String variant, ManifestFile manifest) throws Problem {
        PullRequest request = new PullRequest(manifest, variant, declared.only(), null, List.of(), false, 4);
        try (ProgressDisplay progress = app.progress(manifest.manifest())) {
            Puller.Result result = app.puller(null).pull(request, progress);
            progress.done();
            if (!result.touched().isEmpty()) {
                verify(result.bag());
            }
            return result.bag();
        }
    }

    /** Verifies files whose size or times changed since the last check. */
    private void verify(Bag bag) throws Problem {
        BagRef ref = bag.ref();
        BagVerifier.Report report =
                app.verifier().verify(bag, app.mirror().stamps(ref), BagVerifier.Level.USUAL, n -> {});
        if (!report.changed().isEmpty() || !report.missing().isEmpty()) {
            Object example = report.changed().isEmpty()
                    ? report.missing().get(0)
                    : report.changed().get(0);
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    ref.id() + " was modified in the mirror: "
                            + Count.of(report.changed().size(), "file") + " modified, "
                            + report.missing().size() + " missing, such as " + example,
                    "`histods verify " + ref.id() + " --repair` restores it");
        }
    }

    private Optional<Bag> inMirror(DatasetId id, DatasetVersion version, @Nullable String variant) throws Problem {
        return SelectedFiles.inMirror(app.mirror(), id, version, variant);
    }

    private ManifestFile manifest(Bag bag) throws Problem {
        return new MirrorLookup(app).manifest(bag.ref());
    }
}
