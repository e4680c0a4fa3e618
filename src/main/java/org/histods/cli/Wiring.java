package org.histods.cli;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.histods.fetch.FetchSettings;
import org.histods.fetch.Fetcher;
import org.histods.login.Logins;
import org.histods.login.StoredLogins;
import org.histods.login.Surroundings;
import org.histods.manifest.Catalogue;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.Manifests;
import org.histods.mirror.Mirror;
import org.histods.mirror.Owner;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagWriter;
import org.histods.provenance.Export;
import org.histods.provenance.Tool;
import org.histods.provenance.Verifier;
import org.histods.pull.Puller;
import org.histods.source.Sources;
import org.histods.transport.Aspera;
import org.histods.transport.HostPolicies;
import org.histods.transport.HttpTransport;
import org.histods.transport.Patience;
import org.histods.transport.Proxies;
import org.histods.transport.Time;
import org.histods.transport.TransportSettings;
import org.histods.transport.Waiting;
import org.histods.unpack.Unpacker;
import org.jspecify.annotations.Nullable;

/** Everything wired by hand, in one place; each thing is made when a command first wants it. */
final class Wiring implements AutoCloseable {

    private final Map<String, String> environment;
    private final Path here;
    private final Console console;
    private final Globals globals;
    private final String version;
    private final Manifests manifests = new Manifests();
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "histods-fetch");
        thread.setDaemon(true);
        return thread;
    });
    private @Nullable Catalogue catalogue;
    private @Nullable Mirror mirror;
    private @Nullable HttpTransport transport;
    private @Nullable Config config;

    /**
     * The wiring of one run of the program.
     *
     * @param here the working directory
     */
    Wiring(Map<String, String> environment, Path here, Console console, Globals globals, String version) {
        this.environment = Map.copyOf(environment);
        this.here = here;
        this.console = console;
        this.globals = globals;
        this.version = version;
    }

    Console console() {
        return console;
    }

    Manifests manifests() {
        return manifests;
    }

    Map<String, String> environment() {
        return environment;
    }

    String version() {
        return version;
    }

    Path here() {
        return here;
    }

    Globals globals() {
        return globals;
    }

    /** A path as the user wrote it, from the working directory. */
    Path path(Path written) {
        return here.resolve(written).normalize();
    }

    Config config() throws Problem {
        if (config == null) {
            Path file = configFile();
            String named = environment.get("HISTODS_CONFIG");
            if (named != null && !named.isEmpty() && !Files.exists(file)) {
                throw new Problem(Problem.Kind.USAGE, "HISTODS_CONFIG names " + file + ", and there is no such file");
            }
            config = Config.read(file);
        }
        return config;
    }

    Path configFile() {
        String named = environment.get("HISTODS_CONFIG");
        return named != null && !named.isEmpty()
                ? path(Path.of(named))
                : xdg("XDG_CONFIG_HOME", ".config").resolve("histods").resolve("config.yaml");
    }

    private Path xdg(String variable, String below) {
        String named = environment.get(variable);
        if (named != null && !named.isEmpty()) {
            return Path.of(named);
        }
        return home().resolve(below);
    }

    Catalogue catalogue() throws Problem {
        if (catalogue == null) {
            Path checkout = checkout();
            String named = environment.get("HISTODS_MANIFESTS");
            if (globals.manifests == null && named != null && !named.isEmpty()) {
                catalogue = new Catalogue(path(Path.of(named)), manifests);
            } else if (globals.manifests != null) {
                catalogue = new Catalogue(path(globals.manifests), manifests);
            } else if (checkout != null && Files.isDirectory(checkout.resolve("manifests"))) {
                catalogue = new Catalogue(checkout.resolve("manifests"), manifests);
            } else {
                catalogue = builtIn();
            }
        }
        return catalogue;
    }

    /** The folder of the project, as the launcher says it; null where histods is installed without one. */
    private @Nullable Path checkout() {
        String named = environment.get("HISTODS_CHECKOUT");
        return named == null || named.isEmpty() ? null : Path.of(named);
    }

    private Catalogue builtIn() throws Problem {
        try {
            Path code = Path.of(Wiring.class
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

    /** The manifest of that id, or in that file where the name is a path. */
    ManifestFile manifest(String name) throws Problem {
        boolean file = name.endsWith(".yaml") || name.endsWith(".yml") || name.contains("/");
        return file ? catalogue().file(path(Path.of(name))) : catalogue().get(name);
    }

    Mirror mirror() throws Problem {
        if (mirror == null) {
            boolean locks = !"off".equals(environment.getOrDefault("HISTODS_LOCK", "auto"));
            Mirror named = new Mirror(mirrorFolder(), Owner.self("histods"), locks, Clock.systemUTC());
            named.check();
            mirror = named;
        }
        return mirror;
    }

    Path mirrorFolder() throws Problem {
        if (globals.mirror != null) {
            return path(globals.mirror);
        }
        String named = environment.get("HISTODS_MIRROR");
        if (named != null && !named.isEmpty()) {
            return path(Path.of(named));
        }
        String configured = config().mirror();
        if (configured != null) {
            return configured(configured);
        }
        Path checkout = checkout();
        return checkout != null
                ? checkout.resolve("cache")
                : xdg("XDG_CACHE_HOME", ".cache").resolve("histods");
    }

    HttpTransport transport() throws Problem {
        if (transport == null) {
            TransportSettings settings = new TransportSettings(
                    version,
                    config().routes(globals.routes),
                    config().policies(HostPolicies.defaults()),
                    logins(p -> console.warn(p.message())),
                    Proxies.from(environment),
                    null,
                    xdg("XDG_STATE_HOME", ".local/state").resolve("histods").resolve("hosts"),
                    globals.offline,
                    Patience.usual(),
                    aspera());
            transport = new HttpTransport(settings, Time.system(), new Told(console));
        }
        return transport;
    }

    /** IBM's program for FASP, if it is somewhere. */
    Aspera aspera() throws Problem {
        return Aspera.find(
                named("HISTODS_ASCP", config().ascp()),
                named("HISTODS_ASCP_KEY", config().ascpKey()),
                environment.getOrDefault("PATH", ""),
                home());
    }

    private @Nullable Path named(String variable, @Nullable String configured) {
        String named = environment.getOrDefault(variable, "");
        if (!named.isEmpty()) {
            return path(Path.of(named));
        }
        return configured == null ? null : configured(configured);
    }

    /** A path as the settings file has it: from the folder of that file, wherever the program is started. */
    private Path configured(String path) {
        Path file = configFile();
        Path folder = file.getParent();
        if (path.equals("~") || path.startsWith("~/")) {
            return home().resolve(path.substring(Math.min(2, path.length()))).normalize();
        }
        return folder == null ? path(Path.of(path)) : folder.resolve(path).normalize();
    }

    private Path home() {
        return Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", ".")));
    }

    /** The person's own logins; places that cannot be used are told to the person. */
    Logins logins(Consumer<Problem> damaged) {
        return new Logins(surroundings(), storedLogins(), damaged);
    }

    StoredLogins storedLogins() {
        Path file = xdg("XDG_CONFIG_HOME", ".config").resolve("histods").resolve("logins.json");
        return new StoredLogins(file, surroundings().shown(file));
    }

    private Surroundings surroundings() {
        return new Surroundings(environment, home());
    }

    /** Tells the person what the transport has to say. */
    private record Told(Console console) implements Waiting {
        @Override
        public void waiting(String host, Duration length, String reason) {
            console.say("waiting " + length.toSeconds() + " s because " + reason);
        }

        @Override
        public void told(String what) {
            console.warn(what);
        }
    }

    Puller puller(@Nullable Long bytesPerSecond) throws Problem {
        HttpTransport out = transport();
        FetchSettings settings = new FetchSettings(
                uri -> out.policyFor(uri).segments(),
                bytesPerSecond == null ? FetchSettings.Rate.unlimited() : FetchSettings.Rate.perSecond(bytesPerSecond),
                FetchSettings.Pause.usual(),
                threads);
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

    Verifier verifier() {
        return new Verifier(cores());
    }

    Export export(Bag bag, Manifest manifest, boolean links) {
        return new Export(bag, manifest, links, cores());
    }

    static int cores() {
        return Math.max(1, Runtime.getRuntime().availableProcessors());
    }

    Tool tool() throws Problem {
        String account = environment.getOrDefault("USER", environment.getOrDefault("LOGNAME", ""));
        String user = config().names(account) ? account : null;
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

    List<String> kinds() {
        return Sources.all().stream().map(s -> s.kind()).toList();
    }

    static String read(Path file) throws Problem {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + file, e));
        }
    }

    @Override
    public void close() {
        if (transport != null) {
            transport.close();
        }
        threads.shutdownNow();
    }
}
