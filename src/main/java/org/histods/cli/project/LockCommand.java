package org.histods.cli.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
import picocli.CommandLine.Command;

/** Writes down exactly which bytes a project uses. */
@Command(
        name = "lock",
        description = "Write histods.lock: exactly which bytes this project uses.",
        footer = {
            "",
            "Takes what the mirror has, and pulls what is missing unless --offline is given. The lock holds no dates",
            "and no local paths: check it in beside the code. `histods sync --locked` brings these bytes elsewhere."
        })
public final class LockCommand implements CliCommand {

    private final AppContext wiring;

    public LockCommand(AppContext wiring) {
        this.wiring = wiring;
    }

    @Override
    public int run() throws Problem {
        Project project = Project.of(wiring.here());
        return new Locker(wiring, project).lock(ready -> {});
    }

    /** What else is done with each dataset that is there. */
    interface Then {
        void with(ProjectData.Ready ready) throws Problem;
    }

    /** Makes the lock of what a project declares. */
    static final class Locker {
        private final AppContext wiring;
        private final Project project;
        private final ProjectData data;

        Locker(AppContext wiring, Project project) {
            this.wiring = wiring;
            this.project = project;
            this.data = new ProjectData(wiring);
        }

        /** Gives the exit code. A dataset that fails keeps the entry that it had. */
        int lock(Then then) throws Problem {
            Declaration declaration = project.declaration();
            Optional<Lock> before = project.lock();
            List<Locked> entries = new ArrayList<>();
            int exit = 0;
            for (Declared declared : declaration.datasets()) {
                Optional<Locked> old = before.flatMap(l -> l.named(declared.name()));
                try {
                    ProjectData.Ready ready = data.asDeclared(declared);
                    entries.add(ready.locked());
                    tell(old, ready.locked());
                    then.with(ready);
                } catch (Problem p) {
                    wiring.console().problem(declared.name(), p);
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
                wiring.console().say("nothing could be locked");
                return exit;
            }
            Lock lock = new Lock(entries);
            boolean written = project.write(lock);
            if (!entries.isEmpty()) {
                data.remember(project);
            }
            wiring.console()
                    .say(Lock.FILE + (written ? " written: " : " is up to date: ")
                            + Count.of(entries.size(), "dataset") + ", "
                            + lock.digest());
            if (declaration.datasets().isEmpty()) {
                wiring.console().say("the project declares no dataset yet; `histods add ID` adds one");
            }
            return exit;
        }

        private void tell(Optional<Locked> old, Locked locked) {
            Console console = wiring.console();
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
            if (changed) {
                console.warn(locked.name() + " is not what was locked before (fingerprint "
                        + old.get().fingerprint() + ")");
            }
        }
    }
}
