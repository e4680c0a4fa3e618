package org.histods.cli.project;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.ProgressDisplay;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.problem.Problem;
import org.histods.project.Project;
import org.histods.provenance.Bag;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.pull.upstream.VersionCheck;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code histods update}: pulls newer versions of datasets and, in a project, uses them. */
@Command(
        name = "update",
        description = {
            "Pull newer versions of datasets, and use them in this project",
            "",
            "First shows the changes. Versions that are already in the mirror are kept. If a host changed files without a new"
                    + " version, its present files become a version with the date, such as v1-at-2026-11-30. In a project, histods.yaml"
                    + " and histods.lock are updated to the new versions, and if the catalogue does not have a new"
                    + " version, a manifest for it is written to manifests/ of the project; commit all of these files."
        },
        footer = {"", "Examples:", "  histods update kather-2018 --dry-run", "  histods update kather-2018"})
public final class UpdateCommand implements CliCommand {

    private final AppContext app;

    @Mixin
    private final VersionTargets.Named named = new VersionTargets.Named();

    @Option(names = "--dry-run", description = "show what would change, without downloading")
    private boolean dryRun;

    public UpdateCommand(AppContext app) {
        this.app = app;
    }

    /** A dataset and the manifest of its newer version. */
    private record Update(VersionTargets.Target target, Manifest newer, boolean inCatalogue) {}

    @Override
    public int run() throws Problem {
        VersionTargets targets = new VersionTargets(app);
        List<Update> updates = new ArrayList<>();
        int unchecked = 0;
        for (VersionTargets.Target target : targets.of(named)) {
            VersionTargets.Compared compared = targets.compare(target);
            targets.show(compared);
            VersionCheck.Result result = compared.result();
            Manifest next = result.next();
            if (next != null) {
                updates.add(new Update(compared.target(), next, result.inCatalogue()));
            } else if (!result.unchecked().isEmpty()) {
                unchecked++;
            }
        }
        int exit = unchecked == 0 ? 0 : Problem.Kind.NETWORK.exit();
        if (updates.isEmpty() || dryRun) {
            app.console()
                    .say(updates.isEmpty() ? "nothing to update" : Count.of(updates.size(), "dataset") + " to update");
            return exit;
        }
        if (!app.yes()
                && app.input().interactive()
                && !app.input().confirms("Update " + Count.of(updates.size(), "dataset") + "?")) {
            return NO;
        }
        Project project = targets.project();
        return project == null
                ? pull(updates, exit)
                : ProjectData.alone(app, project, () -> update(project, updates, exit));
    }

    private int pull(List<Update> updates, int exit) {
        int worst = exit;
        for (Update update : updates) {
            try {
                Bag bag = pull(update, manifest(update));
                app.console()
                        .say(bag.ref().id() + " " + bag.ref().version() + " is in the mirror, beside "
                                + update.target().manifest().manifest().version());
                app.console().data(bag.ref().data().toString());
            } catch (Problem p) {
                app.console().problem(update.target().name(), p);
                worst = worst == 0 ? p.kind().exit() : worst;
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    return p.kind().exit();
                }
            }
        }
        return worst;
    }

    /** Everything is pulled before a file of the project changes. */
    private int update(Project project, List<Update> updates, int exit) throws Problem {
        for (Update update : updates) {
            requireNoManifest(project, update);
        }
        for (Update update : updates) {
            pull(update, manifest(update));
        }
        for (Update update : updates) {
            if (!update.inCatalogue()) {
                String path = project.addManifest(manifest(update));
                app.console()
                        .say(project.folder().resolve(path) + " describes "
                                + update.newer().id() + " "
                                + update.newer().version());
            }
            project.useVersion(update.target().name(), update.newer().version());
        }
        app.forgetCatalogue();
        Set<String> changed = updates.stream().map(one -> one.target().name()).collect(Collectors.toSet());
        int locked = new LockCommand.Locker(app, project).lock(changed, ready -> {});
        app.console().say("next: `histods sync` places the new versions in the project");
        return locked == 0 ? exit : locked;
    }

    private static void requireNoManifest(Project project, Update update) throws Problem {
        Path file = project.folder().resolve("manifests/" + update.newer().id() + ".yaml");
        if (!update.inCatalogue() && Files.exists(file)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    file + " describes " + update.target().manifest().manifest().version()
                            + "; histods does not change a manifest of yours",
                    "`histods manifest check " + file + "` says what to change in it; then run `histods sync`");
        }
    }

    private ManifestFile manifest(Update update) throws Problem {
        return update.inCatalogue()
                ? app.catalogue().get(update.newer().id())
                : app.manifests()
                        .readFaultless(
                                app.manifests().write(update.newer()),
                                "the newest version of " + update.newer().id());
    }

    private Bag pull(Update update, ManifestFile manifest) throws Problem {
        VersionTargets.Target target = update.target();
        Bag before = target.bag();
        List<String> only =
                target.declared() != null ? target.declared().only() : before == null ? List.of() : before.selection();
        PullRequest request =
                new PullRequest(manifest, variant(target, manifest.manifest()), only, null, List.of(), false, 4);
        try (ProgressDisplay progress = app.progress(manifest.manifest())) {
            Puller.Result result = app.puller().pull(request, progress);
            progress.done();
            return result.bag();
        }
    }

    private static @Nullable String variant(VersionTargets.Target target, Manifest newer) {
        String variant = target.declared() != null
                ? target.declared().variant()
                : target.bag() == null ? null : target.bag().variant().orElse(null);
        return newer.contents().variants().isEmpty() ? null : variant;
    }
}
