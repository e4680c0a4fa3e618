package org.histods.cli.project;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.MirrorLookup;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock;
import org.histods.project.Project;
import org.histods.project.SelectedFiles;
import org.histods.provenance.Bag;
import org.histods.pull.upstream.FileChanges;
import org.histods.pull.upstream.UpstreamCheck;
import org.histods.pull.upstream.VersionCheck;
import org.histods.source.all.Sources;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The datasets that {@code outdated} and {@code update} compare: those of the project, or those in the mirror. */
final class VersionTargets {

    /** How many changed files the output names. */
    private static final int SHOWN = 10;

    private final AppContext app;
    private final VersionCheck check;
    private final @Nullable Project project;

    /**
     * A dataset to compare.
     *
     * @param name its name in the project, or the id outside of one
     * @param declared its entry in {@code histods.yaml}; null outside of a project
     * @param version in use: locked, required, or the catalogue's
     * @param manifest of that version; the catalogue's if neither the mirror nor the lock has that version
     * @param bag null if that version is not in the mirror
     */
    record Target(
            String name,
            @Nullable Declared declared,
            DatasetVersion version,
            ManifestFile manifest,
            @Nullable Bag bag) {

        /** A dataset of which a manifest is there. */
        static Target of(String name, @Nullable Declared declared, ManifestFile manifest, @Nullable Bag bag) {
            return new Target(name, declared, manifest.manifest().version(), manifest, bag);
        }
    }

    /** The parameters of both commands. */
    static final class Named {

        @Parameters(
                arity = "0..*",
                paramLabel = "ID",
                description = "datasets (default: those of the project, else all in the mirror)")
        private List<String> names = new ArrayList<>();
    }

    VersionTargets(AppContext app) throws Problem {
        this.app = app;
        this.check = new VersionCheck(new UpstreamCheck(Sources.all(), app.transport()), LocalDate.now(ZoneOffset.UTC));
        this.project = Project.around(app.here()).orElse(null);
    }

    /** The project around the working directory; null if there is none. */
    @Nullable
    Project project() {
        return project;
    }

    /**
     * The datasets with these names, or all if there are none: those of the project, or of the mirror outside of one.
     *
     * @throws Problem {@code USAGE} if no dataset has one of the names
     */
    List<Target> of(Named named) throws Problem {
        List<String> names = named.names;
        List<Target> targets = new ArrayList<>();
        if (project == null) {
            for (BagRef ref : current(new MirrorLookup(app).of(names))) {
                targets.add(Target.of(ref.id().text(), null, new MirrorLookup(app).manifest(ref), Bag.read(ref)));
            }
            return targets;
        }
        Optional<Lock> lock = project.lock();
        Set<String> left = new LinkedHashSet<>(names);
        for (Declared declared : project.declaration().datasets()) {
            boolean byName = left.remove(declared.name());
            boolean byId = left.remove(declared.id().text());
            boolean wanted = byName || byId || names.isEmpty();
            if (wanted) {
                targets.add(target(
                        project,
                        declared,
                        lock.flatMap(l -> l.named(declared.name())).orElse(null)));
            }
        }
        if (!left.isEmpty()) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the project declares no dataset '" + left.iterator().next() + "'",
                    "run the command outside of the project for other datasets of the mirror");
        }
        return targets;
    }

    /** One bag of each dataset: that of the catalogue's version, else the latest. */
    private List<BagRef> current(List<BagRef> bags) throws Problem {
        Map<DatasetId, BagRef> current = new LinkedHashMap<>();
        for (BagRef bag : bags) {
            BagRef before = current.get(bag.id());
            if (before == null || !isOfCatalogue(before) || bag.version().refreshes(before.version())) {
                current.put(bag.id(), bag);
            }
        }
        return List.copyOf(current.values());
    }

    private boolean isOfCatalogue(BagRef bag) throws Problem {
        return app.catalogue()
                .find(bag.id())
                .map(file -> file.manifest().version().equals(bag.version()))
                .orElse(false);
    }

    private Target target(Project in, Declared declared, Lock.@Nullable Locked locked) throws Problem {
        ManifestFile catalogue = app.catalogue().find(declared.id()).orElse(null);
        DatasetVersion version = locked != null
                ? locked.version()
                : declared.version() != null
                        ? declared.version()
                        : catalogue == null ? null : catalogue.manifest().version();
        Bag bag = version == null
                ? null
                : SelectedFiles.inMirror(app.mirror(), declared.id(), version, declared.variant())
                        .orElse(null);
        if (bag != null) {
            return Target.of(declared.name(), declared, new MirrorLookup(app).manifest(bag.ref()), bag);
        }
        Optional<String> kept = locked == null ? Optional.empty() : in.manifest(locked);
        if (kept.isPresent()) {
            ManifestFile file = app.manifests().read(kept.get(), Project.manifestPath(declared.name()), declared.id());
            return Target.of(declared.name(), declared, file, null);
        }
        ManifestFile now = app.catalogue().get(declared.id());
        return new Target(
                declared.name(), declared, version == null ? now.manifest().version() : version, now, null);
    }

    /** A dataset, or its later version if the mirror has one, and how it compares with the catalogue and the hosts. */
    record Compared(Target target, VersionCheck.Result result) {}

    /** Compares a dataset with the catalogue and its hosts. */
    Compared compare(Target target) throws Problem {
        app.console().status("checking " + target.name());
        VersionCheck.Result result = result(target);
        app.console().endStatus();
        Manifest newer = result.next();
        Bag there = newer == null || target.declared() != null
                ? null
                : SelectedFiles.inMirror(app.mirror(), newer.id(), newer.version(), null)
                        .orElse(null);
        if (there == null) {
            return new Compared(target, result);
        }
        Target later = Target.of(target.name(), null, new MirrorLookup(app).manifest(there.ref()), there);
        return new Compared(later, result(later));
    }

    private VersionCheck.Result result(Target target) throws Problem {
        Manifest held = target.manifest().manifest();
        if (!held.version().equals(target.version())) {
            return VersionCheck.unknownVersion(target.version(), held);
        }
        Manifest catalogue =
                app.catalogue().find(held.id()).map(ManifestFile::manifest).orElse(null);
        return check.check(held, target.bag(), catalogue);
    }

    /** Prints the result. */
    void show(Compared compared) {
        Target target = compared.target();
        VersionCheck.Result result = compared.result();
        Manifest held = result.held();
        Manifest newer = result.newer();
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("name", target.name());
        line.put("dataset", held.id());
        line.put("version", held.version());
        line.put("state", state(result));
        line.put("newer", newer == null ? null : newer.version());
        line.put("where", newer == null ? null : result.where());
        line.put("changes", json(newer == null ? result.upstream() : result.changes()));
        line.put("unchecked", result.unchecked());
        line.put("step", step(target, result));
        app.console().object(line);
        String of = target.name() + " " + held.version() + ": ";
        if (newer != null) {
            app.console()
                    .data(of + result.where() + " has " + newer.version() + ": "
                            + result.changes().words());
            list(result.changes());
        }
        if (result.upstream().any()) {
            app.console()
                    .data(of + "the host has other files under this version: "
                            + result.upstream().words());
            list(result.upstream());
        }
        if (!result.outdated() && result.unchecked().isEmpty()) {
            app.console().data(of + "up to date");
        }
        result.unchecked().stream().limit(SHOWN).forEach(one -> app.console().data(of + "could not check: " + one));
        if (result.unchecked().size() > SHOWN) {
            app.console().data(of + "could not check " + (result.unchecked().size() - SHOWN) + " more");
        }
        String step = step(target, result);
        if (step != null) {
            app.console().data("  " + step);
        }
    }

    static String state(VersionCheck.Result result) {
        return result.newer() != null
                ? "outdated"
                : result.upstream().any() ? "changed" : result.unchecked().isEmpty() ? "current" : "unknown";
    }

    /** The next step for the user; null if there is nothing to do. */
    private static @Nullable String step(Target target, VersionCheck.Result result) {
        if (result.newer() != null) {
            return "`histods update " + target.name() + "` fetches it; the version in the mirror is kept";
        }
        if (!result.upstream().any()) {
            return null;
        }
        if (result.refreshed() != null) {
            return "the host states no newer version; `histods update " + target.name()
                    + "` fetches its present files as " + result.refreshed().version()
                    + ", and the version in the mirror is kept";
        }
        String ref = result.held().id() + "@" + result.held().version();
        return "the host states no newer version: `histods remove " + ref + "`, then `histods pull "
                + result.held().id() + "` fetches the current files";
    }

    private static Map<String, Object> json(FileChanges changes) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("known", changes.known());
        json.put("added", changes.added());
        json.put("changed", changes.changed());
        json.put("removed", changes.removed());
        json.put("renamed", changes.moved());
        json.put("bytes", changes.size().exactly().orElse(null));
        return json;
    }

    private void list(FileChanges changes) {
        list("+ ", changes.added());
        list("~ ", changes.changed());
        list("- ", changes.removed());
    }

    private void list(String mark, List<String> paths) {
        paths.stream().limit(SHOWN).forEach(path -> app.console().data("  " + mark + path));
        if (paths.size() > SHOWN) {
            app.console().data("  " + mark + Count.of(paths.size() - SHOWN, "more file") + " (--json lists them)");
        }
    }
}
