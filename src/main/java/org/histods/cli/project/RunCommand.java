package org.histods.cli.project;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.problem.Problem;
import org.histods.project.GitState;
import org.histods.project.Lock;
import org.histods.project.Project;
import org.histods.project.RunLog;
import org.histods.project.RunRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a command on exactly the locked data and remembers that it did. */
@Command(
        name = "run",
        description = "Run a command on exactly the data of histods.lock, and keep a record of it.",
        footer = {
            "",
            "First does what `histods sync --locked` does. The command finds each dataset's folder in HISTODS_DATA_NAME",
            "(HISTODS_DATA_KATHER_2018 for kather-2018) and the lock's digest in HISTODS_LOCK_DIGEST. Its exit code is",
            "the exit code. The record goes to .histods/uses.jsonl: the command line as it is written, git commit and",
            "whether the code differed from it, digest and fingerprints, times, exit code. With --trace also which",
            "files of the datasets were opened.",
            "",
            "Example:",
            "  histods run -- python train.py --epochs 20"
        })
public final class RunCommand implements CliCommand {

    private static final long GRACE_SECONDS = 5;

    private final AppContext wiring;
    private final Clock clock;

    @Option(
            names = "--trace",
            description = "record which files of the datasets the command and its children open; needs strace")
    private boolean trace;

    @Parameters(arity = "1..*", paramLabel = "CMD", description = "the command and its arguments")
    private List<String> command = new ArrayList<>();

    public RunCommand(AppContext wiring, Clock clock) {
        this.wiring = wiring;
        this.clock = clock;
    }

    @Override
    public int run() throws Problem {
        Project project = Project.of(wiring.here());
        List<RunRecord.Used> used = new ArrayList<>();
        OpenedFiles files = new OpenedFiles(project);
        Map<String, String> environment = new HashMap<>(wiring.environment());
        int exit = SyncCommand.exactly(wiring, project, ready -> {
            SyncCommand.put(project, ready, null, true);
            String name = ready.declared().name();
            environment.put(variable(name), project.place(ready.declared()).toString());
            Lock.Locked locked = ready.locked();
            used.add(new RunRecord.Used(
                    name, locked.id(), locked.version(), locked.fingerprint().hex()));
            files.add(ready);
        });
        if (exit != 0) {
            wiring.console().say("the command was not run");
            return exit;
        }
        String digest = project.lock().orElseThrow().digest().toString();
        environment.put("HISTODS_LOCK_DIGEST", digest);
        Optional<RunRecord.Git> git = new GitState(project, wiring.environment())
                .now(project.declaration().datasets());
        Instant started = now();
        try (StraceRecorder watch = trace ? watch(files) : null) {
            Recording recording = (finished, code) -> new RunLog(project)
                    .add(new RunRecord(
                            command,
                            folder(project),
                            git.orElse(null),
                            digest,
                            used,
                            started,
                            finished,
                            code,
                            watch == null ? null : files.opened(watch)));
            return new Child(environment, watch == null ? command : watch.around(command)).run(recording);
        }
    }

    private StraceRecorder watch(OpenedFiles files) throws Problem {
        String path = wiring.environment().getOrDefault("PATH", "");
        String program = command.get(0);
        if (StraceRecorder.program(program, path, wiring.here()).isEmpty()) {
            throw new Problem(Problem.Kind.USAGE, "cannot run '" + program + "': there is no such program");
        }
        return StraceRecorder.of(path, files.folders());
    }

    /** Keeps the record. */
    private interface Recording {
        void keep(Instant finished, @Nullable Integer exit) throws Problem;
    }

    static String variable(String name) {
        return "HISTODS_DATA_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private String folder(Project project) {
        Path here = wiring.here().toAbsolutePath().normalize();
        return project.folder().relativize(here).toString();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private final class Child {
        private final Map<String, String> environment;
        private final List<String> command;
        private final AtomicBoolean kept = new AtomicBoolean();

        Child(Map<String, String> environment, List<String> command) {
            this.environment = environment;
            this.command = command;
        }

        int run(Recording recording) throws Problem {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .directory(wiring.here().toFile())
                    .inheritIO();
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process;
            try {
                process = builder.start();
            } catch (IOException e) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "cannot run '" + command.get(0) + "': there is no such program, or it may not be run",
                        "after -- come a program and its arguments, as you would type them without histods",
                        List.of(),
                        e);
            }
            // On Ctrl-C this program is ended too, and the record must not be lost by that.
            Thread onEnd = new Thread(() -> ended(process, recording), "histods-run-record");
            Runtime.getRuntime().addShutdownHook(onEnd);
            try {
                int exit = process.waitFor();
                keep(recording, exit);
                return exit;
            } catch (InterruptedException e) {
                end(process);
                keep(recording, null);
                Thread.currentThread().interrupt();
                throw Problem.interrupted();
            } finally {
                forget(onEnd);
            }
        }

        /** Where the command is watched, it is the child of what watches it. */
        private void end(Process process) {
            if (trace) {
                process.descendants().forEach(ProcessHandle::destroy);
            }
            process.destroy();
        }

        private void keep(Recording recording, @Nullable Integer exit) throws Problem {
            if (kept.compareAndSet(false, true)) {
                recording.keep(now(), exit);
            }
        }

        /** Gives the command time to end by itself, as Ctrl-C reaches it as well. */
        private void ended(Process process, Recording recording) {
            try {
                if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                    end(process);
                    process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
                }
                keep(recording, process.isAlive() ? null : process.exitValue());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Problem p) {
                wiring.console().problem("", p);
            }
        }

        private static void forget(Thread hook) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // It is running: then the record is kept there.
            }
        }
    }
}
