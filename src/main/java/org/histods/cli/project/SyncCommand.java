package org.histods.cli.project;

import java.util.LinkedHashMap;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.problem.Problem;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock;
import org.histods.project.Lock.Locked;
import org.histods.project.Placement;
import org.histods.project.Project;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sets a project's data up. */
@Command(
        name = "sync",
        description = "Bring the datasets of this project and put them where it wants them.",
        footer = {
            "",
            "Without --locked, takes what the catalogue has now and writes histods.lock anew. With it, brings exactly",
            "the bytes that the lock names or ends with exit code 6 and says what differs; nothing is written then.",
            "",
            "Examples:",
            "  histods sync",
            "  histods sync --locked --copy"
        })
public final class SyncCommand implements CliCommand {

    private final AppContext wiring;

    @Option(names = "--locked", description = "exactly the bytes of histods.lock, or a clear no")
    private boolean locked;

    @ArgGroup
    private @Nullable Form form;

    /** How datasets are put into the project. */
    static final class Form {
        @Option(names = "--link", description = "put links to the mirror (the default)")
        boolean link;

        @Option(names = "--copy", description = "put copies, which may be changed and take their room again")
        boolean copy;

        @Option(names = "--hardlink", description = "put hard links; the mirror must be on the same file system")
        boolean hardlink;
    }

    public SyncCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        Project project = Project.of(wiring.here());
        if (!locked) {
            return new LockCommand.Locker(wiring, project).lock(ready -> put(project, ready));
        }
        return exactly(wiring, project, ready -> put(project, ready));
    }

    /** Brings what the lock names; gives the exit code. */
    static int exactly(AppContext wiring, Project project, LockCommand.Then then) throws Problem {
        Lock lock = project.lock()
                .orElseThrow(() -> new Problem(
                        Problem.Kind.USAGE,
                        project.folder() + " has no " + Lock.FILE,
                        "`histods lock` writes it from what the catalogue has now"));
        ProjectData data = new ProjectData(wiring);
        int exit = 0;
        for (Declared declared : project.declaration().datasets()) {
            try {
                Locked entry = lock.named(declared.name())
                        .orElseThrow(() -> new Problem(
                                Problem.Kind.USAGE,
                                declared.name() + " is declared and not in " + Lock.FILE,
                                "`histods lock` takes it in"));
                then.with(data.asLocked(declared, entry));
                data.remember(project);
            } catch (Problem p) {
                wiring.console().problem(declared.name(), p);
                exit = exit == 0 ? p.kind().exit() : exit;
                if (p.kind() == Problem.Kind.INTERRUPTED) {
                    return exit;
                }
            }
        }
        return exit;
    }

    private void put(Project project, ProjectData.Ready ready) throws Problem {
        Declared declared = ready.declared();
        boolean changed = put(project, ready, wanted(), locked);
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "synced");
        line.put("name", declared.name());
        line.put("dataset", declared.id());
        line.put("version", ready.locked().version());
        line.put("path", project.place(declared).toString());
        line.put("fingerprint", ready.locked().fingerprint().hex());
        line.put("changed", changed);
        wiring.console().object(line);
        wiring.console()
                .say(declared.name()
                        + (locked ? ": exactly as locked, " : ": ")
                        + (changed ? "put at " : "is at ")
                        + declared.path());
        wiring.console().data(project.place(declared).toString());
    }

    /** Puts a dataset where the project wants it; gives whether it was not there yet. */
    static boolean put(Project project, ProjectData.Ready ready, Placement.@Nullable Form form, boolean exact)
            throws Problem {
        return new Placement(project)
                .put(ready.declared(), ready.locked().fingerprint(), ready.subset(), ready.bag(), form, exact);
    }

    private Placement.@Nullable Form wanted() {
        if (form == null) {
            return null;
        }
        return form.copy ? Placement.Form.COPY : form.hardlink ? Placement.Form.HARDLINK : Placement.Form.LINK;
    }
}
