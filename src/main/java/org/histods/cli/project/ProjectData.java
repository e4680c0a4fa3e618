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

/** Makes the datasets of a project present in the mirror. */
final class ProjectData {

    /**
     * A dataset that is there.
     *
     * @param locked what a lock says of it
     * @param subset the part of the bag that the project selects
     */
    record Ready(Declared declared, Locked locked, Bag bag, BagSelection subset) {}

    private final AppContext wiring;

    ProjectData(AppContext wiring) {
        this.wiring = wiring;
    }

    /** Remembers that a project uses the mirror, so that a removal can name it. */
    void remember(Project project) throws Problem {
        if (wiring.config().recordsUser()) {
            wiring.mirror().projects().add(project.folder());
        }
    }

    /** The dataset as the catalogue has it now; pulled if need be. */
    Ready asDeclared(Declared declared) throws Problem {
        ManifestFile manifest = wiring.catalogue().get(declared.id());
        if (!manifest.manifest().id().equals(declared.id())) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "'" + declared.id() + "' is another name of "
                            + manifest.manifest().id() + ", and " + Declaration.FILE + " takes ids only",
                    "write id: " + manifest.manifest().id() + ", and name: " + declared.name()
                            + " if the project is to call it so");
        }
        DatasetVersion version = manifest.manifest().version();
        if (declared.version() != null && !declared.version().equals(version)) {
            Bag older = inMirror(declared.id(), declared.version(), declared.variant())
                    .orElseThrow(() -> new Problem(
                            Problem.Kind.USAGE,
                            "the catalogue has " + declared.id() + " in version " + version + ", and "
                                    + Declaration.FILE + " wants " + declared.version(),
                            "take the catalogue of that time with --manifests, or change the version in "
                                    + Declaration.FILE));
            return ready(declared, used(older), older);
        }
        Bag bag = pull(declared, declared.variant(), manifest);
        return ready(declared, manifest, bag);
    }

    /** The dataset exactly as it is locked; pulled if need be. */
    Ready asLocked(Declared declared, Locked locked) throws Problem {
        agree(declared, locked);
        Optional<Bag> there = inMirror(locked.id(), locked.version(), locked.variant());
        ManifestFile catalogue = wiring.catalogue().find(locked.id()).orElse(null);
        if (catalogue == null || !catalogue.sha256().equals(locked.stated().manifest())) {
            wiring.console()
                    .say(locked.name() + ": the catalogue "
                            + (catalogue == null ? "no longer has " : "describes ") + locked.id()
                            + (catalogue == null ? "" : " otherwise than when it was locked"));
        }
        if (there.isPresent()) {
            boolean now = catalogue != null && catalogue.manifest().version().equals(locked.version());
            ManifestFile manifest = catalogue != null && now ? catalogue : used(there.get());
            BagSelection subset = BagSelection.of(there.get(), declared.only(), manifest.manifest());
            if (LockBuilder.fingerprint(subset).equals(locked.fingerprint())) {
                sound(there.get());
                return new Ready(declared, locked, there.get(), subset);
            }
        }
        if (catalogue == null) {
            throw new Problem(
                    Problem.Kind.UPSTREAM_CHANGED,
                    "the catalogue no longer has " + locked.id() + ", and the mirror does not hold what the lock names",
                    "take the catalogue of that time with --manifests");
        }
        LockCheck.checkPins(locked, catalogue);
        Bag bag = pull(declared, locked.variant(), catalogue);
        Ready ready = ready(declared, catalogue, bag);
        LockCheck.checkFiles(locked, ready.locked(), bag, catalogue);
        sound(bag);
        return new Ready(declared, locked, bag, ready.subset());
    }

    private static void agree(Declared declared, Locked locked) throws Problem {
        boolean agree = declared.id().equals(locked.id())
                && (declared.version() == null || declared.version().equals(locked.version()))
                && (declared.variant() == null || declared.variant().equals(locked.variant()))
                && declared.only().equals(locked.only());
        if (!agree) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    Declaration.FILE + " wants another " + declared.name() + " than the lock names",
                    "`histods lock` takes into the lock what is declared now");
        }
    }

    private Ready ready(Declared declared, ManifestFile manifest, Bag bag) throws Problem {
        Locked locked = LockBuilder.entry(declared, manifest, bag);
        return new Ready(declared, locked, bag, BagSelection.of(bag, declared.only(), manifest.manifest()));
    }

    private Bag pull(Declared declared, @Nullable String variant, ManifestFile manifest) throws Problem {
        PullRequest request = new PullRequest(manifest, variant, declared.only(), null, List.of(), false, 4);
        try (ProgressDisplay progress = wiring.progress(manifest.manifest())) {
            Puller.Result result = wiring.puller(null).pull(request, progress);
            progress.done();
            if (!result.touched().isEmpty()) {
                sound(result.bag());
            }
            return result.bag();
        }
    }

    /** Reads what has been touched since it was last known to be right. */
    private void sound(Bag bag) throws Problem {
        BagRef ref = bag.ref();
        BagVerifier.Report report =
                wiring.verifier().verify(bag, wiring.mirror().stamps(ref), BagVerifier.Level.USUAL, n -> {});
        if (!report.changed().isEmpty() || !report.missing().isEmpty()) {
            Object such = report.changed().isEmpty()
                    ? report.missing().get(0)
                    : report.changed().get(0);
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    ref.id() + " was changed in the mirror: "
                            + Count.of(report.changed().size(), "file")
                            + (report.changed().size() == 1 ? " differs, " : " differ, ")
                            + report.missing().size() + (report.missing().size() == 1 ? " is" : " are")
                            + " missing, such as " + such,
                    "`histods verify " + ref.id() + " --repair` mends it");
        }
    }

    private Optional<Bag> inMirror(DatasetId id, DatasetVersion version, @Nullable String variant) throws Problem {
        return SelectedFiles.inMirror(wiring.mirror(), id, version, variant);
    }

    private ManifestFile used(Bag bag) throws Problem {
        return new MirrorLookup(wiring).used(bag.ref());
    }
}
