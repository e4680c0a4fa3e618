package org.histods.pull;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.histods.concurrent.Parallel;
import org.histods.concurrent.TaskExecutor;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.digest.Fingerprint;
import org.histods.digest.Hasher;
import org.histods.fetch.FetchCandidate;
import org.histods.fetch.FetchedFile;
import org.histods.fetch.Fetcher;
import org.histods.fetch.Transfer;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.mirror.CarryOver;
import org.histods.mirror.Lease;
import org.histods.mirror.Mirror;
import org.histods.mirror.Staging;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagFile;
import org.histods.provenance.BagWriter;
import org.histods.provenance.FetchLog;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FetchResult;
import org.histods.provenance.Receipt;
import org.histods.provenance.Tool;
import org.histods.provenance.received.ChecksumFile;
import org.histods.provenance.received.FetchList;
import org.histods.provenance.received.ReceivedBag;
import org.histods.pull.remote.ManifestChecksums;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/**
 * Imports a bag that somebody else made into the mirror. Copies the bag to staging, fetches the files listed in its
 * {@code fetch.txt}, and verifies the whole copy before publishing it.
 */
public final class Importer {

    private static final String MANIFEST = "manifest.yaml";

    private final Source http;
    private final Mirror mirror;
    private final Fetcher fetcher;
    private final Tool tool;
    private final Clock clock;
    private final Duration lockTimeout;
    private final int threads;

    /**
     * Creates an importer.
     *
     * @param http what opens the URLs of {@code fetch.txt}
     * @param threads how many files are verified at a time
     */
    public Importer(
            Source http, Mirror mirror, Fetcher fetcher, Tool tool, Clock clock, Duration lockTimeout, int threads) {
        this.http = http;
        this.mirror = mirror;
        this.fetcher = fetcher;
        this.tool = tool;
        this.clock = clock;
        this.lockTimeout = lockTimeout;
        this.threads = threads;
    }

    /**
     * A verified copy of a received bag. Closing it deletes what was not published.
     *
     * @param name of the received folder
     * @param expected the fingerprint that it was to have, or its first digits; null if none was given
     * @param fetched the files that {@code fetch.txt} named
     * @param log where their entries are
     */
    public record Received(
            Staging staging,
            Path root,
            String name,
            @Nullable String expected,
            Fingerprint fingerprint,
            Map<String, String> info,
            List<FetchLog.Entry> fetched,
            FetchLog log,
            Instant started)
            implements AutoCloseable {

        /** Whether histods made the bag, so that it has receipts and a manifest of the dataset. */
        public boolean ours() {
            return Files.isRegularFile(root.resolve(MANIFEST))
                    && Files.isRegularFile(root.resolve("origins.jsonl"))
                    && Files.isDirectory(root.resolve("receipts"))
                    && info.containsKey("Histods-Dataset");
        }

        /** The folder with the files. */
        public Path data() {
            return root.resolve("data");
        }

        /** The file with the manifest of the dataset, if the bag is {@link #ours}. */
        public Path manifest() {
            return root.resolve(MANIFEST);
        }

        /** The checksums of the files, by path. */
        public Map<FilePath, Checksum> checksums() throws Problem {
            return ChecksumFile.read(root);
        }

        /** How many bytes arrived over the network. */
        long transferred() {
            return fetched.stream().mapToLong(FetchLog.Entry::transferred).sum();
        }

        @Override
        public void close() {
            log.close();
            staging.close();
        }
    }

    /**
     * Copies a bag, completes and verifies it.
     *
     * @param expected the fingerprint that it must have, or its first digits; null for any
     * @throws Problem {@code USAGE} if it is none; {@code WRONG_BYTES} if anything in it is wrong, or the fingerprint is;
     *     {@code NETWORK} if a file cannot be fetched
     */
    public Received receive(Path bag, @Nullable String expected, PullListener listener) throws Problem {
        if (!Files.isRegularFile(bag.resolve("bagit.txt"), LinkOption.NOFOLLOW_LINKS)) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    bag + (Files.isDirectory(bag) ? " contains no bagit.txt" : " is not a folder"),
                    "name the folder that contains bagit.txt; `histods adopt DIR --as ID` takes files that are in"
                            + " no bag");
        }
        Instant started = clock.instant();
        mirror.check();
        mirror.garbage().tidy().forEach(listener::note);
        Staging staging = mirror.stage();
        FetchLog log = null;
        boolean done = false;
        try {
            Path root = staging.scratch("received");
            copy(bag, root);
            log = new FetchLog(staging.scratch("record").resolve("fetches"));
            List<FetchLog.Entry> fetched = fetch(root, log, listener);
            ReceivedBag.Report report = ReceivedBag.verify(root, threads, whole(expected));
            refuse(bag, report, expected);
            callAsListed(root, report.otherForms());
            Received received = new Received(
                    staging,
                    root,
                    String.valueOf(bag.toAbsolutePath().normalize().getFileName()),
                    expected,
                    report.fingerprint(),
                    report.info(),
                    fetched,
                    log,
                    started);
            done = true;
            return received;
        } finally {
            if (!done) {
                if (log != null) {
                    log.close();
                }
                staging.close();
            }
        }
    }

    private static @Nullable Fingerprint whole(@Nullable String expected) {
        return expected == null || expected.length() < 64 ? null : new Fingerprint(expected);
    }

    /** Copies regular files only; everything else, such as links, is left out and later reported as missing. */
    private void copy(Path from, Path to) throws Problem {
        try (Stream<Path> walk = Files.walk(from)) {
            List<Path> files = walk.filter(file -> Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .toList();
            long bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            mirror.files().requireSpace(bytes, "the bag " + from.getFileName());
            for (Path file : files) {
                if (Thread.currentThread().isInterrupted()) {
                    throw Problem.interrupted();
                }
                mirror.files().take(file, to.resolve(from.relativize(file).toString()), false);
            }
        } catch (UncheckedIOException e) {
            throw unreadable(from, Objects.requireNonNull(e.getCause()));
        } catch (IOException e) {
            throw unreadable(from, e);
        }
    }

    private static Problem unreadable(Path bag, IOException e) {
        return new Problem(Problem.Kind.DISK, Problem.because("cannot read " + bag, e), null, e);
    }

    private List<FetchLog.Entry> fetch(Path root, FetchLog log, PullListener listener) throws Problem {
        List<FetchList.Entry> missing = FetchList.missing(root);
        if (missing.isEmpty()) {
            return List.of();
        }
        Set<String> hosts = missing.stream().map(one -> one.uri().getHost()).collect(Collectors.toSet());
        listener.note("fetching " + Count.of(missing.size(), "file") + " listed in the bag's fetch.txt, from "
                + hosts.stream().sorted().limit(5).collect(Collectors.joining(", ")));
        Map<FilePath, Checksum> checksums = ChecksumFile.read(root);
        List<FetchLog.Entry> fetched = new ArrayList<>();
        try (TaskExecutor tasks = new TaskExecutor("histods-import")) {
            for (FetchList.Entry one : missing) {
                Checksum checksum = checksums.get(one.path());
                if (checksum == null) {
                    throw new Problem(
                            Problem.Kind.WRONG_BYTES,
                            "fetch.txt names " + one.path() + ", which no manifest of the bag lists");
                }
                RemoteFile remote = RemoteFile.of(
                        one.path(),
                        one.uri(),
                        one.bytes(),
                        List.of(new RemoteFile.Stated(checksum, "the bag's manifest")));
                FetchCandidate candidate =
                        new FetchCandidate(http, one.uri().resolve("/").toString(), remote);
                try (Transfer transfer = fetcher.start(candidate, listener, tasks)) {
                    FetchedFile file = transfer.await();
                    transfer.closeFile();
                    Path target = root.resolve("data").resolve(one.path().text());
                    mirror.makeFolder(target.resolveSibling(""));
                    transfer.put(target, false);
                    transfer.discard();
                    FetchResult result = new FetchResult(file, "", null);
                    fetched.add(log.add(result));
                    listener.fetched(result);
                } catch (IOException e) {
                    throw new Problem(Problem.Kind.DISK, Problem.because("cannot write " + root, e));
                }
            }
        }
        return fetched;
    }

    private static void refuse(Path bag, ReceivedBag.Report report, @Nullable String expected) throws Problem {
        List<String> faults = new ArrayList<>();
        report.changed().forEach(path -> faults.add("modified  " + path));
        report.missing().forEach(path -> faults.add("missing  " + path));
        report.extra().forEach(path -> faults.add("unexpected  " + path));
        report.record().forEach(fault -> faults.add("record  " + fault));
        if (expected != null
                && expected.length() < 64
                && !report.fingerprint().hex().startsWith(expected)) {
            faults.add("record  the fingerprint of these files is " + report.fingerprint()
                    + ", and does not start with " + expected);
        }
        if (!faults.isEmpty()) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    bag + " is not imported:\n  "
                            + String.join("\n  ", faults.subList(0, Math.min(20, faults.size())))
                            + (faults.size() > 20 ? "\n  … " + (faults.size() - 20) + " more" : ""),
                    "`histods verify " + (bag.isAbsolute() ? "" : "./") + bag + "` lists everything");
        }
    }

    /** Gives files whose names have another Unicode form on disk the names in the manifest. */
    private static void callAsListed(Path root, List<String> listed) throws Problem {
        try {
            for (String path : listed) {
                Path wanted = root.resolve(path);
                List<Path> here;
                try (Stream<Path> list = Files.walk(root)) {
                    here = list.filter(Files::isRegularFile)
                            .filter(file ->
                                    nfc(root.relativize(file).toString()).equals(nfc(path)))
                            .toList();
                }
                if (!Files.exists(wanted) && here.size() == 1) {
                    Files.createDirectories(wanted.resolveSibling(""));
                    Files.move(here.get(0), wanted);
                }
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot write " + root, e));
        }
    }

    private static String nfc(String path) {
        return Normalizer.normalize(path, Normalizer.Form.NFC);
    }

    /**
     * Publishes a received bag of histods with its receipts and one of the import.
     *
     * @param manifest what {@link Received#manifest} holds
     * @param catalogue the manifest of the dataset in the catalogue, whose checksums count; null if it has none
     * @throws Problem {@code USAGE} if the mirror has the version with other files; {@code WRONG_BYTES} if the record of the bag
     *     contradicts itself, its files, or checksums in the catalogue
     */
    public Puller.Result publish(
            Received received, ManifestFile manifest, @Nullable Manifest catalogue, PullListener listener)
            throws Problem {
        DatasetId id = manifest.manifest().id();
        withoutCrate(received);
        BagRef unpublished = new BagRef(id, manifest.manifest().version(), received.root());
        Bag bag = Bag.read(unpublished);
        DatasetVersion version = version(manifest.manifest(), bag.variant().orElse(null));
        requireSame("Histods-Dataset", id.text(), received);
        requireSame("Histods-Version", manifest.manifest().version().text(), received);
        List<BagFile> files = bag.files();
        if (!BagWriter.fingerprint(files).equals(received.fingerprint())) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    "origins.jsonl of the bag does not name exactly the files of the dataset");
        }
        String contradiction = FetchRecord.contradiction(bag.fetches(), files).orElse(null);
        if (contradiction != null) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES, "the record of the bag contradicts its files: " + contradiction);
        }
        boolean known = catalogue != null
                && catalogue.version().equals(manifest.manifest().version());
        compare(received, files, known && catalogue != null ? catalogue : manifest.manifest(), known, listener);
        int number = bag.receipts().size() + 1;
        mirror.requirePlace(id, version);
        try (Lease lease = mirror.lock(id + "@" + version, lockTimeout, listener::note)) {
            Optional<Bag> there = present(id, version);
            if (there.isPresent()) {
                return unchanged(there.get(), received);
            }
            Staging staging = received.staging();
            move(received, files, staging);
            Receipt receipt = new Receipt(
                    number,
                    "import",
                    new Receipt.Scope(bag.variant().orElse(null), bag.selection(), null, List.of()),
                    tool,
                    received.started(),
                    clock.instant(),
                    received.fetched(),
                    files.size() - received.fetched().size(),
                    received.fingerprint(),
                    new Receipt.Imported(received.name(), received.expected()));
            new BagWriter().write(staging.root(), files, manifest, receipt, false);
            BagPublisher publisher = new BagPublisher(mirror, listener::note);
            staging.completion(publisher.event(id, version, receipt, staging.root(), files.size()), List.of());
            BagRef ref = staging.publish(id, version, CarryOver.NOTHING);
            publisher.describe(ref, files, Set.of(), () -> publisher.complete(staging, ref));
            return new Puller.Result(
                    Bag.read(ref),
                    true,
                    received.transferred(),
                    Duration.between(received.started(), clock.instant()),
                    List.of(),
                    List.of());
        }
    }

    /**
     * Compares the files with the checksums of a manifest. Of several checksums of one algorithm, one must be equal.
     *
     * @param known whether the manifest is that of the catalogue and not the bag's own
     */
    private void compare(
            Received received, List<BagFile> files, Manifest manifest, boolean known, PullListener listener)
            throws Problem {
        Map<String, List<RemoteFile.Stated>> pinned = ManifestChecksums.of(manifest);
        String whose = known ? "the catalogue" : "the manifest.yaml of the bag";
        List<BagFile> listed = files.stream()
                .filter(file ->
                        !pinned.getOrDefault(file.path().text(), List.of()).isEmpty())
                .toList();
        try {
            Parallel.map(threads, listed, file -> {
                List<RemoteFile.Stated> stated = pinned.getOrDefault(file.path().text(), List.of());
                Map<Algorithm, Checksum> computed = Hasher.compute(
                        received.data().resolve(file.path().text()),
                        stated.stream().map(RemoteFile.Stated::checksum).toList());
                for (RemoteFile.Stated one : stated) {
                    Algorithm algorithm = one.checksum().algorithm();
                    Checksum got = computed.get(algorithm);
                    boolean equal =
                            stated.stream().anyMatch(other -> other.checksum().equals(got));
                    if (got != null && !equal) {
                        throw new Problem(
                                Problem.Kind.WRONG_BYTES,
                                file.path() + " of the bag is not the file that " + one.by() + " published, says "
                                        + whose + "\n  expected  " + one.checksum() + "\n  got       " + got,
                                "nothing was imported; ask whoever gave you the bag, or use `histods pull "
                                        + manifest.id() + "`");
                    }
                }
                return file;
            });
        } catch (IOException e) {
            throw unreadable(received.root(), e);
        }
        if (known) {
            listener.note(
                    listed.isEmpty()
                            ? "the catalogue has no checksums of the files themselves to compare with"
                            : Count.of(listed.size(), "file") + " of " + files.size()
                                    + " match checksums in the catalogue");
        }
    }

    /** The payload of an exported bag has one file that is not the dataset's; the copy is made the bag of the dataset. */
    private static void withoutCrate(Received received) throws Problem {
        Path file = received.root().resolve("manifest-sha256.txt");
        try {
            if (received.info().containsKey("Histods-Fingerprint-Recipe") && Files.isRegularFile(file)) {
                String crate = " data/ro-crate-metadata.json";
                StringBuilder text = new StringBuilder();
                for (String line : Files.readAllLines(file)) {
                    text.append(line.endsWith(crate) ? "" : line + "\n");
                }
                BagWriter.text(file, text.toString());
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot write " + file, e));
        }
    }

    private static DatasetVersion version(Manifest manifest, @Nullable String variant) {
        boolean preferred = variant == null
                || manifest.preferredVariant()
                        .map(one -> one.name().equals(variant))
                        .orElse(true);
        return manifest.version().with(preferred ? null : variant);
    }

    private static void requireSame(String label, String text, Received received) throws Problem {
        if (!text.equals(received.info().get(label))) {
            throw new Problem(
                    Problem.Kind.WRONG_BYTES,
                    "bag-info.txt and manifest.yaml of the bag contradict each other: " + label + " is "
                            + FilePath.printable(String.valueOf(received.info().get(label))) + " and " + text);
        }
    }

    private Optional<Bag> present(DatasetId id, DatasetVersion version) throws Problem {
        Optional<BagRef> ref = mirror.bag(id, version);
        return ref.isPresent() ? Optional.of(Bag.read(ref.get())) : Optional.empty();
    }

    private Puller.Result unchanged(Bag there, Received received) throws Problem {
        if (!there.fingerprint().equals(received.fingerprint())) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "the mirror has other files of " + there.ref().id() + " "
                            + there.ref().version() + "\n  in the mirror  " + there.fingerprint()
                            + "\n  in the bag     " + received.fingerprint(),
                    "use another mirror with --mirror, or `histods remove "
                            + there.ref().id() + "` first");
        }
        return new Puller.Result(
                there,
                false,
                received.transferred(),
                Duration.between(received.started(), clock.instant()),
                List.of(),
                List.of());
    }

    private static void move(Received received, List<BagFile> files, Staging staging) throws Problem {
        Map<Path, Path> moves = new TreeMap<>();
        for (BagFile file : files) {
            Path from = received.data().resolve(file.path().text());
            if (from.toFile().canExecute() != file.executable()
                    && !from.toFile().setExecutable(file.executable())) {
                throw new Problem(Problem.Kind.DISK, "the executable bit of " + from + " cannot be set", null);
            }
            moves.put(from, staging.data().resolve(file.path().text()));
        }
        try {
            for (Path receipt : Bag.receiptFiles(received.root())) {
                moves.put(receipt, staging.root().resolve("receipts").resolve(String.valueOf(receipt.getFileName())));
            }
            for (Map.Entry<Path, Path> one : moves.entrySet()) {
                Files.createDirectories(one.getValue().resolveSibling(""));
                Files.move(one.getKey(), one.getValue());
            }
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot write " + staging.root(), e));
        }
    }
}
