package org.histods.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.stream.Stream;
import org.histods.digest.FilePath;
import org.histods.fetch.FetchSettings;
import org.histods.fetch.Fetcher;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.mirror.Mirror;
import org.histods.mirror.OwnerProcess;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.provenance.BagWriter;
import org.histods.provenance.FetchResult;
import org.histods.provenance.Tool;
import org.histods.pull.FailedSources;
import org.histods.pull.Importer;
import org.histods.pull.PullListener;
import org.histods.pull.PullPlan;
import org.histods.pull.PullRequest;
import org.histods.pull.Puller;
import org.histods.pull.remote.RemoteMirrors;
import org.histods.source.all.Sources;
import org.histods.transport.AscpInstallation;
import org.histods.transport.HttpTransport;
import org.histods.transport.RetryPolicy;
import org.histods.unpack.Unpacker;
import org.jspecify.annotations.Nullable;

/** A mirror in a temporary folder, hosts on loopback, and everything real between the two. Nothing sleeps. */
public final class PullFixture implements Closeable {

    private static final Tool TOOL = new Tool("0-test", "17", "Linux", "tester");

    public final FakeOrigin origin = new FakeOrigin();
    public final Path root;
    public final PullEvents events = new PullEvents();
    private final List<HttpTransport> transports = new CopyOnWriteArrayList<>();
    public boolean locks = true;
    public boolean offline;
    /** How many connections one file may use. */
    public int segments = 1;

    public AscpInstallation aspera = AscpInstallation.none();
    /** The port of all hosts. */
    public int port = origin.port();

    public Duration wait = Duration.ofMinutes(2);
    /** How long a host may be silent. */
    public Duration inactivity = Duration.ofSeconds(60);
    /** The clock that says how long ago sources failed. */
    public Clock memoryClock = Clock.systemUTC();
    /** The clock of pulls. */
    public Clock clock = Clock.systemUTC();

    public PullFixture(Path folder) throws IOException {
        root = folder.resolve("mirror");
    }

    /** What a pull reported. */
    public static class PullEvents implements PullListener {
        public final List<String> notes = new CopyOnWriteArrayList<>();
        public final List<FetchResult> fetched = new CopyOnWriteArrayList<>();
        public final List<PullPlan> plans = new CopyOnWriteArrayList<>();
        public final AtomicLong network = new AtomicLong();

        @Override
        public void planned(PullPlan plan) {
            plans.add(plan);
        }

        @Override
        public void bytes(long count, boolean overNetwork) {
            network.addAndGet(overNetwork ? count : 0);
        }

        @Override
        public void fetched(FetchResult fetch) {
            fetched.add(fetch);
        }

        @Override
        public void note(String text) {
            notes.add(text);
        }
    }

    /** Makes the next mirrors, if a test needs faulty ones. */
    public @Nullable Function<Path, Mirror> faulty;

    /** A mirror object of its own, as another process has. */
    public Mirror mirror() {
        return faulty != null
                ? faulty.apply(root)
                : new Mirror(root, OwnerProcess.self("test"), locks, Clock.systemUTC());
    }

    private HttpTransport transport() throws Problem {
        HttpTransport transport = new TestTransports()
                .withServer(port)
                .withPolicies(Sources.policies())
                .withOffline(offline)
                .withAscp(aspera)
                .withRetryPolicy(new RetryPolicy(Duration.ofMinutes(1), 2, Duration.ofSeconds(60), inactivity))
                .open();
        transports.add(transport);
        return transport;
    }

    private Fetcher fetcher(Mirror mirror, HttpTransport transport) {
        FetchSettings fetching = new FetchSettings(uri -> segments, FetchSettings.Rate.unlimited(), tries -> {});
        return new Fetcher(mirror, transport, fetching, Clock.systemUTC());
    }

    /** A puller with all new objects, as in another run of the program. */
    public Puller puller() throws Problem {
        HttpTransport transport = transport();
        Mirror mirror = mirror();
        return new Puller(
                Sources.all(),
                transport,
                mirror,
                fetcher(mirror, transport),
                new Unpacker(2),
                new BagWriter(),
                TOOL,
                clock,
                wait,
                new FailedSources(failedSources(), memoryClock),
                RemoteMirrors.NONE);
    }

    /** An importer with all new objects. */
    public Importer importer() throws Problem {
        Mirror mirror = mirror();
        return new Importer(
                Sources.of("http").orElseThrow(),
                mirror,
                fetcher(mirror, transport()),
                TOOL,
                Clock.systemUTC(),
                wait,
                2);
    }

    /** Where sources that failed are remembered. */
    public Path failedSources() {
        return root.resolveSibling("failed-sources");
    }

    /** A manifest of the dataset {@code toy} with further lines, including {@code sources:}. */
    public static ManifestFile manifest(String more) throws Problem {
        String text = """
                id: toy
                title: A toy
                version: "1"
                license: { spdx: CC0-1.0 }
                access: { status: open }
                """ + more;
        return new ManifestReader().read(text, "toy.yaml", null);
    }

    /** One http source with these pinned files, each line as {@link #pin} writes it. */
    public static ManifestFile plain(String... pins) throws Problem {
        return manifest("sources:\n" + source("one.example", pins));
    }

    /**
     * Serves {@code train.zip}, {@code test.zip} and {@code labels.csv}, and returns their manifest with the splits
     * {@code training} and {@code labels}.
     *
     * @param train names and contents of the members of {@code train.zip} in turn
     */
    public ManifestFile trainTestAndLabels(String... train) throws Exception {
        byte[] training = ArchiveFixtures.zip(ArchiveFixtures.members((Object[]) train));
        byte[] test = ArchiveFixtures.zip(ArchiveFixtures.members("test/3.txt", "three"));
        origin.put("/one.example/train.zip", training);
        origin.put("/one.example/test.zip", test);
        origin.put("/one.example/labels.csv", text("x"));
        return manifest("splits: { training: [train.zip], labels: [labels.csv] }\nsources:\n"
                + source(
                        "one.example",
                        pin("train.zip", training, "md5"),
                        pin("test.zip", test, "md5"),
                        pin("labels.csv", text("x"), "md5")));
    }

    public static String source(String host, String... pins) {
        return "  - kind: http\n    record: https://" + host + "/\n    official: true\n    files:\n"
                + String.join("", pins);
    }

    /** A pinned file with its size and checksum, such as {@code md5}. */
    public static String pin(String path, byte[] bytes, String algorithm) {
        return "      - path: " + path + "\n        bytes: " + bytes.length + "\n        sums:\n          - { sum: \""
                + algorithm + ":" + ArchiveFixtures.hex(algorithm, bytes) + "\", by: Publisher }\n";
    }

    /** A pinned file without size and checksum. */
    public static String bare(String path) {
        return "      - path: " + path + "\n";
    }

    public static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public Puller.Result pull(ManifestFile manifest) throws Problem {
        return pull(PullRequest.of(manifest));
    }

    /** Pulls, and checks that the files have not been touched since they were stamped: `verify --quick` would call them damaged. */
    public Puller.Result pull(PullRequest request) throws Problem {
        Puller.Result result = puller().pull(request, events);
        if (result.changed() && faulty == null) {
            List<FilePath> touched =
                    verify(result.bag(), BagVerifier.Level.QUICK).changed();
            assertTrue(result.touched().containsAll(touched), touched::toString);
        }
        return result;
    }

    public static PullRequest only(ManifestFile manifest, String... only) {
        return new PullRequest(manifest, null, List.of(only), null, List.of(), false, 4);
    }

    public static PullRequest withLocalFiles(ManifestFile manifest, Path... files) {
        return new PullRequest(manifest, null, List.of(), null, List.of(files), false, 4);
    }

    public BagVerifier.Report verify(Bag bag, BagVerifier.Level level) throws Problem {
        return new BagVerifier(2).verify(bag, mirror().stamps(bag.ref()), level, n -> {});
    }

    /** Every file below a folder of the mirror with its content as Latin-1, by path; empty if there is no folder. */
    public Map<String, String> files(String folder) throws IOException {
        return filesBelow(root.resolve(folder));
    }

    public static Map<String, String> filesBelow(Path folder) throws IOException {
        Map<String, String> files = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> walk = Files.walk(folder)) {
                for (Path file : walk.filter(Files::isRegularFile).toList()) {
                    files.put(folder.relativize(file).toString(), Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        return files;
    }

    @Override
    public void close() throws IOException {
        transports.forEach(HttpTransport::close);
        origin.close();
    }
}
