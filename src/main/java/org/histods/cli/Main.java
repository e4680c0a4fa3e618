package org.histods.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.histods.cli.catalogue.ListCommand;
import org.histods.cli.catalogue.ManifestCommand;
import org.histods.cli.catalogue.ShowCommand;
import org.histods.cli.mirror.ExportCommand;
import org.histods.cli.mirror.GcCommand;
import org.histods.cli.mirror.IdentifyCommand;
import org.histods.cli.mirror.PathCommand;
import org.histods.cli.mirror.ProvenanceCommand;
import org.histods.cli.mirror.PullCommand;
import org.histods.cli.mirror.RemoveCommand;
import org.histods.cli.mirror.SplitCommand;
import org.histods.cli.mirror.StatusCommand;
import org.histods.cli.mirror.VerifyCommand;
import org.histods.cli.project.AuditCommand;
import org.histods.cli.project.CiteCommand;
import org.histods.cli.project.LockCommand;
import org.histods.cli.project.ProjectCommands;
import org.histods.cli.project.RunCommand;
import org.histods.cli.project.SyncCommand;
import org.histods.cli.setup.CompletionCommand;
import org.histods.cli.setup.DemoCommand;
import org.histods.cli.setup.DoctorCommand;
import org.histods.cli.setup.LoginCommand;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CheckedStdout;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.ConsoleInput;
import org.histods.cli.shell.GlobalOptions;
import org.histods.cli.shell.UsageErrors;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import org.histods.text.TerminalText;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The program. */
@Command(
        name = "histods",
        description = "Public histopathology datasets: pulled, checked, unpacked, and on record.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Start with:  histods demo              a tour with stand-in datasets, no internet needed",
            "             histods list              what there is",
            "             histods show kather-2018  what it is",
            "             histods pull kather-2018  get it",
            "",
            "Exit codes: 0 done, 1 a bug of ours, 2 wrong usage or a mistake in a file of yours, 3 a person must act,",
            "4 network, 5 wrong bytes, 6 changed upstream, 7 disk or permission, 8 busy, 9 the answer is no,",
            "130 interrupted."
        })
public final class Main implements CliCommand {

    private static final int BUG = 1;
    private static final long PATIENCE_MILLIS = 1500;

    @Mixin
    private final GlobalOptions globals = new GlobalOptions();

    @Spec
    private CommandSpec spec;

    private final Map<String, String> environment;
    private final Path here;
    private final PrintStream out;
    private final PrintStream err;
    private final ConsoleInput keyboard;

    /**
     * The program in a given world.
     *
     * @param here the working directory
     * @param out for data
     * @param err for talk
     */
    public Main(Map<String, String> environment, Path here, PrintStream out, PrintStream err) {
        this(environment, here, ConsoleInput.piped(InputStream.nullInputStream()), out, err);
    }

    public Main(Map<String, String> environment, Path here, ConsoleInput keyboard, PrintStream out, PrintStream err) {
        this.environment = Map.copyOf(environment);
        this.here = here;
        this.out = out;
        this.err = err;
        this.keyboard = keyboard;
    }

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] args) {
        CheckedStdout outlet = new CheckedStdout();
        PrintStream out = new PrintStream(outlet, false, StandardCharsets.UTF_8);
        PrintStream err =
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8);
        CountDownLatch ended = new CountDownLatch(1);
        interruptible(Thread.currentThread(), ended);
        ConsoleInput keyboard = ConsoleInput.of(System.in, System.getenv());
        int exit = new Main(System.getenv(), Path.of("").toAbsolutePath(), keyboard, out, err).run(args);
        out.flush();
        Problem lost = outlet.lost().orElse(null);
        if (lost != null) {
            err.println("histods: " + lost.message() + "\nhint: " + lost.hint());
            exit = exit == 0 ? lost.kind().exit() : exit;
        }
        ended.countDown();
        System.exit(exit);
    }

    /** Ctrl-C ends the work as a problem does, with what came kept; whoever presses it should not wait long for that. */
    private static void interruptible(Thread main, CountDownLatch ended) {
        Thread hook = new Thread(
                () -> {
                    main.interrupt();
                    try {
                        ended.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "histods-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Runs one command; gives the exit code. */
    public int run(String... args) {
        boolean terminal = "1".equals(environment.get("HISTODS_TERMINAL"));
        boolean colour = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        Console console = new Console(out, err, terminal, colour, width());
        try (AppContext wiring = new AppContext(environment, here, console, keyboard, globals, version())) {
            CommandLine line = commands(wiring);
            line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
            line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
            line.setUsageHelpWidth(Math.max(80, Math.min(110, width())));
            line.setColorScheme(
                    CommandLine.Help.defaultColorScheme(colour ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
            line.setCaseInsensitiveEnumValuesAllowed(true);
            line.registerConverter(Path.class, Main::path);
            line.setParameterExceptionHandler((e, given) -> {
                // The mistake may stand before --json, which was not parsed then.
                console.configure(List.of(given).contains("--json"), false, Console.ProgressMode.NONE);
                console.problem("", new UsageErrors(e, given).problem());
                return Problem.Kind.USAGE.exit();
            });
            line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, console));
            line.setExecutionStrategy(parsed -> {
                Optional<Console.ProgressMode> mode = progress();
                if (mode.isEmpty()) {
                    throw new ParameterException(
                            line, "--progress is auto, plain or none, not '" + globals.progress + "'");
                }
                console.configure(globals.json, globals.quiet, mode.get());
                return new CommandLine.RunLast().execute(parsed);
            });
            return line.execute(args);
        } catch (OutOfMemoryError e) {
            return bug(e, console);
        }
    }

    /** An empty path, as of a variable that is not set, would be the working directory. */
    private static Path path(String written) {
        if (written.isEmpty()) {
            throw new CommandLine.TypeConversionException("the path is empty");
        }
        return Path.of(written);
    }

    private Optional<Console.ProgressMode> progress() {
        for (Console.ProgressMode mode : Console.ProgressMode.values()) {
            if (mode.name().equalsIgnoreCase(globals.progress)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    private CommandLine commands(AppContext wiring) {
        CommandLine line = new CommandLine(this);
        line.addSubcommand(new ListCommand(wiring));
        line.addSubcommand(new ListCommand.Search(wiring));
        line.addSubcommand(new ShowCommand(wiring));
        line.addSubcommand(new PullCommand(wiring));
        line.addSubcommand(new StatusCommand(wiring));
        line.addSubcommand(new PathCommand(wiring));
        line.addSubcommand(new VerifyCommand(wiring));
        line.addSubcommand(new ProvenanceCommand(wiring));
        line.addSubcommand(new ExportCommand(wiring));
        line.addSubcommand(new IdentifyCommand(wiring));
        line.addSubcommand(new SplitCommand(wiring));
        line.addSubcommand(new RemoveCommand(wiring, keyboard));
        line.addSubcommand(new GcCommand(wiring));
        CommandLine manifest = new CommandLine(new ManifestCommand());
        manifest.addSubcommand(new ManifestCommand.Lint(wiring));
        manifest.addSubcommand(new ManifestCommand.New(wiring));
        manifest.addSubcommand(new ManifestCommand.Check(wiring));
        line.addSubcommand(manifest);
        project(line, wiring);
        line.addSubcommand(new DemoCommand(wiring, environment, out, err));
        line.addSubcommand(new LoginCommand(wiring, keyboard, Clock.systemUTC()));
        line.addSubcommand(new DoctorCommand(wiring));
        line.addSubcommand(new CompletionCommand(wiring));
        line.getCommandSpec().version("histods " + version());
        line.getCommandSpec()
                .addOption(CommandLine.Model.OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("show the version")
                        .build());
        return line;
    }

    private static void project(CommandLine line, AppContext wiring) {
        line.addSubcommand(new ProjectCommands.Init(wiring));
        line.addSubcommand(new ProjectCommands.Add(wiring));
        line.addSubcommand(new ProjectCommands.Drop(wiring));
        line.addSubcommand(new LockCommand(wiring));
        line.addSubcommand(new SyncCommand(wiring));
        line.addSubcommand(new CiteCommand(wiring));
        line.addSubcommand(new AuditCommand(wiring));
        line.addSubcommand(new CommandLine(new RunCommand(wiring, Clock.systemUTC())).setStopAtPositional(true));
    }

    @Override
    public int run() {
        spec.commandLine().usage(err);
        return Problem.Kind.USAGE.exit();
    }

    private int failed(Exception e, Console console) {
        if (e instanceof Problem problem) {
            console.problem("", problem);
            return problem.kind().exit();
        }
        return bug(e, console);
    }

    /** What is no {@link Problem} is a bug, but for the memory that a machine or its owner allows. */
    private int bug(Throwable thrown, Console console) {
        Throwable cause = thrown;
        while (cause != null && !(cause instanceof OutOfMemoryError)) {
            cause = cause.getCause();
        }
        console.endStatus();
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event", "problem");
        event.put("class", cause == null ? "bug" : "memory");
        event.put("exit", BUG);
        if (cause == null) {
            err.println("histods: this is a bug in histods " + version()
                    + "; please report it with the lines below at https://github.com/histods/histods/issues");
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            err.print(TerminalText.safe(trace.toString()));
            event.put("message", thrown.toString());
        } else {
            String message = "the memory that Java may use here was not enough: "
                    + Bytes.text(Runtime.getRuntime().maxMemory());
            err.println("histods: " + message + "\nhint: allow more, such as JAVA_TOOL_OPTIONS=-Xmx4g, and run the same"
                    + " command again; what is in the mirror is whole");
            event.put("message", message);
        }
        console.object(event);
        return BUG;
    }

    private int width() {
        try {
            int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", "0"));
            return columns >= 40 ? columns : 120;
        } catch (NumberFormatException e) {
            return 120;
        }
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "0.1.0" : version.toLowerCase(Locale.ROOT);
    }
}
