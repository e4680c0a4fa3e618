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
import org.histods.cli.catalogue.CheckCommand;
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
import org.histods.cli.shell.HelpLayout;
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

/** The program: parses the command line, wires everything by hand and runs one command. */
@Command(
        name = "histods",
        description = "Download public histopathology datasets, verify every file, and record where it came from",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeList = {
            " 0:success",
            " 1:internal error",
            " 2:invalid usage or input file",
            " 3:manual action required, such as a login or a form",
            " 4:network or host error",
            " 5:files do not match their checksums",
            " 6:files changed at the source",
            " 7:disk error or permission denied",
            " 8:mirror in use by another process",
            " 9:check failed or action declined",
            "130:interrupted"
        },
        footer = {
            "",
            "Get started:",
            "  histods demo              try everything with generated data, offline",
            "  histods list              see what is available",
            "  histods show kather-2018  read about a dataset",
            "  histods pull kather-2018  download it"
        })
public final class Main implements CliCommand {

    private static final int INTERNAL_ERROR = 1;
    private static final long SHUTDOWN_MILLIS = 1500;

    @Mixin
    private final GlobalOptions globals = new GlobalOptions();

    @Spec
    private CommandSpec spec;

    private final Map<String, String> environment;
    private final Path here;
    private final PrintStream out;
    private final PrintStream err;
    private final ConsoleInput input;

    /**
     * The program in a given environment, without a terminal to read from.
     *
     * @param here the working directory
     * @param out for data
     * @param err for messages
     */
    public Main(Map<String, String> environment, Path here, PrintStream out, PrintStream err) {
        this(environment, here, ConsoleInput.piped(InputStream.nullInputStream()), out, err);
    }

    public Main(Map<String, String> environment, Path here, ConsoleInput input, PrintStream out, PrintStream err) {
        this.environment = Map.copyOf(environment);
        this.here = here;
        this.out = out;
        this.err = err;
        this.input = input;
    }

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] args) {
        CheckedStdout stdout = new CheckedStdout();
        PrintStream out = new PrintStream(stdout, false, StandardCharsets.UTF_8);
        PrintStream err =
                new PrintStream(new java.io.FileOutputStream(java.io.FileDescriptor.err), true, StandardCharsets.UTF_8);
        CountDownLatch ended = new CountDownLatch(1);
        interruptOnShutdown(Thread.currentThread(), ended);
        ConsoleInput input = ConsoleInput.of(System.in, System.getenv());
        int exit = new Main(System.getenv(), Path.of("").toAbsolutePath(), input, out, err).run(args);
        out.flush();
        Problem lost = stdout.problem().orElse(null);
        if (lost != null) {
            err.println("histods: " + lost.message() + "\nhint: " + lost.hint());
            exit = exit == 0 ? lost.kind().exit() : exit;
        }
        ended.countDown();
        System.exit(exit);
    }

    /** On Ctrl-C, ends the command as an interrupted one, which keeps partial transfers; waits for that only briefly. */
    private static void interruptOnShutdown(Thread main, CountDownLatch ended) {
        Thread hook = new Thread(
                () -> {
                    main.interrupt();
                    try {
                        ended.await(SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "histods-end");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Runs one command and returns the exit code. */
    public int run(String... args) {
        boolean terminal = "1".equals(environment.get("HISTODS_TERMINAL"));
        boolean colour = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        boolean outputTerminal = "1".equals(environment.get("HISTODS_OUTPUT_TERMINAL"));
        int tableWidth = outputTerminal ? width() : Integer.MAX_VALUE;
        Console console = new Console(out, err, terminal, colour, width(), tableWidth);
        try (AppContext app = new AppContext(environment, here, console, input, globals, version())) {
            CommandLine line = commandLine(app);
            line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
            line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
            line.setUsageHelpWidth(Math.max(80, Math.min(110, width())));
            line.setColorScheme(
                    CommandLine.Help.defaultColorScheme(colour ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
            line.setCaseInsensitiveEnumValuesAllowed(true);
            line.registerConverter(Path.class, Main::path);
            line.setParameterExceptionHandler((e, given) -> {
                // The error may be before --json, which is not parsed then.
                console.configure(List.of(given).contains("--json"), false, Console.ProgressMode.NONE);
                console.problem("", new UsageErrors(e, given).problem());
                return Problem.Kind.USAGE.exit();
            });
            line.setExecutionExceptionHandler((e, command, parsed) -> failed(e, console));
            line.setExecutionStrategy(parsed -> {
                Optional<Console.ProgressMode> mode = progress();
                if (mode.isEmpty()) {
                    throw new ParameterException(
                            line, "--progress must be auto, plain or none, not '" + globals.progress + "'");
                }
                console.configure(globals.json, globals.quiet, mode.get());
                return new CommandLine.RunLast().execute(parsed);
            });
            return line.execute(args);
        } catch (OutOfMemoryError e) {
            return internalError(e, console);
        }
    }

    /** An empty path, as from an unset variable, would mean the working directory. */
    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new CommandLine.TypeConversionException("the path is empty");
        }
        return Path.of(text);
    }

    private Optional<Console.ProgressMode> progress() {
        for (Console.ProgressMode mode : Console.ProgressMode.values()) {
            if (mode.name().equalsIgnoreCase(globals.progress)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /** The command line without a terminal, for tests that compare documents with it. */
    public CommandLine commandLine() {
        Console console = new Console(out, err, false, false, width(), width());
        return commandLine(new AppContext(environment, here, console, input, globals, version()));
    }

    private CommandLine commandLine(AppContext app) {
        CommandLine line = new CommandLine(this);
        line.getCommandSpec()
                .version("histods " + version())
                .addOption(CommandLine.Model.OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("show the version")
                        .build());
        HelpLayout help = new HelpLayout(line);
        help.group("Find datasets", new ListCommand(app), new ListCommand.Search(app), new ShowCommand(app));
        help.group(
                "Keep a mirror",
                new PullCommand(app),
                new StatusCommand(app),
                new PathCommand(app),
                new VerifyCommand(app),
                new RemoveCommand(app),
                new GcCommand(app));
        help.group(
                "Use pulled data",
                new ProvenanceCommand(app),
                new IdentifyCommand(app),
                new SplitCommand(app),
                new ExportCommand(app));
        help.group(
                "Work in a project",
                new ProjectCommands.Init(app),
                new ProjectCommands.Add(app),
                new ProjectCommands.Drop(app),
                new LockCommand(app),
                new SyncCommand(app),
                new CommandLine(new RunCommand(app, Clock.systemUTC())).setStopAtPositional(true),
                new AuditCommand(app),
                new CiteCommand(app));
        CommandLine manifest = new CommandLine(new ManifestCommand());
        manifest.addSubcommand(new ManifestCommand.Lint(app));
        manifest.addSubcommand(new ManifestCommand.New(app));
        manifest.addSubcommand(new CheckCommand(app));
        help.group(
                "Set up and maintain",
                new DemoCommand(app, out, (variables, folder, args) -> new Main(variables, folder, out, out).run(args)),
                new LoginCommand(app, Clock.systemUTC()),
                new DoctorCommand(app),
                manifest,
                new CompletionCommand(app));
        CommandLine formerName = new CommandLine(new IdentifyCommand(app));
        formerName.getCommandSpec().usageMessage().hidden(true);
        line.addSubcommand("whence", formerName);
        help.apply();
        return line;
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
        return internalError(e, console);
    }

    /** Reports anything thrown that is not a {@link Problem}: a bug, or too little memory. */
    private int internalError(Throwable thrown, Console console) {
        Throwable cause = thrown;
        while (cause != null && !(cause instanceof OutOfMemoryError)) {
            cause = cause.getCause();
        }
        console.endStatus();
        String message;
        String hint;
        if (cause == null) {
            message = thrown.toString();
            hint = null;
            err.println("histods: internal error in histods " + version()
                    + "; please report it with the lines below at https://github.com/histods/histods/issues");
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            err.print(TerminalText.safe(trace.toString()));
        } else {
            message = "out of memory: Java may use "
                    + Bytes.text(Runtime.getRuntime().maxMemory());
            hint = "allow more, for example JAVA_TOOL_OPTIONS=-Xmx4g, and run the same command again; the mirror is"
                    + " intact";
            err.println("histods: " + message + "\nhint: " + hint);
        }
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event", "problem");
        event.put("dataset", null);
        event.put("class", cause == null ? "bug" : "memory");
        event.put("exit", INTERNAL_ERROR);
        event.put("message", message);
        event.put("hint", hint);
        event.put("attempts", List.of());
        console.object(event);
        return INTERNAL_ERROR;
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
