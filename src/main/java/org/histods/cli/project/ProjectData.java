package org.histods.cli.project;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.MirrorLookup;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Declaration.Declared;
import org.histods.project.ExclusiveUse;
import org.histods.project.Lock.Locked;
import org.histods.project.LockBuilder;
import org.histods.project.LockCheck;
import org.histods.project.Project;
import org.histods.project.SelectedFiles;
import org.histods.provenance.Bag;
import org.histods.provenance.BagSelection;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.jspecify.annotations.Nullable;

/** Provides the datasets of a project in the mirror. */
final class ProjectData {

    /**
     * A dataset in the mirror.
     *
     * @param locked its entry in the lock file
     * @param subset the files that the project selects
     * @param manifest by which they were selected
     */
    record Ready(Declared declared, Locked locked, Bag bag, BagSelection subset, ManifestFile manifest) {}

    private final AppContext app;
    private final Project project;

    ProjectData(AppContext app, Project project) {
        this.app = app;
        this.project = project;
    }

    /** Work on a project; returns the exit code. */
    interface Task {
        int run() throws Problem;
    }

    /** Works on a project while no other command does; waits for one that does. */
    static int exclusively(AppContext app, Project project, Task work) throws Problem {
        Runnable waiting = () -> app.console().say("waiting for another command that works on this project");
        try (ExclusiveUse use = ExclusiveUse.of(project, waiting)) {
            return work.run();
        }
    }

    /** Records that the project uses the mirror, so that {@code remove} can name it. */
    void remember() throws Problem {
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
            Bag older = SelectedFiles.inMirror(app.mirror(), declared.id(), declared.version(), declared.variant())
                    .orElseThrow(() -> new Problem(
                            Problem.Kind.USAGE,
                            "the catalogue has version " + version + " of " + declared.id() + ", but "
                                    + Declaration.FILE + " requires " + declared.version(),
                            "use an older catalogue with --manifests, or change the version in " + Declaration.FILE));
            return ready(declared, manifest(older), older);
        }
        Bag bag = pull(declared, declared.variant(), manifest, null);
        return ready(declared, describing(bag, manifest), bag);
    }

    /**
     * The manifest that a lock names for the files of a bag: the catalogue's, unless that was edited since the pull so that it may
     * describe other files.
     */
    private ManifestFile describing(Bag bag, ManifestFile catalogue) throws Problem {
        ManifestFile pulled = manifest(bag);
        Manifest then = pulled.manifest();
        Manifest now = catalogue.manifest();
        boolean sameFiles = then.sources().equals(now.sources())
                && Objects.equals(then.contents().unpack(), now.contents().unpack());
        boolean sameSplits = then.contents().splits().equals(now.contents().splits());
        return sameFiles || !sameSplits ? catalogue : pulled;
    }

    /**
     * Provides the dataset exactly as locked, and pulls it if necessary. Only the fingerprint decides whether files are
     * the locked ones, whatever the catalogue says now.
     */
    Ready asLocked(Declared declared, Locked locked) throws Problem {
        requireAgreement(declared, locked);
        ManifestFile catalogue = app.catalogue().find(locked.id()).orElse(null);
        ManifestFile kept = kept(locked);
        if (catalogue == null || !catalogue.sha256().equals(locked.stated().manifest())) {
            app.console()
                    .say(locked.name() + ": "
                            + (catalogue == null
                                    ? "the catalogue no longer contains " + locked.id()
                                    : "the catalogue entry has changed since the lock was written"));
        }
        Optional<Ready> there = inMirror(declared, locked, kept, catalogue);
        if (there.isPresent()) {
            new MirrorLookup(app).requireUnmodified(there.get().bag());
            return there.get();
        }
        ManifestFile manifest = toPull(locked, kept, catalogue);
        Bag bag = pull(declared, locked.variant(), manifest, locked.fingerprint());
        Ready ready = ready(declared, manifest, bag);
        LockCheck.checkFiles(locked, ready.locked(), bag, manifest);
        new MirrorLookup(app).requireUnmodified(bag);
        return new Ready(declared, locked, bag, ready.subset(), manifest);
    }

    /** The manifest that the project keeps for an entry of its lock; null if there is none. */
    private @Nullable ManifestFile kept(Locked locked) throws Problem {
        Optional<String> text = project.manifest(locked);
        return text.isEmpty()
                ? null
                : app.manifests().read(text.get(), Project.manifestPath(locked.name()), locked.id());
    }

    /** Finds the locked files in any bag of the dataset, whatever its version or manifest. */
    private Optional<Ready> inMirror(
            Declared declared, Locked locked, @Nullable ManifestFile kept, @Nullable ManifestFile catalogue)
            throws Problem {
        Set<DatasetId> ids = new LinkedHashSet<>(List.of(locked.id()));
        if (catalogue != null) {
            ids.add(catalogue.manifest().id());
        }
        List<BagRef> refs = new ArrayList<>();
        app.mirror().check();
        for (DatasetId id : ids) {
            refs.addAll(app.mirror().bags(id));
        }
        // The bag of the locked version comes first, so that others are read only if it does not match.
        refs.sort(Comparator.comparing((BagRef ref) -> !ref.version().with(null).equals(locked.version())));
        for (BagRef ref : refs) {
            Bag bag = Bag.read(ref);
            List<ManifestFile> manifests = new ArrayList<>();
            Stream.of(kept, catalogue).filter(Objects::nonNull).forEach(manifests::add);
            if (manifests.stream()
                    .noneMatch(m -> m.manifest().version().equals(ref.version().with(null)))) {
                manifests.add(manifest(bag));
            }
            for (ManifestFile manifest : manifests) {
                BagSelection subset = BagSelection.of(bag, declared.only(), manifest.manifest());
                if (LockBuilder.fingerprint(subset).equals(locked.fingerprint())) {
                    return Optional.of(new Ready(declared, locked, bag, subset, manifest));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The manifest to fetch the locked files with: the catalogue's if it has that version; else the one that the project
     * keeps. A project cannot replace the catalogue's manifest of a version, because other projects use the mirror too.
     */
    private ManifestFile toPull(Locked locked, @Nullable ManifestFile kept, @Nullable ManifestFile catalogue)
            throws Problem {
        boolean sameVersion =
                catalogue != null && catalogue.manifest().version().equals(locked.version());
        if (catalogue != null && sameVersion) {
            LockCheck.checkPins(locked, catalogue);
            return catalogue;
        }
        if (kept != null) {
            app.console()
                    .say(locked.name() + ": fetched as " + Project.manifestPath(locked.name())
                            + " of the project describes it");
            return kept;
        }
        throw new Problem(
                Problem.Kind.UPSTREAM_CHANGED,
                "the mirror does not have the locked files, and the catalogue no longer has "
                        + (catalogue == null ? locked.id() : "the locked version of " + locked.id())
                        + "\n  expected  version " + locked.version() + ", manifest "
                        + locked.stated().manifest()
                        + "\n  got       "
                        + (catalogue == null
                                ? "no dataset of that id"
                                : "version " + catalogue.manifest().version() + ", manifest " + catalogue.sha256()),
                "restore the locked manifest at " + Project.manifestPath(locked.name())
                        + " (commit it beside the lock), or use an old catalogue with --manifests, or accept the"
                        + " current version with `histods lock`");
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
        return new Ready(declared, locked, bag, BagSelection.of(bag, declared.only(), manifest.manifest()), manifest);
    }

    /** @param expected the fingerprint of the files to pull; null if unknown */
    private Bag pull(Declared declared, @Nullable String variant, ManifestFile manifest, @Nullable Fingerprint expected)
            throws Problem {
        PullRequest request = new PullRequest(manifest, variant, declared.only());
        try (ProgressDisplay progress = app.progress(manifest.manifest())) {
            Puller.Result result = app.puller(null, List.of(), declared.only().isEmpty() ? expected : null)
                    .pull(request, progress);
            progress.done();
            if (!result.touched().isEmpty()) {
                new MirrorLookup(app).requireUnmodified(result.bag());
            }
            return result.bag();
        }
    }

    private ManifestFile manifest(Bag bag) throws Problem {
        return new MirrorLookup(app).manifest(bag.ref());
    }
}
