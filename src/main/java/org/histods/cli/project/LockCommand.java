package org.histods.cli.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock;
import org.histods.project.Lock.Locked;
import org.histods.project.Project;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code histods lock}: records exactly which files a project uses. */
@Command(
        name = "lock",
        description = {
            "Write histods.lock, which pins the exact files of this project",
            "",
            "Uses what is in the mirror and pulls what is missing, unless --offline is given. The lock file contains no"
                    + " dates and no local paths: commit it with the code. On another machine, `histods sync --locked`"
                    + " restores exactly these files."
        },
        footer = {"", "Example:", "  histods lock && git add histods.yaml histods.lock"})
public final class LockCommand implements CliCommand {

    private final AppContext app;

    public LockCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        Project project = Project.of(app.here());
        return ProjectData.exclusively(app, project, () -> new Locker(app, project).lock(ready -> {}));
    }

    /** What to do with each dataset once it is in the mirror. */
    interface Step {
        void apply(ProjectData.Ready ready) throws Problem;
    }

    /** Writes the lock file of a project. */
    static final class Locker {
        private final AppContext app;
        private final Project project;
        private final ProjectData data;

        Locker(AppContext app, Project project) {
            this.app = app;
            this.project = project;
            this.data = new ProjectData(app, project);
        }

        /** Returns the exit code. A dataset that fails keeps its previous entry. */
        int lock(Step action) throws Problem {
            return lock(null, action);
        }

        /**
         * Locks these datasets only; the others keep their entries.
         *
         * @param only names in the project; null for all
         */
        int lock(@Nullable Set<String> only, Step action) throws Problem {
            Declaration declaration = project.declaration();
            Optional<Lock> previous = project.lock();
            List<Locked> entries = new ArrayList<>();
            int exit = 0;
            for (Declared declared : declaration.datasets()) {
                Optional<Locked> old = previous.flatMap(l -> l.named(declared.name()));
                if (only != null && !only.contains(declared.name())) {
                    old.ifPresent(entries::add);
                    continue;
                }
                try {
                    ProjectData.Ready ready = data.asDeclared(declared);
                    entries.add(ready.locked());
                    project.keep(declared.name(), ready.manifest());
                    show(old, ready.locked());
                    action.apply(ready);
                } catch (Problem p) {
                    app.console().problem(declared.name(), p);
                    if (entries.stream().noneMatch(e -> e.name().equals(declared.name()))) {
                        old.ifPresent(entries::add);
                    }
                    exit = exit == 0 ? p.kind().exit() : exit;
                    if (p.kind() == Problem.Kind.INTERRUPTED) {
                        return exit;
                    }
                }
            }
            if (exit != 0 && entries.isEmpty()) {
                app.console().say("nothing could be locked");
                return exit;
            }
            Lock lock = new Lock(entries);
            boolean written = project.write(lock);
            if (!entries.isEmpty()) {
                data.remember();
            }
            app.console()
                    .say(Lock.FILE + (written ? " written: " : exit == 0 ? " is up to date: " : " is unchanged: ")
                            + Count.of(entries.size(), "dataset") + ", "
                            + lock.digest());
            if (declaration.datasets().isEmpty()) {
                app.console().say("this project uses no datasets yet; `histods add ID` adds one");
            }
            return exit;
        }

        private void show(Optional<Locked> old, Locked locked) {
            Console console = app.console();
            boolean changed = old.isPresent() && !old.get().fingerprint().equals(locked.fingerprint());
            Map<String, Object> line = new LinkedHashMap<>();
            line.put("event", "locked");
            line.put("name", locked.name());
            line.put("dataset", locked.id());
            line.put("version", locked.version());
            line.put("fingerprint", locked.fingerprint().hex());
            line.put("before", old.map(l -> l.fingerprint().hex()).orElse(null));
            line.put("files", locked.content().files());
            line.put("bytes", locked.content().bytes());
            console.object(line);
            console.say(console.bold(locked.name()) + " " + locked.version() + ": "
                    + Count.of(locked.content().files(), "file") + ", "
                    + Bytes.text(locked.content().bytes()) + ", fingerprint " + locked.fingerprint());
            if (changed && old.get().version().equals(locked.version())) {
                console.warn(locked.name() + " differs from the previous lock (fingerprint "
                        + old.get().fingerprint() + ")");
            } else if (changed) {
                console.say("  the previous lock had " + old.get().version() + ", fingerprint "
                        + old.get().fingerprint());
            }
        }
    }
}
