package org.histods.cli.shell;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.histods.catalogue.Catalogue;
import org.histods.cli.mirror.PullConfirmation;
import org.histods.credentials.CredentialChain;
import org.histods.credentials.CredentialFile;
import org.histods.credentials.UserEnvironment;
import org.histods.dataset.DatasetRef;
import org.histods.dataset.DatasetVersion;
import org.histods.fetch.FetchSettings;
import org.histods.fetch.Fetcher;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.BagWriter;
import org.histods.provenance.Tool;
import org.histods.provenance.export.Exporter;
import org.histods.pull.Puller;
import org.histods.settings.AppPaths;
import org.histods.settings.Settings;
import org.histods.source.all.Sources;
import org.histods.transport.AscpInstallation;
import org.histods.transport.CaFile;
import org.histods.transport.HttpTransport;
import org.histods.transport.Proxies;
import org.histods.transport.RetryPolicy;
import org.histods.transport.Sleeper;
import org.histods.transport.TransportListener;
import org.histods.transport.TransportSettings;
import org.histods.unpack.Unpacker;
import org.jspecify.annotations.Nullable;

/** Everything wired by hand, in one place; each thing is made when a command first wants it. */
public final class AppContext implements AutoCloseable {

    private final Map<String, String> environment;
    private final Path here;
    private final AppPaths folders;
    private final Console console;
    private final ConsoleInput keyboard;
    private final GlobalOptions globals;
    private final String version;
    private final ManifestReader manifests = new ManifestReader();
    private @Nullable Catalogue catalogue;
    private @Nullable Mirror mirror;
    private @Nullable HttpTransport transport;
    private @Nullable Settings config;

    /**
     * The wiring of one run of the program.
     *
     * @param here the working directory
     */
    public AppContext(
            Map<String, String> environment,
            Path here,
            Console console,
            ConsoleInput keyboard,
            GlobalOptions globals,
            String version) {
        this.environment = Map.copyOf(environment);
        this.here = here;
        this.folders = new AppPaths(this.environment, here);
        this.console = console;
        this.keyboard = keyboard;
        this.globals = globals;
        this.version = version;
    }

    public Console console() {
        return console;
    }

    public ManifestReader manifests() {
        return manifests;
    }

    public Map<String, String> environment() {
        return environment;
    }

    public String version() {
        return version;
    }

    public Path here() {
        return here;
    }

    GlobalOptions globals() {
        return globals;
    }

    /** A path as the user wrote it, from the working directory. */
    public Path path(Path written) {
        return folders.path(written);
    }

    public Settings config() throws Problem {
        if (config == null) {
            Path named = folders.settingsNamed().orElse(null);
            if (named != null && !Files.exists(named)) {
                throw new Problem(Problem.Kind.USAGE, "HISTODS_CONFIG names " + named + ", and there is no such file");
            }
            config = Settings.read(folders.settings().orElse(null));
        }
        return config;
    }

    /** Where things lie on this machine. */
    public AppPaths folders() {
        return folders;
    }

    public Catalogue catalogue() throws Problem {
        if (catalogue == null) {
            Path folder = globals.manifests == null ? folders.manifests().orElse(null) : path(globals.manifests);
            catalogue = folder == null ? builtIn() : new Catalogue(folder, manifests);
        }
        return catalogue;
    }

    private Catalogue builtIn() throws Problem {
        try {
            Path code = Path.of(AppContext.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return Files.isDirectory(code)
                    ? new Catalogue(code.resolve("manifests"), manifests)
                    : Catalogue.inJar(code, manifests);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Whether what a person typed is a manifest file rather than a name of a dataset. */
    public static boolean file(String typed) {
        return typed.endsWith(".yaml") || typed.endsWith(".yml") || typed.contains("/");
    }

    /**
     * The manifest that a person typed: a dataset's {@code ID}, an alias, {@code ID@VERSION}, or the path of a file.
     *
     * @throws Problem {@code USAGE} if there is none, or the catalogue has the dataset in another version
     */
    public ManifestFile manifest(String typed) throws Problem {
        if (file(typed)) {
            return catalogue().file(path(Path.of(typed)));
        }
        DatasetRef asked = dataset(typed);
        ManifestFile file = catalogue().get(asked.id());
        DatasetVersion version = file.manifest().version();
        if (asked.version() != null && !asked.version().equals(version)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the catalogue has " + asked.id() + " in version " + version + ", not " + asked.version(),
                    "an older manifest file stands for an older version");
        }
        return file;
    }

    /** The dataset of the catalogue that a person typed: its id or an alias, and maybe {@code @VERSION}. */
    public DatasetRef dataset(String typed) throws Problem {
        return DatasetRef.parse(typed, name -> catalogue().get(name).manifest().id());
    }

    public Mirror mirror() throws Problem {
        if (mirror == null) {
            boolean locks = !"off".equals(environment.getOrDefault("HISTODS_LOCK", "auto"));
            Mirror named = new Mirror(mirrorFolder(), OwnerProcess.self("histods"), locks, Clock.systemUTC());
            named.check();
            mirror = named;
        }
        return mirror;
    }

    public Path mirrorFolder() throws Problem {
        Path named = globals.mirror == null ? folders.mirrorNamed().orElse(null) : path(globals.mirror);
        if (named != null) {
            return named;
        }
        String configured = config().mirror();
        return configured == null ? folders.mirror() : folders.configured(configured);
    }

    public HttpTransport transport() throws Problem {
        if (transport == null) {
            TransportSettings settings = new TransportSettings(
                    version,
                    config().routes(globals.routes),
                    config().privateHosts(),
                    config().policies(Sources.policies()),
                    logins(p -> console.warn(p.message())),
                    Proxies.from(environment),
                    caFiles(),
                    folders.hostState().orElse(null),
                    globals.offline,
                    RetryPolicy.defaults(),
                    aspera());
            transport = new HttpTransport(settings, Sleeper.system(), new Told(console));
        }
        return transport;
    }

    private List<CaFile> caFiles() throws Problem {
        String setting = config().caFile();
        return CaFile.of(setting == null ? null : folders.configured(setting), environment, this::path);
    }

    /** IBM's program for FASP, if it is installed. */
    public AscpInstallation aspera() throws Problem {
        return AscpInstallation.find(
                folders.chosen("HISTODS_ASCP", config().ascp()),
                folders.chosen("HISTODS_ASCP_KEY", config().ascpKey()),
                environment.getOrDefault("PATH", ""),
                folders.home().orElse(null));
    }

    /** The person's own logins; places that cannot be used are told to the person. */
    public CredentialChain logins(Consumer<Problem> damaged) {
        return new CredentialChain(Sources.loginServices(), surroundings(), storedLogins(), damaged);
    }

    public CredentialFile storedLogins() {
        Path file = folders.logins().orElse(null);
        return new CredentialFile(
                file, file == null ? "logins.json" : surroundings().shown(file));
    }

    private UserEnvironment surroundings() {
        return new UserEnvironment(environment, folders.home().orElse(null));
    }

    /** Tells the person what the transport has to say. */
    private record Told(Console console) implements TransportListener {
        @Override
        public void waiting(String host, Duration length, String reason) {
            console.say("waiting " + length.toSeconds() + " s because " + reason);
        }

        @Override
        public void notice(String message) {
            console.warn(message);
        }
    }

    /** Whether the user agreed beforehand to what a command would ask. */
    public boolean agreed() {
        return globals.yes;
    }

    /** Shows how a pull of that dataset goes on, and asks before one that may be larger than a person expects. */
    public ProgressDisplay progress(Manifest manifest) throws Problem {
        return new ProgressDisplay(console, manifest, new PullConfirmation(console, keyboard, mirror(), agreed()));
    }

    public Puller puller(@Nullable Long bytesPerSecond) throws Problem {
        HttpTransport out = transport();
        FetchSettings settings = new FetchSettings(
                uri -> out.policyFor(uri).segments(),
                bytesPerSecond == null ? FetchSettings.Rate.unlimited() : FetchSettings.Rate.perSecond(bytesPerSecond),
                FetchSettings.Pause.backOff());
        return new Puller(
                Sources.all(),
                out,
                mirror(),
                new Fetcher(mirror(), out, settings, Clock.systemUTC()),
                new Unpacker(cores()),
                new BagWriter(),
                tool(),
                Clock.systemUTC(),
                Duration.ofMinutes(10));
    }

    public BagVerifier verifier() {
        return new BagVerifier(cores());
    }

    public Exporter export(Bag bag, Manifest manifest, boolean links) {
        return new Exporter(bag, manifest, links, cores());
    }

    public static int cores() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    Tool tool() throws Problem {
        String account = environment.getOrDefault("USER", environment.getOrDefault("LOGNAME", ""));
        String user = config().recordsUser() ? account : null;
        return new Tool(
                version,
                System.getProperty("java.version", "unknown"),
                System.getProperty("os.name", "unknown") + " " + System.getProperty("os.arch", "unknown"),
                user == null || user.isEmpty() ? null : user);
    }

    static URI uri(String text) throws Problem {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new Problem(Problem.Kind.USAGE, "'" + text + "' is no URL: " + e.getReason());
        }
    }

    public List<String> kinds() {
        return Sources.all().stream().map(s -> s.kind()).toList();
    }

    @Override
    public void close() {
        if (transport != null) {
            transport.close();
        }
    }
}
