package org.histods.cli.shell;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.histods.catalogue.Catalogue;
import org.histods.credentials.CredentialChain;
import org.histods.credentials.CredentialFile;
import org.histods.credentials.UserEnvironment;
import org.histods.digest.Fingerprint;
import org.histods.fetch.FetchSettings;
import org.histods.fetch.Fetcher;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.objectstore.EndpointFinder;
import org.histods.objectstore.ObjectStore;
import org.histods.objectstore.StoreLocation;
import org.histods.objectstore.StoredMirror;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.BagWriter;
import org.histods.provenance.Tool;
import org.histods.provenance.export.Exporter;
import org.histods.pull.FailedSources;
import org.histods.pull.Importer;
import org.histods.pull.Puller;
import org.histods.pull.remote.RemoteMirror;
import org.histods.pull.remote.RemoteMirrors;
import org.histods.pull.remote.ServedMirrorClient;
import org.histods.settings.AppPaths;
import org.histods.settings.Settings;
import org.histods.source.all.Sources;
import org.histods.source.listing.PinnedFiles;
import org.histods.text.Durations;
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

/** Creates and connects all objects of one run of the program, each on first use. All wiring is done by hand here. */
public final class AppContext implements AutoCloseable {

    /** How long to wait for another process that works on the same dataset. */
    private static final Duration LOCK_TIMEOUT = Duration.ofMinutes(10);

    private final Map<String, String> environment;
    private final Path here;
    private final AppPaths paths;
    private final Console console;
    private final ConsoleInput input;
    private final Sleeper sleeper;
    private final GlobalOptions globals;
    private final String version;
    private final ManifestReader manifests = new ManifestReader();
    private @Nullable Catalogue catalogue;
    private @Nullable Mirror mirror;
    private @Nullable HttpTransport transport;
    private @Nullable Settings settings;

    /**
     * @param here the working directory
     * @param sleeper for the pauses between requests
     */
    public AppContext(
            Map<String, String> environment,
            Path here,
            Console console,
            ConsoleInput input,
            Sleeper sleeper,
            GlobalOptions globals,
            String version) {
        this.environment = Map.copyOf(environment);
        this.here = here;
        this.paths = new AppPaths(this.environment, here);
        this.console = console;
        this.input = input;
        this.sleeper = sleeper;
        this.globals = globals;
        this.version = version;
    }

    /** The output of the program. */
    public Console console() {
        return console;
    }

    /** Reads and writes manifests. */
    public ManifestReader manifests() {
        return manifests;
    }

    /** The environment variables. */
    public Map<String, String> environment() {
        return environment;
    }

    /** The version of the program. */
    public String version() {
        return version;
    }

    /** The working directory. */
    public Path here() {
        return here;
    }

    /** Standard input, and whether the user can be asked. */
    public ConsoleInput input() {
        return input;
    }

    /** Whether the user answered yes to all questions in advance, with {@code --yes}. */
    public boolean yes() {
        return globals.yes;
    }

    /** A path as the user typed it, resolved against the working directory. */
    public Path path(Path typed) {
        return paths.path(typed);
    }

    /**
     * A file or folder to write to, as the user typed it.
     *
     * @throws Problem {@code USAGE} if it is in the mirror, perhaps behind a link such as that of a dataset in a project: a file
     *     of a dataset would be overwritten, or be mistaken for one
     */
    public Path output(Path typed) throws Problem {
        Path file = path(typed);
        Path root = mirrorFolder();
        if (file.toAbsolutePath().normalize().startsWith(root.toAbsolutePath().normalize())
                || real(file).startsWith(real(root))) {
            throw new Problem(
                    Problem.Kind.USAGE, file + " is in the mirror", "choose a file or folder outside " + root);
        }
        return file;
    }

    /** The path without links, as far as it exists. */
    private static Path real(Path file) {
        Path absolute = file.toAbsolutePath().normalize();
        for (Path there = absolute; there != null; there = there.getParent()) {
            try {
                return there.toRealPath().resolve(there.relativize(absolute)).normalize();
            } catch (IOException e) {
                // Its parent may exist.
            }
        }
        return absolute;
    }

    /** The settings file; empty settings if there is none. */
    public Settings settings() throws Problem {
        if (settings == null) {
            Path named = paths.settingsNamed().orElse(null);
            if (named != null && !Files.exists(named)) {
                throw new Problem(Problem.Kind.USAGE, "HISTODS_CONFIG names " + named + ", which does not exist");
            }
            settings = Settings.read(paths.settings().orElse(null));
        }
        return settings;
    }

    /** Paths of settings, credentials and caches on this machine. */
    public AppPaths paths() {
        return paths;
    }

    /** The catalogue, with the folders of manifests that the user adds. */
    public Catalogue catalogue() throws Problem {
        if (catalogue == null) {
            catalogue = new CatalogueStack(this, globals.manifests).catalogue();
        }
        return catalogue;
    }

    /** Reads the catalogue again when it is next used, because the program has added a manifest. */
    public void forgetCatalogue() {
        catalogue = null;
    }

    /** What the user names on the command line. */
    public TypedDatasets datasets() {
        return new TypedDatasets(this);
    }

    /**
     * The user's mirror, with shared mirrors below it.
     *
     * @throws Problem as {@link Mirror#check}
     */
    public Mirror mirror() throws Problem {
        if (mirror == null) {
            boolean locks = !"off".equals(environment.getOrDefault("HISTODS_LOCK", "auto"));
            Mirror named =
                    new Mirror(mirrorFolder(), sharedMirrors(), OwnerProcess.self("histods"), locks, Clock.systemUTC());
            named.check();
            mirror = named;
        }
        return mirror;
    }

    /** The folder of the user's mirror, which need not exist. */
    public Path mirrorFolder() throws Problem {
        Path folder = namedMirrorFolder();
        // Java replaces bytes that are not UTF-8 by this character, so a folder with another name would be created.
        if (folder.toString().indexOf('\ufffd') >= 0) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the name of the mirror " + folder + " is not UTF-8 text",
                    "rename the folder, or use another one with --mirror");
        }
        return folder;
    }

    /** The mirrors that the command line or the environment names, the user's own first; empty if neither does. */
    private List<Path> namedMirrors() {
        return globals.mirror == null ? paths.mirrorsNamed() : paths.mirrors(globals.mirror.toString());
    }

    /** The mirrors of others below the user's own: those named after it, and those of the settings. */
    private List<Path> sharedMirrors() throws Problem {
        List<Path> named = namedMirrors();
        Set<Path> all = new LinkedHashSet<>(named.subList(Math.min(1, named.size()), named.size()));
        if (globals.mirror == null) {
            for (String folder : settings().mirrors().shared()) {
                all.add(paths.configured(folder));
            }
        }
        return List.copyOf(all);
    }

    private Path namedMirrorFolder() throws Problem {
        List<Path> named = namedMirrors();
        if (!named.isEmpty()) {
            return named.get(0);
        }
        String configured = settings().mirrors().folder();
        return configured == null ? paths.mirror() : paths.configured(configured);
    }

    /** The client for all requests. */
    public HttpTransport transport() throws Problem {
        if (transport == null) {
            TransportSettings transportSettings = new TransportSettings(
                    version,
                    new TransportSettings.Hosts(
                            settings().network().routes(globals.routes),
                            settings().network().privateHosts(),
                            settings().network().policies(Sources.policies()),
                            paths.hostState().orElse(null)),
                    new TransportSettings.Network(globals.offline, Proxies.from(environment), caFiles(), ascp()),
                    credentials(p -> console.warn(p.message())),
                    RetryPolicy.defaults());
            transport = new HttpTransport(transportSettings, sleeper, new ConsoleListener(console));
        }
        return transport;
    }

    private List<CaFile> caFiles() throws Problem {
        String setting = settings().network().caFile();
        return CaFile.of(setting == null ? null : paths.configured(setting), environment, this::path);
    }

    /** IBM's {@code ascp} program for FASP; may be absent. */
    public AscpInstallation ascp() throws Problem {
        return AscpInstallation.find(
                paths.chosen("HISTODS_ASCP", settings().network().ascp()),
                paths.chosen("HISTODS_ASCP_KEY", settings().network().ascpKey()),
                environment.getOrDefault("PATH", ""),
                paths.home().orElse(null));
    }

    /** The user's credentials for hosts; {@code damaged} receives a problem for each place that cannot be read. */
    public CredentialChain credentials(Consumer<Problem> damaged) {
        return new CredentialChain(
                Sources.loginServices(),
                Sources.hostsWithoutCredentials(),
                userEnvironment(),
                credentialFile(),
                damaged);
    }

    /** The file that {@code histods login} writes. */
    public CredentialFile credentialFile() {
        Path file = paths.logins().orElse(null);
        return new CredentialFile(
                file, file == null ? "logins.json" : userEnvironment().shown(file));
    }

    private UserEnvironment userEnvironment() {
        return new UserEnvironment(environment, paths.home().orElse(null));
    }

    /** Prints what the transport reports. */
    private record ConsoleListener(Console console) implements TransportListener {
        @Override
        public void waiting(String host, Duration length, String reason) {
            console.say("waiting " + Durations.text(length) + " because " + reason);
        }

        @Override
        public void notice(String message) {
            console.warn(message);
        }
    }

    /** Shows the progress of a pull, and asks before one that may be larger than the user expects. */
    public ProgressDisplay progress(Manifest manifest) throws Problem {
        return new ProgressDisplay(console, manifest, new PullConfirmation(console, input, mirror(), globals.yes));
    }

    /** A puller without options. */
    public Puller puller() throws Problem {
        return puller(null, List.of(), null);
    }

    /**
     * A puller.
     *
     * @param bytesPerSecond null for no limit
     * @param mirrors URLs of served mirrors and object stores that are searched before those of the settings
     * @param expected the fingerprint that a bag of such a mirror must have; null for any
     */
    public Puller puller(@Nullable Long bytesPerSecond, List<String> mirrors, @Nullable Fingerprint expected)
            throws Problem {
        return puller(bytesPerSecond, mirrors, expected, true);
    }

    /** The puller of a server: it does not ask other mirrors to pull, because they may ask it for the same. */
    public Puller servingPuller() throws Problem {
        return puller(null, List.of(), null, false);
    }

    private Puller puller(
            @Nullable Long bytesPerSecond, List<String> mirrors, @Nullable Fingerprint expected, boolean mayPull)
            throws Problem {
        HttpTransport http = transport();
        return new Puller(
                Sources.all(),
                http,
                mirror(),
                fetcher(bytesPerSecond),
                new Unpacker(cores()),
                new BagWriter(),
                tool(),
                Clock.systemUTC(),
                LOCK_TIMEOUT,
                new FailedSources(paths.failedSources().orElse(null), Clock.systemUTC()),
                new RemoteMirrors(remoteMirrors(mirrors), expected, mayPull));
    }

    private List<RemoteMirror> remoteMirrors(List<String> named) throws Problem {
        List<String> all = new ArrayList<>(named);
        all.addAll(settings().mirrors().urls());
        List<RemoteMirror> mirrors = new ArrayList<>();
        for (String text : all) {
            mirrors.add(
                    StoreLocation.isStoreUrl(text)
                            ? new StoredMirror(objectStore(text))
                            : new ServedMirrorClient(mirrorUrl(text), sleeper, LOCK_TIMEOUT));
        }
        return mirrors;
    }

    private static URI mirrorUrl(String text) throws Problem {
        try {
            return PinnedFiles.webAddress(text.endsWith("/") ? text : text + "/");
        } catch (IllegalArgumentException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the mirror '" + text + "': " + e.getMessage(),
                    "give the URL that `histods serve` prints, such as http://mirror.example.org:8480/, or"
                            + " s3://bucket/prefix");
        }
    }

    /** The object store of a URL such as {@code s3://bucket/prefix}. */
    public ObjectStore objectStore(String url) throws Problem {
        StoreLocation location = StoreLocation.of(url);
        EndpointFinder finder = new EndpointFinder(
                userEnvironment(),
                credentials(p -> console.warn(p.message())),
                settings().buckets().get(location.bucket()));
        return new ObjectStore(location, finder.find(location.bucket()), transport(), Clock.systemUTC());
    }

    /** Imports other people's bags into the mirror. */
    public Importer importer() throws Problem {
        return new Importer(
                Sources.of("http").orElseThrow(),
                mirror(),
                fetcher(null),
                tool(),
                Clock.systemUTC(),
                LOCK_TIMEOUT,
                cores());
    }

    private Fetcher fetcher(@Nullable Long bytesPerSecond) throws Problem {
        HttpTransport http = transport();
        FetchSettings fetchSettings = new FetchSettings(
                uri -> http.policyFor(uri).segments(),
                bytesPerSecond == null ? FetchSettings.Rate.unlimited() : FetchSettings.Rate.perSecond(bytesPerSecond),
                FetchSettings.Pause.backOff(sleeper));
        return new Fetcher(mirror(), http, fetchSettings, Clock.systemUTC());
    }

    /** Whether the user forbade requests. */
    public boolean offline() {
        return globals.offline;
    }

    public BagVerifier verifier() {
        return new BagVerifier(cores());
    }

    public Exporter exporter(Bag bag, Manifest manifest, boolean links) {
        return new Exporter(bag, manifest, links, cores());
    }

    /** How many threads run compute-bound work, at least 1. */
    public static int cores() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    private Tool tool() throws Problem {
        String account = environment.getOrDefault("USER", environment.getOrDefault("LOGNAME", ""));
        String user = settings().recordsUser() ? account : null;
        return new Tool(
                version,
                System.getProperty("java.version", "unknown"),
                System.getProperty("os.name", "unknown") + " " + System.getProperty("os.arch", "unknown"),
                user == null || user.isEmpty() ? null : user);
    }

    @Override
    public void close() {
        if (transport != null) {
            transport.close();
        }
    }
}
