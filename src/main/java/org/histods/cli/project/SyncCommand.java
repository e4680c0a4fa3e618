package org.histods.cli.project;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock;
import org.histods.project.Lock.Locked;
import org.histods.project.Placement;
import org.histods.project.Project;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code histods sync}: pulls the datasets of a project and places them in its folder. */
@Command(
        name = "sync",
        description = {
            "Pull the datasets of this project and place them in its folder",
            "",
            "Without --locked, uses the versions of the catalogue and updates histods.lock. With --locked, restores exactly"
                    + " the files of histods.lock, or exits with code 6, shows the differences and changes nothing."
        },
        footer = {"", "Examples:", "  histods sync", "  histods sync --locked", "  histods sync --locked --copy"})
public final class SyncCommand implements CliCommand {

    private final AppContext app;

    @Option(names = "--locked", description = "fail unless the files match histods.lock exactly")
    private boolean locked;

    @ArgGroup
    private @Nullable Form form;

    /** How datasets are placed in the project. */
    static final class Form {
        @Option(names = "--link", description = "place symbolic links to the mirror (default)")
        boolean link;

        @Option(names = "--copy", description = "place copies, which can be modified and use disk space again")
        boolean copy;

        @Option(names = "--hardlink", description = "place hard links, and copies of files that cannot be linked")
        boolean hardlink;
    }

    public SyncCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        Project project = Project.of(app.here());
        if (!locked) {
            return ProjectData.exclusively(
                    app, project, () -> new LockCommand.Locker(app, project).lock(ready -> place(project, ready)));
        }
        return syncLocked(app, project, ready -> place(project, ready));
    }

    /** Pulls what the lock file names and applies the action to each dataset; returns the exit code. */
    static int syncLocked(AppContext app, Project project, LockCommand.Step action) throws Problem {
        return ProjectData.exclusively(app, project, () -> restore(app, project, action));
    }

    private static int restore(AppContext app, Project project, LockCommand.Step action) throws Problem {
        Lock lock = project.lock()
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        project.folder() + " has no " + Lock.FILE,
                        "`histods lock` creates it from the current catalogue"));
        ProjectData data = new ProjectData(app, project);
        List<Declared> datasets = project.declaration().datasets();
        int exit = 0;
        for (Declared declared : datasets) {
            try {
                Locked entry = lock.named(declared.name())
                        .orElseThrow(() -> new Problem(
                                Problem.Kind.USAGE,
                                declared.name() + " is in " + Declaration.FILE + " but not in " + Lock.FILE,
                                "`histods lock` adds it"));
                action.apply(data.asLocked(declared, entry));
                data.remember();
            } catch (Problem p) {
                app.console().problem(declared.name(), p);
                exit = exit == 0 ? p.kind().exit() : exit;
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    return exit;
                }
            }
        }
        Set<String> names = datasets.stream().map(Declared::name).collect(Collectors.toSet());
        for (Locked locked : lock.datasets()) {
            if (!names.contains(locked.name())) {
                Problem left = new Problem(
                        Problem.Kind.USAGE,
                        locked.name() + " is in " + Lock.FILE + " but not in " + Declaration.FILE,
                        "`histods lock` removes it");
                app.console().problem(locked.name(), left);
                exit = exit == 0 ? left.kind().exit() : exit;
            }
        }
        return exit;
    }

    private void place(Project project, ProjectData.Ready ready) throws Problem {
        Declared declared = ready.declared();
        boolean changed = place(app, project, ready, form(), locked);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "synced");
        line.put("name", declared.name());
        line.put("dataset", declared.id());
        line.put("version", ready.locked().version());
        line.put("path", project.place(declared).toString());
        line.put("fingerprint", ready.locked().fingerprint().hex());
        line.put("changed", changed);
        app.console().object(line);
        app.console()
                .say(declared.name()
                        + (locked ? ": matches the lock, " : ": ")
                        + (changed ? "placed at " : "is at ")
                        + declared.path());
        app.console().data(project.place(declared).toString());
    }

    /** Places a dataset in the project; returns whether anything changed. */
    static boolean place(
            AppContext app, Project project, ProjectData.Ready ready, Placement.@Nullable Form form, boolean exact)
            throws Problem {
        return new Placement(project, app.console()::warn)
                .put(ready.declared(), ready.locked().fingerprint(), ready.subset(), ready.bag(), form, exact);
    }

    private Placement.@Nullable Form form() {
        if (form == null) {
            return null;
        }
        return form.copy ? Placement.Form.COPY : form.hardlink ? Placement.Form.HARDLINK : Placement.Form.LINK;
    }
}
