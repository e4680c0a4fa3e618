package org.histods.cli.shell;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.histods.catalogue.Catalogue;
import org.histods.credentials.CredentialChain;
import org.histods.credentials.CredentialFile;
import org.histods.credentials.UserEnvironment;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetRef;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.fetch.FetchSettings;
import org.histods.fetch.Fetcher;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.objectstore.EndpointFinder;
import org.histods.objectstore.ObjectStore;
import org.histods.objectstore.StoreLocation;
import org.histods.objectstore.StoredMirror;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.BagWriter;
import org.histods.provenance.Tool;
import org.histods.provenance.export.Exporter;
import org.histods.pull.FailedSources;
import org.histods.pull.Importer;
import org.histods.pull.ManifestDraft;
import org.histods.pull.Puller;
import org.histods.pull.RemoteMirror;
import org.histods.pull.RemoteMirrors;
import org.histods.pull.ServedMirrorClient;
import org.histods.settings.AppPaths;
import org.histods.settings.Settings;
import org.histods.source.RecordDescription;
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

    public Catalogue catalogue() throws Problem {
        if (catalogue == null) {
            catalogue = stacked();
        }
        return catalogue;
    }

    /** Reads the catalogue again when it is next used, because the program has added a manifest. */
    public void forgetCatalogue() {
        catalogue = null;
    }

    /**
     * The catalogue, combined from several folders. Later ones take precedence: built-in, settings, environment,
     * project, command line.
     */
    private Catalogue stacked() throws Problem {
        List<Path> folders = new ArrayList<>();
        for (String folder : settings().manifests()) {
            folders.add(paths.configured(folder));
        }
        folders.addAll(paths.manifestsNamed());
        Path own = projectManifests();
        if (own != null) {
            folders.add(own);
        }
        globals.manifests.forEach(folder -> folders.add(path(folder)));
        Catalogue stack = !paths.builtInManifests()
                ? null
                : paths.checkoutManifests()
                        .map(folder -> new Catalogue(folder, manifests))
                        .orElseGet(this::builtIn);
        for (Path folder : folders) {
            stack = stack == null
                    ? new Catalogue(folder, manifests)
                    : Catalogue.over(stack, folder, folder.equals(own), manifests);
        }
        if (stack == null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "HISTODS_BUILTIN=off leaves out the program's catalogue, and there is no other",
                    "name a folder of manifests with --manifests or HISTODS_MANIFESTS");
        }
        return stack;
    }

    /** The folder {@code manifests} of the project around the working directory; null if there is none. */
    private @Nullable Path projectManifests() {
        for (Path at = here; at != null; at = at.getParent()) {
            if (Files.isRegularFile(at.resolve(Declaration.FILE))) {
                Path folder = at.resolve("manifests");
                return Files.isDirectory(folder) ? folder : null;
            }
        }
        return null;
    }

    private Catalogue builtIn() {
        // The code source is not used: Java 25 does not know it for classes of a cache that was made in another folder.
        String self = String.valueOf(AppContext.class.getResource("AppContext.class"));
        String name = "/" + AppContext.class.getName().replace('.', '/') + ".class";
        String code = self.substring(0, self.length() - name.length());
        if (code.startsWith("jar:")) {
            code = code.substring("jar:".length(), code.length() - "!".length());
        }
        return Catalogue.ofProgram(Path.of(URI.create(code)), manifests);
    }

    /** Whether the user typed the path of a manifest file rather than the name of a dataset. */
    public static boolean isFile(String typed) {
        return typed.endsWith(".yaml") || typed.endsWith(".yml") || typed.contains("/");
    }

    /**
     * The manifest for what the user typed: a dataset's {@code ID}, an alias, {@code ID@VERSION}, its DOI or page, or the path
     * of a file.
     *
     * @throws Problem {@code USAGE} if there is none, or the catalogue has another version of the dataset
     */
    public ManifestFile manifest(String typed) throws Problem {
        if (RecordLookup.isAddress(typed, this)) {
            return known(typed)
                    .orElseThrow(
                            () -> new Problem(
                                    Problem.Kind.USAGE,
                                    "no dataset of the catalogue has the DOI or page " + typed,
                                    "`histods pull URL` drafts a manifest and pulls it; `histods manifest new URL` only drafts it"));
        }
        Optional<ManifestFile> given = manifestFile(typed);
        if (given.isPresent()) {
            return given.get();
        }
        DatasetRef ref = dataset(typed);
        ManifestFile file = catalogueOrMirror(ref);
        DatasetVersion version = file.manifest().version();
        if (ref.version() != null && !ref.version().equals(version)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the catalogue has version " + version + " of " + ref.id() + ", not " + ref.version(),
                    "for another version, give the path of a manifest file that describes it");
        }
        return file;
    }

    /** The manifest file with the path that the user typed; empty if it is not a path. */
    public Optional<ManifestFile> manifestFile(String typed) throws Problem {
        return isFile(typed) && !RecordLookup.isAddress(typed, this)
                ? Optional.of(catalogue().file(path(Path.of(typed))))
                : Optional.empty();
    }

    /** The manifest in the catalogue; of a dataset that is only in the mirror, the one that it was pulled with. */
    private ManifestFile catalogueOrMirror(DatasetRef ref) throws Problem {
        try {
            return catalogue().get(ref.id());
        } catch (Problem p) {
            List<BagRef> bags = mirror().bags(ref.id()).stream()
                    .filter(bag -> ref.version() == null || bag.version().equals(ref.version()))
                    .toList();
            if (p.kind() != Problem.Kind.USAGE || bags.isEmpty()) {
                throw p;
            }
            return new MirrorLookup(this).manifest(bags.get(bags.size() - 1));
        }
    }

    private DatasetId idInCatalogueOrMirror(String name) throws Problem {
        try {
            return catalogue().get(name).manifest().id();
        } catch (Problem p) {
            DatasetId id = DatasetId.of(name).orElse(null);
            if (p.kind() != Problem.Kind.USAGE
                    || id == null
                    || mirror().bags(id).isEmpty()) {
                throw p;
            }
            return id;
        }
    }

    /** The manifest of the dataset of the catalogue with that DOI or page; empty if there is none. */
    private Optional<ManifestFile> known(String address) throws Problem {
        DatasetId id = new RecordLookup(catalogue()).find(address).orElse(null);
        return id == null ? Optional.empty() : Optional.of(catalogue().get(id));
    }

    /**
     * As {@link #manifest}; for a DOI or URL that the catalogue does not have, a manifest that is drafted from what its host
     * states, and shown.
     */
    public ManifestFile manifestOrDraft(String typed) throws Problem {
        if (!RecordLookup.isAddress(typed, this)) {
            return manifest(typed);
        }
        ManifestFile known = known(typed).orElse(null);
        if (known != null) {
            console.say(typed + " is " + known.manifest().id());
            return known;
        }
        RecordDescription description = describe(typed);
        Manifest draft = ManifestDraft.of(description);
        console.say("not in the catalogue; a manifest was drafted from "
                + description.publication().landing());
        console.say("  " + draft.id() + ": " + draft.title());
        console.say("  licence: " + draft.terms().license().shown() + ", access: "
                + draft.terms().access().status().word());
        return manifests.readFaultless(manifests.write(draft), "the draft of " + typed);
    }

    /**
     * What a host says about the record with that DOI or URL.
     *
     * @throws Problem {@code USAGE} if no kind of source has such a record
     */
    public RecordDescription describe(String record) throws Problem {
        try {
            return Sources.describe(record, transport())
                    .orElseThrow(() -> new Problem(
                            Problem.Kind.USAGE,
                            "no kind of source can list files at '" + record + "'",
                            "give the URL of a record, folder or file of " + Sources.kinds()
                                    + ", or a DOI that resolves to one; see docs/manifests.md"));
        } catch (Problem p) {
            String hint = p.hint();
            if (hint == null || !(hint.contains("--source") || hint.contains("--from"))) {
                throw p;
            }
            // Hints for a pull do not apply: there is no other source and no dataset yet.
            throw new Problem(p.kind(), p.message(), "open " + record + " in a browser", p.attempts(), p);
        }
    }

    /** The catalogue's dataset for what the user typed: an id or an alias, optionally with {@code @VERSION}; its DOI or page. */
    public DatasetRef dataset(String typed) throws Problem {
        if (RecordLookup.isAddress(typed, this)) {
            return new DatasetRef(manifest(typed).manifest().id(), null);
        }
        return DatasetRef.parse(typed, this::idInCatalogueOrMirror);
    }

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

    /** The mirrors of others below the user's own: those named beside it, and those of the settings. */
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

    public Puller puller(@Nullable Long bytesPerSecond) throws Problem {
        return puller(bytesPerSecond, List.of(), null);
    }

    /**
     * Creates a puller.
     *
     * @param bytesPerSecond null for no limit
     * @param mirrors URLs of served mirrors and object stores to look at before those of the settings
     * @param expected the fingerprint that a bag of such a mirror must have; null for any
     */
    public Puller puller(@Nullable Long bytesPerSecond, List<String> mirrors, @Nullable Fingerprint expected)
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
                new RemoteMirrors(remoteMirrors(mirrors), expected));
    }

    private List<RemoteMirror> remoteMirrors(List<String> named) throws Problem {
        List<String> all = new ArrayList<>(named);
        all.addAll(settings().mirrors().urls());
        List<RemoteMirror> mirrors = new ArrayList<>();
        for (String text : all) {
            mirrors.add(
                    StoreLocation.isOne(text)
                            ? new StoredMirror(objectStore(text))
                            : new ServedMirrorClient(mirrorUrl(text)));
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
