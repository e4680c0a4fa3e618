package org.histods.cli.project;

import java.io.IOException;
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
import org.histods.project.MachineState;
import org.histods.project.Project;
import org.histods.project.RunLog;
import org.histods.project.RunRecord;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods run}: runs a command on the locked data and records it. */
@Command(
        name = "run",
        description = {
            "Run a command on the data of histods.lock and record it",
            "",
            "Runs `histods sync --locked` first. The command finds the folder of each dataset in an environment"
                    + " variable, such as HISTODS_DATA_KATHER_2018 for kather-2018, and the digest of the lock file"
                    + " in HISTODS_LOCK_DIGEST. The exit code is that of the command.",
            "",
            "The record is appended to .histods/uses.jsonl: command line, git commit and whether files differ from it,"
                    + " lock digest, fingerprints, times, exit code, host, Slurm job, container, and with --trace the opened files."
        },
        footer = {
            "",
            "Examples:",
            "  histods run -- python train.py --epochs 20",
            "  histods run --trace -- python evaluate.py"
        })
public final class RunCommand implements CliCommand {

    /** How long the command may take to end by itself after Ctrl-C. */
    private static final long GRACE_SECONDS = 5;

    private final AppContext app;
    private final Clock clock;

    @Option(names = "--trace", description = "record which files of the datasets the command opens (requires strace)")
    private boolean trace;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "the command and its arguments, after --")
    private List<String> command = new ArrayList<>();

    public RunCommand(AppContext app, Clock clock) {
        this.app = app;
        this.clock = clock;
    }

    @Override
    public int run() throws Problem {
        Project project = Project.of(app.here());
        List<RunRecord.Used> used = new ArrayList<>();
        OpenedFiles files = new OpenedFiles(project);
        Map<String, String> environment = new HashMap<>(app.environment());
        int exit = SyncCommand.syncLocked(app, project, ready -> {
            SyncCommand.place(app, project, ready, null, true);
            String name = ready.declared().name();
            environment.put(variable(name), project.place(ready.declared()).toString());
            Lock.Locked locked = ready.locked();
            used.add(new RunRecord.Used(
                    name, locked.id(), locked.version(), locked.fingerprint().hex()));
            files.add(ready);
        });
        if (exit != 0) {
            app.console().say("the command was not run");
            return exit;
        }
        String digest = project.lock().orElseThrow().digest().toString();
        environment.put("HISTODS_LOCK_DIGEST", digest);
        Optional<RunRecord.Git> git = new GitState(project, app.environment())
                .now(project.declaration().datasets());
        RunRecord.Machine machine = new MachineState(app.environment()).now();
        Instant started = now();
        try (StraceRecorder recorder = trace ? recorder(files) : null) {
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
                            recorder == null ? null : files.opened(recorder),
                            machine));
            return new Child(environment, recorder == null ? command : recorder.wrap(command)).run(recording);
        }
    }

    private StraceRecorder recorder(OpenedFiles files) throws Problem {
        String path = app.environment().getOrDefault("PATH", "");
        String program = command.get(0);
        if (StraceRecorder.program(program, path, app.here()).isEmpty()) {
            throw new Problem(Problem.Kind.USAGE, "cannot run '" + program + "': no such program");
        }
        return StraceRecorder.of(path, files.folders());
    }

    /** Writes the record of a run. */
    private interface Recording {

        /** @param exit null if histods ended before the command */
        void write(Instant finished, @Nullable Integer exit) throws Problem;
    }

    /** The environment variable with the folder of a dataset. */
    static String variable(String name) {
        return "HISTODS_DATA_" + name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The working directory relative to the project's folder. */
    private String folder(Project project) {
        return project.folder()
                .relativize(app.here().toAbsolutePath().normalize())
                .toString();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /** The process of the command. */
    private final class Child {
        private final Map<String, String> environment;
        private final List<String> command;
        private final AtomicBoolean recorded = new AtomicBoolean();

        Child(Map<String, String> environment, List<String> command) {
            this.environment = environment;
            this.command = command;
        }

        int run(Recording recording) throws Problem {
            ProcessBuilder builder =
                    new ProcessBuilder(command).directory(app.here().toFile()).inheritIO();
            builder.environment().clear();
            builder.environment().putAll(environment);
            Process process;
            try {
                process = builder.start();
            } catch (IOException e) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "cannot run '" + command.get(0) + "': no such program, or not executable",
                        "write the program and its arguments after --, as you would type them without histods",
                        e);
            }
            // Ctrl-C ends histods too, but the record must still be written.
            Thread hook = new Thread(() -> shutDown(process, recording), "histods-run-record");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                int exit = process.waitFor();
                record(recording, exit);
                return exit;
            } catch (InterruptedException e) {
                destroy(process);
                record(recording, null);
                Thread.currentThread().interrupt();
                throw Problem.interrupted();
            } finally {
                remove(hook);
            }
        }

        /** Ends the command, which with {@code --trace} is a child of strace. */
        private void destroy(Process process) {
            if (trace) {
                process.descendants().forEach(ProcessHandle::destroy);
            }
            process.destroy();
        }

        private void record(Recording recording, @Nullable Integer exit) throws Problem {
            if (recorded.compareAndSet(false, true)) {
                recording.write(now(), exit);
            }
        }

        /** Gives the command, which receives Ctrl-C too, time to end by itself; then ends it and writes the record. */
        private void shutDown(Process process, Recording recording) {
            try {
                if (!process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS)) {
                    destroy(process);
                    process.waitFor(GRACE_SECONDS, TimeUnit.SECONDS);
                }
                record(recording, process.isAlive() ? null : process.exitValue());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (Problem p) {
                app.console().problem("", p);
            }
        }

        private static void remove(Thread hook) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The hook is running and writes the record.
            }
        }
    }
}
