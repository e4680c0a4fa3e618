package org.histods.cli.catalogue;

import static org.histods.html.Html.element;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.function.Predicate;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.MirrorLookup;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.html.Html;
import org.histods.manifest.Access;
import org.histods.manifest.Manifest;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.serve.BagPages;
import org.histods.serve.MirrorServer;
import org.histods.serve.PullQueue;
import org.histods.serve.ServeSettings;
import org.histods.serve.ServedMirror;
import org.histods.serve.ServedPage;
import org.histods.serve.ServerCertificate;
import org.histods.serve.SitePageSource;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code histods serve}: the mirror over HTTP. */
@Command(
        name = "serve",
        description = {
            "Serve the mirror to other machines over HTTP",
            "",
            "Serves web pages for people and files for programs. Never writes to the mirror unless --pull-through is"
                    + " given. Only this machine can connect unless --listen is given. Without a token, only open"
                    + " datasets are served to other machines."
        },
        footer = {
            "",
            "Examples:",
            "  histods serve",
            "  histods serve --listen 0.0.0.0:8480 --token-file ~/.config/histods/serve-token",
            "  histods serve --listen 0.0.0.0:8443 --certificate cert.pem --key key.pem --token-file token",
            "  histods serve --listen 0.0.0.0:8480 --pull-through kather-2018,mbm --keep-free 500GB"
        })
public final class ServeCommand implements CliCommand {

    private static final int PORT = 8480;
    private static final int MAX_PORT = 65_535;
    private static final long KEEP_FREE = 10_000_000_000L;

    /** The fewest characters of a token; shorter ones can be guessed. */
    private static final int TOKEN_LENGTH = 16;

    private final AppContext app;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "address to listen on; 0.0.0.0 for all networks (default: 127.0.0.1:" + PORT + ")")
    private String listen = "127.0.0.1:" + PORT;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "require a token, which is the first line of this file")
    private @Nullable Path tokenFile;

    @Option(
            names = "--certificate",
            paramLabel = "FILE",
            description = "serve over TLS (https) with this certificate and those of its issuers, in PEM")
    private @Nullable Path certificate;

    @Option(names = "--key", paramLabel = "FILE", description = "the private key of --certificate, in PEM (PKCS #8)")
    private @Nullable Path key;

    @Option(
            names = "--audits",
            paramLabel = "DIR",
            description = "also serve the audit reports (*.html) in this folder")
    private @Nullable Path audits;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "maximum number of open connections (default: 256)")
    private int connections = 256;

    @Option(
            names = "--pull-through",
            paramLabel = "ID,…|all",
            hideParamSyntax = true,
            split = ",",
            description = "pull these open datasets, or all, if a client requests one that the mirror lacks")
    private List<String> pullThrough = new ArrayList<>();

    @Option(
            names = "--keep-free",
            paramLabel = "SIZE",
            description = "with --pull-through, disk space that must stay free (default: 10 GB)")
    private @Nullable String keepFree;

    public ServeCommand(AppContext app) {
        this.app = app;
    }

    @Override
    public int run() throws Problem {
        String token = token();
        ServeSettings settings = settings(token);
        if (audits != null && !Files.isDirectory(app.path(audits))) {
            throw new Problem(Problem.Kind.USAGE, "--audits: there is no folder " + app.path(audits));
        }
        app.mirror().check();
        boolean local = loopback(settings.host());
        Predicate<BagRef> allowed = local || token != null ? bag -> true : new OpenOnly();
        ServedMirror mirror = new ServedMirror(app.mirror(), allowed);
        List<Manifest> manifests = app.catalogue().manifests();
        SitePageSource site = new Site(manifests);
        PullQueue pulls = pulls(manifests);
        Path reports = audits == null ? null : app.path(audits);
        try (MirrorServer server = MirrorServer.start(settings, mirror, site, reports, pulls, app.version())) {
            String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
            String url = settings.scheme() + "://" + host + ":" + server.port() + "/";
            List<Bag> bags = mirror.bags();
            int hidden = app.mirror().bags().size() - bags.size();
            app.console()
                    .say("serving " + Count.of(bags.size(), "dataset") + " of "
                            + app.mirror().root()
                            + (hidden == 0
                                    ? ""
                                    : "; " + Count.of(hidden, "dataset")
                                            + " that cannot be read, or that only a server with --token-file serves to other"
                                            + " machines, " + (hidden == 1 ? "is" : "are") + " not served")
                            + (pulls == null ? "" : "; open datasets that clients request are pulled")
                            + "; Ctrl-C stops it");
            app.console().data(url);
            app.console().object(started(url, bags.size()));
            new CountDownLatch(1).await();
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private @Nullable PullQueue pulls(List<Manifest> manifests) throws Problem {
        if (pullThrough.isEmpty()) {
            if (keepFree != null) {
                throw new Problem(Problem.Kind.USAGE, "--keep-free requires --pull-through");
            }
            return null;
        }
        if (app.offline()) {
            throw new Problem(Problem.Kind.USAGE, "--pull-through cannot be used with --offline");
        }
        try {
            long bytes = keepFree == null ? KEEP_FREE : Bytes.parse(keepFree);
            return new PullQueue(new ClientPulls(app, manifests, pullThrough, bytes), Clock.systemUTC());
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.USAGE, "--keep-free '" + keepFree + "' is not a size", "use 50GB or 2TB");
        }
    }

    private static Map<String, Object> started(String url, int bags) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("event", "serving");
        event.put("url", url);
        event.put("datasets", bags);
        return event;
    }

    private ServeSettings settings(@Nullable String token) throws Problem {
        int colon = listen.lastIndexOf(':');
        String host = colon < 0 ? "" : listen.substring(0, colon).replaceAll("^\\[|]$", "");
        int port;
        try {
            port = Integer.parseInt(listen.substring(colon + 1));
        } catch (NumberFormatException e) {
            port = -1;
        }
        if (host.isEmpty() || port < 0 || port > MAX_PORT) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "--listen must be HOST:PORT, not '" + listen + "'",
                    "for example --listen 0.0.0.0:" + PORT);
        }
        if (connections < 1) {
            throw new Problem(Problem.Kind.USAGE, "--connections must be at least 1");
        }
        return new ServeSettings(host, port, token, certificate(), connections);
    }

    private @Nullable ServerCertificate certificate() throws Problem {
        if ((certificate == null) != (key == null)) {
            throw new Problem(Problem.Kind.USAGE, "--certificate and --key require each other");
        }
        return certificate == null || key == null ? null : ServerCertificate.read(app.path(certificate), app.path(key));
    }

    private static boolean loopback(String host) throws Problem {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new Problem(Problem.Kind.USAGE, "--listen: '" + host + "' is not an address of this machine");
        }
    }

    private @Nullable String token() throws Problem {
        if (tokenFile == null) {
            return null;
        }
        Path file = app.path(tokenFile);
        String first;
        try {
            first = Files.readString(file).lines().findFirst().orElse("").strip();
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read the token file " + file, e));
        }
        if (first.length() < TOKEN_LENGTH) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the first line of " + file + " is not a token: it must have at least " + TOKEN_LENGTH
                            + " characters",
                    "make one with `openssl rand -hex 24 > " + file + "`");
        }
        return first;
    }

    /** Accepts datasets that are open, according to the manifest that they were pulled with. */
    private final class OpenOnly implements Predicate<BagRef> {
        private final Map<String, Boolean> known = new ConcurrentHashMap<>();

        @Override
        public boolean test(BagRef bag) {
            return known.computeIfAbsent(
                    bag.id() + "@" + bag.version() + " " + Bag.state(bag.path()), key -> open(bag));
        }

        private boolean open(BagRef bag) {
            try {
                return new MirrorLookup(app)
                                .manifest(bag)
                                .manifest()
                                .terms()
                                .access()
                                .status()
                        == Access.Status.OPEN;
            } catch (Problem unreadable) {
                return false;
            }
        }
    }

    /** The catalogue's pages, with what the mirror has. */
    private final class Site implements SitePageSource {
        private final List<Manifest> manifests;
        private final SitePages pages;

        Site(List<Manifest> manifests) throws Problem {
            this.manifests = manifests;
            this.pages = new SitePages(
                    manifests,
                    app.catalogue().lineages(),
                    app.catalogue().groups(),
                    app.version(),
                    LocalDate.now(Clock.systemUTC()),
                    null);
        }

        @Override
        public synchronized Optional<ServedPage> page(String path, Function<DatasetId, List<Bag>> bags) {
            try {
                String text = path.equals("catalogue.html")
                        ? new CatalogueFiles(app).html(manifests)
                        : pages.page(path, id -> holding(bags.apply(id)));
                return Optional.ofNullable(text)
                        .map(page ->
                                path.endsWith(".svg") ? new ServedPage("image/svg+xml", page) : ServedPage.html(page));
            } catch (Problem p) {
                return Optional.empty();
            }
        }

        private SitePages.Holdings.@Nullable Holding holding(List<Bag> bags) {
            if (bags.isEmpty()) {
                return null;
            }
            List<Html> rows = new ArrayList<>();
            for (Bag bag : bags) {
                DatasetVersion version = bag.ref().version();
                rows.add(element("li")
                        .add(element("a")
                                .attribute("href", "../" + BagPages.path(bag))
                                .text(
                                        version.equals(DatasetVersion.UNVERSIONED)
                                                ? version.text()
                                                : "version " + version))
                        .text(": " + Count.of(bag.fileCount(), "file") + ", " + Bytes.text(bag.bytes())
                                + (bag.selection().isEmpty() ? "" : ", part of the dataset") + ", pulled " + bag.date()
                                + ", fingerprint ")
                        .add(element("span", "mono").text(bag.fingerprint().hex())));
            }
            Html section = Html.sequence(
                    element("h2").text("In this mirror"),
                    element("ul").add(rows),
                    element("p")
                            .text("Take it from here with ")
                            .add(element("code")
                                    .text("histods pull " + bags.get(0).ref().id() + " --from-mirror URL"))
                            .text(", where URL is that of the first page of this mirror."));
            long bytes = bags.stream().mapToLong(Bag::bytes).sum();
            boolean part = bags.stream().noneMatch(bag -> bag.selection().isEmpty());
            return new SitePages.Holdings.Holding((part ? "part, " : "") + Bytes.text(bytes), section);
        }
    }
}
