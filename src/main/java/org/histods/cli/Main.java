package org.histods.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.histods.cli.catalogue.CheckCommand;
import org.histods.cli.catalogue.ListCommand;
import org.histods.cli.catalogue.ManifestCommand;
import org.histods.cli.catalogue.ServeCommand;
import org.histods.cli.catalogue.ShowCommand;
import org.histods.cli.mirror.AdoptCommand;
import org.histods.cli.mirror.ExportCommand;
import org.histods.cli.mirror.GcCommand;
import org.histods.cli.mirror.IdentifyCommand;
import org.histods.cli.mirror.ImportCommand;
import org.histods.cli.mirror.IndexCommand;
import org.histods.cli.mirror.PathCommand;
import org.histods.cli.mirror.ProvenanceCommand;
import org.histods.cli.mirror.PullCommand;
import org.histods.cli.mirror.PushCommand;
import org.histods.cli.mirror.RemoveCommand;
import org.histods.cli.mirror.SplitCommand;
import org.histods.cli.mirror.SplitMakeCommand;
import org.histods.cli.mirror.StatusCommand;
import org.histods.cli.mirror.VerifyCommand;
import org.histods.cli.project.AuditCommand;
import org.histods.cli.project.CiteCommand;
import org.histods.cli.project.LockCommand;
import org.histods.cli.project.OutdatedCommand;
import org.histods.cli.project.ProjectCommands;
import org.histods.cli.project.RunCommand;
import org.histods.cli.project.SyncCommand;
import org.histods.cli.project.UpdateCommand;
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
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.text.Bytes;
import org.histods.text.TerminalText;
import org.histods.transport.Sleeper;
import org.jspecify.annotations.Nullable;
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

    private static final String VERSION_LINE = "histods ";

    private static final String FORMER_NAME_OF_IDENTIFY = "whence";

    static final List<HelpLayout.Group> GROUPS = List.of(
            new HelpLayout.Group("Find datasets", List.of("list", "search", "show")),
            new HelpLayout.Group(
                    "Keep a mirror",
                    List.of("pull adopt import status path verify outdated update remove gc serve push".split(" "))),
            new HelpLayout.Group("Use pulled data", List.of("provenance", "identify", "index", "split", "export")),
            new HelpLayout.Group(
                    "Work in a project", List.of("init", "add", "drop", "lock", "sync", "run", "audit", "cite")),
            new HelpLayout.Group("Set up and maintain", List.of("demo", "login", "doctor", "manifest", "completion")));

    @Mixin
    private final GlobalOptions globals = new GlobalOptions();

    @Spec
    private CommandSpec spec;

    private final Map<String, String> environment;
    private final Path here;
    private final PrintStream out;
    private final PrintStream err;
    private final ConsoleInput input;
    private final Sleeper sleeper;

    /** The program in a given environment, without a terminal to read from. */
    public Main(Map<String, String> environment, Path here, PrintStream out, PrintStream err) {
        this(environment, here, ConsoleInput.piped(InputStream.nullInputStream()), out, err, Sleeper.system());
    }

    /**
     * The program in a given environment.
     *
     * @param here the working directory
     * @param out for data
     * @param err for messages
     * @param sleeper for the pauses between requests
     */
    public Main(
            Map<String, String> environment,
            Path here,
            ConsoleInput input,
            PrintStream out,
            PrintStream err,
            Sleeper sleeper) {
        this.environment = Map.copyOf(environment);
        this.here = here;
        this.out = out;
        this.err = err;
        this.input = input;
        this.sleeper = sleeper;
    }

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] args) {
        CheckedStdout stdout = new CheckedStdout();
        PrintStream out = new PrintStream(stdout, false, StandardCharsets.UTF_8);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
        CountDownLatch ended = new CountDownLatch(1);
        interruptOnShutdown(Thread.currentThread(), ended);
        ConsoleInput input = ConsoleInput.of(System.in, System.getenv());
        int exit = new Main(System.getenv(), Path.of("").toAbsolutePath(), input, out, err, Sleeper.system()).run(args);
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
        // No lambda: the class data archive contains only those that ClassArchive runs, and others take long to link.
        Runtime.getRuntime().addShutdownHook(new Thread("histods-end") {
            @Override
            public void run() {
                main.interrupt();
                try {
                    ended.await(SHUTDOWN_MILLIS, TimeUnit.MILLISECONDS);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        });
    }

    /** Runs one command and returns the exit code. */
    public int run(String... args) {
        if (List.of(args).equals(List.of("--version"))) {
            // Scripts call this often, and it needs no command line parser.
            out.println(VERSION_LINE + version());
            return 0;
        }
        boolean terminal = "1".equals(environment.get("HISTODS_TERMINAL"));
        boolean colour = terminal && environment.getOrDefault("NO_COLOR", "").isEmpty();
        boolean outputTerminal = "1".equals(environment.get("HISTODS_OUTPUT_TERMINAL"));
        int tableWidth = outputTerminal ? width() : Integer.MAX_VALUE;
        Console console = new Console(out, err, terminal, colour, width(), tableWidth);
        try (AppContext app = new AppContext(environment, here, console, input, sleeper, globals, version())) {
            return commandLine(app, console, List.of(args)).execute(args);
        } catch (OutOfMemoryError e) {
            return internalError(e, console);
        }
    }

    /** The command line with only those commands that the words name, because describing a command takes time. */
    private CommandLine commandLine(AppContext app, Console console, List<String> words) {
        CommandLine line = commandLine(app, words.contains("completion") ? names() : words);
        line.setOut(new PrintWriter(out, true, StandardCharsets.UTF_8));
        line.setErr(new PrintWriter(err, true, StandardCharsets.UTF_8));
        line.setUsageHelpWidth(Math.max(80, Math.min(110, width())));
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                console.colour() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Path.class, Main::path);
        line.setParameterExceptionHandler((e, given) -> {
            // The error may be before --json, which is not parsed then.
            console.configure(List.of(given).contains("--json"), false, Console.ProgressMode.NONE);
            console.problem("", new UsageErrors(e, given, HelpLayout.names(GROUPS)).problem());
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
        return line;
    }

    /** An empty path, as from an unset variable, would mean the working directory. */
    private static Path path(String text) {
        if (text.isEmpty()) {
            throw new CommandLine.TypeConversionException("the path is empty");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new CommandLine.TypeConversionException(unusable(e));
        }
    }

    /** Why a name cannot be that of a file: nearly always because of the locale that Java was started in. */
    private static String unusable(InvalidPathException e) {
        String charset = System.getProperty("sun.jnu.encoding", "");
        boolean unicode = charset.toUpperCase(Locale.ROOT).startsWith("UTF");
        return "'" + FilePath.printable(e.getInput()) + "' cannot be the name of a file"
                + (unicode
                        ? ""
                        : ": in this locale, file names have only the characters of " + charset
                                + "; LC_ALL=C.UTF-8 or another locale of UTF-8 has all");
    }

    private Optional<Console.ProgressMode> progress() {
        for (Console.ProgressMode mode : Console.ProgressMode.values()) {
            if (mode.name().equalsIgnoreCase(globals.progress)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /** The command line with all commands and without a terminal, for tests that compare documents with it. */
    public CommandLine commandLine() {
        Console console = new Console(out, err, false, false, width(), width());
        AppContext app = new AppContext(environment, here, console, input, sleeper, globals, version());
        return commandLine(app, names());
    }

    /** The names of all commands. */
    private static List<String> names() {
        List<String> names = new ArrayList<>(HelpLayout.names(GROUPS));
        names.add(FORMER_NAME_OF_IDENTIFY);
        return names;
    }

    private CommandLine commandLine(AppContext app, List<String> words) {
        CommandLine line = new CommandLine(this);
        line.getCommandSpec()
                .version(VERSION_LINE + version())
                .addOption(CommandLine.Model.OptionSpec.builder("--version")
                        .versionHelp(true)
                        .description("show the version")
                        .build());
        new HelpLayout(GROUPS, name -> describe(name, app), name -> summary(name, app)).apply(line, words);
        return line;
    }

    /** The command of that name; null if there is none. */
    private @Nullable Object command(String name, AppContext app) {
        return switch (name) {
            case "list" -> new ListCommand(app);
            case "search" -> new ListCommand.Search(app);
            case "show" -> new ShowCommand(app);
            case "pull" -> new PullCommand(app);
            case "serve" -> new ServeCommand(app);
            case "push" -> new PushCommand(app);
            case "adopt" -> new AdoptCommand(app);
            case "import" -> new ImportCommand(app);
            case "status" -> new StatusCommand(app);
            case "path" -> new PathCommand(app);
            case "verify" -> new VerifyCommand(app);
            case "remove" -> new RemoveCommand(app);
            case "gc" -> new GcCommand(app);
            case "provenance" -> new ProvenanceCommand(app);
            case "identify", FORMER_NAME_OF_IDENTIFY -> new IdentifyCommand(app);
            case "index" -> new IndexCommand();
            case "split" -> new SplitCommand(app);
            case "export" -> new ExportCommand(app);
            case "outdated" -> new OutdatedCommand(app);
            case "update" -> new UpdateCommand(app);
            case "init" -> new ProjectCommands.Init(app);
            case "add" -> new ProjectCommands.Add(app);
            case "drop" -> new ProjectCommands.Drop(app);
            case "lock" -> new LockCommand(app);
            case "sync" -> new SyncCommand(app);
            case "run" -> new RunCommand(app, Clock.systemUTC());
            case "audit" -> new AuditCommand(app);
            case "cite" -> new CiteCommand(app);
            case "demo" ->
                new DemoCommand(
                        app,
                        out,
                        (variables, folder, args) -> new Main(variables, folder, input, out, out, sleeper).run(args));
            case "login" -> new LoginCommand(app, Clock.systemUTC());
            case "doctor" -> new DoctorCommand(app);
            case "manifest" -> new ManifestCommand();
            case "completion" -> new CompletionCommand(app);
            default -> null;
        };
    }

    /** The first line of a command's help, without describing the whole command. */
    private String summary(String name, AppContext app) {
        Command described =
                Objects.requireNonNull(command(name, app)).getClass().getAnnotation(Command.class);
        return Objects.requireNonNull(described).description()[0];
    }

    /** The command of that name as picocli needs it; null if there is none. */
    private @Nullable CommandLine describe(String name, AppContext app) {
        Object command = command(name, app);
        if (command == null) {
            return null;
        }
        CommandLine line = new CommandLine(command);
        if (command instanceof RunCommand) {
            line.setStopAtPositional(true);
        } else if (command instanceof SplitCommand) {
            line.addSubcommand("make", new SplitMakeCommand(app));
            line.addSubcommand("check", new CommandLine(new SplitCommand(app)).setCommandName("check"));
        } else if (command instanceof IndexCommand) {
            line.addSubcommand(new IndexCommand.Export(app));
            line.addSubcommand(new IndexCommand.Import(app));
            line.addSubcommand(new IndexCommand.ListAll(app));
            line.addSubcommand(new IndexCommand.Remove(app));
        } else if (command instanceof ManifestCommand) {
            line.addSubcommand(new ManifestCommand.Lint(app));
            line.addSubcommand(new ManifestCommand.New(app));
            line.addSubcommand(new CheckCommand(app));
        }
        line.getCommandSpec().usageMessage().hidden(name.equals(FORMER_NAME_OF_IDENTIFY));
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
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidPathException invalid) {
                Problem problem = new Problem(Problem.Kind.USAGE, unusable(invalid), null, e);
                console.problem("", problem);
                return problem.kind().exit();
            }
        }
        return internalError(e, console);
    }

    /** Reports an exception that is not a {@link Problem}: a bug, or too little memory. */
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

    /** The version in the manifest of the jar; classes that are not from a jar have none. */
    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version.toLowerCase(Locale.ROOT);
    }
}
